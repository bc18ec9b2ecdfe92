"""Kept routes of a plan in the numbers of the core's board (`search/board.hpp`): what one more visit would do to them.

The board estimates every position in constant time and tries routes exactly, by a clock that states what `schedule`
states. Of shifts in `judged_shifts` it knows only a part of the rules.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from homestretch.planner import _search
from homestretch.planner.coordinates import whole
from homestretch.planner.problem import NOWHERE, Loads, Problem, Route, Shift, Slots, Start, Visit
from homestretch.planner.schedule import spans_of
from homestretch.planner.terms import may_serve, refuse_too_large, service_on, windows_of

FOREVER: int = _search.FOREVER
FULL: int = _search.FULL
"""Seconds missed that stand for a limit that does not hold at all."""

MOST_BREAKS = 6


def judged_shifts(problem: Problem) -> frozenset[str]:
    """Shifts whose routes have rules that the board's clock and loads leave out."""
    if problem.incompatible or any(pair.max_ride is not None for pair in problem.pairs):
        return frozenset(problem.shift)
    slotted = {name for name, profile in problem.travel.profiles.items() if isinstance(profile, Slots)}
    return frozenset(
        shift.id
        for shift in problem.shifts
        if shift.lifo
        or shift.backhauls_last
        or shift.reload is not None
        or shift.longest_stretch is not None
        or shift.profile in slotted
        or len(shift.breaks) > MOST_BREAKS
    )


