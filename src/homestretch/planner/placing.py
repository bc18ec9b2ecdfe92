"""Where a route takes its breaks: exact, by the set of breaks that lie behind at each moment.

For each set the earliest time at which the route can be there with those taken is kept: earlier is never worse for what
follows. Backwards, the latest time likewise. Of all ways to finish first and then depart last, the one with the fewest
breaks on the route counts, then the cheapest.
"""

from collections.abc import Iterator
from itertools import pairwise, permutations, product
from typing import NamedTuple

from homestretch.planner.timing import Course, Line, Placed, Spans, Trace, begin_of, canonical, drive, last_begin

NEVER = -(2**62)
BEFORE, AFTER = -1, -2  # moments of breaks that are not on the route
JUMPS = 200  # departures tried for a route that lasts too long
PLACINGS = 2_000  # ways to place breaks that are tried one by one, where goods ride too long otherwise


class _Label(NamedTuple):
    """Seconds missed so far, the time, the departure, and the breaks placed."""

    missed: int
    time: int
    depart: int
    placed: Placed


class _Way(NamedTuple):
    """In time so far: the time, idle seconds (negative) that are no waiting before a service, the price of when
    services began, and the breaks placed."""

    time: int
    idle: int
    late: int
    placed: Placed


def timed(line: Line, earliest: int) -> tuple[Course, Trace]:
    """The canonical times of a line that departs at `earliest` or later: least missed (too long counts as missed),
    first to finish, last to depart."""
    course, trace = _placed(line, earliest)
    best = course, trace
    can_be_short = not line.fixed and line.max_duration is not None and line.work <= line.max_duration
    for _ in range(JUMPS if can_be_short else 0):
        if not _over(line, trace) or trace.missed > best[1].missed:
            break
        earliest = max(earliest + 1, trace.finish - (line.max_duration or 0))
        course, trace = _placed(line, earliest)
        best = min(best, (course, trace), key=lambda made: _worth(line, made[1]))
    return best


def _over(line: Line, trace: Trace) -> int:
    return 0 if line.max_duration is None else max(0, trace.finish - trace.depart - line.max_duration)


def _worth(line: Line, trace: Trace) -> tuple[int, int, int]:
    return trace.missed + _over(line, trace), trace.finish, -trace.depart


def _placed(line: Line, earliest: int) -> tuple[Course, Trace]:
    """As `timed`, however long it lasts."""
    if not line.owed or not line.services:
        course = Course(line, ())
        return course, canonical(course, earliest)
    soonest = _soonest(line, earliest)
    course = Course(line, soonest.placed)
    if soonest.missed:
        trace = canonical(course, soonest.depart)
    else:
        depart, rows = _latest(line, earliest, soonest.time)
        course = Course(line, _cheapest(line, depart, soonest.time, rows))
        trace = drive(course, depart)
    if line.linked:
        trace = canonical(course, trace.depart)
        if trace.missed or trace.finish > soonest.time:
            return _tried(line, earliest, course, trace)
    elif not trace.missed and _too_far(course, trace):
        return _tried(line, earliest, course, trace)
    return course, trace


def _departures(line: Line, earliest: int) -> list[tuple[int, int]]:
    """(departure, set of breaks that are not taken after it) at which that set grows."""
    moments = {line.rested_at(index) for index in line.owed if not line.fixed}
    taken = sum(1 << index for index in range(len(line.breaks)) if index not in line.owed)
    departures = sorted({earliest, *(moment for moment in moments if moment > earliest)})
    return [
        (depart, taken + sum(1 << index for index in line.owed if line.is_before(index, depart)))
        for depart in departures
    ]


def _soonest(line: Line, earliest: int) -> _Label:
    """The least missed, then first finish."""
    departures = _departures(line, earliest)
    best = _driven(line, departures)
    if not best.missed or len(departures) == 1:
        return best
    # Where something is missed, what is least so far need not be least at the end: each departure has its say.
    return min(_driven(line, [departure]) for departure in departures)


def _driven(line: Line, departures: list[tuple[int, int]]) -> _Label:
    labels = {mask: _Label(0, depart + line.loading, depart, ()) for depart, mask in departures}
    for number, service in enumerate(line.services):
        spans = line.spans[number]
        labels = {mask: _Label(was[0], line.reach(number, was[1]), was[2], was[3]) for mask, was in labels.items()}
        _rested(line, labels, 2 * number)
        for mask, (missed, time, depart, placed) in labels.items():
            begin = begin_of(spans, time)
            late = max(0, begin - spans[-1][1]) if spans else 0
            labels[mask] = _Label(missed + late, begin + service, depart, placed)
        _rested(line, labels, 2 * number + 1)
    return min(_home(line, mask, was) for mask, was in labels.items())


