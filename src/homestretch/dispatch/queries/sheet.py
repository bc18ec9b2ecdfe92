"""The route sheet: all that a phone needs for its day, readable without a network. Only the driver's own route."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from homestretch.accounts.queries import organization
from homestretch.dispatch.models import OPEN_STOP, DriverMessage, Route, Stop, StopTask
from homestretch.dispatch.queries.news import told_of
from homestretch.dispatch.queries.routes import live_route_of_driver
from homestretch.dispatch.rules.reasons import LEFT_WITH, REASONS
from homestretch.kernel.units import iso


def route_sheet(driver_id: UUID) -> dict[str, Any] | None:
    """The driver's live route as JSON values; None when there is none. The PIN itself is never on it."""
    route = live_route_of_driver(driver_id)
    if route is None:
        return None
    stops = list(sheet_stops(route))
    return {
        **_route(route),
        "dispatcher_phone": organization().phone,
        "changed": told_of(route, stops),
        "stops": [_stop(stop) for stop in stops],
        "messages": [_said(said) for said in driver_messages(route.id)],
        "reasons": list(REASONS),
        "left_with": list(LEFT_WITH),
    }


def driver_messages(route_id: UUID) -> list[DriverMessage]:
    """What the driver of a route was told, oldest first; what was erased is left out."""
    return list(DriverMessage.objects.filter(route_id=route_id).exclude(text="").order_by("at", "id"))


def sheet_stops(route: Route) -> QuerySet[Stop]:
    """The stops of a route, by position, with all that is told of each on a phone or on paper."""
    works = StopTask.objects.select_related("task", "order__recipient", "order__merchant").prefetch_related(
        "task__items", "task__packages", "task__promises", "order__doors"
    )
    return (
        Stop.objects.filter(route=route)
        .select_related("place")
        .prefetch_related(Prefetch("works", works.order_by("task__number", "id")))
        .order_by("position", "id")
    )


def _route(route: Route) -> dict[str, Any]:
    shift, vehicle = route.shift, route.vehicle
    return {
        "route_id": str(route.id),
        "version": route.version,
        "state": route.state,
        "day": route.day.isoformat(),
        "planned_start": iso(route.planned_start),
        "planned_end": iso(route.planned_end),
        "on_break": route.break_since is not None,
        "vehicle": {"id": str(vehicle.id), "name": vehicle.name, "plate": vehicle.plate},
        "start_depot": _depot(shift.start_depot),
        "end_depot": _depot(shift.end_depot),
        "breaks": shift.breaks,
    }


def _depot(depot: Any) -> dict[str, Any]:
    return {"name": depot.name, "zone": depot.zone, **_place(depot.place)}


def _place(place: Any) -> dict[str, Any]:
    return {
        "place_id": str(place.id),
        "address": place.address,
        "label": place.label,
        "lat": place.lat,
        "lon": place.lon,
        "access_notes": place.access_notes,
        "entrance": _point(place.entrance_lat, place.entrance_lon),
        "parking": _point(place.parking_lat, place.parking_lon),
        "parking_notes": place.parking_notes,
        "side": place.side,
        "confirmed_at": iso(place.confirmed_at) if place.confirmed_at else None,
    }


def _point(lat: float | None, lon: float | None) -> dict[str, float] | None:
    return None if lat is None or lon is None else {"lat": lat, "lon": lon}


def _said(said: DriverMessage) -> dict[str, Any]:
    return {
        "id": str(said.id),
        "stop_id": said.stop_id and str(said.stop_id),
        "text": said.text,
        "take_over": said.take_over,
        "at": iso(said.at),
    }


def _stop(stop: Stop) -> dict[str, Any]:
    return {
        "stop_id": str(stop.id),
        "position": stop.position,
        "state": stop.state,
        "version": stop.version,
        "place": {**_place(stop.place), "gate_code": stop.place.gate_code if stop.state in OPEN_STOP else ""},
        "planned_arrive": iso(stop.planned_arrive),
        "planned_leave": iso(stop.planned_leave),
        "service_s": stop.service_s,
        "seems_left_at": iso(stop.left_at) if stop.state == "arrived" and stop.left_at else None,
        "windows": stop.windows,
        "tasks": [_work(work) for work in stop.works.all()],
    }


def _work(work: StopTask) -> dict[str, Any]:
    task, order = work.task, work.order
    return {
        "task_id": str(task.id),
        "order_id": str(order.id),
        "order_external_id": order.external_id,
        "kind": task.kind,
        "pair": task.pair,
        "open": work.live,
        "outcome": work.outcome,
        "loads": task.loads,
        "instructions": order.instructions,
        "door": _door(next(iter(order.doors.all()), None), is_open=work.live),
        "pin_required": bool(order.pin),
        "proof_required": task.proof_required,
        "merchant": order.merchant.name if order.merchant else None,
        "recipient": {
            "name": order.recipient.name,
            "phone": order.recipient.phone,
            "language": order.recipient.language,
        },
        "promise": _promise(list(task.promises.all())),
        "items": [{"name": item.name, "quantity": item.quantity} for item in task.items.all()],
        "packages": [
            {"package_id": str(package.id), "barcode": package.barcode, "state": package.state}
            for package in task.packages.all()
        ],
    }


def _door(door: Any, *, is_open: bool) -> dict[str, Any] | None:
    """What the recipient said of the door; the code of its gate while there is something to be done there."""
    if door is None:
        return None
    return {
        "leave_with": door.leave_with,
        "leave_where": door.leave_where,
        "gate_code": door.gate_code if is_open else "",
        "photo": f"/api/v1/driver/doors/{door.order_id}" if door.photo and is_open else None,
    }


def _promise(promises: list[Any]) -> dict[str, str] | None:
    """The promise that stands: the one that no other supersedes."""
    replaced = {promise.supersedes_id for promise in promises}
    standing = next((promise for promise in promises if promise.id not in replaced), None)
    return {"start": iso(standing.start), "end": iso(standing.end)} if standing else None
