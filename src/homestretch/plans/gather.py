"""What a question is made of, read from orders and fleet as the planner's rules want it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from homestretch.fleet import queries as fleet
from homestretch.kernel.geo import Point
from homestretch.kernel.units import read_instant
from homestretch.kernel.windows import Window
from homestretch.orders import queries as orders
from homestretch.plans.rules import Duty, Work, goods_at


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
