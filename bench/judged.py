"""What an answer is worth: judged from the file's own numbers, never by a solver's word or its model."""

from __future__ import annotations

from collections.abc import Sequence

from bench.instances import Case
from bench.peers import Tour
from homestretch.planner.formats.judge import Verdict, judge
from homestretch.planner.problem import Plan, Route


def verdict(case: Case, tours: Sequence[Tour]) -> Verdict:
    """Findings (none = sound), cost in the convention's unit, routes in use."""
    return judge(case.instance, case.convention, Plan(tuple(_route(case, tour) for tour in tours)))


def cost(case: Case, tours: Sequence[Tour]) -> int:
    """Of an answer that may be unsound."""
    return verdict(case, tours).cost


def _route(case: Case, tour: Tour) -> Route:
    visits: list[str] = []
    reloads = []
    for trip in tour.trips:
        if visits:
            reloads.append(len(visits))
        visits += [str(case.instance.ids[place]) for place in trip]
    return Route(str(tour.vehicle), tuple(visits), tuple(reloads))
