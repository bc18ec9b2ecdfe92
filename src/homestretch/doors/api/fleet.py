"""The fleet by API: depots, vehicles, drivers, the rules of their shifts, and a day's shifts."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from homestretch.doors.api.fleeting import (
    DepotIn,
    DepotOut,
    DriverIn,
    DriverOut,
    NamedDriverIn,
    ShiftChangeIn,
    ShiftOut,
    ShiftRuleIn,
    ShiftRuleOut,
    VehicleIn,
    VehicleOut,
    depot_out,
    shift_out,
    shown,
)
from homestretch.doors.api.places import point_of
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.fleet import actions, queries
from homestretch.fleet.values import BreakData, DepotData, DriverData, ShiftChange, ShiftRuleData, VehicleData
from homestretch.places.values import PlaceData
from homestretch.web.entry import READ, WRITE
from homestretch.web.etags import check_version
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page

depots = Router(tags=["fleet"])
vehicles = Router(tags=["fleet"])
drivers = Router(tags=["fleet"])
shift_rules = Router(tags=["fleet"])
shifts = Router(tags=["fleet"])
BY_NAME = ("name", "id")


class ShiftQuery(Schema):
    """Which shifts."""

    day: date | None = None
    depot_id: UUID | None = None


def _depot_data(data: DepotIn) -> DepotData:
    place = PlaceData(data.address, point_of(data.lat, data.lon), access_notes=data.access_notes)
    return DepotData(data.name, place, data.zone, data.external_id, data.metadata, data.active)


def _vehicle_data(data: VehicleIn) -> VehicleData:
    return VehicleData(**{**data.model_dump(), "skills": tuple(data.skills)})


def _driver_data(data: DriverIn) -> DriverData:
    return DriverData(**{**data.model_dump(), "skills": tuple(data.skills)})


def _rule_data(data: ShiftRuleIn) -> ShiftRuleData:
    breaks = tuple(BreakData(pause.duration_s, pause.earliest, pause.latest) for pause in data.breaks)
    plain = {
        field.name: getattr(data, field.name) for field in fields(ShiftRuleData) if field.name in data.model_fields_set
    }
    return ShiftRuleData(**{**plain, "breaks": breaks})


def _seen(request: HttpRequest, read: Any, ident: UUID) -> int:
    """The version that stands, after the request named it."""
    with scope(request.auth):
        version: int = read(ident).version
        check_version(request, version)
    return version


@depots.get("", auth=READ("fleet"), response=Page[DepotOut])
def list_depots(request: HttpRequest, part: Query[PageQuery]) -> Any:
    """Depots, by name."""
    with scope(request.auth):
        return page(queries.depots(), part.cursor, part.limit, key=BY_NAME, show=depot_out)


@depots.post("", auth=WRITE("fleet"), response={201: DepotOut})
def create_depot(request: HttpRequest, data: DepotIn) -> Any:
    """Make a depot."""
    once = once_of(request, "create_depot", depot_out)
    depot = actions.save_depot(_depot_data(data), by=request.auth, at=now(), once=once)
    return Status(201, _depot(request, depot.id))


def _depot(request: HttpRequest, depot_id: UUID) -> DepotOut:
    with scope(request.auth):
        return depot_out(queries.depot(depot_id))


@depots.get("/{depot_id}", auth=READ("fleet"), response=DepotOut)
def get_depot(request: HttpRequest, depot_id: UUID) -> Any:
    """One depot."""
    return _depot(request, depot_id)


@depots.put("/{depot_id}", auth=WRITE("fleet"), response=DepotOut)
def replace_depot(request: HttpRequest, depot_id: UUID, data: DepotIn) -> Any:
    """A depot as it should be."""
    version = _seen(request, queries.depot, depot_id)
    actions.save_depot(_depot_data(data), ident=depot_id, version=version, by=request.auth, at=now())
    return _depot(request, depot_id)


@vehicles.get("", auth=READ("fleet"), response=Page[VehicleOut])
def list_vehicles(request: HttpRequest, part: Query[PageQuery]) -> Any:
    """Vehicles, by name."""
    with scope(request.auth):
        return page(queries.vehicles(), part.cursor, part.limit, key=BY_NAME, show=shown(VehicleOut))


@vehicles.post("", auth=WRITE("fleet"), response={201: VehicleOut})
def create_vehicle(request: HttpRequest, data: VehicleIn) -> Any:
    """Make a vehicle."""
    once = once_of(request, "create_vehicle", shown(VehicleOut))
    vehicle = actions.save_vehicle(_vehicle_data(data), by=request.auth, at=now(), once=once)
    return Status(201, shown(VehicleOut)(vehicle))


@vehicles.get("/{vehicle_id}", auth=READ("fleet"), response=VehicleOut)
def get_vehicle(request: HttpRequest, vehicle_id: UUID) -> Any:
    """One vehicle."""
    with scope(request.auth):
        return shown(VehicleOut)(queries.vehicle(vehicle_id))


@vehicles.put("/{vehicle_id}", auth=WRITE("fleet"), response=VehicleOut)
def replace_vehicle(request: HttpRequest, vehicle_id: UUID, data: VehicleIn) -> Any:
    """A vehicle as it should be."""
    version = _seen(request, queries.vehicle, vehicle_id)
    data_ = _vehicle_data(data)
    return shown(VehicleOut)(actions.save_vehicle(data_, ident=vehicle_id, version=version, by=request.auth, at=now()))


@drivers.get("", auth=READ("fleet"), response=Page[DriverOut])
def list_drivers(request: HttpRequest, part: Query[PageQuery]) -> Any:
    """Drivers, by name."""
    with scope(request.auth):
        return page(queries.drivers(), part.cursor, part.limit, key=BY_NAME, show=shown(DriverOut))


@drivers.post("", auth=WRITE("fleet"), response={201: DriverOut})
def create_driver(request: HttpRequest, data: DriverIn) -> Any:
    """Make a driver. Their phone is paired under devices."""
    once = once_of(request, "create_driver", shown(DriverOut))
    driver = actions.save_driver(_driver_data(data), by=request.auth, at=now(), once=once)
    return Status(201, shown(DriverOut)(driver))


@drivers.get("/{driver_id}", auth=READ("fleet"), response=DriverOut)
def get_driver(request: HttpRequest, driver_id: UUID) -> Any:
    """One driver."""
    with scope(request.auth):
        return shown(DriverOut)(queries.driver(driver_id))


@drivers.put("/{driver_id}", auth=WRITE("fleet"), response=DriverOut)
def replace_driver(request: HttpRequest, driver_id: UUID, data: DriverIn) -> Any:
    """A driver as it should be."""
    version = _seen(request, queries.driver, driver_id)
    wanted = _driver_data(data)
    return shown(DriverOut)(actions.save_driver(wanted, ident=driver_id, version=version, by=request.auth, at=now()))


@shift_rules.get("", auth=READ("fleet"), response=Page[ShiftRuleOut])
def list_shift_rules(request: HttpRequest, part: Query[PageQuery]) -> Any:
    """The rules that hold."""
    with scope(request.auth):
        return page(queries.shift_rules(), part.cursor, part.limit, key=("id",), show=shown(ShiftRuleOut))


@shift_rules.post("", auth=WRITE("fleet"), response={201: ShiftRuleOut})
def create_shift_rule(request: HttpRequest, data: ShiftRuleIn) -> Any:
    """Say when a vehicle works: on a weekday, or on one day in place of the weekday's rules."""
    once = once_of(request, "create_shift_rule", shown(ShiftRuleOut))
    rule = actions.save_shift_rule(_rule_data(data), by=request.auth, at=now(), once=once)
    return Status(201, shown(ShiftRuleOut)(rule))


