"""When everything on a route happens. Decisions are stored, times are derived: by this module and no other.

A route leaves as late as it can without finishing later, rests where that costs least, and never mends what cannot be
kept: lateness and overtime are stated.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from homestretch.planner.problem import Problem, Route, Shift, Start, Visit
from homestretch.planner.times import BreakTimes, RouteTimes, StopTimes
from homestretch.planner.timing import Line, Walk, begin_of, with_rests


def schedule(problem: Problem, route: Route, start: Start | None = None) -> RouteTimes:
    """Times of every stop of a route, from the depot or, with `start`, from here and now.

    Raises `KeyError` for ids that the problem does not know. A leg without a way takes UNREACHABLE seconds.
    """
    shift = problem.shift[route.shift]
    visits = [problem.visit[visit] for visit in route.visits]
    load = starting_load(problem, visits, start.on_board if start else {})
    if not visits and start is None:
        return RouteTimes(shift.id, shift.start, shift.start, (), (), 0, 0, 0, 0, load)
    line, legs = line_of(problem, shift, visits, start)
    earliest = start.at if start else max([shift.start, *(visit.release for visit in visits)])
    taken = start.breaks_taken if start else ()
    owed = sorted(set(range(len(shift.breaks))) - set(taken), key=lambda index: shift.breaks[index].earliest)
    made = with_rests(line, earliest, owed)
    return _stated(problem, shift, visits, legs, made, load)


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
    """What the clock walks along, and its legs as (seconds, meters)."""
    legs = _legs(problem, shift, visits, start)
    line = Line(
        legs=[seconds for seconds, _ in legs],
        visits=visits,
        breaks=shift.breaks,
        shift_start=shift.start,
        shift_end=shift.end,
        max_duration=shift.max_duration,
        fixed=start is not None,
    )
    return line, legs


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
    made: Walk,
    load: dict[str, int],
) -> RouteTimes:
    breaks = tuple(
        BreakTimes(index, begin, begin + shift.breaks[index].duration, moment // 2, bool(moment % 2))
        for index, (moment, begin) in sorted(made.rests.items(), key=lambda item: item[1][1])
    )
    unpaid = sum(rest.end - rest.start for rest in breaks if not shift.breaks[rest.index].paid)
    return RouteTimes(
        shift=shift.id,
        depart=made.depart,
        finish=made.finish,
        stops=_stops(problem, visits, legs, made, breaks, load),
        breaks=breaks,
        seconds=sum(seconds for seconds, _ in legs),
        meters=sum(meters for _, meters in legs),
        paid=made.finish - made.depart - unpaid,
        overtime=max(0, made.finish - shift.end),
        load=load,
    )


def _stops(
    problem: Problem,
    visits: Sequence[Visit],
    legs: Sequence[tuple[int, int]],
    made: Walk,
    breaks: Sequence[BreakTimes],
    load: Mapping[str, int],
) -> tuple[StopTimes, ...]:
    rested = [0] * len(visits)
    for rest in breaks:
        if not rest.after_service:
            rested[rest.position] += rest.end - rest.start
    stops = []
    for number, visit in enumerate(visits):
        load = _load_after(problem, visit, load)
        arrive, begin = made.arrive[number], made.begin[number]
        stops.append(
            StopTimes(
                visit=visit.id,
                arrive=arrive,
                wait=begin - arrive - rested[number],
                start=begin,
                leave=made.leave[number],
                late=begin_of(visit.windows, begin)[2],
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