class Board:
    """The numbers of a sound problem. Visits and shifts are known by their numbers in it; a visit without a place has
    none."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.core = _search.Board(len(problem.dimensions))
        self.profiles = {name: number for number, name in enumerate(problem.travel.profiles)}
        for name, number in self.profiles.items():
            self._profile(number, name)
        self.paces = {(shift.profile, shift.pace): shift for shift in problem.shifts}
        self.shifts = {shift.id: number for number, shift in enumerate(problem.shifts)}
        for shift in problem.shifts:
            self.core.add_van(self._van(shift))
        self.kinds: dict[object, int] = {}
        self.number: dict[str, int] = {}
        self.names: list[str] = []
        for visit in problem.visits:
            self._add(visit)
        self._bind()

    def grow(self, problem: Problem) -> None:
        """Take in a problem that has one more visit, the last one, and perhaps one more place."""
        self.problem = problem
        for name, number in self.profiles.items():
            self._profile(number, name)
        self._add(problem.visits[-1])

    def _add(self, visit: Visit) -> None:
        if visit.place != NOWHERE:
            self.number[visit.id] = self.core.add_stop(self._stop(visit))
            self.names.append(visit.id)

    @contextmanager
    def instead(self, visit: Visit, *, unbound: bool = False) -> Iterator[None]:
        """For a while a visit as it might be; `unbound` from skills, crews, bars and locks."""
        number = self.number[visit.id]
        self.core.set_stop(number, self._stop(visit, unbound=unbound))
        try:
            yield
        finally:
            self.core.set_stop(number, self._stop(self.problem.visit[visit.id]))

    @contextmanager
    def granted(self, **more: object) -> Iterator[None]:
        """For a while every shift may do more by so much: attributes of the core's `Leave`."""
        leave = _search.Leave()
        for name, amount in more.items():
            setattr(leave, name, amount)
        self.core.grant(leave)
        try:
            yield
        finally:
            self.core.grant(_search.Leave())

    def set_route(self, route: Route, start: Start | None) -> None:
        """Keep a route. Raises `KeyError` for a visit that has no place."""
        stops = [self.number[name] for name in route.visits]
        begun = self._begun(start or self.problem.shift[route.shift].begun)
        self.core.set_route(self.shifts[route.shift], stops, self._held(route), begun)

    def _held(self, route: Route) -> int:
        """How many stops, from the first, nothing can be put before."""
        locks = self.problem.lock_of
        at = ((n, locks[name].position) for n, name in enumerate(route.visits) if name in locks)
        return max((n + 1 for n, position in at if position is not None and position <= n), default=0)

    def _profile(self, number: int, name: str) -> None:
        profile = self.problem.travel.profiles[name]
        refuse_too_large(len(profile), 1)
        self.core.set_profile(number, whole(profile.durations), whole(profile.distances))

    def _loads(self, loads: Loads) -> list[int]:
        return [loads.get(name, 0) for name in self.problem.dimensions]

    def _van(self, shift: Shift) -> _search.Van:
        made, costs = _search.Van(), shift.costs
        made.profile, made.pace = self.profiles[shift.profile], list(self.paces).index((shift.profile, shift.pace))
        made.start, made.end = shift.start_place, shift.end_place
        made.open, made.close, made.loading = shift.start, shift.end, shift.loading
        room = shift.capacity if shift.reload is None else {}  # of trips the board knows nothing: they are judged
        made.capacity = [room.get(name, -1) for name in self.problem.dimensions]
        made.fixed, made.per_km, made.per_meter = costs.fixed, costs.per_km, costs.per_meter
        regular = FOREVER if shift.regular is None else shift.regular
        made.set_rates(
            costs.per_hour, costs.per_second, costs.overtime_per_hour, costs.waiting_per_hour, min(regular, FOREVER)
        )
        for name in ("max_stops", "max_distance", "max_duration", "max_drive"):
            limit = getattr(shift, name)
            setattr(made, name, FOREVER if limit is None else min(limit, FOREVER))
        for rest in shift.breaks[:MOST_BREAKS]:
            made.add_break(rest.duration, rest.earliest, rest.latest, rest.paid)
        return made

    def _stop(self, visit: Visit, *, unbound: bool = False) -> _search.Stop:
        made, lock = _search.Stop(), None if unbound else self.problem.lock_of.get(visit.id)
        made.place = visit.place
        made.windows = [(max(-FOREVER, start), min(FOREVER, end)) for start, end in spans_of(visit, lock)]
        made.kind = self._anyone() if unbound else self._kind(visit)
        made.service = [service_on(shift, visit) for shift in self.paces.values()]
        made.deliver, made.collect = self._loads(visit.deliver), self._loads(visit.collect)
        pair = self.problem.pair_of.get(visit.id)
        made.ride = self._loads(pair.loads if pair else {})
        made.release = visit.release
        if visit.due is not None:
            made.due, made.late_per_hour = min(visit.due, FOREVER), visit.late_per_hour
        if lock and lock.position is not None:
            made.position = lock.position
        if pair:
            made.first = visit.id == pair.collect
            made.partner = self.number.get(pair.deliver if made.first else pair.collect, -1)
        return made

    def _bind(self) -> None:
        """Ends of pairs know each other only when both are known: the first ones are told again."""
        if self.problem.pairs:
            for name, number in self.number.items():
                if name in self.problem.pair_of:
                    self.core.set_stop(number, self._stop(self.problem.visit[name]))

    def _kind(self, visit: Visit) -> int:
        lock = self.problem.lock_of.get(visit.id)
        never = windows_of(visit, lock) == ()
        key = (visit.skills, visit.crew, visit.barred, lock.shift if lock else None, never)
        if key not in self.kinds:
            able = (not never and may_serve(self.problem, shift, visit) for shift in self.problem.shifts)
            self._mask(key, [int(each) for each in able])
        return self.kinds[key]

    def _anyone(self) -> int:
        if "anyone" not in self.kinds:
            self._mask("anyone", [1] * len(self.problem.shifts))
        return self.kinds["anyone"]

    def _mask(self, key: object, serves: Sequence[int]) -> None:
        self.kinds[key] = len(self.kinds)
        self.core.set_kind(self.kinds[key], list(serves))

    def _begun(self, start: Start | None) -> _search.Begun:
        made = _search.Begun()
        if start is None:
            return made
        made.is_begun, made.at = True, start.at
        made.place = -1 if start.place is None else start.place
        if start.first_leg is not None:
            made.leg, made.leg_meters = start.first_leg
        made.breaks_taken = sum(1 << index for index in set(start.breaks_taken) if 0 <= index < MOST_BREAKS)
        made.on_board = self._loads(start.on_board)
        return made
