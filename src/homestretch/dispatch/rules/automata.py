"""The automata of route, stop and package, as dictionaries: the diagrams of the docs are drawn from them."""

from __future__ import annotations

from collections.abc import Mapping

from homestretch.kernel.refusal import Refusal

Automaton = Mapping[str, tuple[str, ...]]

ROUTE: Automaton = {
    "released": ("accepted", "rejected", "recalled"),
    "accepted": ("loading", "rejected", "recalled"),
    "loading": ("started", "rejected", "recalled"),
    "started": ("finished",),
    "finished": (),
    "rejected": (),
    "recalled": (),
}
STOP: Automaton = {
    "planned": ("en_route", "skipped", "completed", "partial", "failed", "cancelled"),
    "en_route": ("arrived", "skipped", "completed", "partial", "failed", "cancelled"),
    "arrived": ("completed", "partial", "failed", "skipped", "cancelled"),
    "skipped": ("en_route", "completed", "partial", "failed", "cancelled"),
    "completed": (),
    "partial": (),
    "failed": (),
    "cancelled": (),
}
PACKAGE: Automaton = {
    "expected": ("on_board", "missing", "picked_up"),
    "on_board": ("delivered", "returned", "handed_over", "missing"),
    "missing": ("on_board",),  # found again
    "returned": ("on_board", "picked_up"),  # the next attempt, or its recipient comes to the depot
    "delivered": (),
    "handed_over": (),
    "picked_up": (),  # said by its order alone: no vehicle had it
}

LIVE_ROUTE = ("released", "accepted", "loading", "started")
NOT_STARTED = ("released", "accepted", "loading")
OPEN_STOP = ("planned", "en_route", "arrived", "skipped")
OUTCOMES = ("completed", "partial", "failed")

# What a forgotten tap leaves out: a later tap passes through these, and each is recorded.
MAY_BE_MISSING = {"route": ("accepted", "loading"), "stop": ("en_route",), "package": ("on_board",)}
TABLES = {"route": ROUTE, "stop": STOP, "package": PACKAGE}


def is_open(state: str) -> bool:
    """Whether a stop still waits for its outcome."""
    return state in OPEN_STOP


def way(kind: str, state: str, to: str) -> list[str]:
    """The states to pass from `state` to `to`, the last of them `to`; a tap that is missing on the way is filled in.

    Refuses `route.bad_transition`, `package.bad_transition`, `stop.not_open` (its outcome stands) and
    `stop.bad_transition`.
    """
    table = TABLES[kind]
    passed = _passage(kind, state, to) if state != to else None
    if passed is not None:
        return [*passed, to]
    if kind == "stop" and not table[state]:
        raise Refusal(
            "stop.not_open",
            f"the stop is {state}",
            remedy="its outcome stands; a new attempt is a new stop",
            state=state,
            to=to,
        )
    allowed = ", ".join(table[state]) or "nothing: it is over"
    raise Refusal(
        f"{kind}.bad_transition",
        f"a {kind} that is {state} can't become {to}",
        remedy=f"next is {allowed}",
        state=state,
        to=to,
    )


def _passage(kind: str, state: str, to: str) -> list[str] | None:
    """States between, each one that may be missing; [] = directly; None = there is no way."""
    table, missing = TABLES[kind], MAY_BE_MISSING[kind]
    ways: list[list[str]] = [[]]
    while ways:
        passed = ways.pop(0)
        after = table[passed[-1] if passed else state]
        if to in after:
            return passed
        ways += [[*passed, between] for between in after if between in missing and between not in passed]
    return None
