"""The oracle's times in the words in which `schedule` states them."""

from __future__ import annotations

from collections.abc import Sequence

from homestretch.planner.problem import Problem, Shift, Visit
from homestretch.planner.times import BreakTimes, ReloadTimes, RouteTimes, StopTimes
from tests.planner.oracle.clock import DRIVE, RELOAD, REST, SERVE, Clock, Timed


def stated(problem: Problem, shift: Shift, order: Sequence[Visit], timed: Timed) -> RouteTimes:
    """Times of every stop, break and reload. What is on board is left empty: it is another's to say."""
    stops, breaks, reloads = [], [], []
    clock = Clock(problem, shift)
    way = (0, 0, 0)
    rests: list[tuple[int, int, int]] = []
    last = -1
    for at, event in enumerate(timed.events):
        begin, end = timed.times.begins[at], timed.times.ends[at]
        if event.kind == DRIVE:
            way = end, end - begin, clock.meters(event.origin, event.place, begin, first=at == 0)
            stops, rests = _left(stops, breaks, rests, last), []
        elif event.kind == RELOAD:
            reloads.append(ReloadTimes(event.number, way[0], begin, end, way[1], way[2]))
        elif event.kind == REST:
            rests.append((event.number, begin, end))
        elif event.kind == SERVE:
            last = event.number
            breaks += [BreakTimes(number, since, until, last, False) for number, since, until in rests]
            rested = sum(until - since for _, since, until in rests)
            late = max([0, *(begin - w[1] for w in (event.windows or ())[-1:])])
            stop = StopTimes(order[last].id, way[0], begin - way[0] - rested, begin, end, late, way[1], way[2], {})
            stops, rests = [*stops, stop], []
    times = timed.times
    overtime = max(0, times.finish - shift.end)
    return RouteTimes(
        shift.id, times.depart, times.finish, tuple(stops), tuple(breaks), timed.seconds, timed.meters, timed.paid,
        overtime, {}, tuple(reloads),
    )  # fmt: skip


def _left(
    stops: list[StopTimes], breaks: list[BreakTimes], rests: list[tuple[int, int, int]], last: int
) -> list[StopTimes]:
    """The stops, the last of which is left after its rests; those are put with the breaks."""
    if not rests:
        return stops
    breaks += [BreakTimes(number, since, until, last, True) for number, since, until in rests]
    one = stops[-1]
    changed = StopTimes(
        one.visit, one.arrive, one.wait, one.start, rests[-1][2], one.late, one.seconds, one.meters, one.load
    )
    return [*stops[:-1], changed]
