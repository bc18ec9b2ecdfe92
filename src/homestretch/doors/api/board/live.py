"""The part of a board that is on the road: routes, their stops, when they are expected, where the vehicles are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from homestretch.dispatch import queries as dispatch
from homestretch.kernel.units import iso, iso_second, read_instant
from homestretch.orders import queries as orders
from homestretch.orders.values import Brief
from homestretch.tracking import queries as tracking

ENDED = ("completed", "partial", "failed")


@dataclass(frozen=True)
class LivePart:
    """What is drawn of it. `shifts` are those that a route on the road has."""

    routes: list[dict[str, Any]]
    stops: list[dict[str, Any]]
    vehicles: list[dict[str, Any]]
    shifts: frozenset[str]


def live_part(day: date, now: datetime, *, only: Collection[UUID] | None = None) -> LivePart:
    """The routes of a day that are or were driven (`only`: some of them): five reads, whatever their number."""
    rows = dispatch.route_lines(day, only)
    lines = dispatch.stop_lines(row.id for row in rows)
    waiting = [stop.id for stops in lines.values() for stop in stops if stop.ended_at is None]
    expected = tracking.expected(waiting, now) if waiting else {}
    spans = Spans()
    stops = {
        row.id: [_stop_out(stop, row.shift_id, expected.get(stop.id), spans) for stop in lines[row.id]] for row in rows
    }
    return LivePart(
        routes=[_route_out(row, stops[row.id]) for row in rows],
        stops=[stop for each in stops.values() for stop in each],
        vehicles=[_vehicle_out(view) for view in tracking.whereabouts([row.id for row in rows])] if rows else [],
        shifts=frozenset(row.shift_id for row in rows),
    )


class Spans(dict[str, tuple[list[list[str]], int, int | None]]):
    """Windows as they are stored: as they are shown, when the first opens (0: always), when the last ends. A day has
    few that differ, so each is read once."""

    def __missing__(self, stored: str) -> tuple[list[list[str]], int, int | None]:
        shown = [[window["start"], window["end"]] for window in json.loads(stored)]
        opens, ends = ([int(read_instant(span[side]).timestamp()) for span in shown] for side in (0, 1))
        self[stored] = found = (shown, min(opens, default=0), max(ends, default=None))
        return found


def _route_out(row: dispatch.RouteLine, stops: list[dict[str, Any]]) -> dict[str, Any]:
    states = Counter(stop["state"] for stop in stops)
    return {
        "shift_id": row.shift_id,
        "route_id": row.id,
        "plan_id": row.plan_id,
        "version": row.version,
        "state": row.state,
        "start": iso_second(row.start),
        "end": iso_second(row.end),
        "meters": row.meters,
        "cost": row.cost,
        "late_s": sum(stop["late_s"] for stop in stops),
        "load": {},
        "breaks": [[rest["start"], rest["end"]] for rest in row.breaks],
        "driven": {
            "done": states["completed"] + states["partial"],
            "failed": states["failed"],
            "total": len(stops),
        },
        "stops": [stop["id"] for stop in stops],
    }


def _stop_out(stop: dispatch.StopLine, shift: str, view: tracking.Expected | None, spans: Spans) -> dict[str, Any]:
    windows, opens, ends = spans[stop.windows]
    arrive = stop.arrived_at or stop.planned_arrive
    due = stop.arrived_at or (view.p50 if view else stop.planned_arrive)
    return {
        "id": stop.id,
        "visit": None,
        "stop_id": stop.id,
        "shift_id": shift,
        "place_id": stop.place_id,
        "tasks": stop.tasks,
        "windows": windows,
        "service_s": stop.service_s,
        "arrive": iso_second(arrive),
        "start": iso_second(max(arrive, opens)),
        "leave": iso_second(stop.ended_at or stop.planned_leave),
        "late_s": max(0, due - ends) if ends is not None else 0,
        "state": stop.state,
        "lock": None,
        "eta": _eta_out(view) if view else None,
        "done_at": iso_second(stop.ended_at) if stop.state in ENDED and stop.ended_at else None,
    }


def _eta_out(view: tracking.Expected) -> dict[str, Any]:
    p10, p50, p90, made_at, stale = view
    times = {"p10": iso_second(p10), "p50": iso_second(p50), "p90": iso_second(p90), "made_at": iso_second(made_at)}
    return {**times, "stale": stale}


def _vehicle_out(view: Any) -> dict[str, Any]:
    return {
        "route_id": str(view.route_id),
        "lat": view.lat,
        "lon": view.lon,
        "heading": view.bearing_deg,
        "speed_mh": view.speed_mh,
        "at": iso(view.at),
        "silent": view.silent,
    }


def live_places(task_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """The best places for one more task, as they are shown."""
    found = dispatch.places_for(task_id, at=now)
    later = {task for place in found for stop in _later(place) for task in place.tasks[stop]}
    known = orders.briefs(later) if later else {}
    return [_place_out(place, known) for place in found]


def _later(place: dispatch.LivePlace) -> list[UUID]:
    """Stops that would be reached later than now, the new one among them."""
    return [stop for stop, arrive in place.after.items() if stop not in place.before or arrive > place.before[stop]]


def _place_out(place: dispatch.LivePlace, known: Mapping[str, Brief]) -> dict[str, Any]:
    touched = []
    for stop_id in _later(place):
        briefs = [known[str(task)] for task in place.tasks[stop_id] if str(task) in known]
        ends = [brief.promise[1] for brief in briefs if brief.promise]
        broken = max(0, int(place.after[stop_id].timestamp()) - min(ends)) if ends else 0
        late = place.late.get(stop_id, 0)
        if late or broken:
            names = [brief.order or brief.order_id for brief in briefs]
            touched.append({"stop_id": stop_id, "orders": names, "late_s": late, "promise_late_s": broken})
    route = place.route
    return {
        "route_id": route.id,
        "version": route.version,
        "driver": route.driver.name,
        "vehicle": route.vehicle.name,
        "position": place.position,
        "arrive": place.arrive,
        "cost": place.cost,
        "minutes": round(place.seconds / 60),
        "meters": place.meters,
        "touched": touched,
    }
