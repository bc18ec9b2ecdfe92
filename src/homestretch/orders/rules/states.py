"""The automaton of an order, and what an attempt at one of its tasks makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from homestretch.kernel.refusal import Refusal

STATES: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"staged", "ready", "cancelled"}),
    "staged": frozenset({"ready", "held", "awaiting_pickup", "cancelled"}),
    "ready": frozenset({"staged", "held", "awaiting_pickup", "scheduled", "cancelled"}),
    "held": frozenset({"staged", "ready", "cancelled"}),
    "awaiting_pickup": frozenset({"staged", "ready", "completed", "cancelled"}),
    "scheduled": frozenset({"ready", "in_progress", "cancelled"}),
    "in_progress": frozenset({"ready", "completed", "partially_completed", "failed", "cancelled"}),
    "completed": frozenset(),
    "partially_completed": frozenset({"returned"}),
    "failed": frozenset({"returned"}),
    "returned": frozenset(),
    "cancelled": frozenset(),
}
TERMINAL = frozenset({"completed", "partially_completed", "failed", "returned", "cancelled"})
ON_ROUTE = frozenset({"scheduled", "in_progress"})
PLANNABLE = frozenset({"ready", "scheduled", "in_progress"})  # an open task of these that is on no route may be planned
TASK_STATES = ("open", "completed", "partial", "failed", "cancelled")
RESULTS = ("completed", "partial", "failed")
NOT_AN_ATTEMPT = frozenset({"previous_stop"})  # nobody came to the door: the half before it failed


def step(state: str, to: str) -> str:
    """`to`, if the automaton leads there. Refuses `order.state_conflict`."""
    if to not in STATES[state]:
        raise Refusal(
            "order.state_conflict",
            f"an order that is {state} does not become {to}",
            remedy="read the order again: somebody else was first",
            state=state,
            to=to,
        )
    return to


@dataclass(frozen=True, slots=True)
class Work:
    """A task as the automaton sees it."""

    state: str
    kind: str
    pair: str
    on_route: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """What an attempt makes of an order: its tasks' states (in their order), its attempts, its own state."""

    tasks: tuple[str, ...]
    attempts: int
    state: str


def finish(works: Sequence[Work], index: int, result: str, reason: str, attempts: tuple[int, int]) -> Ended:
    """How task `index` ended. `attempts` are those made and those allowed.

    A failed attempt leaves the task open while attempts remain; else it fails, and with a collect its pair's deliver.
    """
    made, allowed = attempts
    states = [work.state for work in works]
    if result == "failed":
        made += reason not in NOT_AN_ATTEMPT
        if made >= allowed:
            for other in _falling(works, index):
                states[other] = "failed"
    else:
        states[index] = result
    left = [work.on_route and other != index for other, work in enumerate(works) if states[other] == "open"]
    return Ended(tuple(states), made, settle(states, any(left)))


def _falling(works: Sequence[Work], index: int) -> list[int]:
    """The task, and the deliver whose goods it should have collected."""
    work = works[index]
    if work.kind != "collect" or not work.pair:
        return [index]
    halves = [i for i, w in enumerate(works) if w.pair == work.pair and w.kind == "deliver" and w.state == "open"]
    return [index, *halves]


def settle(states: Sequence[str], any_on_route: bool) -> str:  # noqa: FBT001
    """The state of an order that was set out to, by its tasks: in progress while one is still on a route."""
    alive = [state for state in states if state != "cancelled"]
    if "open" in alive:
        return "in_progress" if any_on_route else "ready"
    if all(state == "completed" for state in alive):
        return "completed"
    return "failed" if all(state == "failed" for state in alive) else "partially_completed"
