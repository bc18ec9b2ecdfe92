"""What a clock found, in the words in which it is stated: stops, breaks, reloads, and what is on board."""

from collections.abc import Mapping, Sequence

from homestretch.planner.problem import Problem, Shift, Visit
from homestretch.planner.times import BreakTimes, ReloadTimes, RouteTimes, StopTimes
from homestretch.planner.timing import Course, Trace


def stated(
    problem: Problem,
    shift: Shift,
    visits: Sequence[Visit],
    made: tuple[Course, Trace],
    loads: Sequence[dict[str, int]],
) -> RouteTimes:
    """The times of a route; `loads` are on board at the begin of each trip."""
    course, trace = made
    rests = ((index, trace.begins[event], moment) for event, moment, index in course.rests)
    breaks = tuple(
        BreakTimes(index, begin, begin + shift.breaks[index].duration, moment // 2, bool(moment % 2))
        for index, begin, moment in rests
    )
    unpaid = sum(rest.end - rest.start for rest in breaks if not shift.breaks[rest.index].paid)
    stops, reloads, left = _stops(problem, visits, course, trace, loads)
    home = course.line.legs[-1]
    halts: list[StopTimes | ReloadTimes] = [*stops, *reloads]
    return RouteTimes(
        shift=shift.id,
        depart=trace.depart,
        finish=trace.finish,
        stops=tuple(stops),
        breaks=breaks,
        seconds=sum(halt.seconds for halt in halts) + home.arrive(left) - left,
        meters=sum(halt.meters for halt in halts) + home.far(left),
        paid=trace.finish - trace.depart - unpaid,
        overtime=max(0, trace.finish - shift.end),
        load=loads[0],
        reloads=tuple(reloads),
    )


def _stops(
    problem: Problem, visits: Sequence[Visit], course: Course, trace: Trace, loads: Sequence[dict[str, int]]
) -> tuple[list[StopTimes], list[ReloadTimes], int]:
    """Stops, reloads, and when the last of them is left."""
    line, rested = course.line, [0] * len(visits)
    for _, moment, index in course.rests:
        rested[moment // 2] += 0 if moment % 2 else line.breaks[index].duration
    stops: list[StopTimes] = []
    reloads: list[ReloadTimes] = []
    now, load = trace.depart + line.loading, loads[0]
    for number, visit in enumerate(visits):
        if number in course.loaded:
            reloads.append(_reload(course, trace, number, now))
            now, load = reloads[-1].leave, loads[len(reloads)]
        load = _load_after(problem, visit, load)
        last, spans, leg = course.left[number], line.spans[number], line.legs[number]
        arrive, begin, left = leg.arrive(now), trace.begins[course.served[number]], now
        now = trace.begins[last] + course.events[last][2]
        stops.append(
            StopTimes(
                visit=visit.id,
                arrive=arrive,
                wait=begin - arrive - rested[number],
                start=begin,
                leave=now,
                late=max(0, begin - spans[-1][1]) if spans else 0,
                seconds=arrive - left,
                meters=leg.far(left),
                load=load,
            )
        )
    return stops, reloads, now


def _reload(course: Course, trace: Trace, number: int, left: int) -> ReloadTimes:
    event = course.loaded[number]
    way, begin, lasts = course.line.halts[number].way, trace.begins[event], course.events[event][2]
    arrive = way.arrive(left)
    return ReloadTimes(number, arrive, begin, begin + lasts, arrive - left, way.far(left))


def _load_after(problem: Problem, visit: Visit, load: Mapping[str, int]) -> dict[str, int]:
    after = dict(load)
    add(after, visit.deliver, -1)
    add(after, visit.collect, 1)
    pair = problem.pair_of.get(visit.id)
    if pair:
        add(after, pair.loads, 1 if visit.id == pair.collect else -1)
    return after


def add(load: dict[str, int], change: Mapping[str, int], sign: int) -> None:
    """Put amounts into a load, or take them out of it."""
    for dimension, amount in change.items():
        load[dimension] = load.get(dimension, 0) + sign * amount
