"""The verbs of the fleet: depots, vehicles and drivers are saved whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from homestretch.accounts import queries as accounts
from homestretch.accounts.actions import revoke_devices_of
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.fleet import rules
from homestretch.fleet.events import DepotChanged, DriverChanged, VehicleChanged
from homestretch.fleet.models import Depot, Driver, Named, Vehicle
from homestretch.fleet.values import DepotData, DriverData, VehicleData
from homestretch.kernel.actor import Actor
from homestretch.kernel.contact import read_language, read_phone
from homestretch.kernel.refusal import Refusal, check_version, not_found
from homestretch.kernel.windows import read_zone
from homestretch.places.actions import find_or_create


@action
def save_depot(
    data: DepotData,
    *,
    ident: UUID | None = None,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> Depot:
    """Make a depot, or replace the one of `ident`. Refuses `zone.unknown`, `depot.external_id_taken`, bad places."""
    zone = read_zone(data.zone or accounts.organization().zone)
    place = find_or_create(replace(data.place, serve_anyway=True), by=by, at=at)  # wherever our own depot stands
    values = {"place_id": place.id, "zone": zone.key}
    depot, changed = _save(Depot, data, values, ident=ident, version=version)
    if changed:
        record(DepotChanged(depot.id, changed), by=by, at=at)
    return depot


@action
def save_vehicle(
    data: VehicleData,
    *,
    ident: UUID | None = None,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> Vehicle:
    """Make a vehicle, or replace the one of `ident`. Switched off, its trackers are shut out.

    Refuses `depot.not_found` and bad values.
    """
    values = rules.check_vehicle(data)
    if not Depot.objects.filter(id=data.depot_id).exists():
        raise not_found("depot", data.depot_id)
    vehicle, changed = _save(Vehicle, data, {**values, "depot_id": data.depot_id}, ident=ident, version=version)
    if changed:
        record(VehicleChanged(vehicle.id, changed), by=by, at=at)
        _shut_out(vehicle, changed, by=by, at=at)
    return vehicle


@action
def save_driver(
    data: DriverData,
    *,
    ident: UUID | None = None,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> Driver:
    """Make a driver, or replace the one of `ident`. Switched off, their phones are shut out.

    Refuses bad phones, languages and skills.
    """
    values = {
        "phone": read_phone(data.phone, accounts.organization().country),
        "language": read_language(data.language),
        "skills": rules.check_skills(data.skills),
    }
    driver, changed = _save(Driver, data, values, ident=ident, version=version)
    if changed:
        record(DriverChanged(driver.id, changed), by=by, at=at)
        _shut_out(driver, changed, by=by, at=at)
    return driver


def _shut_out(row: Driver | Vehicle, changed: tuple[str, ...], *, by: Actor, at: datetime) -> None:
    if "active" in changed and not row.active:
        revoke_devices_of(row.id, by=by, at=at)


def _save(
    model: type[Named],
    data: Any,
    values: Mapping[str, Any],
    *,
    ident: UUID | None,
    version: int | None,
) -> tuple[Any, tuple[str, ...]]:
    """Insert or replace; returns the row and the names of what changed."""
    kind = model.__name__.lower()
    row = _locked(model, ident, version) if ident else model()
    fields = {
        "name": rules.check_name(data.name),
        "external_id": rules.check_external(data.external_id),
        "metadata": rules.check_metadata(data.metadata),
        "active": data.active,
        **values,
    }
    taken = model.objects.filter(external_id=fields["external_id"]).exclude(id=row.id)
    if fields["external_id"] is not None and taken.exists():
        raise Refusal(
            f"{kind}.external_id_taken",
            f"another {kind} has this external id",
            remedy=f"change that {kind}, or give another external id",
            field="external_id",
        )
    changed = tuple(sorted(name for name, value in fields.items() if ident is None or getattr(row, name) != value))
    for name in changed:
        setattr(row, name, fields[name])
    if changed:
        row.version += 1 if ident else 0
        row.save(force_insert=ident is None)
    return row, changed


def _locked(model: type[Named], ident: UUID, version: int | None) -> Any:
    kind = model.__name__.lower()
    row = model.objects.select_for_update().filter(id=ident).first()
    if row is None:
        raise not_found(kind, ident)
    check_version(kind, version, row.version)
    return row
