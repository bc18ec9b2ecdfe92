"""The board of a day, read at once: one query per table, whatever its size, and values that JSON takes as they are."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from homestretch.accounts import queries as accounts
from homestretch.doors.api.board.live import live_part
from homestretch.doors.api.board.places import Lines
from homestretch.events.log import Position, end, newest
from homestretch.fleet import queries as fleet
from homestretch.fleet.values import ShiftLine
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import not_found
from homestretch.kernel.units import iso
from homestretch.orders import queries as orders
from homestretch.plans import queries as plans
from homestretch.tracking import queries as tracking

Json = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """Which board: a day's, with a plan (None: the newest that counts), for whom, at what time."""

    day: date
    plan_id: UUID | None
    by: Actor
    now: datetime

    @cached_property
    def position(self) -> Position:
        """The log's end, read before all else: what comes between is told again, and never missed."""
        return end()

    @cached_property
    def lines(self) -> list[plans.PlanLine]:
        """The day's plans, newest first."""
        return plans.plan_lines(self.day)

    @cached_property
    def line(self) -> plans.PlanLine | None:
        """The plan that is shown: the one that is asked for, else the newest that is not superseded.

        Refuses `plan.not_found`.
        """
        if self.plan_id is not None:
            asked = next((line for line in self.lines if line.plan.id == self.plan_id), None)
            if asked is None:
                raise not_found("plan", self.plan_id)
            return asked
        standing = (line for line in self.lines if line.plan.state != "superseded")
        return next(standing, None)


def tag_of(asked: Asked) -> str:
    """What the board is made of, in a few short reads: it says the same as long as this does."""
    plan_lines = [
        (line.plan.id, line.plan.state, line.plan.head, *(_search_out(line.search) or {}).values())
        for line in asked.lines
    ]
    people = [(row["tab"], row["selected"]) for row in plans.people_at(asked.day, asked.by)]
    vehicles = tracking.newest_at(asked.day)
    minute = asked.now.replace(second=0, microsecond=0)  # forecasts grow old by themselves
    made_of = (str(asked.by), asked.day, asked.plan_id, asked.position, newest(), plan_lines, people, vehicles, minute)
    return hashlib.sha256(repr(made_of).encode()).hexdigest()[:32]


def routes_of(asked: Asked, route_ids: Collection[UUID]) -> Json:
    """Some of the day's routes on the road, as the whole board has them, inside a scope."""
    position = asked.position
    live = live_part(asked.day, asked.now, only=route_ids)
    lines = Lines.of(live.stops)
    return {
        "now": iso(asked.now),
        "routes": live.routes,
        "stops": [lines.filled(stop) for stop in live.stops],
        "vehicles": live.vehicles,
        "cursor": f"{position[0]}.{position[1]}",
    }


def board_of(asked: Asked) -> Json:
    """The whole board, inside a scope."""
    position = asked.position
    organization = accounts.organization()
    line = asked.line
    drawn = plans.drawn(line) if line and line.plan.state != "released" else None
    locks = plans.locks_on(drawn.locks if drawn else (), asked.by)
    held = {lock["shift_id"]: lock["kind"] for lock in sorted(locks, key=lambda lock: lock["kind"]) if lock["shift_id"]}
    live = live_part(asked.day, asked.now)
    planned = _planned_part(drawn, live.shifts, locks) if drawn else {"routes": [], "stops": []}
    left = _left_part(drawn, asked, line)
    lines = Lines.of([*planned["stops"], *live.stops, *left])
    return {
        "day": asked.day,
        "zone": organization.zone,
        "now": iso(asked.now),
        "currency": organization.currency,
        "plan": _plan_out(line, asked.by, drawn) if line else None,
        "plans": [_plan_out(one, None, None) for one in asked.lines],
        "depots": [_depot_out(depot) for depot in fleet.depots().order_by("name", "id")],
        "shifts": [_shift_out(shift, held) for shift in fleet.shift_lines(asked.day)],
        "routes": [*planned["routes"], *live.routes],
        "stops": [lines.filled(stop) for stop in [*planned["stops"], *live.stops]],
        "unassigned": [lines.filled(one) for one in left],
        "breaches": list(drawn.breaches) if drawn else [],
        "vehicles": live.vehicles,
        "locks": locks,
        "people": plans.people_at(asked.day, asked.by),
        "cursor": f"{position[0]}.{position[1]}",
    }


