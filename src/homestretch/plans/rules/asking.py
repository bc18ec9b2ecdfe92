"""How a day becomes a question: tasks become visits, shifts become the planner's shifts, instants become seconds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np

from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import add_loads
from homestretch.kernel.windows import Window
from homestretch.planner import problem as planner

PRIZE = 10_000_000  # minor units that leaving out an ordinary visit costs: more than any detour is worth
_GOODS = re.compile(r"depot:([0-9a-f-]{36})")
_BLACKOUT = re.compile(r"blackout:([0-9a-f-]{36})")
STATES: Mapping[str, frozenset[str]] = {
    "asked": frozenset({"solving", "dropped"}),
    "solving": frozenset({"ready", "dropped"}),
    "ready": frozenset({"released", "superseded", "dropped"}),
    "released": frozenset(),
    "superseded": frozenset(),
    "dropped": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Work:
    """A task as a plan needs it. `pair` names a collect and its deliver within the order; '' = neither."""

    task_id: UUID
    order_id: UUID
    kind: str
    place_id: UUID
    point: Point | None
    access_s: int
    windows: tuple[Window, ...]
    service_s: int
    loads: Mapping[str, int]
    skills: frozenset[str]
    pair: str
    priority: int
    zone: str = ""  # the one that counts, by name
    shut: frozenset[UUID] = frozenset()  # zones that hold it in which nothing is delivered on the day


@dataclass(frozen=True, slots=True)
class Blackout:
    """Nothing is delivered on the day: from a depot, in a zone, or (neither) by the organization."""

    id: UUID
    reason: str
    depot_id: UUID | None
    zone_id: UUID | None


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift as a plan needs it. `breaks`: (duration in seconds, earliest, latest start)."""

    shift_id: UUID
    start: Point
    end: Point
    span: Window
    capacity: Mapping[str, int]
    skills: frozenset[str]
    profile: str
    costs: tuple[int, int, int]  # fixed, per hour, per km
    breaks: tuple[tuple[int, datetime, datetime], ...]
    max_stops: int | None
    max_distance_m: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question without its matrices: what remains is how long it takes between `points`."""

    visits: tuple[planner.Visit, ...]
    shifts: tuple[planner.Shift, ...]
    pairs: tuple[planner.Pair, ...]
    dimensions: tuple[str, ...]
    epoch: datetime
    points: tuple[Point, ...]
    profiles: frozenset[str]
    anchors: frozenset[int]  # of `points`: where shifts start and end
    span: Window
    meaning: Mapping[str, dict[str, Any]]  # visit id -> {"place", "tasks", "orders"}


def change(state: str, to: str) -> str:
    """The next state of a plan. Refuses `plan.state_conflict`."""
    if to not in STATES[state]:
        raise Refusal("plan.state_conflict", f"a plan that is {state} can't become {to}", remedy="read the plan again")
    return to


def goods_at(depot_id: UUID) -> str:
    """The skill of shifts that start at a depot, and only of those: what an order whose goods are there requires."""
    return f"depot:{depot_id}"


def on_day(
    works: Sequence[Work], duties: Sequence[Duty], blackouts: Sequence[Blackout]
) -> tuple[list[Work], list[Duty]]:
    """What blackouts leave of a day: no shift starts at a depot that has one; its goods, and what lies in a zone that
    has one, require what no shift offers, so that the plan leaves them out and says why.

    Refuses `plan.blackout` where the organization has one, or every depot that has a shift.
    """
    whole = next((b for b in blackouts if b.depot_id is None and b.zone_id is None), None)
    shut = {goods_at(b.depot_id): b for b in blackouts if b.depot_id is not None}
    open_duties = [duty for duty in duties if not duty.skills & shut.keys()]
    if whole is None and duties and not open_duties:
        whole = next(b for name, b in shut.items() if name in duties[0].skills)
    if whole is not None:
        raise Refusal(
            "plan.blackout",
            f"nothing is delivered on this day: {whole.reason}",
            remedy="plan another day, or take the blackout away",
            field="day",
            blackout=str(whole.id),
        )
    return [_barred(work, blackouts) for work in works], open_duties


def _barred(work: Work, blackouts: Sequence[Blackout]) -> Work:
    met = [b for b in blackouts if b.zone_id in work.shut or (b.depot_id and goods_at(b.depot_id) in work.skills)]
    return replace(work, skills=work.skills | {f"blackout:{b.id}" for b in met}) if met else work


def readable(said: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A reason or breach that speaks of goods at a depot, by the depot's name (`names` by id); one that speaks of a
    blackout, by its code and its own reason."""
    texts = [text for text in said.values() if isinstance(text, str)]
    blackout = next((found for text in texts if (found := _BLACKOUT.search(text))), None)
    if blackout is not None:
        reason = names.get(blackout[1], "a blackout that was taken away since")
        words = {"code": "blackout", "text": f"Nothing is delivered there on this day: {reason}."}
        more = {"would_let_in": "Another day, or no blackout."} if "would_let_in" in said else {}
        return {**said, **words, **more}
    return {
        name: _GOODS.sub(lambda found: _goods(names.get(found[1])), text) if isinstance(text, str) else text
        for name, text in said.items()
    }


