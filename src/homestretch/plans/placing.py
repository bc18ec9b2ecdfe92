"""Where a visit goes that is put on a route without a position: where it makes least late, then costs least."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from homestretch.planner import problem as planner
from homestretch.planner.cost import route_cost
from homestretch.planner.schedule import schedule
from homestretch.plans.rules.draft import Draft
from homestretch.plans.rules.edits import Edit, apply

TRIED = 6  # positions that are timed exactly, of those by the shortest detours


def placed(problem: planner.Problem, draft: Draft, edits: Sequence[Edit]) -> list[Edit]:
    """The edits with every position said; the draft is edited along."""
    made = []
    for edit in edits:
        exact = edit
        if edit["op"] == "move" and edit["shift"] is not None and edit["position"] is None:
            exact = {**edit, "position": best_position(problem, draft, edit["visit"], edit["shift"])}
        apply(draft, [exact])
        made.append(exact)
    return made


def best_position(problem: planner.Problem, draft: Draft, visit: str, shift: str) -> int:
    """Of the positions with the shortest detours the one that makes least late, then costs least."""
    draft.holds(visit)
    route = [name for name in draft.route(shift) if name != visit]

    def timed(position: int) -> tuple[int, int, int]:
        times = schedule(problem, planner.Route(shift, (*route[:position], visit, *route[position:])))
        return times.late + times.overtime, route_cost(problem, times), position

    return min(timed(position) for position in _near(problem, route, visit, shift)[:TRIED])[2]


def _near(problem: planner.Problem, route: Sequence[str], visit: str, shift: str) -> list[int]:
    """All positions, those with the shortest detours first; of a visit that is nowhere, the last alone."""
    of, place = problem.shift[shift], problem.visit[visit].place
    if place == planner.NOWHERE:
        return [len(route)]
    ways = problem.travel.profiles[of.profile].durations
    stops = [of.start_place, *(problem.visit[name].place for name in route), of.end_place]
    if planner.NOWHERE in stops:
        return list(range(len(route) + 1))
    detours = [
        int(ways[here, place]) + int(ways[place, there]) - int(ways[here, there]) for here, there in pairwise(stops)
    ]
    return sorted(range(len(detours)), key=detours.__getitem__)
