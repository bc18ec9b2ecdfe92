"""When everything on a route happens. Decisions are stored, times are derived: by this module and no other.

A route leaves as late as it can without finishing later, rests where that costs least, and never mends what cannot be
kept: lateness and overtime are stated. The page of the docs on times says which times these are, exactly.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise

from homestretch.planner.placing import timed
from homestretch.planner.problem import Lock, Problem, Route, Shift, Stability, Start, Visit
from homestretch.planner.terms import service_on, time_cost, windows_of
from homestretch.planner.times import BreakTimes, RouteTimes, StopTimes
from homestretch.planner.timing import FOREVER, Course, Line, Spans, Trace


def schedule(problem: Problem, route: Route, start: Start | None = None) -> RouteTimes:
    """Times of every stop of a route, from the depot or, with `start` (else the shift's `begun`), from here and now.

    Raises `KeyError` for ids that the problem does not know. A leg without a way takes UNREACHABLE seconds.
    """
    shift = problem.shift[route.shift]
    start = start or shift.begun
    visits = [problem.visit[visit] for visit in route.visits]
    load = starting_load(problem, visits, start.on_board if start else {})
    if not visits and start is None:
        return RouteTimes(shift.id, shift.start, shift.start, (), (), 0, 0, 0, 0, load)
    line, legs = line_of(problem, shift, visits, start)
    course, trace = timed(line, earliest(shift, visits, start))
    return _stated(problem, shift, visits, legs, (course, trace), load)


def earliest(shift: Shift, visits: Sequence[Visit], start: Start | None) -> int:
    """The first second at which a route with these visits may depart."""
    return start.at if start else max([shift.start, *(visit.release for visit in visits)])


def starting_load(problem: Problem, visits: Sequence[Visit], on_board: Mapping[str, int]) -> dict[str, int]:
    """What is on board at departure: all that will be delivered, and pairs whose goods were taken up before."""
    load = dict.fromkeys(problem.dimensions, 0)
    _add(load, on_board, 1)
    seen: set[str] = set()
    for visit in visits:
        _add(load, visit.deliver, 1)
        pair = problem.pair_of.get(visit.id)
        if pair and visit.id == pair.deliver and pair.collect not in seen:
            _add(load, pair.loads, 1)
        seen.add(visit.id)
    return load


def line_of(
    problem: Problem, shift: Shift, visits: Sequence[Visit], start: Start | None
) -> tuple[Line, list[tuple[int, int]]]:
    """What the clock goes by, and its legs as (seconds, meters)."""
    legs = _legs(problem, shift, visits, start)
    taken = start.breaks_taken if start else ()
    line = Line(
        legs=[seconds for seconds, _ in legs],
        services=[service_on(shift, visit) for visit in visits],
        spans=[spans_of(visit, problem.lock_of.get(visit.id)) for visit in visits],
        breaks=shift.breaks,
        owed=[index for index in range(len(shift.breaks)) if index not in taken],
        loading=0 if start else shift.loading,
        shift_start=shift.start,
        shift_end=shift.end,
        max_duration=shift.max_duration,
        fixed=start is not None,
        rides=_rides(problem, visits),
        prices=[price_of(visit, problem.goals.stability) for visit in visits],
        drifts=bool(problem.goals.stability and problem.goals.stability.per_minute),
        price=partial(time_cost, shift),
    )
    return line, legs


def spans_of(visit: Visit, lock: Lock | None) -> Spans:
    """When service may begin, its lock's window kept; past both at once if they have no second in common."""
    windows = windows_of(visit, lock)
    if windows is None:
        return ()
    if not windows and lock and lock.window:
        return ((-FOREVER, lock.window.start - 1),)
    return tuple((window.start, window.end) for window in windows)


def price_of(visit: Visit, kept: Stability | None) -> Callable[[int], int] | None:
    """What the begin of a visit's service costs: being past `due`, and not when the kept plan has it."""
    due = visit.due if visit.late_per_hour else None
    then = kept.starts.get(visit.id) if kept and kept.per_minute and visit.id in kept.shift_of else None
    if due is None and then is None:
        return None

    def price(begin: int) -> int:
        late = 0 if due is None else max(0, begin - due) * visit.late_per_hour // 3600
        drift = 0 if then is None or kept is None else abs(begin - then) // 60 * kept.per_minute
        return late + drift

    return price


def _rides(problem: Problem, visits: Sequence[Visit]) -> list[tuple[int, int, int]]:
    if not problem.pairs:
        return []
    rides, seen = [], {}
    for number, visit in enumerate(visits):
        pair = problem.pair_of.get(visit.id)
        seen[visit.id] = number
        if pair and pair.max_ride is not None and visit.id == pair.deliver and pair.collect in seen:
            rides.append((seen[pair.collect], number, pair.max_ride))
    return rides


def _legs(problem: Problem, shift: Shift, visits: Sequence[Visit], start: Start | None) -> list[tuple[int, int]]:
    """(seconds, meters) to each visit in turn and then to the end place."""
    first = shift.start_place if start is None or start.place is None else start.place
    places = [first, *(visit.place for visit in visits), shift.end_place]
    legs = [problem.travel.leg(shift.profile, a, b) for a, b in pairwise(places)]
    if start and start.first_leg:
        legs[0] = start.first_leg
    return legs


def _stated(
    problem: Problem,
    shift: Shift,
    visits: Sequence[Visit],
    legs: Sequence[tuple[int, int]],
    made: tuple[Course, Trace],
    load: dict[str, int],
) -> RouteTimes:
    course, trace = made
    rests = ((index, trace.begins[event], moment) for event, moment, index in course.rests)
    breaks = tuple(
        BreakTimes(index, begin, begin + shift.breaks[index].duration, moment // 2, bool(moment % 2))
        for index, begin, moment in rests
    )
    unpaid = sum(rest.end - rest.start for rest in breaks if not shift.breaks[rest.index].paid)
    return RouteTimes(
        shift=shift.id,
        depart=trace.depart,
        finish=trace.finish,
        stops=_stops(problem, visits, legs, course, trace, load),
        breaks=breaks,
        seconds=sum(seconds for seconds, _ in legs),
        meters=sum(meters for _, meters in legs),
        paid=trace.finish - trace.depart - unpaid,
        overtime=max(0, trace.finish - shift.end),
        load=load,
    )


def _stops(
    problem: Problem,
    visits: Sequence[Visit],
    legs: Sequence[tuple[int, int]],
    course: Course,
    trace: Trace,
    load: Mapping[str, int],
) -> tuple[StopTimes, ...]:
    rested = [0] * len(visits)
    for _, moment, index in course.rests:
        rested[moment // 2] += 0 if moment % 2 else course.line.breaks[index].duration
    stops = []
    now = trace.depart + course.line.loading
    for number, visit in enumerate(visits):
        load = _load_after(problem, visit, load)
        event, last, spans = course.served[number], course.left[number], course.line.spans[number]
        arrive, begin = now + legs[number][0], trace.begins[event]
        now = trace.begins[last] + course.events[last][2]
        stops.append(
            StopTimes(
                visit=visit.id,
                arrive=arrive,
                wait=begin - arrive - rested[number],
                start=begin,
                leave=now,
                late=max(0, begin - spans[-1][1]) if spans else 0,
                seconds=legs[number][0],
                meters=legs[number][1],
                load=load,
            )
        )
    return tuple(stops)


def _load_after(problem: Problem, visit: Visit, load: Mapping[str, int]) -> dict[str, int]:
    after = dict(load)
    _add(after, visit.deliver, -1)
    _add(after, visit.collect, 1)
    pair = problem.pair_of.get(visit.id)
    if pair:
        _add(after, pair.loads, 1 if visit.id == pair.collect else -1)
    return after


def _add(load: dict[str, int], change: Mapping[str, int], sign: int) -> None:
    for dimension, amount in change.items():
        load[dimension] = load.get(dimension, 0) + sign * amount
