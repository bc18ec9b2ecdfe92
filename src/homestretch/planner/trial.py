"""Trials: a visit (with the other end of its pair, if that is on no route either) put into one route, timed exactly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from homestretch.planner.cost import route_cost
from homestretch.planner.insertion import NEVER, Miss, Places, RouteIndex, misses
from homestretch.planner.problem import Pair, Problem, Route, Visit
from homestretch.planner.schedule import schedule
from homestretch.planner.times import RouteTimes

FULL = 2**30
"""Seconds late that weigh as much as no room on board, when positions are ranked."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A position that is worth a trial. Least first: by estimated seconds late and overload, then estimated cost."""

    late: int
    cost: int
    position: int
    index: RouteIndex


@dataclass(frozen=True, slots=True)
class Trial:
    """One route with the visit in it: its exact times, what it costs more, and what it does not keep."""

    index: RouteIndex
    visits: tuple[str, ...]
    times: RouteTimes
    cost: int
    misses: tuple[Miss, ...]


def candidates(index: RouteIndex, visit: Visit, most: int) -> list[Candidate]:
    """The `most` promising positions of a route, best first; none where no position is allowed or reached."""
    places = index.places(visit)
    rank = np.minimum(places.late + FULL * (places.overload > 0), NEVER)
    cost = _cost(index, places)
    order = np.lexsort((cost, rank))[:most]
    return [Candidate(int(rank[p]), int(cost[p]), int(p), index) for p in order if rank[p] < NEVER]


def trials(index: RouteIndex, visit: Visit, position: int, other: Pair | None, most: int) -> Iterator[Trial]:
    """The route with the visit at a position. `other` is its pair when both ends are to be put in: `position` is then
    that of the collecting end, and the delivering end is tried at up to `most` positions behind it."""
    problem = index.problem
    stops = (*index.visits[:position], visit.id, *index.visits[position:])
    if other is None:
        yield trial(index, stops)
        return
    between = RouteIndex(problem, Route(index.shift.id, stops), index.start)
    places = between.places(problem.visit[other.deliver])
    order = np.lexsort((_cost(between, places), places.late))
    behind = [int(p) for p in order if places.late[p] < NEVER][:most]
    for place in dict.fromkeys([*behind, position + 1]):
        yield trial(index, (*stops[:place], other.deliver, *stops[place:]))


def trial(index: RouteIndex, visits: tuple[str, ...]) -> Trial:
    """Time a route's new sequence; lateness that it had before is excused."""
    problem = index.problem
    times = schedule(problem, Route(index.shift.id, visits), index.start)
    known = {stop.visit: stop.late for stop in index.times.stops}
    known[""] = index.times.overtime
    cost = route_cost(problem, times) - index.cost
    return Trial(index, visits, times, cost, tuple(misses(problem, times, known)))


def open_pair(problem: Problem, visit: str, on_routes: Mapping[str, str]) -> Pair | None:
    """The visit's pair if neither end is on a route: then both go in together."""
    pair = problem.pair_of.get(visit)
    return pair if pair and pair.collect not in on_routes and pair.deliver not in on_routes else None


def partner_shift(problem: Problem, visit: str, on_routes: Mapping[str, str]) -> str | None:
    """The shift that the other end of the visit's pair rides on."""
    pair = problem.pair_of.get(visit)
    if pair is None:
        return None
    return on_routes.get(pair.deliver if pair.collect == visit else pair.collect)


def _cost(index: RouteIndex, places: Places) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    costs = index.shift.costs
    time = places.seconds * costs.per_hour // 3600 + places.seconds * costs.per_second
    distance = places.meters * costs.per_km // 1000 + places.meters * costs.per_meter
    return time + distance + (0 if index.visits else costs.fixed)
