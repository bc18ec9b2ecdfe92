"""When everything on a route happens. Decisions are stored, times are derived: by this module and no other.

A route leaves as late as it can without finishing later, rests where that costs least, and never mends what cannot be
kept: lateness and overtime are stated. The page of the docs on times says which times these are, exactly.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from homestretch.planner.legs import Leg, leg_of
from homestretch.planner.placing import timed
from homestretch.planner.problem import Lock, Problem, Route, Shift, Slots, Stability, Start, Visit
from homestretch.planner.stating import add, stated
from homestretch.planner.terms import service_on, time_cost, windows_of
from homestretch.planner.times import RouteTimes
from homestretch.planner.timing import FOREVER, Halt, Line, Spans


def schedule(problem: Problem, route: Route, start: Start | None = None) -> RouteTimes:
    """Times of every stop of a route, from the depot or, with `start` (else the shift's `begun`), from here and now.

    Raises `KeyError` for ids that the problem does not know. A leg without a way takes UNREACHABLE seconds.
    """
    shift = problem.shift[route.shift]
    start = start or shift.begun
    visits = [problem.visit[visit] for visit in route.visits]
    trips = [[problem.visit[visit] for visit in trip] for trip in route.trips()]
    riding = start.on_board if start else {}
    loads = [starting_load(problem, trip, riding) for trip in trips]
    if not visits and start is None:
        return RouteTimes(shift.id, shift.start, shift.start, (), (), 0, 0, 0, 0, loads[0])
    line = line_of(problem, shift, trips, start)
    course, trace = timed(line, earliest(shift, trips[0], start))
    return stated(problem, shift, visits, (course, trace), loads)


def earliest(shift: Shift, visits: Sequence[Visit], start: Start | None) -> int:
    """The first second at which a route whose first trip has these visits may depart."""
    return start.at if start else max([shift.start, *(visit.release for visit in visits)])


def starting_load(problem: Problem, visits: Sequence[Visit], on_board: Mapping[str, int]) -> dict[str, int]:
    """What is on board when a trip begins: all that will be delivered, and pairs whose goods were taken up before."""
    load = dict.fromkeys(problem.dimensions, 0)
    add(load, on_board, 1)
    seen: set[str] = set()
    for visit in visits:
        add(load, visit.deliver, 1)
        pair = problem.pair_of.get(visit.id)
        if pair and visit.id == pair.deliver and pair.collect not in seen:
            add(load, pair.loads, 1)
        seen.add(visit.id)
    return load


def line_of(problem: Problem, shift: Shift, trips: Sequence[Sequence[Visit]], start: Start | None) -> Line:
    """What the clock goes by."""
    taken = start.breaks_taken if start else ()
    visits = [visit for trip in trips for visit in trip]
    legs, halts = _ways(problem, shift, trips, start)
    kept = problem.goals.stability
    return Line(
        legs=legs,
        halts=halts,
        services=[service_on(shift, visit) for visit in visits],
        spans=[spans_of(visit, problem.lock_of.get(visit.id)) for visit in visits],
        breaks=shift.breaks,
        owed=[index for index in range(len(shift.breaks)) if index not in taken],
        loading=0 if start else shift.loading,
        shift_start=shift.start,
        shift_end=shift.end,
        max_duration=shift.max_duration,
        fixed=start is not None,
        rides=_rides(problem, visits),
        prices=[price_of(visit, kept) for visit in visits],
        drifts=bool(kept and kept.per_minute) or isinstance(problem.travel.profiles[shift.profile], Slots),
        price=partial(time_cost, shift),
        longest=shift.longest_stretch,
        max_drive=shift.max_drive,
        max_distance=shift.max_distance,
    )


def spans_of(visit: Visit, lock: Lock | None) -> Spans:
    """When service may begin, its lock's window kept; past both at once if they have no second in common."""
    windows = windows_of(visit, lock)
    if windows is None:
        return ()
    if not windows and lock and lock.window:
        return ((-FOREVER, lock.window.start - 1),)
    return tuple((window.start, window.end) for window in windows)


def price_of(visit: Visit, kept: Stability | None) -> Callable[[int], int] | None:
    """What the begin of a visit's service costs: being past `due`, and not when the kept plan has it."""
    due = visit.due if visit.late_per_hour else None
    then = kept.starts.get(visit.id) if kept and kept.per_minute and visit.id in kept.shift_of else None
    if due is None and then is None:
        return None

    def price(begin: int) -> int:
        late = 0 if due is None else max(0, begin - due) * visit.late_per_hour // 3600
        drift = 0 if then is None or kept is None else abs(begin - then) // 60 * kept.per_minute
        return late + drift

    return price


def _rides(problem: Problem, visits: Sequence[Visit]) -> list[tuple[int, int, int]]:
    if not problem.pairs:
        return []
    rides, seen = [], {}
    for number, visit in enumerate(visits):
        pair = problem.pair_of.get(visit.id)
        seen[visit.id] = number
        if pair and pair.max_ride is not None and visit.id == pair.deliver and pair.collect in seen:
            rides.append((seen[pair.collect], number, pair.max_ride))
    return rides


def _ways(
    problem: Problem, shift: Shift, trips: Sequence[Sequence[Visit]], start: Start | None
) -> tuple[list[Leg], dict[int, Halt]]:
    """The way to each visit in turn and then to the end place, and the reloads between, by the visit behind them."""
    profile = problem.travel.profiles[shift.profile]
    legs: list[Leg] = []
    halts: dict[int, Halt] = {}
    here = shift.start_place if start is None or start.place is None else start.place
    for number, trip in enumerate(trips):
        if number and shift.reload is not None:
            ready = max((visit.release for visit in trip), default=0)
            halts[len(legs)] = Halt(leg_of(profile, here, shift.reload), ready, shift.loading)
            here = shift.reload
        for visit in trip:
            legs.append(leg_of(profile, here, visit.place))
            here = visit.place
    legs.append(leg_of(profile, here, shift.end_place))
    if start and start.first_leg:
        legs[0] = Leg(*start.first_leg)
    return legs, halts
