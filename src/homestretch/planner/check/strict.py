"""What binds two moments of a route: how long goods ride, how long no break is taken, and how long the route lasts.

Each such rule says that one moment is not too long before a later one, so it can only push the earlier one back.
Starting from the earliest times and pushing as long as a rule is broken leads to the earliest times that keep all, or
shows that there are none; this is done for each way to place the breaks, of which at most `PLACINGS` are tried.

Where ways depend on the hour, how much is driven is asked of the times that then depart as late as they can.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations, product

from homestretch.planner.check.line import Line
from homestretch.planner.problem import Slots

PLACINGS = 5_000
PUSHES = 2_000
BEFORE, AFTER = -1, -2  # a break's moment, if it is not on the route; else 2 * step, or 2 * step + 1 after service

Missed = tuple[tuple[str, str, int], ...]
Event = tuple[str, int]  # ("depart", 0), ("start", step), ("rest", break)


@dataclass(slots=True)
class _Walk:
    """Times of one way to drive the line; `late` is set where a window, a span or the shift's end is missed."""

    begins: dict[Event, int] = field(default_factory=dict)
    leaves: dict[int, int] = field(default_factory=dict)
    rests: list[int] = field(default_factory=list)
    finish: int = 0
    driven: int = 0
    meters: int = 0
    late: bool = False


def bound(line: Line) -> bool:
    """Whether the route has such a rule, beyond how long it lasts, for which `clock` alone will do."""
    return line.shift.longest_stretch is not None or bool(line.rides) or hourly(line)


def hourly(line: Line) -> bool:
    """Whether how much is driven is limited, and depends on when."""
    limited = line.shift.max_drive is not None or line.shift.max_distance is not None
    return limited and isinstance(line.profile, Slots)


def judge_strict(line: Line) -> Missed:
    """Nothing, if some timing keeps all; else the least that one misses which is in time everywhere."""
    least: tuple[int, Missed] | None = None
    for number, placed in enumerate(_placings(line)):
        if number == PLACINGS:
            break
        for missed, walk in _pushed(line, placed, line.first):
            if not missed and hourly(line):
                missed = tuple(_driven(line, _latest(line, placed, walk)))
            over = sum(seconds for _, _, seconds in missed)
            if least is None or over < least[0]:
                least = over, missed
            if not missed:
                return ()
    stretched = line.shift.longest_stretch is not None
    return least[1] if least else (("longest_stretch" if stretched else "max_ride", "", 1),)


def _placings(line: Line) -> Iterator[dict[int, tuple[int, ...]]]:
    """Breaks by moment, in every way that the spans leave open."""
    early = _walk(line, {}, {})
    owed = [index for index in range(len(line.breaks)) if index not in line.taken]
    halts = [number for number, step in enumerate(line.steps) if step.kind == "visit"]
    choices: list[list[int]] = []
    for index in owed:
        rest = line.breaks[index]
        moments = [AFTER] if early.finish <= rest.latest else []
        moments += [] if line.fixed else [BEFORE]
        for halt in halts:
            moments += [2 * halt] if _arrives(early, line, halt) <= rest.latest else []
            moments += [2 * halt + 1] if early.begins["start", halt] + line.steps[halt].work <= rest.latest else []
        choices.append(moments)
    for chosen in product(*choices):
        by_moment: dict[int, list[int]] = {}
        for index, moment in zip(owed, chosen, strict=True):
            by_moment.setdefault(moment, []).append(index)
        for orders in product(*(permutations(held) for held in by_moment.values())):
            yield dict(zip(by_moment, orders, strict=True))


def _arrives(walk: _Walk, line: Line, halt: int) -> int:
    before = walk.leaves[halt - 1] if halt else walk.begins["depart", 0] + line.loading
    return line.arrive(line.steps[halt], before)


def _latest(line: Line, placed: Mapping[int, tuple[int, ...]], walk: _Walk) -> _Walk:
    """The walk that finishes no later and departs as late as it can."""
    low, high = walk.begins["depart", 0], walk.begins["depart", 0] if line.fixed else walk.finish
    while low < high:
        middle = (low + high + 1) // 2
        found = [later for missed, later in _pushed(line, placed, middle) if not missed]
        if found and found[0].finish <= walk.finish:
            low, walk = found[0].begins["depart", 0], found[0]
        else:
            high = middle - 1
    return walk


def _driven(line: Line, walk: _Walk) -> Iterator[tuple[str, str, int]]:
    shift = line.shift
    if shift.max_drive is not None and walk.driven > shift.max_drive:
        yield "max_drive", "", walk.driven - shift.max_drive
    if shift.max_distance is not None and walk.meters > shift.max_distance:
        yield "max_distance", "", walk.meters - shift.max_distance


