"""What a question is made of, read from orders and fleet as the planner's rules want it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from homestretch.fleet import queries as fleet
from homestretch.kernel.geo import Point
from homestretch.kernel.units import read_instant
from homestretch.kernel.windows import Window
from homestretch.orders import queries as orders
from homestretch.places import queries as places
from homestretch.plans.rules import Blackout, Duty, Work, goods_at, on_day


def day_of(day: date, depot_ids: Sequence[UUID]) -> tuple[list[Work], list[Duty]]:
    """What is owed and who works on a day, as blackouts leave it. Refuses `depot.not_found`, `plan.blackout`."""
    blackouts = [Blackout(row.id, row.reason, row.depot_id, row.zone_id) for row in places.blackouts_on([day])[day]]
    return on_day(_zoned(works(day, depot_ids), depot_ids, blackouts), duties(day, depot_ids), blackouts)


def _zoned(found: list[Work], depot_ids: Sequence[UUID], blackouts: Sequence[Blackout]) -> list[Work]:
    """The tasks with the zone that counts for each, and those of the blacked-out zones that hold it."""
    located = [work for work in found if work.point is not None]
    points = [work.point for work in located if work.point is not None]
    shut = {blackout.zone_id for blackout in blackouts if blackout.zone_id is not None}
    said = zip(places.zones_of(points, depot_ids), places.inside(points, shut), strict=True)
    zoned = {work.task_id: both for work, both in zip(located, said, strict=True)}
    return [
        replace(work, zone=zoned[work.task_id][0], shut=zoned[work.task_id][1]) if work.task_id in zoned else work
        for work in found
    ]


def works(day: date, depot_ids: Sequence[UUID]) -> list[Work]:
    """The day's ready tasks: those whose goods are at one of these depots, or anywhere; none named: all."""
    return [_work(view) for view in orders.ready_for(day, depot_ids)]


def duties(day: date, depot_ids: Sequence[UUID]) -> list[Duty]:
    """The day's shifts, of these depots or of all. Refuses `depot.not_found`."""
    for depot_id in depot_ids:
        fleet.depot(depot_id)
    return [_duty(shift) for shift in fleet.shifts_on(day, depot_ids or None) if not shift.off]


def _work(view: Any) -> Work:
    located = view.lat is not None and view.lon is not None
    return Work(
        task_id=view.task_id,
        order_id=view.order_id,
        kind=view.kind,
        place_id=view.place_id,
        point=Point(view.lat, view.lon) if located else None,
        access_s=view.access_s,
        windows=tuple(view.windows),
        service_s=view.service_s,
        loads=view.loads,
        skills=frozenset(view.skills) | ({goods_at(view.depot_id)} if view.depot_id else set()),
        pair=view.pair,
        priority=view.priority,
    )


def _duty(shift: Any) -> Duty:
    vehicle, driver = shift.vehicle, shift.driver
    start, end = shift.start_depot.place, shift.end_depot.place
    return Duty(
        shift_id=shift.id,
        start=Point(start.lat, start.lon),
        end=Point(end.lat, end.lon),
        span=Window(shift.starts_at, shift.ends_at),
        capacity=vehicle.capacity,
        skills=frozenset([*vehicle.skills, *(driver.skills if driver else ()), goods_at(shift.start_depot_id)]),
        profile=vehicle.profile,
        costs=(vehicle.cost_fixed, vehicle.cost_per_hour, vehicle.cost_per_km),
        breaks=tuple((b["duration_s"], read_instant(b["earliest"]), read_instant(b["latest"])) for b in shift.breaks),
        max_stops=shift.max_stops,
        max_distance_m=shift.max_distance_m,
    )
