"""The fleet of the invented town: one depot, three vehicles, a driver."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from homestretch.fleet import actions, queries
from homestretch.fleet.values import DepotData, DriverData, ShiftRuleData, VehicleData
from homestretch.kernel.actor import Actor
from tests.town.places import AT, place_data

DAY = date(2026, 11, 23)  # a Monday


def a_depot(by: Actor, *, at: datetime = AT, **changes: Any) -> Any:
    """The depot on the square."""
    data = {"name": "Depot", "place": place_data(0, address="Depot Street 1, Town"), "zone": "Europe/Luxembourg"}
    return actions.save_depot(DepotData(**{**data, **changes}), by=by, at=at)


def a_vehicle(by: Actor, depot_id: UUID, *, at: datetime = AT, **changes: Any) -> Any:
    """A van for 40 pieces."""
    data = {"name": "Van 1", "depot_id": depot_id, "capacity": {"pieces": 40}, "cost_per_hour": 3000, "cost_per_km": 40}
    return actions.save_vehicle(VehicleData(**{**data, **changes}), by=by, at=at)


def a_driver(by: Actor, *, at: datetime = AT, **changes: Any) -> Any:
    """Dora, who drives."""
    return actions.save_driver(DriverData(**{"name": "Dora", "phone": "+352621123456", **changes}), by=by, at=at)


def a_shift_rule(by: Actor, vehicle_id: UUID, *, at: datetime = AT, **changes: Any) -> Any:
    """Mondays from eight to five."""
    data = {"vehicle_id": vehicle_id, "starts": time(8), "ends": time(17), "weekday": 0}
    return actions.save_shift_rule(ShiftRuleData(**{**data, **changes}), by=by, at=at)


def a_shift(by: Actor, *, driver: bool = True, day: date = DAY, at: datetime = AT, **changes: Any) -> Any:
    """A shift of that day with its own depot, vehicle and driver; `changes` are of the rule."""
    depot = changes.pop("depot", None) or a_depot(by, at=at)
    number = queries_count(by)
    vehicle = a_vehicle(by, depot.id, at=at, name=f"Van {number}")
    driver_id = a_driver(by, at=at, name=f"Driver {number}").id if driver else None
    changes = {"weekday": None, "day": day, "driver_id": driver_id, **changes}
    rule = a_shift_rule(by, vehicle.id, at=at, **changes)
    return next(shift for shift in actions.open_day(day, by=by, at=at) if shift.rule_id == rule.id)


def queries_count(by: Actor) -> int:
    """The number that the next vehicle's name carries."""
    from homestretch.events.scope import scope

    with scope(by):
        return int(queries.vehicles().count()) + 1


def a_fleet(by: Actor, *, vehicles: int = 3, day: date = DAY, at: datetime = AT) -> list[Any]:
    """One depot and as many vehicles with drivers, each with a shift on the day; returns the shifts."""
    depot = a_depot(by, at=at)
    return [a_shift(by, depot=depot, day=day, at=at) for _ in range(vehicles)]
