"""A route under way as a question for the planner: from here and now, what remains, in which order, when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import add_loads
from homestretch.kernel.windows import Window
from homestretch.planner import problem as ask
from homestretch.planner.check import Breach, check
from homestretch.planner.problem import Start
from homestretch.planner.schedule import schedule
from homestretch.planner.times import RouteTimes
from homestretch.planner.travel import Slots, changed

HERE, END, FIRST = 0, 1, 2  # rows of the matrix: where the vehicle is, the end depot, then the halts


@dataclass(frozen=True, slots=True)
class Work:
    """A task that waits at a halt. `pair` names the two ends of a pair within an order."""

    task_id: UUID
    order_id: UUID
    kind: str
    pair: str
    loads: dict[str, int]
    skills: frozenset[str]


@dataclass(frozen=True, slots=True)
class Halt:
    """An open stop. `since`: when it was set out to (en_route) or arrived at (arrived)."""

    stop_id: UUID
    point: Point
    windows: tuple[Window, ...]
    service_s: int
    works: tuple[Work, ...]
    state: str = "planned"
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The shift as far as it lies ahead. `here` is where the vehicle is: the last place served, or the start depot.

    `breaks`: (duration_s, earliest, latest) of those not taken. `max_stops` for what remains.
    """

    shift_id: UUID
    here: Point
    end: Point
    starts_at: datetime
    ends_at: datetime
    started: bool
    capacity: dict[str, int]
    skills: frozenset[str]
    profile: str
    costs: tuple[int, int, int]  # fixed, per hour, per km
    breaks: tuple[tuple[int, datetime, datetime], ...] = ()
    max_stops: int | None = None
    max_distance_m: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A live route among others: what lies ahead of it. `seen`: `span.here` is where its vehicle was heard, not the
    last place it served. `name` is its vehicle's; it was, or will be, loaded at `depot`."""

    route_id: UUID
    version: int
    name: str
    span: Span
    halts: tuple[Halt, ...]
    depot_id: UUID
    depot: Point
    seen: bool = False


def points(span: Span, halts: Sequence[Halt]) -> list[Point]:
    """The rows of the matrix that `Running` wants, in order."""
    return [span.here, span.end, *(halt.point for halt in halts)]


@dataclass(frozen=True)
class Running:
    """A route under way, asked at `at`. `travel` is over `points(span, halts)`, its slots in seconds from `since`."""

    span: Span
    halts: tuple[Halt, ...]
    at: datetime
    travel: ask.Matrix | Slots
    since: datetime

    def problem(self, order: Sequence[UUID]) -> ask.Problem:
        """The question of driving `order` (ids of halts, each once)."""
        halts = {halt.stop_id: halt for halt in self.halts}
        chosen = [halts[stop_id] for stop_id in order]
        pairs = _pairs(chosen)
        row = {halt.stop_id: FIRST + number for number, halt in enumerate(self.halts)}
        paired = {task_id for _, tasks in pairs for task_id in tasks}
        visits = tuple(self._visit(halt, row[halt.stop_id], paired) for halt in chosen)
        names = {name for halt in chosen for work in halt.works for name in work.loads} | set(self.span.capacity)
        return ask.Problem(
            visits=visits,
            shifts=(self._shift(),),
            travel=ask.Travel({self.span.profile: changed(self.travel, self._first_legs, self._second(self.since))}),
            pairs=tuple(pair for pair, _ in pairs),
            epoch=self.at.isoformat(),
            dimensions=tuple(sorted(names)),
        )

    def times(self, order: Sequence[UUID]) -> RouteTimes:
        """When everything happens if `order` is driven from here and now; seconds from `at`."""
        return self.times_in(self.problem(order), map(str, order))

    def times_in(self, problem: ask.Problem, visits: Iterable[str]) -> RouteTimes:
        """The same in a problem of this that has those visits, and may have more."""
        start = Start(at=0) if self.span.started else None
        return schedule(problem, ask.Route(str(self.span.shift_id), tuple(visits)), start)

    def breaches(self, order: Sequence[UUID]) -> list[Breach]:
        """What the judge says of it."""
        return check(self.problem(order), ask.Plan((self._route(order),)))

    def moment(self, second: int) -> datetime:
        """The instant of a second of the answer."""
        return self.at + timedelta(seconds=second)

    def _route(self, order: Sequence[UUID]) -> ask.Route:
        return ask.Route(str(self.span.shift_id), tuple(str(stop_id) for stop_id in order))

    def _second(self, moment: datetime) -> int:
        return round((moment - self.at).total_seconds())

    def _visit(self, halt: Halt, row: int, paired: Collection[UUID]) -> ask.Visit:
        deliver: dict[str, int] = {}
        collect: dict[str, int] = {}
        for work in halt.works:
            if work.task_id not in paired and work.kind == "deliver":
                deliver = add_loads(deliver, work.loads)
            elif work.task_id not in paired and work.kind == "collect":
                collect = add_loads(collect, work.loads)
        windows = tuple(ask.Window(self._second(w.start), self._second(w.end)) for w in halt.windows)
        return ask.Visit(
            id=str(halt.stop_id),
            place=row,
            windows=() if halt.state == "arrived" else windows,
            service=self._service_left(halt),
            deliver=deliver,
            collect=collect,
            skills=frozenset(skill for work in halt.works for skill in work.skills),
        )

    def _service_left(self, halt: Halt) -> int:
        if halt.state != "arrived" or halt.since is None:
            return halt.service_s
        return max(0, halt.service_s - max(0, -self._second(halt.since)))

    def _first_legs(self, matrix: ask.Matrix) -> ask.Matrix:
        """The matrix, with the legs from here shortened by what has been driven towards a halt."""
        durations = matrix.durations.copy()
        for number, halt in enumerate(self.halts):
            if halt.state == "arrived":
                durations[HERE, FIRST + number] = 0
            elif halt.state == "en_route" and halt.since is not None:
                driven = max(0, -self._second(halt.since))
                durations[HERE, FIRST + number] = max(0, durations[HERE, FIRST + number] - driven)
        return ask.Matrix(durations, matrix.distances, matrix.rung)

    def _shift(self) -> ask.Shift:
        span = self.span
        fixed, per_hour, per_km = span.costs
        return ask.Shift(
            id=str(span.shift_id),
            start_place=HERE,
            end_place=END,
            start=0 if span.started else max(0, self._second(span.starts_at)),
            end=self._second(span.ends_at),
            capacity=span.capacity,
            skills=span.skills,
            profile=span.profile,
            costs=ask.Costs(fixed=fixed, per_hour=per_hour, per_km=per_km),
            breaks=tuple(ask.Break(s, self._second(a), self._second(b)) for s, a, b in span.breaks if b >= self.at),
            max_stops=span.max_stops,
            max_distance=None if span.started else span.max_distance_m,
        )


