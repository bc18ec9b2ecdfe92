"""The whole judgement: every visit accounted for once, then every route on its own."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from homestretch.planner.check.board import judge_board
from homestretch.planner.check.bonds import judge_able, judge_bonds, judge_pairs
from homestretch.planner.check.breach import Breach
from homestretch.planner.check.clock import judge_clock
from homestretch.planner.check.line import Line, line_of
from homestretch.planner.check.stated import judge_stated
from homestretch.planner.problem import NOWHERE, Plan, Problem, Route, Shift
from homestretch.planner.times import RouteTimes


def check(problem: Problem, plan: Plan, times: Iterable[RouteTimes] | None = None) -> list[Breach]:
    """Everything that is wrong with a plan; an empty list means that it can be driven.

    With `times` (those of every route that has visits) the stated times are verified, second by second. Without, the
    judge looks for times of its own: a route is in time if some departure and some placing of its breaks keep all.
    """
    breaches = [*_accounts(problem, plan), *judge_bonds(problem, plan)]
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
    """Every visit is on exactly one route, or left out; a required one is not left out (of a group, one is enough)."""
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
        if left_out[asked.id] and asked.prize is None and asked.id not in problem.group_of:
            yield Breach("visit_required", "", asked.id, 0, "It is required, and left out.")


def _route(problem: Problem, shift: Shift, route: Route, stated: dict[str, RouteTimes] | None) -> Iterator[Breach]:
    yield from judge_able(problem, shift, route)
    yield from judge_pairs(problem, shift, route)
    yield from judge_board(problem, shift, route)
    unsound = list(_trips(shift, route))
    yield from unsound
    if any(breach.code == "reload" for breach in unsound):
        return
    line = line_of(problem, shift, route)
    lost = list(_ways(line))
    yield from lost
    if stated is None:
        yield from _unstated(line, route, lost)
    elif route.shift not in stated:
        yield Breach("times", shift.id, "", 0, "No times are stated for this route.")
    else:
        times = stated[route.shift]
        yield from judge_stated(line, route, times)
        yield from _limits(shift, route, times.seconds, times.meters)


def _unstated(line: Line, route: Route, lost: list[Breach]) -> Iterator[Breach]:
    if lost:
        yield from _limits(line.shift, route, 0, 0)
        return
    breaches, seconds, meters = judge_clock(line)
    yield from breaches
    yield from _limits(line.shift, route, seconds, meters)


def _trips(shift: Shift, route: Route) -> Iterator[Breach]:
    cuts = route.reloads
    if cuts and shift.reload is None:
        yield Breach("reload", shift.id, "", len(cuts), "The shift has no place to reload.")
    elif any(late <= early for early, late in pairwise((0, *cuts, len(route.visits)))):
        yield Breach("reload", shift.id, "", 0, "Reloads must rise, each between two visits.")
    elif shift.max_trips is not None and len(cuts) >= shift.max_trips:
        over = len(cuts) + 1 - shift.max_trips
        yield Breach("max_trips", shift.id, "", over, f"{over} trips more than the shift's {shift.max_trips}.")


def _limits(shift: Shift, route: Route, seconds: int, meters: int) -> Iterator[Breach]:
    driven = (
        ("max_stops", len(route.visits), shift.max_stops, "stops"),
        ("max_distance", meters, shift.max_distance, "m"),
        ("max_drive", seconds, shift.max_drive, "s on the road"),
    )
    for code, amount, limit, unit in driven:
        if limit is not None and amount > limit:
            over = amount - limit
            yield Breach(code, shift.id, "", over, f"{over} {unit} more than the shift's {limit}.")


def _ways(line: Line) -> Iterator[Breach]:
    for step in line.steps:
        if step.place == NOWHERE:
            yield Breach("not_located", line.shift.id, step.name, 0, "It has no coordinates.")
        elif not line.is_way(step):
            yield Breach("unreachable", line.shift.id, step.name, 0, "There is no way here from the place before.")


def _strangers(plan: Plan, stated: dict[str, RouteTimes]) -> Iterator[Breach]:
    driven = {route.shift for route in plan.routes}
    for name, times in stated.items():
        if name not in driven and times.stops:
            yield Breach("times", name, "", 0, "Times are stated for a route that is not in the plan.")
