"""The clock of one route: a forward walk over its stops, the slack behind each moment, and the best moment for a rest.

Moments at which a rest can be taken are numbered: 2k is on arrival at stop k, 2k+1 is after its service. Inside a walk
all times are seconds from the epoch; nothing here knows ids.
"""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field

from homestretch.planner.problem import Break, Visit, Window

FOREVER = 2**62
CANDIDATES = 2  # moments tried in full from each of two walks: the cheap estimate is right but for later windows


@dataclass(frozen=True, slots=True)
class Line:
    """What a walk needs: `legs` has one entry more than `visits`, the last one leads to the end place."""

    legs: Sequence[int]
    visits: Sequence[Visit]
    breaks: Sequence[Break]
    shift_end: int


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


def begin_of(windows: Sequence[Window], at: int) -> tuple[int, int]:
    """(when service begins, seconds of room behind it) for an arrival; past the last window it begins late, at once."""
    if not windows:
        return at, FOREVER
    for window in windows:
        if at <= window.end:
            begin = max(at, window.start)
            return begin, window.end - begin
    return at, 0


def lateness(windows: Sequence[Window], begin: int) -> int:
    """Seconds by which a begin misses the last window, 0 if it does not."""
    return max(0, begin - max(window.end for window in windows)) if windows else 0


def walk(line: Line, depart: int, placed: Sequence[tuple[int, int]] = ()) -> Walk:
    """Drive the line from `depart`, with rests `placed` as sorted (moment, break)."""
    made = Walk(depart)
    queue = list(reversed(placed))
    now = depart
    for number, visit in enumerate(line.visits):
        now += line.legs[number]
        made.arrive.append(now)
        now = _rest(line, made, queue, 2 * number, now)
        begin, room = begin_of(visit.windows, now)
        made.waits.append(begin - now)
        made.rooms.append(room)
        made.begin.append(begin)
        made.late += lateness(visit.windows, begin)
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


def with_rests(line: Line, earliest: int, owed: Sequence[int], *, fixed: bool, shift_start: int) -> Walk:
    """The walk with its rests. `owed` are breaks in the order they are taken; `fixed`: it departs at `earliest`."""
    placed: list[tuple[int, int]] = []
    made = _timed(line, earliest, placed, fixed)
    waiting = list(owed)
    while line.visits:
        due = next((index for index in waiting if not _outside(line.breaks[index], made, fixed, shift_start)), None)
        if due is None:
            break
        waiting.remove(due)
        placed, made = _place(line, earliest, placed, due, fixed)
    return made


def _timed(line: Line, earliest: int, placed: Sequence[tuple[int, int]], fixed: bool) -> Walk:
    return walk(line, earliest, placed) if fixed else latest_walk(line, earliest, placed)


def _outside(rest: Break, made: Walk, fixed: bool, shift_start: int) -> bool:
    """The rest can be taken after the route, or before it (which a route under way no longer can)."""
    before = not fixed and made.depart >= max(shift_start, rest.earliest) + rest.duration
    return before or made.finish <= rest.latest


def _place(
    line: Line, earliest: int, placed: list[tuple[int, int]], index: int, fixed: bool
) -> tuple[list[tuple[int, int]], Walk]:
    """Add one rest where it makes least late, then costs least time."""
    tries: set[int] = set()
    for made in (walk(line, earliest, placed), _timed(line, earliest, placed, fixed)):
        tries.update(_best_moments(line.breaks[index], made))
    options = []
    for moment in sorted(tries):
        chosen = list(placed)
        insort(chosen, (moment, index), key=lambda item: item[0])
        options.append((chosen, _timed(line, earliest, chosen, fixed)))
    return min(options, key=lambda option: (option[1].late, option[1].duration, option[1].finish))


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
