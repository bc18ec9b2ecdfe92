"""The canonical times of one order of visits, found by its own exact reasoning.

Every rule of time says that one moment is no sooner than a rising function of an earlier one, or (rides, stretches,
durations) of a later one. So the earliest times that keep all rules exist, and are reached by raising what is too
early until nothing is. The canonical times finish as early as they can; that given, depart as late as they can; that
given, have the fewest breaks on the route; that given, cost least; and every service begins as early as it can.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations, product

from homestretch.planner.problem import UNREACHABLE, Break, Problem, Shift, Slots, Visit

DRIVE, SERVE, REST, RELOAD = range(4)
BEFORE, AFTER = -1, -2
TRIES = 50_000

Windows = tuple[tuple[int, int], ...] | None
Link = tuple[int, int, int]  # (event, later event, seconds at most from the end of one to the begin of the other)


@dataclass(slots=True)
class Event:
    """One thing after the other: a way, a service, a rest, a reload. `number` is the visit's on the route, the break's,
    or the position of a reload."""

    kind: int
    number: int = 0
    origin: int = 0
    place: int = 0
    lasts: int = 0
    earliest: int = 0
    latest: int = 0
    windows: Windows = None


@dataclass(slots=True)
class Times:
    """When it departs, and when each event begins and ends; the last event is the way to the end place."""

    depart: int
    begins: list[int]
    ends: list[int]

    @property
    def finish(self) -> int:
        return self.ends[-1]


@dataclass(slots=True)
class Timed:
    """A canonical answer: its events, times, and what is driven."""

    events: list[Event]
    times: Times
    seconds: int
    meters: int
    paid: int
    waiting: int
    starts: list[int]


class Clock:
    """Times for one shift of a problem."""

    def __init__(self, problem: Problem, shift: Shift) -> None:
        self.problem, self.shift = problem, shift
        self.profile = problem.travel.profiles[shift.profile]
        self.begun = shift.begun
        self.loading = 0 if shift.begun else shift.loading
        self.slots = _slots(self.profile) if isinstance(self.profile, Slots) else None
        self.durations = [] if self.slots else self.profile.durations.tolist()
        self.distances = [] if self.slots else self.profile.distances.tolist()
        self.start_place = shift.start_place
        if shift.begun and shift.begun.place is not None:
            self.start_place = shift.begun.place
        self.service = {visit.id: _service(shift, visit) for visit in problem.visits}
        self.windows = {visit.id: _windows(problem, visit) for visit in problem.visits}
        taken = shift.begun.breaks_taken if shift.begun else ()
        self.owed = [index for index in range(len(shift.breaks)) if index not in taken]
        self.known: dict[tuple[int, int, int], int] = {}

    def arrive(self, origin: int, place: int, leave: int, *, first: bool = False) -> int:
        """The second of arrival; `first` is the first way of the route."""
        if first and self.begun and self.begun.first_leg:
            return leave + self.begun.first_leg[0]
        if not self.slots:
            return leave + self.durations[origin][place]
        key = origin, place, leave
        if key not in self.known:
            self.known[key] = _arrive(self.slots, [row[origin][place] for row in self.slots[2]], leave)
        return self.known[key]

    def meters(self, origin: int, place: int, leave: int, *, first: bool = False) -> int:
        """How far it is."""
        if first and self.begun and self.begun.first_leg:
            return self.begun.first_leg[1]
        if not self.slots:
            return self.distances[origin][place]
        return self.slots[3][max(0, bisect_right(self.slots[0], leave) - 1)][origin][place]

    def is_way(self, origin: int, place: int) -> bool:
        """Whether there is a way between two places."""
        return bool(self.profile.durations[origin, place] < UNREACHABLE > self.profile.distances[origin, place])

    def earliest(self, order: Sequence[Visit]) -> int:
        """The first second at which a trip with these visits may depart."""
        return self.begun.at if self.begun else max([self.shift.start, *(visit.release for visit in order)])

    def best(
        self, order: Sequence[Visit], reloads: Sequence[int], cost: Callable[[Timed], int]
    ) -> tuple[int, Timed] | None:
        """(cost, canonical answer) of an order, None where no times keep every rule."""
        plain = self._events(order, reloads, {})
        early = self._walk(plain, {-1: self.earliest(order[: reloads[0] if reloads else None])})
        if early is None or early.finish > self.shift.end:
            return None
        best: tuple[tuple[int, int, int, int], Timed] | None = None
        for number, placed in enumerate(self._placings(plain, early)):
            assert number < TRIES, "the oracle is for small problems"
            events = self._events(order, reloads, placed) if self.owed else plain
            latest = self.shift.end if best is None else best[0][0]
            links = self._links(events, order)
            known = early if events is plain and not links else None
            times = self._canonical(events, links, placed, order, latest, known)
            if times is None:
                continue
            timed = self._timed(events, times, len(order))
            if _over(timed.seconds, self.shift.max_drive) or _over(timed.meters, self.shift.max_distance):
                continue
            rests = sum(event.kind == REST for event in events)
            key = (times.finish, -times.depart, rests, cost(timed))
            if best is None or key < best[0]:
                best = key, timed
        return None if best is None else (best[0][3], best[1])

    def _placings(self, plain: list[Event], early: Times) -> Iterator[dict[int, tuple[int, ...]]]:
        """Breaks by moment: 2k before service at stop k, 2k + 1 after it; in every way and order. `early` are the
        times without any break, before which no moment comes."""
        choices = [self._moments(plain, early, self.shift.breaks[index]) for index in self.owed]
        for chosen in product(*choices):
            held: dict[int, list[int]] = {}
            for index, moment in zip(self.owed, chosen, strict=True):
                held.setdefault(moment, []).append(index)
            inside = [moment for moment in held if moment >= 0]
            outside = {moment: tuple(held[moment]) for moment in (BEFORE, AFTER) if moment in held}
            for orders in product(*(permutations(held[moment]) for moment in inside)):
                yield {**outside, **dict(zip(inside, orders, strict=True))}

    def _moments(self, plain: list[Event], early: Times, rest: Break) -> list[int]:
        moments = [AFTER] if early.finish <= rest.latest else []
        moments += [] if self.begun else [BEFORE]
        for at, event in enumerate(plain):
            if event.kind == SERVE:
                moments += [2 * event.number] if early.ends[at - 1] <= rest.latest else []
                moments += [2 * event.number + 1] if early.ends[at] <= rest.latest else []
        return moments

    def _events(
        self, order: Sequence[Visit], reloads: Sequence[int], placed: dict[int, tuple[int, ...]]
    ) -> list[Event]:
        events: list[Event] = []
        at = self.start_place
        for number, visit in enumerate(order):
            if number in reloads:
                assert self.shift.reload is not None
                trip = order[number : next((cut for cut in reloads if cut > number), len(order))]
                ready = max(other.release for other in trip)
                events.append(Event(DRIVE, origin=at, place=self.shift.reload))
                events.append(Event(RELOAD, number, lasts=self.shift.loading, earliest=ready))
                at = self.shift.reload
            events.append(Event(DRIVE, origin=at, place=visit.place))
            events += self._rests(placed.get(2 * number, ()))
            events.append(Event(SERVE, number, lasts=self.service[visit.id], windows=self.windows[visit.id]))
            events += self._rests(placed.get(2 * number + 1, ()))
            at = visit.place
        events.append(Event(DRIVE, origin=at, place=self.shift.end_place))
        return events

    def _rests(self, indexes: Sequence[int]) -> list[Event]:
        rests = [(index, self.shift.breaks[index]) for index in indexes]
        return [
            Event(REST, index, lasts=rest.duration, earliest=rest.earliest, latest=rest.latest) for index, rest in rests
        ]

    def _links(self, events: list[Event], order: Sequence[Visit]) -> list[Link]:
        """Event -1 is the departure; an event past the last is the finish."""
        links: list[Link] = []
        if self.shift.max_duration is not None:
            links.append((-1, len(events), self.shift.max_duration))
        if self.shift.longest_stretch is not None:
            anchors = [-1, *(at for at, event in enumerate(events) if event.kind == REST), len(events)]
            links += [(a, b, self.shift.longest_stretch) for a, b in pairwise(anchors)]
        names = [visit.id for visit in order]
        serves = [at for at, event in enumerate(events) if event.kind == SERVE]
        for pair in self.problem.pairs:
            if pair.max_ride is not None and pair.collect in names and pair.deliver in names:
                left = serves[names.index(pair.collect)]
                while events[left + 1].kind == REST:
                    left += 1
                links.append((left, serves[names.index(pair.deliver)], pair.max_ride))
        return links

    def _canonical(
        self,
        events: list[Event],
        links: list[Link],
        placed: dict[int, tuple[int, ...]],
        order: Sequence[Visit],
        latest: int,
        known: Times | None,
    ) -> Times | None:
        """`known` are the earliest times, where nothing pushes them."""
        cut = next((event.number for event in events if event.kind == RELOAD), len(order))
        first = self.earliest(order[:cut])
        if self.begun and any(visit.release > first for visit in order[:cut]):
            return None
        for index in placed.get(BEFORE, ()):
            rest = self.shift.breaks[index]
            first = max(first, max(self.shift.start, rest.earliest) + rest.duration)
        end = min([latest, *(self.shift.breaks[index].latest for index in placed.get(AFTER, ()))])
        times = known or self._least(events, links, first, end)
        return times if times is None or self.begun else self._latest(events, links, times)

    def _latest(self, events: list[Event], links: list[Link], times: Times) -> Times:
        """The times that finish no later and depart as late as they can."""
        finish = times.finish
        high = finish - self.loading - sum(event.lasts for event in events)
        if not self.slots:
            high -= sum(self.durations[event.origin][event.place] for event in events if event.kind == DRIVE)
        if high <= times.depart:
            return times
        best = self._least(events, links, high, finish)
        if best is not None:
            return best
        low, best = times.depart, times
        while low < high - 1:
            middle = (low + high) // 2
            later = self._least(events, links, middle, finish)
            if later is None:
                high = middle
            else:
                low, best = later.depart, later
        return best

    def _least(self, events: list[Event], links: list[Link], depart: int, end: int) -> Times | None:
        """The earliest times that keep every rule and finish by `end`, departing at `depart` or later."""
        lows: dict[int, int] = {-1: depart}
        while True:
            times = self._walk(events, lows)
            if times is None or times.finish > end:
                return None
            raised = False
            for early, late, limit in links:
                since = times.depart if early < 0 else times.ends[early]
                until = times.finish if late == len(events) else times.begins[late]
                if until - since > limit:
                    if early < 0 and self.begun:
                        return None
                    begin = times.depart if early < 0 else times.begins[early]
                    lows[early] = max(lows.get(early, 0), begin + until - since - limit)
                    raised = True
            if not raised:
                return times

    def _walk(self, events: list[Event], lows: dict[int, int]) -> Times | None:
        depart = lows[-1]
        now, begins, ends = depart + self.loading, [], []
        for at, event in enumerate(events):
            begin = now
            if event.kind == DRIVE:
                now = self.arrive(event.origin, event.place, begin, first=at == 0)
            else:
                begin = max(now, event.earliest, lows.get(at, now))
                if event.windows is not None:
                    opens = [max(begin, start) for start, end in event.windows if begin <= end]
                    if not opens:
                        return None
                    begin = opens[0]
                if event.kind == REST and begin > event.latest:
                    return None
                now = begin + event.lasts
            begins.append(begin)
            ends.append(now)
        return Times(depart, begins, ends)

    def _timed(self, events: list[Event], times: Times, stops: int) -> Timed:
        seconds = meters = waiting = unpaid = rested = 0
        starts = [0] * stops
        arrived = 0
        for at, event in enumerate(events):
            begin, end = times.begins[at], times.ends[at]
            if event.kind == DRIVE:
                seconds += end - begin
                meters += self.meters(event.origin, event.place, begin, first=at == 0)
                arrived, rested = end, 0
            elif event.kind == REST:
                rested += event.lasts
                unpaid += 0 if self.shift.breaks[event.number].paid else event.lasts
            elif event.kind == SERVE:
                waiting += begin - arrived - rested
                starts[event.number] = begin
        paid = times.finish - times.depart - unpaid
        return Timed(events, times, seconds, meters, paid, waiting, starts)


def _over(amount: int, limit: int | None) -> bool:
    return limit is not None and amount > limit


def _service(shift: Shift, visit: Visit) -> int:
    seconds = visit.service_by.get(shift.profile, visit.service)
    return (seconds * shift.pace + 99) // 100


def _windows(problem: Problem, visit: Visit) -> Windows:
    spans = [(window.start, window.end) for window in visit.windows]
    for lock in problem.locks:
        if lock.visit == visit.id and lock.window is not None:
            held = lock.window
            spans = [(max(a, held.start), min(b, held.end)) for a, b in spans or [(held.start, held.end)]]
            return tuple((a, b) for a, b in spans if a <= b)
    return tuple(spans) or None


SlotTable = tuple[tuple[int, ...], list[int], list[list[list[int]]], list[list[list[int]]]]


def _slots(profile: Slots) -> SlotTable:
    """(starts, twice the midpoints, durations by slot, distances by slot)."""
    starts = profile.starts
    middles = [starts[k] + starts[k + 1] for k in range(len(starts) - 1)]
    if len(starts) > 1:
        middles.append(3 * starts[-1] - starts[-2])
    durations = [matrix.durations.tolist() for matrix in profile.matrices]
    return starts, middles, durations, [matrix.distances.tolist() for matrix in profile.matrices]


def _arrive(slots: SlotTable, values: list[int], leave: int) -> int:
    """By the letter of the rule: the straight line, or a falling one of slope -1 where it falls faster than that."""
    middles, twice = slots[1], 2 * leave
    if not middles or twice <= middles[0]:
        return leave + values[0]
    longest = values[-1] if twice >= middles[-1] else 0
    for k in range(len(middles) - 1):
        (left, right), (before, after) = middles[k : k + 2], values[k : k + 2]
        if left <= twice <= right:
            longest = max(longest, before - ((before - after) * (twice - left)) // (right - left))
        if twice >= left and 2 * (before - after) > right - left:
            longest = max(longest, before - (twice - left) // 2)
    return leave + longest
