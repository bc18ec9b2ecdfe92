"""Can a route be driven in time? The judge's own search over departures and placings of breaks.

For every subset of the shift's breaks it carries the least late, then earliest, time at which the route can be where it
is with those breaks behind it. Earlier is never worse for what follows, so nothing else need be kept, and a route that
can be in time is found to be. What binds two moments to each other (`strict`) is looked at after that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from homestretch.planner.check.breach import Breach
from homestretch.planner.check.line import Line, Step
from homestretch.planner.check.strict import bound, hourly, judge_strict
from homestretch.planner.problem import Break, Slots

Missed = tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """`late` seconds in all so far, the `time` now, what was missed on the way: (code, visit, seconds), and how many
    seconds and meters were driven."""

    late: int
    time: int
    missed: Missed = ()
    driven: int = 0
    meters: int = 0

    def plus(self, code: str, visit: str, seconds: int, time: int) -> "Label":
        """At a later time, with one more miss if there are `seconds` of it."""
        if seconds <= 0:
            return Label(self.late, time, self.missed, self.driven, self.meters)
        missed = (*self.missed, (code, visit, seconds))
        return Label(self.late + seconds, time, missed, self.driven, self.meters)


TEXTS = {
    "time_window": "Service begins {} s after the last window.",
    "lock_window": "Service begins {} s after the window that it is locked to.",
    "break": "A break begins {} s after its span, or is not taken.",
    "shift_end": "It finishes {} s after the shift's end.",
    "max_duration": "It takes {} s longer than the shift may.",
    "max_ride": "The goods ride {} s longer than they may.",
    "longest_stretch": "It works {} s longer without a break than it may.",
    "max_drive": "It is on the road {} s longer than the shift may.",
    "max_distance": "It drives {} m more than the shift may.",
    "release": "It sets off {} s before its goods are released.",
}


JUMPS = 1_000
"""Departures tried for a route that lasts too long: each leaves out what the one before lasted too long."""


def judge_clock(line: Line) -> tuple[list[Breach], int, int]:
    """(what no departure and no placing of breaks can keep, seconds, meters); every way on the route must exist.

    The seconds and meters are 0 where they depend on the hour and have been judged."""
    best = _best(line)
    missed = judge_strict(line) if not best.late and bound(line) else best.missed
    breaches = [
        Breach(code, line.shift.id, visit, seconds, TEXTS[code].format(seconds)) for code, visit, seconds in missed
    ]
    driven = (0, 0) if hourly(line) else (best.driven, best.meters)  # what `judge_strict` has looked at
    return [*_unready(line), *breaches], *driven


def _unready(line: Line) -> Iterator[Breach]:
    """Goods of a route that has begun, which set off before they were there."""
    trip = takewhile(lambda step: step.kind != "reload", line.steps if line.fixed else ())
    for step in trip:
        early = step.visit.release - line.first if step.visit else 0
        if early > 0:
            yield Breach("release", line.shift.id, step.name, early, TEXTS["release"].format(early))


def _best(line: Line) -> Label:
    """The least late, then earliest end; where it matters when it leaves, departing as late as it can."""
    after_rest = [max(line.shift.start, rest.earliest) + rest.duration for rest in line.breaks]
    departures = sorted({line.first, *(second for second in after_rest if second > line.first and not line.fixed)})
    ends = [(second, _drive(line, second)) for second in departures]
    if line.shift.max_duration is not None and not bound(line):
        return min(_short(line, second, end, line.shift.max_duration) for second, end in ends)
    depart, best = min(ends, key=lambda way: way[1])
    return _latest(line, depart, best)[1] if isinstance(line.profile, Slots) else best


def _short(line: Line, depart: int, end: Label, longest: int) -> Label:
    """The end of a departure that keeps the route short enough; else with what it lasts too long at best."""
    now, made = depart, end
    for _ in range(0 if line.fixed else JUMPS):
        if made.late > end.late or made.time - now <= longest:
            break
        now = max(now + 1, made.time - longest)
        made = _drive(line, now)
    if made.late > end.late or made.time - now > longest:
        now, made = _latest(line, depart, end)
    return made.plus("max_duration", "", made.time - now - longest, made.time)


def _latest(line: Line, depart: int, end: Label) -> tuple[int, Label]:
    """(the last departure that ends no worse, its end)."""
    low, high = depart, depart if line.fixed else end.time
    while low < high:
        middle = (low + high + 1) // 2
        later = _drive(line, middle)
        if (later.late, later.time) <= (end.late, end.time):
            low, end = middle, later
        else:
            high = middle - 1
    return low, end


def _drive(line: Line, depart: int) -> Label:
    """The best end of the route for one departure."""
    rested = sum(
        1 << index
        for index, rest in enumerate(line.breaks)
        if index in line.taken or (not line.fixed and depart >= max(line.shift.start, rest.earliest) + rest.duration)
    )
    labels = {rested: Label(0, depart + line.loading)}
    for step in line.steps:
        labels = {mask: _moved(line, step, was) for mask, was in labels.items()}
        if step.kind == "reload":
            labels = {mask: _reloaded(line, step, was) for mask, was in labels.items()}
        elif step.kind == "visit":
            labels = _rested(labels, line.breaks)
            labels = {mask: _served(was, step) for mask, was in labels.items()}
            labels = _rested(labels, line.breaks)
    return min(_home(line, mask, was) for mask, was in labels.items())


def _moved(line: Line, step: Step, was: Label) -> Label:
    now = line.arrive(step, was.time)
    return Label(was.late, now, was.missed, was.driven + now - was.time, was.meters + line.meters(step, was.time))


def _reloaded(line: Line, step: Step, was: Label) -> Label:
    now = max(was.time, step.ready) + line.shift.loading
    return Label(was.late, now, was.missed, was.driven, was.meters)


def _rested(labels: dict[int, Label], breaks: tuple[Break, ...]) -> dict[int, Label]:
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


def _served(was: Label, step: Step) -> Label:
    begins = step.opens(was.time)
    if begins is not None:
        return Label(was.late, begins + step.work, was.missed, was.driven, was.meters)
    own = step.visit.windows if step.visit else ()
    in_own = not own or any(was.time <= window.end for window in own)
    code = "lock_window" if step.locked and in_own else "time_window"
    return was.plus(code, step.name, max(1, was.time - step.last()), was.time + step.work)


def _home(line: Line, mask: int, was: Label) -> Label:
    end = was.plus("shift_end", "", was.time - line.shift.end, was.time)
    for index, rest in enumerate(line.breaks):
        if not mask >> index & 1:
            end = end.plus("break", "", was.time - rest.latest, was.time)
    return end
