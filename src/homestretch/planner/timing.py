"""The clock of one route whose breaks are placed: the earliest times, the latest ones, and those in between that count.

Moments at which a rest can be taken are numbered: 2k is on arrival at stop k, 2k + 1 is after its service. All times
are seconds from the epoch; nothing here knows ids. Where a break is best taken is `placing`'s to find.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from homestretch.planner.problem import Break

FOREVER = 2**62
PUSHES = 2_000  # turns in which what goods ride too long is pushed back

Spans = tuple[tuple[int, int], ...]
"""In which something can begin, ends included, in order; empty = at any time."""

Placed = tuple[tuple[int, int], ...]
"""(moment, break) in the order in which the breaks are taken."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a clock needs of a route. `legs` has one entry more than there are stops, the last one leads to the end.

    A `fixed` line departs exactly when it is told to. `rides` are (stop, later stop, seconds at most from driving off
    at the one to the begin of service at the other). `prices` say by stop what a begin of service costs, `drifts` if
    an earlier one may cost more, `price` what paid and waiting seconds cost: of equal times the cheapest count. `owed`
    are the breaks that are not taken yet.
    """

    legs: Sequence[int]
    services: Sequence[int]
    spans: Sequence[Spans]
    breaks: Sequence[Break]
    owed: Sequence[int]
    loading: int
    shift_start: int
    shift_end: int
    max_duration: int | None
    fixed: bool
    rides: Sequence[tuple[int, int, int]]
    prices: Sequence[Callable[[int], int] | None]
    drifts: bool
    price: Callable[[int, int], int]

    def rested_at(self, index: int) -> int:
        """When a rest before the departure is over."""
        rest = self.breaks[index]
        return max(self.shift_start, rest.earliest) + rest.duration

    def is_before(self, index: int, depart: int) -> bool:
        """Whether a break can be taken before the departure, which a route under way no longer can."""
        return not self.fixed and depart >= self.rested_at(index)


@dataclass(frozen=True, slots=True)
class Course:
    """A line with some of its breaks placed, as events: (seconds on the way there, when it can begin, how long it
    takes). `served` and `left` are the events at a stop that are its service, and the last before it is left."""

    line: Line
    placed: Placed
    events: list[tuple[int, Spans, int]] = field(init=False, default_factory=list)
    served: list[int] = field(init=False, default_factory=list)
    left: list[int] = field(init=False, default_factory=list)
    rests: list[tuple[int, int, int]] = field(init=False, default_factory=list)  # (event, moment, break)

    def __post_init__(self) -> None:
        line, queue = self.line, list(reversed(self.placed))
        for number, service in enumerate(line.services):
            way = self._rest(queue, 2 * number, line.legs[number]) if queue else line.legs[number]
            self.served.append(len(self.events))
            self.events.append((way, line.spans[number], service))
            if queue:
                self._rest(queue, 2 * number + 1, 0)
            self.left.append(len(self.events) - 1)

    def _rest(self, queue: list[tuple[int, int]], moment: int, way: int) -> int:
        """Take the rests that are placed at a moment; the way that the next event still has."""
        while queue and queue[-1][0] == moment:
            index = queue.pop()[1]
            rest = self.line.breaks[index]
            self.rests.append((len(self.events), moment, index))
            self.events.append((way, ((rest.earliest, rest.latest),), rest.duration))
            way = 0
        return way

    def outside(self, depart: int) -> list[int]:
        """Latest begins of the breaks that are taken after the route."""
        on_route = {index for _, _, index in self.rests}
        owed = (index for index in self.line.owed if index not in on_route)
        return [self.line.breaks[index].latest for index in owed if not self.line.is_before(index, depart)]


@dataclass(frozen=True, slots=True)
class Trace:
    """One drive along a course: when each event begins, and by how many seconds it misses spans, ends and rides."""

    depart: int
    begins: list[int]
    finish: int
    missed: int

    @property
    def rank(self) -> tuple[int, int]:
        """Least missed first, then first to finish."""
        return self.missed, self.finish


def begin_of(spans: Spans, at: int) -> int:
    """When something begins that could begin `at`; past the last span it begins at once."""
    for start, end in spans:
        if at <= end:
            return at if at > start else start
    return at


def last_begin(spans: Spans, at: int, begun: int) -> int:
    """The last begin not after `at` that is no later past its spans than one at `begun`, which is not after `at`."""
    for start, end in reversed(spans):
        if begun > end:
            return begun
        if at >= start:
            return at if at < end else end
    return at


def drive(course: Course, depart: int, lows: Mapping[int, int] | None = None) -> Trace:
    """The earliest times from a departure, with no event before its entry in `lows`."""
    line, now, missed = course.line, depart + course.line.loading, 0
    begins = []
    for number, (way, spans, lasts) in enumerate(course.events):
        now += way
        if lows and number in lows:
            now = max(now, lows[number])
        if spans:
            now = begin_of(spans, now)
            if now > spans[-1][1]:
                missed += now - spans[-1][1]
        begins.append(now)
        now += lasts
    finish = now + line.legs[-1]
    missed += max(0, finish - line.shift_end)
    if line.owed:
        missed += sum(max(0, finish - latest) for latest in course.outside(depart))
    return Trace(depart, begins, finish, missed)


def ends(course: Course, trace: Trace, finish: int) -> list[int]:
    """By event, and at the end place, the last arrival that makes nothing later past its spans than the trace has it,
    and that finishes by `finish`; rides are left aside."""
    now = finish
    way = course.line.legs[-1]
    last = [now]
    for (before, spans, lasts), begun in zip(reversed(course.events), reversed(trace.begins), strict=True):
        now -= way + lasts
        if spans:
            now = last_begin(spans, now, begun)
        last.append(now)
        way = before
    last.reverse()
    return last


def least(course: Course, depart: int) -> Trace:
    """The earliest times from a departure, in which goods ride no longer than they may, if nothing else is missed by
    that."""
    made = drive(course, depart)
    if not course.line.rides:
        return made
    lows: dict[int, int] = {}
    best = missed = _ridden(course, made)
    for _ in range(PUSHES):
        broken = list(_broken(course, made))
        if not broken:
            return missed
        for event, low in broken:
            lows[event] = low
        made = drive(course, depart, lows)
        missed = _ridden(course, made)
        if missed.rank < best.rank:
            best = missed
        if made.missed > best.missed:
            break
    return best


def _broken(course: Course, made: Trace) -> list[tuple[int, int]]:
    """(event that holds the goods' departure, when it must begin) for each ride that is too long."""
    found = []
    for taken, given, limit in course.line.rides:
        event = course.left[taken]
        over = made.begins[course.served[given]] - made.begins[event] - course.events[event][2] - limit
        if over > 0:
            found.append((event, made.begins[event] + over))
    return found


def _ridden(course: Course, made: Trace) -> Trace:
    over = sum(low - made.begins[event] for event, low in _broken(course, made))
    return Trace(made.depart, made.begins, made.finish, made.missed + over) if over else made


def canonical(course: Course, earliest: int) -> Trace:
    """Least missed, then first to finish, then last to depart, not before `earliest`; all events as early as then can
    be."""
    made = least(course, earliest)
    if course.line.fixed or not course.events:
        return made
    low, high = earliest, ends(course, made, made.finish)[0] - course.events[0][0] - course.line.loading
    if high <= low:
        return made
    later = least(course, high)
    while later.rank > made.rank and low < high - 1:
        middle = (low + high) // 2
        tried = least(course, middle)
        if tried.rank <= made.rank:
            low, made = middle, tried
        else:
            high = middle
    return later if later.rank <= made.rank else made
