"""Where one more visit could go: a kept index of one route, and exact trials of the promising places.

The index answers for all positions of a route at once, from arrival times and slack. Its answer is exact for routes
without breaks whose goods ride as long as they like, and an estimate otherwise; a trial is always exact.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from homestretch.planner.check.board import judge_board
from homestretch.planner.cost import route_cost
from homestretch.planner.problem import UNREACHABLE, Problem, Route, Shift, Start, Visit
from homestretch.planner.schedule import earliest, line_of, schedule, spans_of
from homestretch.planner.terms import service_on, windows_of
from homestretch.planner.times import RouteTimes
from homestretch.planner.timing import Course, Spans, drive, ends

Numbers = npt.NDArray[np.int64]
NEVER = 2**60
"""More seconds than any route has: a position that is not allowed."""


@dataclass(frozen=True, slots=True)
class Miss:
    """One rule that a route does not keep, at which visit (or none), by how much: codes of `Reason`, and `max_duration`
    and `break`."""

    code: str
    visit: str
    amount: int


@dataclass(frozen=True, slots=True)
class Places:
    """For each position of a route (from 0): seconds made late in all, seconds added to the finish, meters added, and
    load beyond capacity (summed over dimensions)."""

    late: Numbers
    seconds: Numbers
    meters: Numbers
    overload: Numbers


class RouteIndex:
    """One route, ready to say what a visit would do to it at every position."""

    def __init__(self, problem: Problem, route: Route, start: Start | None = None) -> None:
        self.problem = problem
        self.shift = problem.shift[route.shift]
        self.visits = route.visits
        self.start = start or self.shift.begun
        self.times = schedule(problem, route, start)
        self.cost = route_cost(problem, self.times)
        self.exact = not self.shift.breaks and all(pair.max_ride is None for pair in problem.pairs)
        self._load_peaks()
        self._walk(self._earliest())

    def _earliest(self) -> int:
        """The earliest departure; with a break before it, the one that `schedule` states."""
        if len(self.times.breaks) < len(self.shift.breaks) and not self.start:
            return self.times.depart
        return earliest(self.shift, [self.problem.visit[name] for name in self.visits], self.start)

    def _walk(self, depart: int) -> None:
        """Per position: when the stop before is left, when the next one is reached, and the slack behind that."""
        self.earliest = depart
        placed = tuple((2 * rest.position + rest.after_service, rest.index) for rest in self.times.breaks)
        visits = [self.problem.visit[name] for name in self.visits]
        line = line_of(self.problem, self.shift, [visits], self.start)
        course = Course(line, placed)
        made = drive(course, depart)
        arrivals = ends(course, made, max(made.finish, line.shift_end)), ends(course, made, made.finish)
        ready = [depart + line.loading, *(made.begins[last] + course.events[last][2] for last in course.left)]
        reached = np.array(ready, dtype=np.int64) + np.array([leg.seconds for leg in line.legs], dtype=np.int64)
        first = [0, *(last + 1 for last in course.left)]
        self.ready = np.array(ready, dtype=np.int64)
        self.reached = reached
        self.harmless, self.swallowed = (np.array([row[event] for event in first]) - reached for row in arrivals)
        place = self.start.place if self.start and self.start.place is not None else self.shift.start_place
        stops = [visit.place for visit in visits]
        self.before = np.array([place, *stops], dtype=np.int64)
        self.after = np.array([*stops, self.shift.end_place], dtype=np.int64)

    def _load_peaks(self) -> None:
        """Per limited dimension: the most on board up to, and from, each position."""
        self.peaks: dict[str, tuple[Numbers, Numbers]] = {}
        for dimension in self.shift.capacity:
            on_board = [self.times.load.get(dimension, 0)]
            on_board += [stop.load.get(dimension, 0) for stop in self.times.stops]
            row = np.array(on_board, dtype=np.int64)
            until = np.maximum.accumulate(row)
            since = np.maximum.accumulate(row[::-1])[::-1]
            self.peaks[dimension] = (until, since)

    def places(self, visit: Visit) -> Places:
        """What the visit would do at every position, by estimate."""
        if not self.start and visit.release > self.earliest:
            kept, later = self.earliest, visit.release
            self._walk(later)
            made = self._places(visit)
            made.late[:] += max(0, later - kept - int(self.harmless[0]))
            self._walk(kept)
            return made
        return self._places(visit)

    def _places(self, visit: Visit) -> Places:
        matrix = self.problem.travel.profiles[self.shift.profile]
        here = visit.place
        out = matrix.durations[self.before, here]
        back = matrix.durations[here, self.after]
        arrive = self.ready + out
        begin, late = _begins(spans_of(visit, self.problem.lock_of.get(visit.id)), arrive)
        service = service_on(self.shift, visit)
        delay = np.maximum(0, begin + service + back - self.reached)
        late = late + np.maximum(0, delay - self.harmless)
        seconds = np.maximum(0, delay - self.swallowed)
        meters = matrix.distances[self.before, here] + matrix.distances[here, self.after]
        if self.visits:
            meters -= matrix.distances[self.before, self.after]
        else:
            seconds = self.ready - self.earliest + out + service + back
        late[(out >= UNREACHABLE) | (back >= UNREACHABLE)] = NEVER
        late[~self.allowed(visit)] = NEVER
        return Places(late, seconds, meters, self._overload(visit))

    def _overload(self, visit: Visit) -> Numbers:
        over = np.zeros(len(self.visits) + 1, dtype=np.int64)
        for dimension, (until, since) in self.peaks.items():
            capacity = self.shift.capacity[dimension]
            given = until + visit.deliver.get(dimension, 0) - capacity
            taken = since + visit.collect.get(dimension, 0) - capacity
            over += np.maximum(0, np.maximum(given, taken))
        return over

    def allowed(self, visit: Visit) -> npt.NDArray[np.bool_]:
        """Positions that keep the order of pairs, locked positions, and what a vehicle under way can still do."""
        positions = np.arange(len(self.visits) + 1)
        allowed = positions >= self._fixed()
        pair = self.problem.pair_of.get(visit.id)
        if pair and pair.collect in self.visits:
            allowed &= positions > self.visits.index(pair.collect)
        if pair and pair.deliver in self.visits:
            allowed &= positions <= self.visits.index(pair.deliver)
        lock = self.problem.lock_of.get(visit.id)
        if lock and lock.position is not None:
            allowed &= positions == lock.position
        return allowed

    def _fixed(self) -> int:
        """How many stops, from the first, nothing can be put before."""
        locks = self.problem.lock_of
        held = [n + 1 for n, name in enumerate(self.visits) if name in locks and locks[name].position is not None]
        between = self.start is not None and self.start.first_leg is not None and self.start.place is None
        return max([*held, int(between and bool(self.visits))], default=0)


def bars(problem: Problem, shift: Shift, visit: Visit) -> Iterator[Miss]:
    """What keeps a visit off a shift whatever else the shift does."""
    lock = problem.lock_of.get(visit.id)
    if lock and lock.shift not in (None, shift.id):
        yield Miss("locked_elsewhere", visit.id, 0)
    if windows_of(visit, lock) == ():
        yield Miss("lock_window", visit.id, 0)
    lacking = visit.skills - shift.skills
    if lacking:
        yield Miss("skill", visit.id, len(lacking))
    if visit.crew > shift.crew:
        yield Miss("crew", visit.id, visit.crew - shift.crew)
    if shift.id in visit.barred:
        yield Miss("barred", visit.id, 0)
    legs = [(shift.start_place, visit.place), (visit.place, shift.end_place)]
    if any(problem.travel.leg(shift.profile, a, b)[0] >= UNREACHABLE for a, b in legs):
        yield Miss("unreachable", visit.id, 0)
    over = service_on(shift, visit) - shift.end + shift.start
    if over > 0:
        yield Miss("service_longer_than_window", visit.id, over)


def misses(problem: Problem, times: RouteTimes, before: Mapping[str, int] | None = None) -> list[Miss]:
    """What a scheduled route does not keep. `before` is lateness by visit that is known and excused ("" = overtime)."""
    shift = problem.shift[times.shift]
    excused = before or {}
    found = [*_room(shift, times), *_rests(shift, times), *_rides(problem, times), *_on_board(problem, shift, times)]
    for stop in times.stops:
        if stop.seconds >= UNREACHABLE:
            found.append(Miss("unreachable", stop.visit, 0))
        if stop.late > excused.get(stop.visit, 0):
            found.append(Miss("time_window", stop.visit, stop.late))
    if times.overtime > excused.get("", 0):
        found.append(Miss("shift_end", "", times.overtime))
    limits = (
        ("max_stops", shift.max_stops, len(times.stops)),
        ("max_distance", shift.max_distance, times.meters),
        ("max_duration", shift.max_duration, times.duration),
        ("max_drive", shift.max_drive, times.seconds),
    )
    found += [Miss(code, "", used - limit) for code, limit, used in limits if limit is not None and used > limit]
    return found


def _room(shift: Shift, times: RouteTimes) -> Iterator[Miss]:
    for dimension, capacity in shift.capacity.items():
        peak = max(load.get(dimension, 0) for load in (times.load, *(stop.load for stop in times.stops)))
        if peak > capacity:
            yield Miss(f"load:{dimension}", "", peak - capacity)


def _rests(shift: Shift, times: RouteTimes) -> Iterator[Miss]:
    for rest in times.breaks:
        late = rest.start - shift.breaks[rest.index].latest
        if late > 0:
            yield Miss("break", "", late)


def _rides(problem: Problem, times: RouteTimes) -> Iterator[Miss]:
    """Goods that ride too long."""
    left: dict[str, int] = {}
    for stop in times.stops:
        left[stop.visit] = stop.leave
        pair = problem.pair_of.get(stop.visit)
        if pair and pair.max_ride is not None and stop.visit == pair.deliver and pair.collect in left:
            over = stop.start - left[pair.collect] - pair.max_ride
            if over > 0:
                yield Miss("max_ride", stop.visit, over)


def _on_board(problem: Problem, shift: Shift, times: RouteTimes) -> Iterator[Miss]:
    """What the order of loading, and goods that must not meet, have against the order of the stops."""
    if shift.backhauls_last or shift.lifo or problem.incompatible:
        reloads = tuple(halt.position for halt in times.reloads)
        route = Route(shift.id, tuple(stop.visit for stop in times.stops), reloads)
        for breach in judge_board(problem, shift, route):
            if not breach.code.startswith("load:"):
                yield Miss(breach.code, breach.visit, breach.amount)


def _begins(spans: Spans, arrive: Numbers) -> tuple[Numbers, Numbers]:
    """(begin, seconds late) for every arrival."""
    if not spans:
        return arrive, np.zeros_like(arrive)
    begin = arrive.copy()
    for start, end in reversed(spans):
        inside = arrive <= end
        begin[inside] = np.maximum(arrive[inside], start)
    return begin, np.maximum(0, arrive - spans[-1][1])
