"""The rest of a running day as one question for the planner.

Lateness that has happened is sunk: windows keep their begin, and their end has a price. What is begun stays where it
is. Goods ride where they are: a delivery stays with the vehicle that has it on board, unless that is broken down; then
whoever takes it over halts at its place first. Visits are named `s:<stop>`, `t:<task>` and, for such a halt,
`m:<visit>`; shifts by their route.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from uuid import UUID

from homestretch.dispatch.rules.goods import TAKE_OVER_S
from homestretch.dispatch.rules.running import Halt, Line, Work
from homestretch.kernel.geo import Point
from homestretch.kernel.units import add_loads, iso
from homestretch.planner import problem as ask
from homestretch.planner.check import check
from homestretch.planner.schedule import schedule
from homestretch.planner.travel import changed
from homestretch.recovery.rules.proposing import Prices

FAR = 7 * 24 * 3600  # seconds: the end of a window whose end has a price
HALTS = "#halts"  # a load of one for each stop: how many a shift may have, halts to take goods over not counted
RESERVE, MOST_RESERVE_S = 0.25, 600  # of the time until a promise ends, what is kept in hand: at most ten minutes
MOVABLE = ("routes", "all")  # scopes in which a stop may change its driver


@dataclass(frozen=True, slots=True)
class Fresh:
    """A task that is on no route. `goods_at`: where its goods are to be taken up; None: it brings nothing, or the
    vehicle of `only` has them on board."""

    halt: Halt
    goods_at: Point | None = None
    only: UUID | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """A running day as it stands at `at`: routes, which of them is broken down, what wants a place, which tasks' goods
    ride on a vehicle, until when each task is promised, and at which depot a delivery's goods are (absent: any)."""

    lines: tuple[Line, ...]
    at: datetime
    scope: str
    prices: Prices
    broken: UUID | None = None
    fresh: tuple[Fresh, ...] = ()
    loaded: frozenset[UUID] = frozenset()
    promised: Mapping[UUID, datetime] = field(default_factory=dict)
    depots: Mapping[UUID, UUID] = field(default_factory=dict)

    def second(self, moment: datetime) -> int:
        """Of an instant."""
        return round((moment - self.at).total_seconds())

    @property
    def driving(self) -> tuple[Line, ...]:
        """The routes that go on."""
        return tuple(line for line in self.lines if line.route_id != self.broken)

    @property
    def stranded(self) -> Line | None:
        """The route that does not."""
        return next((line for line in self.lines if line.route_id == self.broken), None)