@shift_rules.get("/{rule_id}", auth=READ("fleet"), response=ShiftRuleOut)
def get_shift_rule(request: HttpRequest, rule_id: UUID) -> Any:
    """One rule."""
    with scope(request.auth):
        return shown(ShiftRuleOut)(queries.shift_rule(rule_id))


@shift_rules.put("/{rule_id}", auth=WRITE("fleet"), response=ShiftRuleOut)
def replace_shift_rule(request: HttpRequest, rule_id: UUID, data: ShiftRuleIn) -> Any:
    """A rule as it should be; shifts that are open already stay."""
    version = _seen(request, queries.shift_rule, rule_id)
    wanted = _rule_data(data)
    rule = actions.save_shift_rule(wanted, ident=rule_id, version=version, by=request.auth, at=now())
    return shown(ShiftRuleOut)(rule)


@shift_rules.delete("/{rule_id}", auth=WRITE("fleet"), response={204: None})
def remove_shift_rule(request: HttpRequest, rule_id: UUID) -> Any:
    """End a rule: days that are not open yet do without it."""
    version = _seen(request, queries.shift_rule, rule_id)
    actions.remove_shift_rule(rule_id, version=version, by=request.auth, at=now())
    return Status(204, None)


@shifts.get("", auth=READ("fleet"), response=Page[ShiftOut])
def list_shifts(request: HttpRequest, wanted: Query[ShiftQuery], part: Query[PageQuery]) -> Any:
    """Shifts, by start; those that are off too."""
    with scope(request.auth):
        rows = queries.shifts()
        rows = rows.filter(day=wanted.day) if wanted.day else rows
        rows = rows.filter(start_depot_id=wanted.depot_id) if wanted.depot_id else rows
        return page(rows, part.cursor, part.limit, key=("starts_at", "id"), show=shift_out)


@shifts.post("/open/{day}", auth=WRITE("fleet"), response={200: list[ShiftOut]})
def open_day(request: HttpRequest, day: date) -> Any:
    """Make a day's shifts by its rules; those that are there stay as they are."""

    def answer(rows: Any) -> list[ShiftOut]:
        return [shift_out(row) for row in rows]

    once = once_of(request, "open_day", answer, status=200)
    actions.open_day(day, by=request.auth, at=now(), once=once)
    with scope(request.auth):
        return answer(queries.shifts().filter(day=day).order_by("starts_at", "id"))


def _shift(request: HttpRequest, shift_id: UUID) -> ShiftOut:
    with scope(request.auth):
        return shift_out(queries.shift(shift_id))


@shifts.get("/{shift_id}", auth=READ("fleet"), response=ShiftOut)
def get_shift(request: HttpRequest, shift_id: UUID) -> Any:
    """One shift."""
    return _shift(request, shift_id)


@shifts.patch("/{shift_id}", auth=WRITE("fleet"), response=ShiftOut)
def change_shift(request: HttpRequest, shift_id: UUID, data: ShiftChangeIn) -> Any:
    """Change one day's shift; what is left out stays."""
    version = _seen(request, queries.shift, shift_id)
    change = ShiftChange(**data.model_dump())
    actions.change_shift(shift_id, change, version=version, by=request.auth, at=now())
    return _shift(request, shift_id)


@shifts.put("/{shift_id}/driver", auth=WRITE("fleet"), response=ShiftOut)
def name_driver(request: HttpRequest, shift_id: UUID, data: NamedDriverIn) -> Any:
    """Say who drives a shift, or that nobody does yet."""
    version = _seen(request, queries.shift, shift_id)
    actions.name_driver(shift_id, data.driver_id, version=version, by=request.auth, at=now())
    return _shift(request, shift_id)
