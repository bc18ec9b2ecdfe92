"""The clock of one route whose breaks are placed: the earliest times, the latest ones, and those in between that count.

Moments at which a rest can be taken are numbered: 2k is on arrival at stop k, 2k + 1 is after its service. All times
are seconds from the epoch; nothing here knows ids. Where a break is best taken is `placing`'s to find.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from homestretch.planner.legs import Leg, SlottedLeg
from homestretch.planner.problem import Break

FOREVER = 2**62
PUSHES = 2_000  # turns in which what goods ride too long, or one works too long, is pushed back
STAY = Leg(0, 0)
DEPARTURE = -1  # in the place of an event

Spans = tuple[tuple[int, int], ...]
"""In which something can begin, ends included, in order; empty = at any time."""

Placed = tuple[tuple[int, int], ...]
"""(moment, break) in the order in which the breaks are taken."""


@dataclass(frozen=True, slots=True)
class Halt:
    """A reload before a stop: the way there, when the goods are ready, how long it takes."""

    way: Leg
    ready: int
    lasts: int


@dataclass(frozen=True, slots=True)
class Line:
    """What a clock needs of a route. `legs` has one entry more than there are stops, the last one leads to the end;
    where a stop has an entry in `halts`, its leg begins at the reload place.

    A `fixed` line departs exactly when it is told to. `rides` are (stop, later stop, seconds at most from driving off
    at the one to the begin of service at the other). `prices` say by stop what a begin of service costs, `drifts` if
    an earlier one may cost more, `price` what paid and waiting seconds cost: of equal times the cheapest count. `owed`
    are the breaks that are not taken yet, `longest` is how long one may work without one. Of a
    `slotted` line, whose ways depend on the hour, times with `max_drive` seconds and `max_distance` meters are better.
    """

    legs: Sequence[Leg]
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
    halts: Mapping[int, Halt] = field(default_factory=dict)
    longest: int | None = None
    max_drive: int | None = None
    max_distance: int | None = None

    @property
    def linked(self) -> bool:
        """Whether some moments must not be too far apart."""
        return bool(self.rides) or self.longest is not None

    @property
    def slotted(self) -> bool:
        """Whether ways depend on the hour."""
        return any(isinstance(leg, SlottedLeg) for leg in self.legs)

    @property
    def work(self) -> int:
        """Seconds of loading, ways and services, at least."""
        halts = sum(halt.way.seconds + halt.lasts for halt in self.halts.values())
        return self.loading + halts + sum(leg.seconds for leg in self.legs) + sum(self.services)

    def rested_at(self, index: int) -> int:
        """When a rest before the departure is over."""
        rest = self.breaks[index]
        return max(self.shift_start, rest.earliest) + rest.duration

    def is_before(self, index: int, depart: int) -> bool:
        """Whether a break can be taken before the departure, which a route under way no longer can."""
        return not self.fixed and depart >= self.rested_at(index)

    def reach(self, number: int, leave: int) -> int:
        """When one is at a stop (or the end) who leaves the one before it then, by the reload place if need be."""
        halt = self.halts.get(number)
        if halt:
            leave = max(halt.way.arrive(leave), halt.ready) + halt.lasts
        return self.legs[number].arrive(leave)

    def beyond(self, number: int, leave: int) -> int:
        """Seconds more than `work` counts until one is there: idle at the reload place, and on slower ways."""
        halt = self.halts.get(number)
        known = self.legs[number].seconds + (halt.way.seconds + halt.lasts if halt else 0)
        return self.reach(number, leave) - leave - known

    def depart_by(self, number: int, arrive: int) -> int:
        """The last second at which one leaves the stop before to be there by then; -FOREVER if the goods are late."""
        leave = self.legs[number].leave(arrive)
        halt = self.halts.get(number)
        if halt is None:
            return leave
        leave -= halt.lasts
        return halt.way.leave(leave) if leave >= halt.ready else -FOREVER


@dataclass(frozen=True, slots=True)
class Course:
    """A line with some of its breaks placed, as events: (the way there, when it can begin, how long it takes).
    `served` and `left` are the events at a stop that are its service, and the last before it is left; `loaded` are
    those that are reloads, by the stop behind them."""

    line: Line
    placed: Placed
    events: list[tuple[Leg, Spans, int]] = field(init=False, default_factory=list)
    served: list[int] = field(init=False, default_factory=list)
    left: list[int] = field(init=False, default_factory=list)
    loaded: dict[int, int] = field(init=False, default_factory=dict)
    rests: list[tuple[int, int, int]] = field(init=False, default_factory=list)  # (event, moment, break)

    def __post_init__(self) -> None:
        line, queue = self.line, list(reversed(self.placed))
        for number, service in enumerate(line.services):
            halt = line.halts.get(number)
            if halt:
                self.loaded[number] = len(self.events)
                self.events.append((halt.way, ((halt.ready, FOREVER),), halt.lasts))
            way = self._rest(queue, 2 * number, line.legs[number]) if queue else line.legs[number]
            self.served.append(len(self.events))
            self.events.append((way, line.spans[number], service))
            if queue:
                self._rest(queue, 2 * number + 1, STAY)
            self.left.append(len(self.events) - 1)

    def _rest(self, queue: list[tuple[int, int]], moment: int, way: Leg) -> Leg:
        """Take the rests that are placed at a moment; the way that the next event still has."""
        while queue and queue[-1][0] == moment:
            index = queue.pop()[1]
            rest = self.line.breaks[index]
            self.rests.append((len(self.events), moment, index))
            self.events.append((way, ((rest.earliest, rest.latest),), rest.duration))
            way = STAY
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
        now = way.arrive(now)
        if lows and number in lows:
            now = max(now, lows[number])
        if spans:
            now = begin_of(spans, now)
            if now > spans[-1][1]:
                missed += now - spans[-1][1]
        begins.append(now)
        now += lasts
    finish = line.legs[-1].arrive(now)
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
        now = way.leave(now) - lasts
        if spans:
            now = last_begin(spans, now, begun)
        last.append(now)
        way = before
    last.reverse()
    return last


def least(course: Course, depart: int) -> Trace:
    """The earliest times from a departure, or from a later one where one would work too long from it, in which goods
    ride, and one works, no longer than they may, if nothing else is missed by that."""
    made = drive(course, depart)
    if not course.line.linked:
        return made
    lows: dict[int, int] = {}
    best = missed = _held(course, made)
    for _ in range(PUSHES):
        broken = list(_broken(course, made))
        if not broken:
            return missed
        for event, low in broken:
            lows[event] = max(low, lows.get(event, low))
        made = drive(course, lows.get(DEPARTURE, depart), lows)
        missed = _held(course, made)
        if missed.rank < best.rank:
            best = missed
        if made.missed > best.missed:
            break
    return best


def _broken(course: Course, made: Trace) -> list[tuple[int, int]]:
    """(event that holds the begin of what lasts too long, when it must begin) for each ride and each stretch."""
    found = []
    for event, until, limit in _links(course, made):
        begin = made.depart if event == DEPARTURE else made.begins[event] + course.events[event][2]
        if until - begin > limit:
            since = made.depart if event == DEPARTURE else made.begins[event]
            found.append((event, since + until - begin - limit))
    return found


def _links(course: Course, made: Trace) -> Iterator[tuple[int, int, int]]:
    """(event whose end begins it, when it ends, seconds at most) for each ride and each stretch of work."""
    line = course.line
    for taken, given, limit in line.rides:
        yield course.left[taken], made.begins[course.served[given]], limit
    if line.longest is not None:
        since = DEPARTURE
        for event, _, _ in course.rests:
            yield since, made.begins[event], line.longest
            since = event
        yield since, made.finish, line.longest


def _held(course: Course, made: Trace) -> Trace:
    """With what lasts too long among what is missed."""
    over = 0
    for event, low in _broken(course, made):
        over += low - (made.depart if event == DEPARTURE else made.begins[event])
    return Trace(made.depart, made.begins, made.finish, made.missed + over) if over else made


def canonical(course: Course, earliest: int) -> Trace:
    """Least missed, then first to finish, then last to depart, not before `earliest`; all events as early as then can
    be."""
    made = least(course, earliest)
    if course.line.fixed or not course.events:
        return made
    low = made.depart
    high = course.events[0][0].leave(ends(course, made, made.finish)[0]) - course.line.loading
    if high <= low:
        return made
    later = least(course, high)
    while later.rank > made.rank and low < high - 1:
        middle = (low + high) // 2
        tried = least(course, middle)
        if tried.rank <= made.rank:
            low, made = max(middle, tried.depart), tried
        else:
            high = middle
    return later if later.rank <= made.rank else made