def _pairs(halts: Sequence[Halt]) -> list[tuple[ask.Pair, frozenset[UUID]]]:
    """Pairs with both ends ahead, each halt in at most one. The deliver end of goods on board is a delivery."""
    ends: dict[tuple[UUID, str], dict[str, tuple[Halt, Work]]] = {}
    for halt in halts:
        for work in halt.works:
            if work.pair:
                ends.setdefault((work.order_id, work.pair), {})[work.kind] = (halt, work)
    made, used = [], set[UUID]()
    for both in ends.values():
        taken, given = both.get("collect"), both.get("deliver")
        if not (taken and given) or {taken[0].stop_id, given[0].stop_id} & used or taken[0] is given[0]:
            continue
        used |= {taken[0].stop_id, given[0].stop_id}
        pair = ask.Pair(str(taken[0].stop_id), str(given[0].stop_id), taken[1].loads)
        made.append((pair, frozenset({taken[1].task_id, given[1].task_id})))
    return made


def worse(before: Sequence[Breach], after: Sequence[Breach]) -> list[Breach]:
    """Breaches that a change brings or worsens: what was late before must not forbid every change."""
    known = {(breach.code, breach.visit): breach.amount for breach in before}
    return [breach for breach in after if breach.amount > known.get((breach.code, breach.visit), -1)]


def refuse_breaches(breaches: Sequence[Breach]) -> None:
    """Refuses `route.has_breaches`, unless there are none."""
    if breaches:
        raise Refusal(
            "route.has_breaches",
            "; ".join(breach.text for breach in breaches[:3]),
            remedy="choose another order or route, or accept the breaches",
            breaches=[{"code": b.code, "stop_id": b.visit, "amount": b.amount} for b in breaches[:20]],
        )


def placed(running: Running, order: Sequence[UUID], stop_id: UUID, position: int | None) -> list[UUID]:
    """The order with a halt in it that it has not, at a position or (None) where it fits best, never before one that
    is being served."""
    first = 1 if running.halts and running.halts[0].state == "arrived" else 0
    at = _best_position(running, order, stop_id, first) if position is None else position
    at = min(max(at, first), len(order))
    return [*order[:at], stop_id, *order[at:]]


def _best_position(running: Running, order: Sequence[UUID], stop_id: UUID, first: int) -> int:
    """From position `first` on: fewest breaches, then the earliest end."""

    def judged(position: int) -> tuple[int, int, int]:
        trial = [*order[:position], stop_id, *order[position:]]
        return len(running.breaches(trial)), running.times(trial).finish, position

    return min(judged(position) for position in range(first, len(order) + 1))[2]


def check_sequence(open_stops: Sequence[Halt], wanted: Sequence[UUID]) -> None:
    """Refuses `route.sequence_incomplete` (not each open stop once), `route.stop_in_service` (one is served)."""
    if sorted(wanted) != sorted(halt.stop_id for halt in open_stops):
        raise Refusal(
            "route.sequence_incomplete",
            "the sequence must name each open stop once",
            remedy="read the route again and send all its open stops",
            field="stop_ids",
        )
    check_served(open_stops, wanted)


def check_served(open_stops: Sequence[Halt], wanted: Sequence[UUID]) -> None:
    """Refuses `route.stop_in_service`: what is being served stays first."""
    arrived = [halt.stop_id for halt in open_stops if halt.state == "arrived"]
    if arrived and (not wanted or wanted[0] not in arrived):
        raise Refusal(
            "route.stop_in_service",
            "the driver is at a stop: it stays first",
            remedy="put the stop that is being served first",
            field="stop_ids",
        )


def without(running: Running, stop_ids: set[UUID]) -> Running:
    """The same, of fewer halts: their rows leave the matrix."""
    kept = [number for number, halt in enumerate(running.halts) if halt.stop_id not in stop_ids]
    rows = [HERE, END, *(FIRST + number for number in kept)]
    some = np.ix_(rows, rows)

    def fewer(matrix: ask.Matrix) -> ask.Matrix:
        return ask.Matrix(matrix.durations[some], matrix.distances[some], matrix.rung)

    return replace(
        running, halts=tuple(running.halts[number] for number in kept), travel=changed(running.travel, fewer)
    )
