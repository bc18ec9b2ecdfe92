"""A problem as the search core wants it, and its answers as plans. `search/problem.hpp` says what the numbers are.

Shifts that differ in nothing share a vehicle type. Seconds count from the first shift's start. Visits that no shift
could serve even alone are not in the model. Leaving out a required visit costs more than any detour for it, one of a
higher priority more than all of the lower ones together.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from homestretch.planner import _search
from homestretch.planner.coordinates import ROUNDINGS, Globe, Plane, whole
from homestretch.planner.legs import line_of_slots
from homestretch.planner.problem import UNREACHABLE, Loads, Pair, Plan, Problem, Route, Shift, Slots, Visit
from homestretch.planner.search.apart import dearest_apart, tell_apart, zones_of
from homestretch.planner.search.bonds import divisible
from homestretch.planner.search.keeping import Kept, dearest_change
from homestretch.planner.search.units import asked_prizes, chains, kinds_of, of_units, priced, units, whole_unit
from homestretch.planner.terms import (
    A_SECOND,
    EXACT,
    above_detours,
    earliest_of,
    equal_shifts,
    lowered_prizes,
    matrices_of,
    may_serve,
    refuse_too_large,
    room_of,
    scaled_costs,
    servable,
    service_on,
    start_of,
    weighed,
    windows_of,
)

Table = np.ndarray[tuple[int, int], np.dtype[np.int32]]

NEVER = _search.NEVER
RELOAD = _search.RELOAD
MOST_LOAD = 2**30  # of a dimension, in all: beyond it loads are counted in larger units, rounded to the safe side
MOST_PRIZE = 2**46  # so that the prizes of 100,000 visits can be summed


WHOLE = 2000
"""Visits up to which one thread searches the whole plan at once, and the core has matrices of all places."""


class Model:
    """The numbers of a sound problem. `served` are the visits that are in it, by the core's number.

    Refuses `engine.too_large`, before its matrices are made.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.zero = earliest_of(problem)
        self.kept = Kept(problem)
        groups = equal_shifts(problem)
        self.served = servable(problem, [ids[0] for ids in groups])
        self.number = {visit.id: number for number, visit in enumerate(self.served)}
        self.chain_of = {name: chain for chain in chains(problem) for name in chain}
        self.together = {name: unit for unit in units(problem) for chain in unit for name in chain}
        self.types = [(problem.shift[ids[0]], tuple(ids)) for ids in groups]
        self.type_of = {ident: number for number, (_, ids) in enumerate(self.types) for ident in ids}
        ends = {place for shift, _ in self.types for place in (start_of(shift), shift.end_place, shift.reload)}
        self.depots = sorted(place for place in ends if place is not None)
        self.under_way = [shift for shift, _ in self.types if shift.begun and shift.begun.first_leg]
        self.dimensions = weighed(problem)
        self.unit = {name: self._unit(name) for name in self.dimensions}
        self.core = _search.Problem()
        self.core.visits = len(self.served)
        self.core.nodes = len(self.served) + len(self.depots) + len(self.under_way)
        self.core.dimensions = len(self.dimensions)
        self.core.vehicles_first = problem.goals.vehicles_first
        self.by_coordinates = self._by_coordinates()
        matrices = matrices_of(problem) - len(self.by_coordinates)
        refuse_too_large(self.core.nodes if matrices else 0, matrices)
        if self.served:
            self._fill()

    def _fill(self) -> None:
        self.profiles = sorted({shift.profile for shift, _ in self.types})
        longest = max(self._add_profile(name) for name in self.profiles)
        divisor, rates = scaled_costs(self.problem, [shift.id for shift, _ in self.types])
        dearest = [
            (
                fixed,
                meter,
                second + A_SECOND * (shift.costs.overtime_per_hour + shift.costs.waiting_per_hour) // divisor,
            )
            for (shift, _), (fixed, meter, second) in zip(self.types, rates, strict=True)
        ]
        late = max(A_SECOND * visit.late_per_hour // divisor for visit in self.served)
        shifts = [shift for shift, _ in self.types]
        self.dear = above_detours(zip(shifts, dearest, strict=True), longest, late)
        self.dear += EXACT * dearest_change(self.problem, shifts) // divisor
        self.core.moved, self.core.changed, self.core.drifted = self.kept.prices(EXACT, divisor)
        tell_apart(self.core, self.problem, self.unit, EXACT, divisor)
        self.dear += EXACT * dearest_apart(self.problem, shifts) // divisor
        asked = asked_prizes(self.problem, self.served)
        lowered = lowered_prizes(asked, divisor, self.dear)
        priority = {visit.id: visit.priority for visit in self.served}
        prices = of_units(self.problem, priced(asked, lowered, priority, self.dear, MOST_PRIZE))
        kinds, zones = kinds_of(self.problem), zones_of(self.problem)
        self.core.incompatible = [(kinds[one], kinds[other]) for one, other in self.problem.incompatible]
        for visit in self.served:
            made = self._visit(visit, divisor)
            made.prize, made.required = prices.get(visit.id, 0), visit.id in asked and asked[visit.id] is None
            made.goods = sum(1 << kinds[kind] for kind in visit.goods if kind in kinds)
            made.zone = zones.get(visit.zone, -1)
            self.core.add_visit(self._bound(made, visit))
        for relation in self.problem.relations:
            names = [self.number[name] for name in relation.visits if name in self.number]
            if relation.kind != "adjacent" and len(names) > 1:
                self.core.add_relation(names, relation.kind == "in_order")
        for (shift, ids), rate in zip(self.types, rates, strict=True):
            self.core.add_type(self._type(shift, len(ids), rate, divisor))

    def _add_slots(self, name: str, places: list[int]) -> None:
        """Tell of a profile whose ways depend on the hour."""
        profile = self.problem.travel.profiles[name]
        if not isinstance(profile, Slots) or len(profile.starts) == 1:
            return
        middles = line_of_slots(profile).middles
        for start, middle, matrix in zip(profile.starts, middles, profile.matrices, strict=True):
            durations, distances = (_reachable(table) for table in (matrix.durations, matrix.distances))
            ways = self._first_ways()
            self.core.add_slot(start - self.zero, middle - 2 * self.zero, durations, distances, places, ways)

    def _by_coordinates(self) -> set[str]:
        """Profiles of which the core is told coordinates: only the pieces of large plans have matrices then."""
        if len(self.served) <= WHOLE or self.under_way or not divisible(self.problem):
            return set()
        profiles = self.problem.travel.profiles
        driven = {shift.profile for shift in self.problem.shifts}
        return {name for name in driven if isinstance(profiles[name], Plane | Globe)}

    def _add_profile(self, name: str) -> int:
        """Tell the core of a profile; no way is longer than so many meters."""
        places = [visit.place for visit in self.served] + self.depots + [start_of(shift) for shift in self.under_way]
        profile = self.problem.travel.profiles[name]
        if name in self.by_coordinates and isinstance(profile, Plane | Globe):
            meters, seconds = ((each, ROUNDINGS.index(rounding)) for each, rounding in profile.measures)
            self.core.add_coordinates(profile.axes, places, meters, seconds)
            return profile.distances.longest()
        durations, distances = self._tables(name)
        self.core.add_profile(durations, distances, places, self._first_ways())
        self._add_slots(name, places)
        used = distances[np.ix_(places, places)]
        return int(used[used < UNREACHABLE].max(initial=0))

    def _first_ways(self) -> list[tuple[int, int, int]]:
        """(node, seconds, meters) of vehicles between places, whose first way is as long wherever it leads."""
        first = len(self.served) + len(self.depots)
        legs = [shift.begun.first_leg for shift in self.under_way if shift.begun and shift.begun.first_leg]
        return [(first + number, min(leg[0], NEVER), min(leg[1], NEVER)) for number, leg in enumerate(legs)]

    def _start(self, shift: Shift) -> int:
        """The node at which a shift begins."""
        if shift in self.under_way:
            return len(self.served) + len(self.depots) + self.under_way.index(shift)
        return len(self.served) + self.depots.index(start_of(shift))

    def _tables(self, profile: str) -> tuple[Table, Table]:
        """(durations, distances), one table where they are one."""
        travel = self.problem.travel.profiles[profile]
        durations = _reachable(whole(travel.durations))
        same = travel.distances is travel.durations
        return durations, durations if same else _reachable(whole(travel.distances))

    def _unit(self, dimension: str) -> int:
        """How much one unit of load stands for in the core."""
        held = sum(visit.deliver.get(dimension, 0) + visit.collect.get(dimension, 0) for visit in self.served)
        held += sum(pair.loads.get(dimension, 0) for pair in self.problem.pairs)
        return -(-held // MOST_LOAD) if held > MOST_LOAD else 1

    def _loads(self, loads: Loads) -> list[int]:
        return [-(-loads.get(name, 0) // self.unit[name]) for name in self.dimensions]

    def _visit(self, visit: Visit, divisor: int) -> _search.Visit:
        made = _search.Visit()
        windows = windows_of(visit, self.problem.lock_of.get(visit.id)) or ()
        made.windows = [(self._time(window.start), self._time(window.end)) for window in windows]
        made.deliver, made.collect = self._loads(visit.deliver), self._loads(visit.collect)
        made.release = self._time(visit.release)
        lock = self.problem.lock_of.get(visit.id)
        if lock and lock.position is not None:
            made.position = lock.position
        if visit.due is not None and visit.late_per_hour:
            made.due, made.late = self._time(visit.due), A_SECOND * visit.late_per_hour // divisor
        self.kept.tell(made, visit.id, self.type_of, self.zero)
        pair = self.problem.pair_of.get(visit.id)
        if pair:
            self._bind(made, visit, pair)
        return made

    def _bind(self, made: _search.Visit, visit: Visit, pair: Pair) -> None:
        made.first = visit.id == pair.collect
        made.partner = self.number[pair.deliver if made.first else pair.collect]
        made.ride = self._loads(pair.loads)
        if pair.max_ride is not None:
            made.max_ride = min(pair.max_ride, NEVER)

    def _bound(self, made: _search.Visit, visit: Visit) -> _search.Visit:
        """With what holds between it and others."""
        chain = self.chain_of.get(visit.id, ())
        if chain and chain[0] == visit.id:
            made.block = [self.number[name] for name in chain[1:]]
        elif chain:
            made.leader = self.number[chain[0]]
        group = self.problem.group_of.get(visit.id)
        if group:
            made.group = self.problem.groups.index(group)
        return made

    def _type(self, shift: Shift, vehicles: int, rate: tuple[int, int, int], divisor: int) -> _search.VehicleType:
        made = _search.VehicleType()
        made.vehicles = vehicles
        made.profile = self.profiles.index(shift.profile)
        made.start, made.end = self._start(shift), len(self.served) + self.depots.index(shift.end_place)
        made.open, made.close = self._time(shift.begun.at if shift.begun else shift.start), self._time(shift.end)
        made.begun, made.loading = shift.begun is not None, 0 if shift.begun else shift.loading
        room = room_of(shift)
        made.capacity = [min(NEVER, room.get(name, NEVER * unit) // unit) for name, unit in self.unit.items()]
        made.fixed, made.per_meter, made.per_second = rate
        made.overtime = A_SECOND * shift.costs.overtime_per_hour // divisor
        made.waiting = A_SECOND * shift.costs.waiting_per_hour // divisor
        for name, limit in (
            ("max_stops", shift.max_stops),
            ("max_duration", shift.max_duration),
            ("max_drive", shift.max_drive),
            ("stretch", shift.longest_stretch),
            ("max_distance", shift.max_distance),
            ("regular", shift.regular),
        ):
            if limit is not None:
                setattr(made, name, min(limit, NEVER))
        taken = shift.begun.breaks_taken if shift.begun else ()
        owed = [rest for index, rest in enumerate(shift.breaks) if index not in taken]
        for rest in sorted(owed, key=lambda rest: rest.earliest):
            made.add_rest(rest.duration, self._time(rest.earliest), self._time(rest.latest), rest.paid)
        if shift.reload is not None:
            made.reload, made.reloading = len(self.served) + self.depots.index(shift.reload), shift.loading
            made.max_trips = NEVER if shift.max_trips is None else min(shift.max_trips, NEVER)
        made.backhauls_last, made.lifo = shift.backhauls_last, shift.lifo
        made.service = [service_on(shift, visit) for visit in self.served]
        made.serves = [int(may_serve(self.problem, shift, visit)) for visit in self.served]
        return made

    def _time(self, second: int) -> int:
        return max(0, min(NEVER, second - self.zero))

    def start(self, plan: Plan | None) -> list[tuple[int, list[int]]]:
        """What the search begins with: a plan's routes, else what locks put at the head of routes."""
        seen: set[str] = set()
        made = []
        for route in plan.routes if plan else self._locked():
            names = [name for name in dict.fromkeys(route.visits) if name in self.number and name not in seen]
            names = [name for name in names if name not in self.together or whole_unit(self.together[name], names)]
            if route.shift in self.type_of and names:
                seen.update(names)
                made.append((self.type_of[route.shift], self._stops(route, names)))
        return made

    def _stops(self, route: Route, names: Sequence[str]) -> list[int]:
        """Numbers of visits of a route, in their order, with RELOAD where a trip begins."""
        held = set(names)
        stops: list[int] = []
        for trip in route.trips():
            kept = [self.number[name] for name in trip if name in held]
            stops += [RELOAD, *kept] if stops and kept else kept
        return stops

    def _route(self, shift: str, stops: Sequence[int]) -> Route:
        """The core's route in our words."""
        visits: list[str] = []
        cuts = []
        for stop in stops:
            if stop == RELOAD:
                cuts.append(len(visits))
            else:
                visits.append(self.served[stop].id)
        return Route(shift, tuple(visits), tuple(cuts))

    def _locked(self) -> Iterable[Route]:
        """Visits that are locked to the first positions of a route, in their order."""
        by_shift: dict[str, dict[int, str]] = {}
        for lock in self.problem.locks:
            if lock.position is not None and lock.visit in self.number:
                shift = lock.shift or self._first_shift(lock.visit, lock.position, by_shift)
                by_shift.setdefault(shift, {})[lock.position] = lock.visit
        for shift, held in by_shift.items():
            head = [visit for position, visit in sorted(held.items()) if all(k in held for k in range(position))]
            yield Route(shift, tuple(head))

    def _first_shift(self, visit: str, position: int, held: dict[str, dict[int, str]]) -> str:
        """The first shift that may serve the visit and has the place free, best one whose places before it are held."""
        shifts = [shift for shift in self.problem.shifts if may_serve(self.problem, shift, self.problem.visit[visit])]
        free = [shift.id for shift in shifts if position not in held.get(shift.id, {})]
        following = [name for name in free if all(k in held.get(name, {}) for k in range(position))]
        return next(iter((*following, *free)), self.problem.shifts[0].id)

    def plan(self, routes: Sequence[tuple[int, Sequence[int]]]) -> Plan:
        """The core's routes in our words; equal shifts are taken in their order."""
        free = [iter(ids) for _, ids in self.types]
        made = tuple(self._route(next(free[kind]), stops) for kind, stops in routes)
        on_routes = {visit for route in made for visit in route.visits}
        return Plan(made, tuple(visit.id for visit in self.problem.visits if visit.id not in on_routes))


def _reachable(table: Table) -> Table:
    """The core's own word for what takes for ever; the table itself where no leg is that long."""
    long = (table >= NEVER) & (table < UNREACHABLE)
    return np.where(long, UNREACHABLE, table).astype(np.int32) if long.any() else np.ascontiguousarray(table)
