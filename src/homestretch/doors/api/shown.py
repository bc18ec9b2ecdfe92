"""Routes, stops and proofs as the API shows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from homestretch.dispatch.rules.reasons import REASONS

STATE = "released, accepted, loading, started, finished, rejected or recalled."


class RouteOut(Schema):
    """What one shift drives."""

    id: UUID
    plan_id: UUID | None
    revision: int
    shift_id: UUID
    vehicle_id: UUID
    vehicle: str = Field(max_length=120, description="The vehicle's name.")
    driver_id: UUID
    driver: str = Field(max_length=120, description="The driver's name.")
    day: date
    state: str = Field(max_length=10, description=STATE, examples=["started"])
    planned_start: datetime
    planned_end: datetime
    planned_m: int = Field(description="Meters, by the plan.")
    planned_cost: int = Field(description="Minor units of the organization's currency.")
    started_at: datetime | None
    finished_at: datetime | None
    driven_m: int | None = Field(description="Meters, by positions; known when the route is finished.")
    on_break: bool
    acknowledged: int = Field(description="The version that the driver's phone has.")
    changed_at: datetime | None = Field(
        description="Since when a change waits for the driver to read it; null: none does."
    )
    read_version: int = Field(description="The version that the driver said to have read; 0: none since the release.")
    read_at: datetime | None = Field(description="When that was said, by the phone's clock.")
    read_by: str = Field(max_length=80, description="Who said it, as in the log: `driver:...`.")
    version: int
    stops_total: int
    stops_open: int


class PlaceOut(Schema):
    """Where."""

    id: UUID
    address: str = Field(max_length=500)
    label: str = Field(max_length=200)
    lat: float | None
    lon: float | None
    confirmed_at: datetime | None = Field(description="Since when the pin stands, whatever a geocoder says.")


class StopTaskOut(Schema):
    """A task at a stop, and how it went."""

    task_id: UUID
    order_id: UUID
    order_external_id: str | None = Field(max_length=120)
    kind: str = Field(max_length=8, description="deliver, collect or service.")
    open: bool = Field(description="Whether it waits for its outcome here.")
    outcome: str = Field(max_length=10, description="completed, partial, failed, cancelled, removed, or empty.")
    reason: str = Field(max_length=30)
    reason_code: str | None = Field(max_length=4, description="X12 1651, where there is one.")
    left_with: str = Field(max_length=20)
    note: str = Field(max_length=2000)
    ended_at: datetime | None


class ProofOut(Schema):
    """What shows that it happened."""

    id: UUID
    stop_id: UUID
    kind: str = Field(max_length=10, description="photo, signature, name, scan, pin or note.")
    text: str = Field(max_length=2000)
    sha256: str = Field(max_length=64, description="As the phone declared it; empty where there is no picture.")
    image: bool = Field(description="Whether a picture can be had at /proofs/{id}/image.")
    at: datetime


class StopOut(Schema):
    """A halt serving one place."""

    id: UUID
    route_id: UUID
    place: PlaceOut
    position: int
    state: str = Field(max_length=10, description="planned, en_route, arrived, skipped or how it ended.")
    planned_arrive: datetime
    planned_leave: datetime
    service_s: int
    windows: list[dict[str, Any]] = Field(max_length=50)
    set_out_at: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    left_at: datetime | None
    tasks: list[StopTaskOut] = Field(max_length=500)
    proofs: list[ProofOut] = Field(max_length=500)
    version: int


class StopsOut(Schema):
    """Stops, by position."""

    items: list[StopOut] = Field(max_length=2000)


_ROUTE = (
    *("id", "plan_id", "revision", "shift_id", "vehicle_id", "driver_id", "day", "state", "planned_start"),
    *("planned_end", "planned_m", "planned_cost", "started_at", "finished_at", "driven_m", "acknowledged", "version"),
    *("changed_at", "read_version", "read_at", "read_by"),
    *("stops_total", "stops_open"),
)
_STOP = (
    *("id", "route_id", "position", "state", "planned_arrive", "planned_leave", "service_s", "windows"),
    *("set_out_at", "arrived_at", "ended_at", "left_at", "version"),
)


def route_out(route: Any) -> dict[str, Any]:
    """A route as read by `dispatch.queries.route`."""
    names = {"vehicle": route.vehicle.name, "driver": route.driver.name, "on_break": route.break_since is not None}
    return {name: getattr(route, name) for name in _ROUTE} | names


def stop_out(stop: Any) -> dict[str, Any]:
    """A stop as read by `dispatch.queries.stop`."""
    place = {name: getattr(stop.place, name) for name in ("id", "address", "label", "lat", "lon", "confirmed_at")}
    works = sorted(stop.works.all(), key=lambda work: (work.order_id, work.task.number))
    return {name: getattr(stop, name) for name in _STOP} | {
        "place": place,
        "tasks": [_task_out(work) for work in works],
        "proofs": [proof_out(proof) for proof in sorted(stop.proofs.all(), key=lambda proof: (proof.at, proof.id))],
    }


def _task_out(work: Any) -> dict[str, Any]:
    return {
        "task_id": work.task_id,
        "order_id": work.order_id,
        "order_external_id": work.order.external_id,
        "kind": work.task.kind,
        "open": work.live,
        "outcome": work.outcome,
        "reason": work.reason,
        "reason_code": REASONS.get(work.reason),
        "left_with": work.left_with,
        "note": work.note,
        "ended_at": work.ended_at,
    }


def proof_out(proof: Any) -> dict[str, Any]:
    """A proof; that of a PIN says only that it was given."""
    return {
        "id": proof.id,
        "stop_id": proof.stop_id,
        "kind": proof.kind,
        "text": "" if proof.kind == "pin" else proof.text,
        "sha256": proof.declared_sha256,
        "image": proof.rendition_id is not None,
        "at": proof.at,
    }