def _goods(name: str | None) -> str:
    return f"goods of the depot {name}" if name else "goods of a depot that is gone"


def share_depots(one: Sequence[UUID], other: Sequence[UUID]) -> bool:
    """Whether two plans draw on the same depots. A plan that names none is for all."""
    return not one or not other or not set(one).isdisjoint(other)


def ask(works: Sequence[Work], duties: Sequence[Duty]) -> Asked:
    """The question of a day. Refuses `plan.no_shifts` and `plan.nothing_to_plan`."""
    if not duties:
        raise Refusal("plan.no_shifts", "nobody works on this day", remedy="open shifts for the day, then plan again")
    if not works:
        raise Refusal("plan.nothing_to_plan", "no order is ready for this day", remedy="import orders, or fix places")
    span = Window(min(d.span.start for d in duties), max(d.span.end for d in duties))
    groups = merged(works, duties)
    places = _Places()
    visits = tuple(_visit(group, span.start, places) for group in groups)
    return Asked(
        visits=visits,
        shifts=tuple(_shift(duty, span.start, places) for duty in duties),
        pairs=tuple(_pairs(works)),
        dimensions=tuple(sorted({name for w in works for name in w.loads} | {n for d in duties for n in d.capacity})),
        epoch=span.start,
        points=tuple(places.points),
        profiles=frozenset(duty.profile for duty in duties),
        anchors=frozenset(places.row(point) for duty in duties for point in (duty.start, duty.end)),
        span=span,
        meaning={visit.id: _meaning(group) for visit, group in zip(visits, groups, strict=True)},
    )


def merged(works: Sequence[Work], duties: Sequence[Duty]) -> list[list[Work]]:
    """Tasks that one halt serves: same place and skills, windows that meet, and no larger than the largest vehicle."""
    groups: list[list[Work]] = []
    open_at: dict[tuple[UUID, frozenset[str]], list[list[Work]]] = {}
    for work in works:
        near = open_at.setdefault((work.place_id, work.skills), [])
        home = next((g for g in near if not work.pair and _fits([*g, work], duties)), None)
        if home is None:
            home = []
            groups.append(home)
            if not work.pair:
                near.append(home)
        home.append(work)
    return groups


def _fits(group: list[Work], duties: Sequence[Duty]) -> bool:
    bounded = all(work.windows for work in group)
    if any(work.windows for work in group) and not (bounded and shared_windows(group)):
        return False
    loads: dict[str, int] = {}
    for work in group:
        loads = add_loads(loads, work.loads)
    return any(all(loads.get(name, 0) <= room for name, room in duty.capacity.items()) for duty in duties)


def shared_windows(group: Iterable[Work]) -> tuple[Window, ...]:
    """When service of all may begin; () where none is bound, or where they share nothing."""
    shared: list[Window] | None = None
    for work in group:
        if not work.windows:
            continue
        if shared is None:
            shared = list(work.windows)
        else:
            shared = [both for a in shared for b in work.windows if (both := a.clipped(b))]
    return tuple(sorted(shared or []))


