"""Reads of the fleet, inside a scope."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from homestretch.fleet import rules
from homestretch.fleet.models import Depot, Driver, Shift, ShiftRule, Vehicle
from homestretch.fleet.values import ShiftLine, Worked
from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import not_found
from homestretch.kernel.windows import Window


def depot(depot_id: UUID) -> Depot:
    """One depot with its place. Refuses `depot.not_found`."""
    return _one(Depot.objects.select_related("place"), "depot", depot_id)


def vehicle(vehicle_id: UUID) -> Vehicle:
    """One vehicle. Refuses `vehicle.not_found`."""
    return _one(Vehicle.objects.all(), "vehicle", vehicle_id)


def driver(driver_id: UUID) -> Driver:
    """One driver. Refuses `driver.not_found`."""
    return _one(Driver.objects.all(), "driver", driver_id)


def shift_rule(rule_id: UUID) -> ShiftRule:
    """One rule. Refuses `shift_rule.not_found`."""
    return _one(ShiftRule.objects.all(), "shift_rule", rule_id)


def shift(shift_id: UUID) -> Shift:
    """One shift with vehicle, driver and depots. Refuses `shift.not_found`."""
    return _one(_with_all(Shift.objects.all()), "shift", shift_id)


def depots() -> QuerySet[Depot]:
    """All depots with their places, those no longer active too."""
    return Depot.objects.select_related("place")


def vehicles() -> QuerySet[Vehicle]:
    """All vehicles."""
    return Vehicle.objects.all()


def drivers() -> QuerySet[Driver]:
    """All drivers."""
    return Driver.objects.all()


def shift_rules() -> QuerySet[ShiftRule]:
    """The rules that hold."""
    return ShiftRule.objects.filter(active=True)


def shifts() -> QuerySet[Shift]:
    """All shifts, with vehicle, driver and depots."""
    return _with_all(Shift.objects.all())


def shifts_on(day: date, depot_ids: Iterable[UUID] | None = None) -> list[Shift]:
    """The shifts of a day that are not off, from some depots or from all, by start; vehicle, driver and the depots'
    places are read along. `open_day` makes them."""
    rows = _with_all(Shift.objects.filter(day=day, off=False))
    if depot_ids is not None:
        rows = rows.filter(start_depot_id__in=list(depot_ids))
    return list(rows.order_by("starts_at", "id"))


def worked_on(days: Collection[date], depot_ids: Collection[UUID] = ()) -> dict[date, list[Worked]]:
    """Of each day the spans that vehicles work, from some depots or from all: its shifts, and where a rule has made
    none yet, what the rule will make."""
    shifts = Shift.objects.filter(day__in=list(days))
    made = set(shifts.values_list("day", "rule_id"))
    active = ShiftRule.objects.filter(active=True, vehicle__active=True).select_related("vehicle__depot")
    rows = active.filter(vehicle__depot_id__in=list(depot_ids)) if depot_ids else active
    found: dict[date, list[Worked]] = {day: [] for day in days}
    for shift in shifts.filter(off=False):
        if not depot_ids or shift.start_depot_id in depot_ids:
            found[shift.day].append(Worked(Window(shift.starts_at, shift.ends_at), shift.max_stops))
    for day, spans in found.items():
        for rule in rules.rules_of_day(list(rows), day):
            if (day, rule.id) not in made:
                zone = ZoneInfo(rule.vehicle.depot.zone)
                spans.append(Worked(rules.span_of(rule.starts, rule.ends, (), day, zone).window, rule.max_stops))
    return found


def starts(first: date, last: date) -> list[Point]:
    """Where shifts of these days begin that are not off: each depot once."""
    rows = Shift.objects.filter(day__range=(first, last), off=False).order_by("start_depot_id")
    places = rows.distinct("start_depot_id").values_list("start_depot__place__lat", "start_depot__place__lon")
    return [Point(lat, lon) for lat, lon in places if lat is not None]


def shift_lines(day: date) -> list[ShiftLine]:
    """The shifts of a day that are not off, by start, each in a line."""
    rows = Shift.objects.filter(day=day, off=False).order_by("starts_at", "vehicle__name", "id")
    of_shift = ("id", "starts_at", "ends_at", "start_depot_id", "end_depot_id")
    of_vehicle = ("vehicle_id", "vehicle__name", "vehicle__profile", "vehicle__capacity")
    return [ShiftLine(*row) for row in rows.values_list(*of_shift, "driver_id", "driver__name", *of_vehicle)]


def _with_all(rows: QuerySet[Shift]) -> QuerySet[Shift]:
    return rows.select_related("vehicle", "driver", "start_depot__place", "end_depot__place")


def _one(rows: QuerySet[Any], kind: str, id: UUID) -> Any:  # noqa: A002
    row = rows.filter(id=id).first()
    if row is None:
        raise not_found(kind, id)
    return row
