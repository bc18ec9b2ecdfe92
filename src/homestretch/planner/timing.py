"""The clock of one route: a forward walk over its stops, the slack behind each moment, and the best moment for a rest.

Moments at which a rest can be taken are numbered: 2k is on arrival at stop k, 2k+1 is after its service. Inside a walk
all times are seconds from the epoch; nothing here knows ids.
"""

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from homestretch.planner.problem import Break, Visit, Window

FOREVER = 2**62
CANDIDATES = 2  # moments tried in full from each of two walks: the cheap estimate is right but for later windows
BEAM = 4  # ways kept when a shift has several rests


@dataclass(frozen=True, slots=True)
class Line:
    """What a walk needs: `legs` has one entry more than `visits`, the last one leads to the end place. A `fixed` line
    departs exactly when it is told to."""

    legs: Sequence[int]
    visits: Sequence[Visit]
    breaks: Sequence[Break]
    shift_start: int
    shift_end: int
    max_duration: int | None
    fixed: bool


@dataclass(slots=True)
class Walk:
    """Times of one walk. `waits` and `rooms` run over all events (rests and services, in order, then the end):
    seconds idle before the event, and seconds by which it can begin later and still be in time."""

    depart: int
    arrive: list[int] = field(default_factory=list)
    begin: list[int] = field(default_factory=list)
    leave: list[int] = field(default_factory=list)
    rests: dict[int, tuple[int, int]] = field(default_factory=dict)  # break -> (moment, start)
    finish: int = 0
    late: int = 0
    waits: list[int] = field(default_factory=list)
    rooms: list[int] = field(default_factory=list)
    moments: list[tuple[int, int, int]] = field(default_factory=list)  # (moment, time, the event that follows)

    @property
    def duration(self) -> int:
        return self.finish - self.depart


def begin_of(windows: Sequence[Window], at: int) -> tuple[int, int, int]:
    """(when service begins, seconds of room behind it, seconds late) for a service that could begin `at`.

    Past the last window it begins at once, late.
    """
    if not windows:
        return at, FOREVER, 0
    for window in windows:
        if at <= window.end:
            begin = at if at > window.start else window.start
            return begin, window.end - begin, 0
    return at, 0, at - max(window.end for window in windows)


def walk(line: Line, depart: int, placed: Sequence[tuple[int, int]] = ()) -> Walk:
    """Drive the line from `depart`, with rests `placed` as sorted (moment, break)."""
    made = Walk(depart)
    queue = list(reversed(placed))
    now = depart
    for number, visit in enumerate(line.visits):
        now += line.legs[number]
        made.arrive.append(now)
        now = _rest(line, made, queue, 2 * number, now)
        begin, room, late = begin_of(visit.windows, now)
        made.waits.append(begin - now)
        made.rooms.append(room)
        made.begin.append(begin)
        made.late += late
        now = _rest(line, made, queue, 2 * number + 1, begin + visit.service)
        made.leave.append(now)
    made.finish = now + line.legs[-1]
    made.waits.append(0)
    made.rooms.append(max(0, line.shift_end - made.finish))
    made.late += max(0, made.finish - line.shift_end)
    return made


def _rest(line: Line, made: Walk, queue: list[tuple[int, int]], moment: int, now: int) -> int:
    """Take the rests placed at this moment; the time after them."""
    while queue and queue[-1][0] == moment:
        index = queue.pop()[1]
        rest = line.breaks[index]
        start = max(now, rest.earliest)
        made.waits.append(start - now)
        made.rooms.append(max(0, rest.latest - start))
        made.late += max(0, start - rest.latest)
        made.rests[index] = (moment, start)
        now = start + rest.duration
    made.moments.append((moment, now, len(made.waits)))
    return now


