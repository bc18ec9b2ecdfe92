"""The whole judgement: every visit accounted for once, then every route on its own."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from homestretch.planner.check.breach import Breach
from homestretch.planner.check.clock import judge_clock
from homestretch.planner.check.load import judge_loads
from homestretch.planner.check.stated import judge_stated
from homestretch.planner.problem import NOWHERE, UNREACHABLE, Plan, Problem, Route, Shift
from homestretch.planner.times import RouteTimes


def check(problem: Problem, plan: Plan, times: Iterable[RouteTimes] | None = None) -> list[Breach]:
    """Everything that is wrong with a plan; an empty list means that it can be driven.

    With `times` (those of every route that has visits) the stated times are verified, second by second. Without, the
    judge looks for times of its own: a route is in time if some departure and some placing of its breaks keep all.
    """
    breaches = [*_accounts(problem, plan), *_locks(problem, plan)]
    stated = None if times is None else {route.shift: route for route in times}
    judged: set[str] = set()
    for route in plan.routes:
        shift = problem.shift.get(route.shift)
        if shift is None:
            breaches.append(Breach("shift_unknown", route.shift, "", 0, "The problem has no such shift."))
        elif route.shift in judged:
            breaches.append(Breach("shift_twice", route.shift, "", 0, "A shift drives at most one route."))
        elif route.visits and all(visit in problem.visit for visit in route.visits):
            breaches += _route(problem, shift, route, stated)
        judged.add(route.shift)
    if stated is not None:
        breaches += _strangers(plan, stated)
    return breaches


def _accounts(problem: Problem, plan: Plan) -> Iterator[Breach]:
    """Every visit is on exactly one route, or left out; a required one is not left out."""
    seen = Counter(visit for route in plan.routes for visit in route.visits)
    left_out = Counter(plan.unassigned)
    for visit in dict.fromkeys([*seen, *left_out]):
        if visit not in problem.visit:
            yield Breach("visit_unknown", "", visit, 0, "The problem has no such visit.")
        elif seen[visit] + left_out[visit] > 1:
            yield Breach(
                "visit_twice", "", visit, seen[visit] + left_out[visit] - 1, "It is in the plan more than once."
            )
    for asked in problem.visits:
        if not seen[asked.id] and not left_out[asked.id]:
            yield Breach("visit_missing", "", asked.id, 0, "It is neither on a route nor left out.")
        if left_out[asked.id] and asked.prize is None:
            yield Breach("visit_required", "", asked.id, 0, "It is required, and left out.")


def _locks(problem: Problem, plan: Plan) -> Iterator[Breach]:
    at = {visit: (route.shift, number) for route in plan.routes for number, visit in enumerate(route.visits)}
    for lock in problem.locks:
        shift, position = at.get(lock.visit, ("", -1))
        if position < 0:
            yield Breach("lock", lock.shift or "", lock.visit, 0, "It is locked, and on no route.")
        elif lock.shift is not None and shift != lock.shift:
            yield Breach("lock", shift, lock.visit, 0, f"It is locked to shift {lock.shift}.")
        elif lock.position is not None and position != lock.position:
            amount = abs(position - lock.position)
            yield Breach("lock", shift, lock.visit, amount, f"It is locked to position {lock.position}.")


def _route(problem: Problem, shift: Shift, route: Route, stated: dict[str, RouteTimes] | None) -> Iterator[Breach]:
    yield from _skills(problem, shift, route)
    yield from _pairs(problem, shift, route)
    yield from judge_loads(problem, shift, route)
    yield from _limits(problem, shift, route)
    lost = list(_ways(problem, shift, route))
    yield from lost
    if stated is None:
        if not lost:
            yield from judge_clock(problem, shift, route)
    elif route.shift not in stated:
        yield Breach("times", shift.id, "", 0, "No times are stated for this route.")
    else:
        yield from judge_stated(problem, shift, route, stated[route.shift])


def _skills(problem: Problem, shift: Shift, route: Route) -> Iterator[Breach]:
    for visit in route.visits:
        lacking = sorted(problem.visit[visit].skills - shift.skills)
        if lacking:
            yield Breach("skill", shift.id, visit, len(lacking), f"The shift lacks: {', '.join(lacking)}.")


def _pairs(problem: Problem, shift: Shift, route: Route) -> Iterator[Breach]:
    at = {visit: number for number, visit in enumerate(route.visits)}
    for pair in problem.pairs:
        taken, given = at.get(pair.collect), at.get(pair.deliver)
        if taken is None and given is not None:
            yield Breach("pair", shift.id, pair.deliver, 0, f"{pair.collect} must be on this route, before it.")
        elif given is None and taken is not None:
            yield Breach("pair", shift.id, pair.collect, 0, f"{pair.deliver} must be on this route, after it.")
        elif given is not None and taken is not None and given < taken:
            yield Breach("pair", shift.id, pair.deliver, taken - given, f"It comes before {pair.collect}.")


def _limits(problem: Problem, shift: Shift, route: Route) -> Iterator[Breach]:
    if shift.max_stops is not None and len(route.visits) > shift.max_stops:
        over = len(route.visits) - shift.max_stops
        yield Breach("max_stops", shift.id, "", over, f"{over} stops more than the shift's {shift.max_stops}.")
    if shift.max_distance is not None:
        over = _meters(problem, shift, route) - shift.max_distance
        if over > 0:
            yield Breach("max_distance", shift.id, "", over, f"{over} m more than the shift's {shift.max_distance} m.")


def _meters(problem: Problem, shift: Shift, route: Route) -> int:
    distances = problem.travel.profiles[shift.profile].distances
    places = [shift.start_place, *(problem.visit[visit].place for visit in route.visits), shift.end_place]
    return sum(int(distances[a, b]) for a, b in pairwise(places))


def _ways(problem: Problem, shift: Shift, route: Route) -> Iterator[Breach]:
    matrix = problem.travel.profiles[shift.profile]
    before = shift.start_place
    for name in (*route.visits, ""):
        place = problem.visit[name].place if name else shift.end_place
        if place == NOWHERE:
            yield Breach("not_located", shift.id, name, 0, "It has no coordinates.")
        elif before != NOWHERE and max(matrix.durations[before, place], matrix.distances[before, place]) >= UNREACHABLE:
            yield Breach("unreachable", shift.id, name, 0, "There is no way here from the place before.")
        before = place


def _strangers(plan: Plan, stated: dict[str, RouteTimes]) -> Iterator[Breach]:
    driven = {route.shift for route in plan.routes}
    for name, times in stated.items():
        if name not in driven and times.stops:
            yield Breach("times", name, "", 0, "Times are stated for a route that is not in the plan.")
