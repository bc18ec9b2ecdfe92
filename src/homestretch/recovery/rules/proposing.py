"""What may be asked of a running day, what changing it is worth, and what becomes of a proposal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

import numpy as np

from homestretch.dispatch.rules.automata import LIVE_ROUTE
from homestretch.dispatch.rules.running import Line
from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import Refusal, not_found

CAUSES = ("vehicle_down", "late", "insert", "retry", "given_back")
SCOPES = ("insert", "route", "routes", "all")
DEFAULT_SCOPE = {
    "vehicle_down": "routes",
    "late": "route",
    "insert": "insert",
    "retry": "insert",
    "given_back": "routes",
}
ABOUT_A_ROUTE = ("vehicle_down", "late")
PROPOSAL: Mapping[str, tuple[str, ...]] = {
    "asked": ("made", "dropped"),
    "made": ("accepted", "declined", "expired"),
    "accepted": (),
    "declined": (),
    "expired": (),
    "dropped": (),
}
OPEN = tuple(state for state, next_states in PROPOSAL.items() if next_states)  # searched for, or waits for a yes
GOOD_FOR = timedelta(minutes=30)  # how long a proposal may wait for its yes: by then another day is running
MOST_STOPS = 2_000
MOST_ROUTES = 100
NEAR = 12  # routes that are asked where none are named: the nearest


@dataclass(frozen=True, slots=True)
class Prices:
    """The policy, in minor units, seconds and counts; see `models.Policy`."""

    per_moved: int = 100
    per_changed: int = 300
    per_drift_minute: int = 1
    per_late_minute: int = 200
    per_box: int = 20
    per_left: int = 3_000
    overtime_per_hour: int = 1_500
    overtime_s: int = 2 * 3600
    most_moved: int = 300
    seconds: int = 2
    suggest_late_s: int = 0
    most_alone: int = 0
    offer_priority: int = 0
    offer_s: int = 45
    offer_drivers: int = 5
    unread_s: int = 600


POLICY = Prices()
BOUNDS = {
    **dict.fromkeys(asdict(POLICY), (0, 1000000)),
    "overtime_s": (0, 12 * 3600),
    "most_moved": (1, MOST_STOPS),
    "seconds": (1, 60),
    "suggest_late_s": (0, 24 * 3600),
    "most_alone": (0, MOST_STOPS),
    "offer_priority": (0, 9),
    "offer_s": (10, 600),
    "offer_drivers": (1, 20),
    "unread_s": (0, 12 * 3600),
}


def read_prices(given: Mapping[str, int], stands: Prices) -> Prices:
    """The policy with what is given changed. Refuses `policy.unknown`, `policy.out_of_bounds`."""
    for name, value in given.items():
        if name not in BOUNDS:
            known = ", ".join(field.name for field in fields(Prices))
            raise Refusal("policy.unknown", f"there is no {name[:40]!r}", remedy=f"one of {known}", field=name[:40])
        low, high = BOUNDS[name]
        if not low <= value <= high:
            raise Refusal(
                "policy.out_of_bounds", f"{value} is not {low} to {high}", remedy="stay within the bounds", field=name
            )
    return Prices(**{**asdict(stands), **given})


def read_scope(kind: str, scope: str | None, route_ids: Collection[UUID]) -> str:
    """The scope of a question. Refuses `proposal.kind_unknown`, `proposal.scope_unknown`, `proposal.scope_unfit`,
    `proposal.scope_too_large`."""
    if kind not in CAUSES:
        raise Refusal("proposal.kind_unknown", kind[:20], remedy=f"one of {', '.join(CAUSES)}", field="kind")
    wanted = scope or ("routes" if route_ids else DEFAULT_SCOPE[kind])
    if wanted not in SCOPES:
        raise Refusal("proposal.scope_unknown", wanted[:20], remedy=f"one of {', '.join(SCOPES)}", field="scope")
    if wanted == "route" and kind != "late":
        raise Refusal(
            "proposal.scope_unfit",
            "one route alone can only be put in another order",
            remedy="choose insert, routes or all",
            field="scope",
        )
    if len(route_ids) > MOST_ROUTES:
        raise too_large()
    return wanted


def nearest(halts: Mapping[UUID, Sequence[Point]], places: Sequence[Point]) -> list[UUID]:
    """The routes that come by these places nearest, at most `NEAR` of them; each has a halt at least, its own place."""
    if not places:
        return sorted(halts)[:NEAR]
    scale = np.array([1.0, np.cos(np.radians(places[0].lat))])
    mine = np.array([(place.lat, place.lon) for place in places]) * scale

    def away(route_id: UUID) -> float:
        theirs = np.array([(halt.lat, halt.lon) for halt in halts[route_id]]) * scale
        return float(np.min(np.hypot(*(theirs[:, None, :] - mine[None, :, :]).T)))

    return sorted(halts, key=lambda route_id: (away(route_id), route_id))[:NEAR]


def too_large() -> Refusal:
    """Refuses `proposal.scope_too_large`."""
    return Refusal(
        "proposal.scope_too_large",
        f"more than {MOST_STOPS} stops or {MOST_ROUTES} routes",
        remedy="name the routes that may change (scope routes)",
        field="scope",
    )


def key_of(kind: str, ident: UUID) -> str:
    """The cause's name: while a proposal for it is asked or made, no second is."""
    return f"{kind}:{ident}"