class _Places:
    """Each coordinate once, in the order in which it is first met."""

    def __init__(self) -> None:
        self.points: list[Point] = []
        self._rows: dict[Point, int] = {}

    def row(self, point: Point) -> int:
        if point not in self._rows:
            self._rows[point] = len(self.points)
            self.points.append(point)
        return self._rows[point]


def _visit(group: list[Work], epoch: datetime, places: _Places) -> planner.Visit:
    first = group[0]
    deliver: dict[str, int] = {}
    collect: dict[str, int] = {}
    for work in group:
        if work.kind == "deliver" and not work.pair:
            deliver = add_loads(deliver, work.loads)
        elif work.kind == "collect" and not work.pair:
            collect = add_loads(collect, work.loads)
    return planner.Visit(
        id=str(first.task_id),
        place=places.row(first.point) if first.point else planner.NOWHERE,
        windows=tuple(planner.Window(seconds(epoch, w.start), seconds(epoch, w.end)) for w in shared_windows(group)),
        service=first.access_s + sum(work.service_s for work in group),
        deliver=deliver,
        collect=collect,
        skills=first.skills,
        zone=first.zone,
        prize=sum(PRIZE * (1 + work.priority) for work in group),
    )


def _shift(duty: Duty, epoch: datetime, places: _Places) -> planner.Shift:
    fixed, per_hour, per_km = duty.costs
    return planner.Shift(
        id=str(duty.shift_id),
        start_place=places.row(duty.start),
        end_place=places.row(duty.end),
        start=seconds(epoch, duty.span.start),
        end=seconds(epoch, duty.span.end),
        capacity=dict(duty.capacity),
        skills=duty.skills,
        profile=duty.profile,
        costs=planner.Costs(fixed, per_hour, per_km),
        breaks=tuple(planner.Break(d, seconds(epoch, first), seconds(epoch, last)) for d, first, last in duty.breaks),
        max_stops=duty.max_stops,
        max_distance=duty.max_distance_m,
    )


def _pairs(works: Iterable[Work]) -> Iterable[planner.Pair]:
    ends: dict[tuple[UUID, str], dict[str, Work]] = {}
    for work in works:
        if work.pair:
            ends.setdefault((work.order_id, work.pair), {})[work.kind] = work
    for both in ends.values():
        if "collect" in both and "deliver" in both:
            loads = dict(both["collect"].loads)
            yield planner.Pair(str(both["collect"].task_id), str(both["deliver"].task_id), loads)


def _meaning(group: list[Work]) -> dict[str, Any]:
    return {
        "place": str(group[0].place_id),
        "tasks": [str(work.task_id) for work in group],
        "orders": sorted({str(work.order_id) for work in group}),
    }


def without_way(asked: Asked, travel: planner.Travel) -> frozenset[str]:
    """Visits to which no shift can drive and from there home, by any profile: they are on no route, and the day goes on
    without them."""
    reached = np.zeros(len(asked.points), dtype=bool)
    for shift in asked.shifts:
        lasts = travel.profiles[shift.profile].durations
        reached |= (lasts[shift.start_place] < planner.UNREACHABLE) & (lasts[:, shift.end_place] < planner.UNREACHABLE)
    return frozenset(visit.id for visit in asked.visits if visit.place >= 0 and not reached[visit.place])


def lowest(rungs: Iterable[str]) -> str:
    """The rung that stands for several profiles: the great circle, where one of them had nothing better."""
    named = sorted(set(rungs))
    return "great_circle" if "great_circle" in named else named[0]


def seconds(epoch: datetime, instant: datetime) -> int:
    """Whole seconds from the problem's epoch."""
    return int((instant - epoch).total_seconds())


def instant(epoch: datetime, second: int) -> datetime:
    """The instant of a second of the problem."""
    return epoch + timedelta(seconds=second)


def digest(text: bytes) -> bytes:
    """SHA-256 of a question's canonical JSON."""
    return hashlib.sha256(text).digest()