def slack(made: Walk) -> tuple[list[int], list[int]]:
    """Per event, for a delay just before it: the longest that makes nothing late, and what waiting would swallow."""
    harmless, swallowed = [FOREVER], [0]
    for wait, room in zip(reversed(made.waits), reversed(made.rooms), strict=True):
        harmless.append(wait + min(room, harmless[-1]))
        swallowed.append(wait + swallowed[-1])
    harmless.reverse()
    swallowed.reverse()
    return harmless, swallowed


def latest_walk(line: Line, earliest: int, placed: Sequence[tuple[int, int]] = ()) -> Walk:
    """The walk that finishes as early as it can and, that given, departs as late as it can: no idle second is paid."""
    made = walk(line, earliest, placed)
    harmless, swallowed = slack(made)
    delay = min(harmless[0], swallowed[0])
    return walk(line, earliest + delay, placed) if delay > 0 else made


@dataclass(frozen=True, slots=True)
class _Try:
    """One way to take the rests so far: not before `earliest`, with rests `placed`; `waiting` are not placed."""

    earliest: int
    placed: tuple[tuple[int, int], ...]
    waiting: tuple[int, ...]
    made: Walk

    def rank(self, line: Line) -> tuple[int, int, int]:
        """Least late (too long counts as late), then first to finish, then shortest."""
        over = 0 if line.max_duration is None else max(0, self.made.duration - line.max_duration)
        return self.made.late + over, self.made.finish, self.made.duration


def with_rests(line: Line, earliest: int, owed: Sequence[int]) -> Walk:
    """The walk with the `owed` breaks of the line, taken where it makes the route best by `_Try.rank`."""
    tries = [_Try(earliest, (), tuple(owed), _timed(line, earliest, ()))]
    done: list[_Try] = []
    while tries:
        following: list[_Try] = []
        for each in tries:
            due = next((index for index in each.waiting if not _outside(line, index, each.made)), None)
            if due is None or not line.visits:
                done.append(each)
            else:
                following += _placings(line, each, due)
        tries = sorted(following, key=lambda each: each.rank(line))[:BEAM]
    return min(done, key=lambda each: each.rank(line)).made


def _timed(line: Line, earliest: int, placed: Sequence[tuple[int, int]]) -> Walk:
    return walk(line, earliest, placed) if line.fixed else latest_walk(line, earliest, placed)


def _outside(line: Line, index: int, made: Walk) -> bool:
    """The rest can be taken after the route, or before it (which a route under way no longer can)."""
    return made.finish <= line.breaks[index].latest or (not line.fixed and made.depart >= _rested_at(line, index))


def _rested_at(line: Line, index: int) -> int:
    """When a rest before departure is over."""
    rest = line.breaks[index]
    return max(line.shift_start, rest.earliest) + rest.duration


def _placings(line: Line, each: _Try, index: int) -> Iterator[_Try]:
    """The most promising ways to take one more rest, the one before departure included."""
    moments: set[int] = set()
    for made in (walk(line, each.earliest, each.placed), each.made):
        moments.update(_best_moments(line.breaks[index], made))
    waiting = tuple(other for other in each.waiting if other != index)
    for moment in sorted(moments):
        placed = [*each.placed]
        insort(placed, (moment, index), key=lambda item: item[0])
        yield _Try(each.earliest, tuple(placed), waiting, _timed(line, each.earliest, placed))
    if not line.fixed:
        later = max(each.earliest, _rested_at(line, index))
        yield _Try(later, each.placed, waiting, _timed(line, later, each.placed))


def _best_moments(rest: Break, made: Walk) -> list[int]:
    """The most promising moments by slack alone."""
    harmless, swallowed = slack(made)
    ranked = []
    for moment, now, following in made.moments:
        start = max(now, rest.earliest)
        delay = start + rest.duration - now
        late = max(0, start - rest.latest) + max(0, delay - harmless[following])
        ranked.append((late, max(0, delay - swallowed[following]), moment))
    return [moment for _, _, moment in sorted(ranked)[:CANDIDATES]]