def must_be(state: str, to: str) -> None:
    """Refuses `proposal.not_ready` (it is searched for still) and `proposal.settled`."""
    if to in PROPOSAL[state]:
        return
    if state == "asked":
        raise Refusal("proposal.not_ready", "it is searched for still", remedy="wait for proposal.made")
    raise Refusal("proposal.settled", f"the proposal is {state}", remedy="ask for another")


def overtaken() -> Refusal:
    """Refuses `proposal.overtaken`: the routes went another way."""
    return Refusal(
        "proposal.overtaken",
        "the routes have changed since it was made",
        remedy="ask for another: it begins with the routes as they stand",
    )


def is_young(made_at: datetime | None, at: datetime) -> bool:
    """Whether the day still is the one that a proposal was made for, as far as time goes."""
    return made_at is not None and at - made_at < GOOD_FOR


def check_young(made_at: datetime | None, at: datetime) -> None:
    """Refuses `proposal.overtaken` for one that has waited too long."""
    if not is_young(made_at, at):
        raise overtaken()


def check_rest(broken: UUID | None, lines: Sequence[Line], fresh: int) -> None:
    """Refuses `proposal.nothing_runs` (no route could take anything) and `proposal.nothing_open` (there is nothing to
    be placed or put in order)."""
    driving = [line for line in lines if line.route_id != broken]
    if not driving:
        raise Refusal(
            "proposal.nothing_runs",
            "no other route is on the road",
            remedy="release a route of another shift first, or plan what is open for tomorrow",
        )
    if not fresh and not any(line.halts for line in lines if broken in (None, line.route_id)):
        raise Refusal("proposal.nothing_open", "no stop of the route waits", remedy="nothing is to be done")


def no_subject(field: str) -> NoReturn:
    """Refuses `proposal.subject_missing`."""
    raise Refusal("proposal.subject_missing", "it is not said what it is about", remedy=f"give {field}", field=field)


def check_live(state: str) -> None:
    """Refuses `route.over`."""
    if state not in LIVE_ROUTE:
        raise Refusal("route.over", f"the route is {state}", remedy="plan what is open again")


def check_tasks(tasks: Collection[UUID]) -> None:
    """Refuses `proposal.nothing_to_place`."""
    if not tasks:
        raise Refusal(
            "proposal.nothing_to_place",
            "no task of it waits for a route",
            remedy="it is on a route already, over, not located, or has no attempt left",
        )


def check_worth(parts: int, moved: int, most: int) -> None:
    """Refuses `proposal.nothing_better` and `proposal.too_many_moved`."""
    if not parts:
        raise Refusal(
            "proposal.nothing_better",
            "nothing better was found than to go on",
            remedy="ask with a wider scope, or tell whom it makes late",
        )
    if moved > most:
        raise Refusal(
            "proposal.too_many_moved",
            f"it would move {moved} stops, and the policy lets {most}",
            remedy="ask with a narrower scope, or let the policy move more",
            moved=moved,
            most=most,
        )


def check_chosen(chosen: Collection[int], known: Collection[int], needed: Collection[int]) -> None:
    """Refuses `hunk.none_chosen`, `hunk.not_found`, `hunk.needs_others`."""
    if not chosen:
        raise Refusal("hunk.none_chosen", "no hunk is chosen", remedy="choose some, or decline", field="hunks")
    if not set(chosen) <= set(known):
        raise not_found("hunk")
    more = sorted(set(needed) - set(chosen))
    if more:
        raise Refusal(
            "hunk.needs_others",
            "some of them do not fit without others",
            remedy=f"take {', '.join(map(str, more))} too",
            field="hunks",
            needs=more,
        )