@dataclass(frozen=True, slots=True)
class Asked:
    """One visit of the question: its halt, the route that it is on, where its goods must be taken up first."""

    name: str
    halt: Halt
    home: UUID | None
    goods_at: Point | None
    fixed: bool = False  # stays on its route
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Question:
    """The question that a rest of a day asks; `problem` wants the travel over `points`, by profile."""

    rest: Rest

    @cached_property
    def visits(self) -> tuple[Asked, ...]:
        """What is to be done, on routes in their order, then what is on none. What stands still with a broken vehicle
        (it is being served, or is one end of a pair of which the other is on board) is none of it."""
        rest = self.rest
        found = [self._kept(line, halt) for line in rest.driving for halt in line.halts]
        if rest.stranded is not None:
            found += [self._stranded(rest.stranded, halt) for halt in rest.stranded.halts if self.can_leave(halt)]
        found += [
            Asked(f"t:{each.halt.stop_id}", each.halt, None, each.goods_at, barred=self._all_but(each.only))
            for each in rest.fresh
        ]
        return tuple(found)

    def can_leave(self, halt: Halt) -> bool:
        """Whether a halt of the broken vehicle's can be taken over by another."""
        both = [work for work in halt.works if work.pair]
        return halt.state != "arrived" and not (both and self._riding(halt))

    def _kept(self, line: Line, halt: Halt) -> Asked:
        begun = halt.state in ("arrived", "en_route")
        riding = self._riding(halt)
        able = all(work.skills <= line.span.skills for work in halt.works)
        fixed = begun or riding or not able or self.rest.scope not in MOVABLE or self._meets(line)
        return Asked(f"s:{halt.stop_id}", halt, line.route_id, None, fixed, self._barred(line, halt))

    def _barred(self, line: Line, halt: Halt) -> frozenset[str]:
        """Goods that wait at a depot are loaded by those that have not left it."""
        waiting = [work for work in halt.works if work.kind == "deliver" and not work.pair]
        if not waiting:
            return frozenset()
        depots = {self.rest.depots.get(work.task_id) for work in waiting} - {None}
        able = {
            str(other.route_id)
            for other in self.rest.driving
            if other.route_id == line.route_id or (not other.span.started and depots <= {other.depot_id})
        }
        return frozenset(str(other.route_id) for other in self.rest.driving) - able

    def _all_but(self, only: UUID | None) -> frozenset[str]:
        return frozenset(str(line.route_id) for line in self.rest.driving if only not in (None, line.route_id))

    def _stranded(self, line: Line, halt: Halt) -> Asked:
        brings = any(work.kind == "deliver" and not work.pair for work in halt.works)
        where = None
        if brings or self._riding(halt):
            where = line.span.here if self._riding(halt) else line.depot
        return Asked(f"s:{halt.stop_id}", replace(halt, state="planned", since=None), None, where)

    def _riding(self, halt: Halt) -> bool:
        return any(work.task_id in self.rest.loaded for work in halt.works)

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """Where vehicles are, where they end, then all places."""
        driving = self.rest.driving
        places = [visit.halt.point for visit in self.visits]
        places += [visit.goods_at for visit in self.visits if visit.goods_at is not None]
        first = [line.span.here for line in driving] + [line.span.end for line in driving]
        return (*first, *dict.fromkeys(places))

    @property
    def anchors(self) -> frozenset[int]:
        """Those of the points without which nothing is left."""
        return frozenset(range(2 * len(self.rest.driving)))

    @cached_property
    def _rows(self) -> dict[Point, int]:
        first = 2 * len(self.rest.driving)
        return {point: first + number for number, point in enumerate(self.points[first:])}

    @cached_property
    def baseline(self) -> ask.Plan:
        """Nothing is changed."""
        routes = tuple(
            ask.Route(str(line.route_id), tuple(f"s:{halt.stop_id}" for halt in line.halts))
            for line in self.rest.driving
        )
        return ask.Plan(routes, tuple(visit.name for visit in self.visits if visit.home is None))

    @cached_property
    def _bonds(self) -> tuple[list[ask.Pair], frozenset[UUID]]:
        """Pairs with both ends ahead on one route, and what is taken up at its place; the tasks that ride between."""
        pairs, tasks = [], set[UUID]()
        ends: dict[tuple[UUID, str], dict[str, tuple[Asked, Work]]] = {}
        for visit in self.visits:
            for work in visit.halt.works:
                if work.pair:
                    ends.setdefault((work.order_id, work.pair), {})[work.kind] = (visit, work)
        used = set[str]()
        for both in ends.values():
            names = {visit.name for visit, _ in both.values()}
            if len(names) == 2 and not names & used:
                used |= names
                pairs.append(ask.Pair(both["collect"][0].name, both["deliver"][0].name, both["deliver"][1].loads))
                tasks |= {work.task_id for _, work in both.values()}
        for visit in self.visits:
            if visit.goods_at is not None and visit.name not in used:
                brought = [work for work in visit.halt.works if work.kind == "deliver"]
                tasks |= {work.task_id for work in brought}
                pairs.append(ask.Pair(f"m:{visit.name}", visit.name, add_all(work.loads for work in brought)))
        return pairs, frozenset(tasks)

    def problem(self, travel: Mapping[str, ask.Matrix | ask.Slots]) -> ask.Problem:
        """The question itself, with `baseline` as a plan that breaches nothing."""
        pairs, between = self._bonds
        visits = [self._visit(visit, between) for visit in self.visits]
        taken = {pair.collect for pair in pairs}
        visits += [self._meeting(visit) for visit in self.visits if f"m:{visit.name}" in taken]
        names = {HALTS} | {name for visit in self.visits for work in visit.halt.works for name in work.loads}
        names |= {name for line in self.rest.driving for name in line.span.capacity}
        strict = ask.Problem(
            visits=tuple(visits),
            shifts=tuple(self._shift(row, line) for row, line in enumerate(self.rest.driving)),
            travel=ask.Travel({name: changed(table, self._first_legs) for name, table in travel.items()}),
            pairs=tuple(pairs),
            locks=tuple(self._locks()),
            epoch=iso(self.rest.at),
            dimensions=tuple(sorted(names)),
            relations=tuple(self._orders()),
        )
        eased = _eased(strict, self.baseline)
        return replace(eased, goals=ask.Goals(stability=self._stability(eased)))

    def _visit(self, visit: Asked, between: Collection[UUID]) -> ask.Visit:
        rest, halt = self.rest, visit.halt
        ends = [rest.second(rest.promised[w.task_id]) for w in halt.works if w.task_id in rest.promised]
        windows = [ask.Window(rest.second(w.start), rest.second(w.end)) for w in halt.windows]
        ahead = next((window for window in windows if window.end >= 0), None) if halt.state != "arrived" else None
        due = min([*ends, *([ahead.end] if ahead else [])], default=max((w.end for w in windows), default=None))
        able = not visit.fixed or visit.home is None
        return ask.Visit(
            id=visit.name,
            place=self._rows[halt.point],
            windows=() if ahead is None else (ask.Window(ahead.start, FAR),),
            service=self._service(halt),
            skills=frozenset(skill for work in halt.works for skill in work.skills) if able else frozenset(),
            barred=visit.barred,
            priority=int(visit.home is not None),
            due=None if due is None else max(0, due - reserve_s(due)),
            late_per_hour=60 * rest.prices.per_late_minute,
            deliver={**_loads(halt, "deliver", between), HALTS: 1},
            collect=_loads(halt, "collect", between),
        )

    def _service(self, halt: Halt) -> int:
        if halt.state != "arrived" or halt.since is None:
            return halt.service_s
        return max(0, halt.service_s + min(0, self.rest.second(halt.since)))

    def _meeting(self, visit: Asked) -> ask.Visit:
        assert visit.goods_at is not None
        return ask.Visit(id=f"m:{visit.name}", place=self._rows[visit.goods_at], service=TAKE_OVER_S)

    def _locks(self) -> list[ask.Lock]:
        """What is begun is first, what must stay stays."""
        locks = []
        for line in self.rest.driving:
            shift = str(line.route_id)
            for number, halt in enumerate(line.halts):
                if halt.state in ("arrived", "en_route"):
                    locks.append(ask.Lock(f"s:{halt.stop_id}", shift, number))
        begun = {lock.visit for lock in locks}
        locks += [
            ask.Lock(visit.name, str(visit.home)) for visit in self.visits if visit.fixed and visit.name not in begun
        ]
        return locks

    def _orders(self) -> list[ask.Relation]:
        """Where others are only put between, each route keeps its order; so does one that has goods to take over."""
        routes = zip(self.rest.driving, self.baseline.routes, strict=True)
        kept = [route.visits for line, route in routes if self.rest.scope == "insert" or self._meets(line)]
        return [ask.Relation("in_order", visits) for visits in kept if len(visits) > 1]

    @staticmethod
    def _meets(line: Line) -> bool:
        """Whether a route has a halt ahead at which it takes goods over: what it brings comes after."""
        return any(not halt.works for halt in line.halts)

    def _shift(self, row: int, line: Line) -> ask.Shift:
        rest, span = self.rest, line.span
        _, per_hour, per_km = span.costs
        start = 0 if span.started else max(0, rest.second(span.starts_at))
        end = rest.second(span.ends_at)
        return ask.Shift(
            id=str(line.route_id),
            start_place=row,
            end_place=row + len(rest.driving),
            start=start,
            end=max(end, start) + rest.prices.overtime_s,
            capacity=span.capacity if span.max_stops is None else {**span.capacity, HALTS: span.max_stops},
            skills=span.skills,
            profile=span.profile,
            costs=ask.Costs(0, per_hour, per_km, overtime_per_hour=rest.prices.overtime_per_hour),
            breaks=tuple(ask.Break(s, rest.second(a), rest.second(b)) for s, a, b in span.breaks if b >= rest.at),
            max_distance=None if span.started else span.max_distance_m,
            regular=max(0, end - start),
            begun=ask.Start(at=0) if span.started else None,
        )

    def _first_legs(self, matrix: ask.Matrix) -> ask.Matrix:
        """Legs from where vehicles are, less what has been driven towards a halt."""
        durations = matrix.durations.copy()
        for row, line in enumerate(self.rest.driving):
            for halt in line.halts:
                to = self._rows[halt.point]
                if halt.state == "arrived":
                    durations[row, to] = 0
                elif halt.state == "en_route" and halt.since is not None and not line.seen:
                    durations[row, to] = max(0, durations[row, to] - max(0, -self.rest.second(halt.since)))
        return ask.Matrix(durations, matrix.distances, matrix.rung)

    def _stability(self, problem: ask.Problem) -> ask.Stability:
        prices = self.rest.prices
        starts = {
            stop.visit: max(0, stop.start) for route in self.baseline.routes for stop in schedule(problem, route).stops
        }
        return ask.Stability(self.baseline, starts, prices.per_moved, prices.per_changed, prices.per_drift_minute)