def _pushed(line: Line, placed: Mapping[int, tuple[int, ...]], depart: int) -> Iterator[tuple[Missed, _Walk]]:
    """What is missed at each turn of the pushing, as long as everything else is in time; nothing, at last, if it ends
    well. It departs at `depart` or later."""
    lows: dict[Event, int] = {("depart", 0): depart}
    for index in placed.get(BEFORE, ()):
        rest = line.breaks[index]
        rested = max(line.shift.start, rest.earliest) + rest.duration
        lows["depart", 0] = max(rested, lows["depart", 0])
    for _ in range(PUSHES):
        walk = _walk(line, lows, placed)
        if walk.late:
            return
        broken = list(_broken(line, walk))
        yield tuple(miss for miss, _, _ in broken), walk
        if not broken or (line.fixed and any(event == ("depart", 0) for _, event, _ in broken)):
            return
        for _, event, low in broken:
            lows[event] = max(low, lows.get(event, low))


def _broken(line: Line, walk: _Walk) -> Iterator[tuple[tuple[str, str, int], Event, int]]:
    """(miss, the moment that must be later, how late) for each rule that the walk breaks."""
    shift, depart = line.shift, walk.begins["depart", 0]
    if shift.max_duration is not None and walk.finish - depart > shift.max_duration:
        low = walk.finish - shift.max_duration
        yield ("max_duration", "", low - depart), ("depart", 0), low
    for taken, given, limit, name in line.rides:
        over = walk.begins["start", given] - walk.leaves[taken] - limit
        if over > 0:
            event = _holder(line, walk, taken)
            yield ("max_ride", name, over), event, walk.begins[event] + over
    if shift.longest_stretch is not None:
        anchors: list[tuple[Event, int]] = [(("depart", 0), depart)]
        for index in walk.rests:
            begin = walk.begins["rest", index]
            yield from _stretch(anchors[-1], begin, shift.longest_stretch, walk)
            anchors.append((("rest", index), begin + line.breaks[index].duration))
        yield from _stretch(anchors[-1], walk.finish, shift.longest_stretch, walk)


def _stretch(
    anchor: tuple[Event, int], until: int, limit: int, walk: _Walk
) -> Iterator[tuple[tuple[str, str, int], Event, int]]:
    event, since = anchor
    over = until - since - limit
    if over > 0:
        yield ("longest_stretch", "", over), event, walk.begins[event] + over


def _holder(line: Line, walk: _Walk, halt: int) -> Event:
    """The moment that fixes when the halt is left: its last rest after service, or its service."""
    left = walk.leaves[halt]
    for index in reversed(walk.rests):
        begin = walk.begins["rest", index]
        if begin + line.breaks[index].duration == left and begin >= walk.begins["start", halt] + line.steps[halt].work:
            return "rest", index
    return "start", halt


def _walk(line: Line, lows: Mapping[Event, int], placed: Mapping[int, tuple[int, ...]]) -> _Walk:
    """The earliest times that respect `lows`."""
    made = _Walk()
    depart = line.first if line.fixed else max(line.first, lows.get(("depart", 0), line.first))
    made.begins["depart", 0] = depart
    now = depart + line.loading
    for number, step in enumerate(line.steps):
        left, now = now, line.arrive(step, now)
        made.driven, made.meters = made.driven + now - left, made.meters + line.meters(step, left)
        if step.kind == "reload":
            now = max(now, step.ready) + line.shift.loading
        elif step.kind == "visit":
            now = _rest(line, made, lows, placed.get(2 * number, ()), now)
            ready = max(now, lows.get(("start", number), now))
            begin = step.opens(ready)
            made.late = made.late or begin is None
            made.begins["start", number] = ready if begin is None else begin
            now = made.begins["start", number] + step.work
            now = _rest(line, made, lows, placed.get(2 * number + 1, ()), now)
        made.leaves[number] = now
    made.finish = now
    held = any(made.finish > line.breaks[index].latest for index in placed.get(AFTER, ()))
    made.late = made.late or held or made.finish > line.shift.end
    return made


def _rest(line: Line, made: _Walk, lows: Mapping[Event, int], indexes: tuple[int, ...], now: int) -> int:
    for index in indexes:
        rest = line.breaks[index]
        begin = max(now, rest.earliest, lows.get(("rest", index), now))
        made.late = made.late or begin > rest.latest
        made.begins["rest", index] = begin
        made.rests.append(index)
        now = begin + rest.duration
    return now