def _rested(line: Line, labels: dict[int, _Label], moment: int) -> None:
    """Every break may be taken here, in any order."""
    for mask in range(1 << len(line.breaks)):
        was = labels.get(mask)
        if was is None:
            continue
        for index in line.owed:
            if mask >> index & 1:
                continue
            rest = line.breaks[index]
            start = max(was.time, rest.earliest)
            late = max(0, start - rest.latest)
            known = labels.get(mask | 1 << index)
            reached = was.missed + late, start + rest.duration
            if known is None or reached < (known.missed, known.time):
                labels[mask | 1 << index] = _Label(*reached, was.depart, (*was.placed, (moment, index)))


def _home(line: Line, mask: int, was: _Label) -> _Label:
    finish = line.legs[-1].arrive(was.time)
    missed = was.missed + max(0, finish - line.shift_end)
    missed += sum(max(0, finish - rest.latest) for at, rest in enumerate(line.breaks) if not mask >> at & 1)
    return was._replace(missed=missed, time=finish)


def _latest(line: Line, earliest: int, finish: int) -> tuple[int, list[list[int]]]:
    """The last departure that finishes by then with nothing missed; by stop and set, the last such arrival there."""
    sets = range(1 << len(line.breaks))
    row = [
        finish if all(mask >> at & 1 or rest.latest >= finish for at, rest in enumerate(line.breaks)) else NEVER
        for mask in sets
    ]
    rows = [row]
    for number in range(len(line.services) - 1, -1, -1):
        spans, service = line.spans[number], line.services[number]
        row = [time if time == NEVER else max(NEVER, line.depart_by(number + 1, time)) for time in row]
        _unrested(line, row)
        row = [_last_start(spans, time - service) for time in row]
        _unrested(line, row)
        rows.append(row)
    rows.reverse()
    departures = _departures(line, earliest)
    until = [depart - 1 for depart, _ in departures[1:]] + [finish]
    first = [time if time == NEVER else line.legs[0].leave(time) - line.loading for time in rows[0]]
    lasts = [(min(first[mask], last), depart) for (depart, mask), last in zip(departures, until, strict=True)]
    return (earliest if line.fixed else max(last for last, depart in lasts if last >= depart)), rows


def _last_start(spans: Spans, at: int) -> int:
    if not spans:
        return at
    return last_begin(spans, at, spans[0][0]) if at >= spans[0][0] else NEVER


def _unrested(line: Line, row: list[int]) -> None:
    for mask in range(len(row) - 1, -1, -1):
        for index in line.owed:
            if not mask >> index & 1:
                rest = line.breaks[index]
                start = min(row[mask | 1 << index] - rest.duration, rest.latest)
                if start >= rest.earliest:
                    row[mask] = max(row[mask], start)


def _cheapest(line: Line, depart: int, finish: int, rows: list[list[int]]) -> Placed:
    """Of the ways from a departure that finish by then with nothing missed, the fewest breaks, then the least cost."""
    ways = {_departures(line, depart)[0][1]: [_Way(depart + line.loading, 0, 0, ())]}
    for number, service in enumerate(line.services):
        row = rows[number]
        ways = {mask: list(_driven_on(line, number, held, row[mask])) for mask, held in ways.items()}
        _spread(line, ways, 2 * number)
        last = line.spans[number][-1][1] if line.spans[number] else finish
        for mask, held in ways.items():
            ways[mask] = [_served(line, number, way, service) for way in held if way.time <= last]
        _spread(line, ways, 2 * number + 1)
    done = (
        (_price(line, way, finish - depart), way.placed)
        for mask, held in ways.items()
        for way in held
        if line.legs[-1].arrive(way.time) <= rows[-1][mask]
    )
    return min(done)[1]


def _driven_on(line: Line, number: int, held: list[_Way], latest: int) -> Iterator[_Way]:
    """The ways at the next stop, where they are in time."""
    for time, idle, late, placed in held:
        arrive = line.reach(number, time)
        if arrive <= latest:
            yield _Way(arrive, idle - line.beyond(number, time), late, placed)


def _served(line: Line, number: int, way: _Way, service: int) -> _Way:
    begin, price = begin_of(line.spans[number], way.time), line.prices[number]
    return _Way(begin + service, way.idle, way.late + (price(begin) if price else 0), way.placed)


def _spread(line: Line, ways: dict[int, list[_Way]], moment: int) -> None:
    """Every break may be taken here; of ways with the same breaks behind, those stay that no other is better than."""
    for mask in range(1 << len(line.breaks)):
        held = ways.get(mask)
        if not held:
            continue
        for index in line.owed:
            rest = line.breaks[index]
            if mask >> index & 1:
                continue
            known = ways.get(mask | 1 << index, [])
            for time, idle, late, placed in held:
                start = max(time, rest.earliest)
                if start <= rest.latest:
                    idle -= (start - time) * (moment % 2)
                    way = _Way(start + rest.duration, idle, late, (*placed, (moment, index)))
                    known = _with(known, way, drifts=line.drifts)
            ways[mask | 1 << index] = known


