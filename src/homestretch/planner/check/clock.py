"""Can a route be driven in time? The judge's own search over departures and placings of breaks.

For every subset of the shift's breaks it carries the least late, then earliest, time at which the route can be where it
is with those breaks behind it. Earlier is never worse for what follows, so nothing else need be kept, and a route that
can be in time is found to be. Its length (`max_duration`) is that of the earliest finish, departing as late as it can.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from homestretch.planner.check.breach import Breach
from homestretch.planner.problem import Break, Problem, Route, Shift, Visit


@dataclass(frozen=True, slots=True, order=True)
class _Label:
    """`late` seconds in all so far, the `time` now, and what was missed on the way: (code, visit, seconds)."""

    late: int
    time: int
    missed: tuple[tuple[str, str, int], ...] = ()

    def plus(self, code: str, visit: str, seconds: int, time: int) -> "_Label":
        if seconds <= 0:
            return _Label(self.late, time, self.missed)
        return _Label(self.late + seconds, time, (*self.missed, (code, visit, seconds)))


TEXTS = {
    "time_window": "Service begins {} s after the last window.",
    "break": "A break begins {} s after its span, or is not taken.",
    "shift_end": "It finishes {} s after the shift's end.",
    "max_duration": "It takes {} s longer than the shift may.",
}


def judge_clock(problem: Problem, shift: Shift, route: Route) -> Iterator[Breach]:
    """What no departure and no placing of breaks can keep; every way on the route must exist."""
    visits = [problem.visit[visit] for visit in route.visits]
    first = max([shift.start, *(visit.release for visit in visits)])
    after_rest = [max(shift.start, rest.earliest) + rest.duration for rest in shift.breaks]
    departures = sorted({first, *(second for second in after_rest if second > first)})
    ends = [(second, _drive(problem, shift, visits, second)) for second in departures]
    best = min((_timely(problem, shift, visits, second, end) for second, end in ends))
    for code, visit, seconds in best.missed:
        yield Breach(code, shift.id, visit, seconds, TEXTS[code].format(seconds))


def _timely(problem: Problem, shift: Shift, visits: list[Visit], depart: int, end: _Label) -> _Label:
    """The end, with what the route lasts too long although it departs as late as it can."""
    if shift.max_duration is None:
        return end
    low, high = depart, end.time
    while low < high:
        middle = (low + high + 1) // 2
        later = _drive(problem, shift, visits, middle)
        if later.late <= end.late and later.time <= end.time:
            low = middle
        else:
            high = middle - 1
    return end.plus("max_duration", "", end.time - low - shift.max_duration, end.time)


def _drive(problem: Problem, shift: Shift, visits: list[Visit], depart: int) -> _Label:
    """The best end of the route for one departure."""
    durations = problem.travel.profiles[shift.profile].durations
    rested = sum(
        1 << index
        for index, rest in enumerate(shift.breaks)
        if depart >= max(shift.start, rest.earliest) + rest.duration
    )
    labels = {rested: _Label(0, depart)}
    before = shift.start_place
    for visit in visits:
        seconds = int(durations[before, visit.place])
        labels = {mask: _Label(was.late, was.time + seconds, was.missed) for mask, was in labels.items()}
        labels = _rested(labels, shift.breaks)
        labels = {mask: _served(was, visit) for mask, was in labels.items()}
        labels = _rested(labels, shift.breaks)
        before = visit.place
    home = int(durations[before, shift.end_place])
    return min(_home(shift, mask, was, was.time + home) for mask, was in labels.items())


def _rested(labels: dict[int, _Label], breaks: tuple[Break, ...]) -> dict[int, _Label]:
    """Every break may be taken here, in any order."""
    if not breaks:
        return labels
    made = dict(labels)
    for mask in range(1 << len(breaks)):
        was = made.get(mask)
        if was is None:
            continue
        for index, rest in enumerate(breaks):
            if mask >> index & 1:
                continue
            start = max(was.time, rest.earliest)
            now = was.plus("break", "", start - rest.latest, start + rest.duration)
            known = made.get(mask | 1 << index)
            if known is None or now < known:
                made[mask | 1 << index] = now
    return made


def _served(was: _Label, visit: Visit) -> _Label:
    begins = [max(was.time, window.start) for window in visit.windows if was.time <= window.end]
    if begins or not visit.windows:
        return _Label(was.late, min(begins, default=was.time) + visit.service, was.missed)
    missed = was.time - max(window.end for window in visit.windows)
    return was.plus("time_window", visit.id, missed, was.time + visit.service)


def _home(shift: Shift, mask: int, was: _Label, finish: int) -> _Label:
    end = was.plus("shift_end", "", finish - shift.end, finish)
    for index, rest in enumerate(shift.breaks):
        if not mask >> index & 1:
            end = end.plus("break", "", finish - rest.latest, finish)
    return end
