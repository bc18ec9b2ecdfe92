"""Of a plan: how likely each stop is on time, which are the weakest and what hurts them most, and what would help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from homestretch.planner.edit import taken_off
from homestretch.planner.odds.doubt import Doubt, Drawn, drawn
from homestretch.planner.odds.driving import Part, Road, driven, road_of
from homestretch.planner.placing import timed
from homestretch.planner.problem import Plan, Problem, Route
from homestretch.planner.schedule import earliest, line_of
from homestretch.planner.timing import FOREVER, Course, Spans, Trace

SAMPLES = 500
MINUTES = (5, 10, 15, 20, 30, 45, 60)  # of an earlier start that are tried
MOST_WEAK = 10  # stops
LEAST_GAIN = 0.01  # promises: what gains less is not told

Due = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StopOdds:
    """How likely service at a visit begins by its due second."""

    visit: str
    on_time: float


@dataclass(frozen=True, slots=True)
class Earlier:
    """A start so many minutes earlier, and how many stops more are then expected to be on time."""

    minutes: int
    gain: float


@dataclass(frozen=True, slots=True)
class RouteOdds:
    """A route: how many of its stops are expected to be on time (`kept`), how likely it ends after its shift, and what
    earlier starts bring that its shift and its goods allow."""

    shift: str
    stops: tuple[StopOdds, ...]
    kept: float
    overtime: float
    earlier: tuple[Earlier, ...]


@dataclass(frozen=True, slots=True)
class Weak:
    """A stop that is not sure to be on time, and what before it hurts most: were the `part` ("way" to, or "service" at,
    the visit `of`) to take just what is planned, `gain` more of its likelihood. No part: none of them alone helps."""

    shift: str
    visit: str
    on_time: float
    part: str
    of: str
    gain: float


@dataclass(frozen=True, slots=True)
class Out:
    """A visit that, moved off its route, makes `gain` more of the others expected to be on time."""

    shift: str
    visit: str
    gain: float


@dataclass(frozen=True, slots=True)
class Odds:
    """Of a whole plan: its routes, the weakest stops first, and the visits that it would help most to move out."""

    routes: tuple[RouteOdds, ...]
    weakest: tuple[Weak, ...]
    out: tuple[Out, ...]
    stops: int = 0
    kept: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Timed:
    """A route of the plan as it is scheduled, and the last second of each of its stops."""

    route: Route
    course: Course
    trace: Trace
    dues: Sequence[int]
    draws: Drawn
    road: Road


def odds(
    problem: Problem, plan: Plan, doubt: Doubt, due: Due | None = None, *, samples: int = SAMPLES, seed: int = 1
) -> Odds:
    """Drive a plan `samples` times. `due` is by visit the last second at which service may begin; of the others it is
    the end of the window in which `schedule` places it, without windows any. The same seed gives the same answer.

    Raises `KeyError` for ids that the problem does not know, `ValueError` for fewer than one sample.
    """
    if samples < 1:
        raise ValueError("samples must be 1 or more")
    found = []
    for number, route in enumerate(plan.routes):
        if route.visits:
            draws = drawn(number, len(route.visits), samples=samples, seed=seed)
            found.append(_timed(problem, route, doubt, due or {}, draws))
    routes = [_odds(problem, one) for one in found]
    weak = sorted(
        (stop.on_time, number, position)
        for number, of in enumerate(routes)
        for position, stop in enumerate(of.stops)
        if stop.on_time < 1
    )[:MOST_WEAK]
    return Odds(
        tuple(routes),
        tuple(_weak(found[number], position, likely) for likely, number, position in weak),
        tuple(_outs(problem, doubt, found, [(number, position) for _, number, position in weak])),
        sum(len(of.stops) for of in routes),
        sum(of.kept for of in routes),
    )


def _timed(problem: Problem, route: Route, doubt: Doubt, due: Due, draws: Drawn) -> _Timed:
    shift = problem.shift[route.shift]
    trips = [[problem.visit[visit] for visit in trip] for trip in route.trips()]
    course, trace = timed(line_of(problem, shift, trips, shift.begun), earliest(shift, trips[0], shift.begun))
    begins = [trace.begins[event] for event in course.served]
    spans = course.line.spans
    dues = [
        due.get(visit, last_of(spans[number], begins[number])) for number, visit in enumerate(route.visits)
    ]  # fmt: skip
    return _Timed(route, course, trace, dues, draws, road_of(course, trace, doubt, draws))


def last_of(spans: Spans, begin: int) -> int:
    """The last second of the window that holds a begin; past all of them, of the last one."""
    return next((end for start, end in spans if begin <= end), spans[-1][1] if spans else FOREVER)


def _odds(problem: Problem, one: _Timed) -> RouteOdds:
    line = one.course.line
    minutes = _minutes(problem, one)
    days = driven(one.road, [one.trace.depart, *(one.trace.depart - 60 * minute for minute in minutes)])
    likely = np.array([(begin <= due).mean(axis=1) for begin, due in zip(days.begins, one.dues, strict=True)])
    kept = likely.sum(axis=0)
    return RouteOdds(
        one.route.shift,
        tuple(StopOdds(visit, float(likely[number, 0])) for number, visit in enumerate(one.route.visits)),
        float(kept[0]),
        float((days.finish[0] > line.shift_end).mean()),
        tuple(Earlier(minute, float(kept[case] - kept[0])) for case, minute in enumerate(minutes, 1)),
    )


def _minutes(problem: Problem, one: _Timed) -> list[int]:
    """How much earlier the route may start: not before its shift, its goods, and rests that it takes before."""
    line, depart, shift = one.course.line, one.trace.depart, problem.shift[one.route.shift]
    if line.fixed:
        return []
    on_route = {index for _, _, index in one.course.rests}
    before = [line.rested_at(index) for index in line.owed if index not in on_route and line.is_before(index, depart)]
    first = [problem.visit[visit] for visit in one.route.trips()[0]]
    soonest = max([earliest(shift, first, shift.begun), *before])
    return [minute for minute in MINUTES if depart - 60 * minute >= soonest]


def _weak(one: _Timed, position: int, likely: float) -> Weak:
    """The weak stop with the part before it whose doubt costs it most."""
    parts: list[Part] = [("way", number) for number in range(position + 1)]
    parts += [("service", number) for number in range(position)]
    days = driven(one.road, [one.trace.depart], parts)
    gains = (days.begins[position] <= one.dues[position]).mean(axis=1) - likely
    best = int(np.argmax(gains))
    visits, (part, number) = one.route.visits, parts[best]
    if gains[best] <= 0:
        return Weak(one.route.shift, visits[position], likely, "", "", 0.0)
    return Weak(one.route.shift, visits[position], likely, part, visits[number], float(gains[best]))


def _outs(problem: Problem, doubt: Doubt, found: Sequence[_Timed], weak: Sequence[tuple[int, int]]) -> list[Out]:
    """What moving a stop out brings the others, of the routes that have a weak stop: it, and those before its last."""
    last: dict[int, int] = {}
    for number, position in weak:
        last[number] = max(position, last.get(number, 0))
    made = []
    for number, until in last.items():
        one = found[number]
        for position, visit in enumerate(one.route.visits[: until + 1]):
            if len(one.route.visits) > 1 and _may_go(problem, visit):
                made.append(Out(one.route.shift, visit, _gain(problem, doubt, one, position)))
    return sorted((out for out in made if out.gain >= LEAST_GAIN), key=lambda out: (-out.gain, out.visit))[:MOST_WEAK]


def _may_go(problem: Problem, visit: str) -> bool:
    """Whether it stands alone: nothing else would have to go with it, and no hand holds it there."""
    return visit not in problem.pair_of and visit not in problem.lock_of and all(
        visit not in relation.visits for relation in problem.relations
    )  # fmt: skip


def _gain(problem: Problem, doubt: Doubt, one: _Timed, position: int) -> float:
    """The others' expected promises without a stop, the departure as it is, less those with it."""
    visit = one.route.visits[position]
    others = {name: due for name, due in zip(one.route.visits, one.dues, strict=True) if name != visit}
    rest = _timed(problem, taken_off(one.route, visit), doubt, others, one.draws.without(position))
    after, before = driven(rest.road, [one.trace.depart]), driven(one.road, [one.trace.depart])
    kept = [(begin <= due).mean() for begin, due in zip(after.begins, rest.dues, strict=True)]
    had = [
        (begin <= due).mean() for number, (begin, due) in enumerate(zip(before.begins, one.dues, strict=True))
        if number != position
    ]  # fmt: skip
    return float(sum(kept) - sum(had))