def _with(known: list[_Way], way: _Way, *, drifts: bool) -> list[_Way]:
    """Where an earlier begin may cost more, no way is better than one at another time."""

    def as_good(one: _Way, other: _Way) -> bool:
        sooner = one.time == other.time if drifts else one.time <= other.time
        return sooner and one.idle <= other.idle and one.late <= other.late

    if any(as_good(other, way) for other in known):
        return known
    return [*(other for other in known if not as_good(way, other)), way]


def _price(line: Line, way: _Way, duration: int) -> tuple[int, int]:
    """(breaks on the route, cost) of a whole way."""
    rests = [line.breaks[index] for _, index in way.placed]
    waiting = duration - line.work + way.idle - line.beyond(len(line.services), way.time)
    waiting -= sum(rest.duration for rest in rests)
    paid = duration - sum(rest.duration for rest in rests if not rest.paid)
    return len(rests), line.price(paid, waiting) + way.late


def _tried(line: Line, earliest: int, course: Course, trace: Trace) -> tuple[Course, Trace]:
    """Ways to place the breaks one by one, since goods ride too long in the one given, or finish later for that."""
    best, least = (course, trace), _key(course, trace)
    for number, (placed, low) in enumerate(_placings(line, earliest)):
        if number == PLACINGS:
            break
        course = Course(line, placed)
        trace = canonical(course, low)
        key = _key(course, trace)
        if key < least:
            best, least = (course, trace), key
    return best


def _key(course: Course, trace: Trace) -> tuple[int, int, int, int, int]:
    over = _too_far(course, trace)
    return trace.missed + over, trace.finish, -trace.depart, len(course.placed), _cost(course, trace)


def _too_far(course: Course, trace: Trace) -> int:
    """By how much ways that depend on the hour take longer, or lead farther, than they may."""
    line = course.line
    if not line.slotted or (line.max_drive is None and line.max_distance is None):
        return 0
    now, seconds, meters = trace.depart + line.loading, 0, 0
    for (way, _, lasts), begin in zip(course.events, trace.begins, strict=True):
        seconds, meters, now = seconds + way.arrive(now) - now, meters + way.far(now), begin + lasts
    seconds, meters = seconds + line.legs[-1].arrive(now) - now, meters + line.legs[-1].far(now)
    limits = (line.max_drive, seconds), (line.max_distance, meters)
    return sum(max(0, used - limit) for limit, used in limits if limit is not None)


def _placings(line: Line, earliest: int) -> Iterator[tuple[Placed, int]]:
    """(breaks placed, earliest departure) in every way that the spans leave open."""
    course = Course(line, ())
    plain = drive(course, earliest)
    choices: list[list[int]] = []
    for index in line.owed:
        latest = line.breaks[index].latest
        moments = [AFTER] if plain.finish <= latest else []
        moments += [] if line.fixed else [BEFORE]
        left = earliest + line.loading
        for number, event in enumerate(course.served):
            begin = plain.begins[event]
            came = line.reach(number, left)
            left = begin + line.services[number]
            moments += [2 * number] if came <= latest else []
            moments += [2 * number + 1] if left <= latest else []
        choices.append(moments)
    for chosen in product(*choices):
        taken = list(zip(chosen, line.owed, strict=True))
        low = max([earliest, *(line.rested_at(index) for moment, index in taken if moment == BEFORE)])
        inside = [each for each in taken if each[0] >= 0]
        for order in permutations(inside):
            if all(one[0] <= other[0] for one, other in pairwise(order)):
                yield order, low


def _cost(course: Course, trace: Trace) -> int:
    """What the times of a course cost: paid and waiting seconds, and when services begin."""
    line, now, waiting = course.line, trace.depart + course.line.loading, 0
    idle = {*course.loaded.values(), *(event for event, moment, _ in course.rests if moment % 2)}
    for event, ((way, _, lasts), begin) in enumerate(zip(course.events, trace.begins, strict=True)):
        waiting += 0 if event in idle else begin - way.arrive(now)
        now = begin + lasts
    begins = (trace.begins[event] for event in course.served)
    late = sum(price(begin) for begin, price in zip(begins, line.prices, strict=True) if price)
    unpaid = sum(line.breaks[index].duration for _, index in course.placed if not line.breaks[index].paid)
    return line.price(trace.finish - trace.depart - unpaid, waiting) + late