def _planned_part(drawn: plans.Drawn, on_road: frozenset[str], locks: Sequence[Json]) -> Json:
    """The plan's own routes; a shift that is on the road is drawn as it drives."""
    clock, pinned = Clock(drawn.epoch), {lock["visit"] for lock in locks if lock["kind"] == "position"}
    routes, stops = [], []
    for times, cost in zip(drawn.times, drawn.costs, strict=True):
        if times.shift in on_road:
            continue
        routes.append(
            {
                "shift_id": times.shift,
                "route_id": None,
                "plan_id": drawn.plan.id,
                "version": None,
                "state": "planned",
                "start": clock[times.depart],
                "end": clock[times.finish],
                "meters": times.meters,
                "cost": cost,
                "late_s": times.late + times.overtime,
                "load": times.load,
                "breaks": [[clock[rest.start], clock[rest.end]] for rest in times.breaks],
                "driven": {"done": 0, "failed": 0, "total": len(times.stops)},
                "stops": [stop.visit for stop in times.stops],
            }
        )
        stops += [_stop_out(drawn, stop, times.shift, clock, pinned) for stop in times.stops]
    return {"routes": routes, "stops": stops}


def _stop_out(drawn: plans.Drawn, stop: Any, shift: str, clock: Clock, pinned: set[Any]) -> Json:
    return {
        **_visit_out(drawn, stop.visit, clock),
        "stop_id": None,
        "shift_id": shift,
        "arrive": clock[stop.arrive],
        "start": clock[stop.start],
        "leave": clock[stop.leave],
        "late_s": stop.late,
        "state": "planned",
        "lock": "position" if stop.visit in pinned else None,
        "eta": None,
        "done_at": None,
    }


def _visit_out(drawn: plans.Drawn, name: str, clock: Clock) -> Json:
    visit, meaning = drawn.problem.visit[name], drawn.meaning[name]
    return {
        "id": name,
        "visit": name,
        "place_id": meaning["place"],
        "tasks": meaning["tasks"],
        "windows": [[clock[window.start], clock[window.end]] for window in visit.windows],
        "service_s": visit.service,
    }


def _left_part(drawn: plans.Drawn | None, asked: Asked, line: plans.PlanLine | None) -> list[Json]:
    """What is on no route: by the plan, and what is ready and no part of it."""
    found = []
    if drawn is not None:
        clock = Clock(drawn.epoch)
        found = [_visit_out(drawn, name, clock) | {"reasons": why} for name, why in drawn.unassigned.items()]
    known = {task for meaning in drawn.meaning.values() for task in meaning["tasks"]} if drawn else set()
    depots = line.plan.depots if line else ()
    others = {task for task in orders.waiting_on(asked.day, depots) if task not in known}
    return found + [_ready_out(view) for view in orders.ready_for(asked.day, depots, these=others)] if others else found


def _ready_out(view: Any) -> Json:
    return {
        "id": str(view.task_id),
        "visit": None,
        "place_id": str(view.place_id),
        "tasks": [str(view.task_id)],
        "windows": [[iso(window.start), iso(window.end)] for window in view.windows],
        "service_s": view.access_s + view.service_s,
        "reasons": [],
    }


def _plan_out(line: plans.PlanLine, by: Actor | None, drawn: plans.Drawn | None) -> Json:
    plan = line.plan
    back = plans.steps_back(plan, by) if by and plan.state == "ready" else (0, 0)
    return {
        "id": plan.id,
        "state": plan.state,
        "revision": plan.head,
        "cost": drawn.cost if drawn else 0,
        "rung": drawn.rung if drawn else "",
        "quantile": drawn.quantile if drawn else 0,
        "created_at": plan.created_at,
        "search": _search_out(line.search),
        "undo": back[0],
        "redo": back[1],
    }


def _search_out(search: Any) -> Json | None:
    names = ("state", "base", "seconds", "progress", "failure")
    return {name: getattr(search, name) for name in names} if search else None


def _depot_out(depot: Any) -> Json:
    return {"id": depot.id, "name": depot.name, "lat": depot.place.lat, "lon": depot.place.lon}


def _shift_out(line: ShiftLine, locks: Mapping[str, str]) -> Json:
    return {
        "id": str(line.id),
        "driver": {"id": str(line.driver_id), "name": line.driver} if line.driver_id else None,
        "vehicle": {
            "id": str(line.vehicle_id),
            "name": line.vehicle,
            "profile": line.profile,
            "capacity": line.capacity,
        },
        "start": iso(line.starts_at),
        "end": iso(line.ends_at),
        "start_depot": str(line.start_depot_id),
        "end_depot": str(line.end_depot_id),
        "locked": locks.get(str(line.id)),
    }


class Clock(dict[int, str]):
    """Seconds of a problem as instants on the wire, each made once."""

    def __init__(self, epoch: datetime) -> None:
        super().__init__()
        self.epoch = epoch.astimezone(UTC).replace(tzinfo=None)

    def __missing__(self, second: int) -> str:
        self[second] = text = f"{(self.epoch + timedelta(seconds=second)).isoformat()}Z"
        return text