def reserve_s(ahead_s: int) -> int:
    """How long before the end of a promise, so many seconds ahead, a stop counts as late: what is planned to the minute
    is broken by the next red light, the sooner the further ahead it is."""
    return min(MOST_RESERVE_S, round(RESERVE * max(0, ahead_s)))


def _loads(halt: Halt, kind: str, between: Collection[UUID]) -> dict[str, int]:
    """What a halt's works of a kind come to, but for those that ride between two visits."""
    return add_all(work.loads for work in halt.works if work.kind == kind and work.task_id not in between)


def add_all(loads: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The sum of loads."""
    total: dict[str, int] = {}
    for each in loads:
        total = add_loads(total, each)
    return total


def _eased(problem: ask.Problem, plan: ask.Plan) -> ask.Problem:
    """The problem with what routes break already, as they stand, allowed to them: it happened."""
    wrong = {breach.shift for breach in check(problem, plan) if breach.shift}
    shifts = tuple(_allowing(problem, shift, plan) if shift.id in wrong else shift for shift in problem.shifts)
    return replace(problem, shifts=shifts)


def _allowing(problem: ask.Problem, shift: ask.Shift, plan: ask.Plan) -> ask.Shift:
    times = schedule(problem, plan.route_of(shift.id))
    most = dict(shift.capacity)
    for load in (times.load, *(stop.load for stop in times.stops)):
        most = {name: max(room, load.get(name, 0)) for name, room in most.items()}
    later = max(shift.end, times.finish)
    return replace(shift, capacity=most, end=later, breaks=(), max_distance=None)
