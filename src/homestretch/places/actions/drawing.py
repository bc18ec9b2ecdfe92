"""Zones and service areas are drawn, changed, brought in from a file, and taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.events.log import record, record_all
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal, check_version, not_found
from homestretch.places import rules
from homestretch.places.events import BlackoutRemoved, ServiceAreaChanged, ServiceAreaRemoved, ZoneChanged, ZoneRemoved
from homestretch.places.models import Area, ServiceArea, Zone
from homestretch.places.values import AreaData, ZoneData

MOST = 2_000  # drawings of a kind in an organization
KINDS = {Zone: "zone", ServiceArea: "service_area"}


@action
def save_zone(
    data: ZoneData, *, ident: UUID | None = None, version: int | None = None, by: Actor, at: datetime
) -> Zone:
    """Draw a zone, or replace the one of `ident`. Whoever calls has looked whether there is such a depot.

    Refuses what `rules.read_drawing` refuses, `area.name_invalid`, `area.external_id_invalid`,
    `area.metadata_too_large`, `zone.priority_invalid`, `zone.name_taken`, `zone.external_id_taken`, `zone.too_many`,
    `zone.not_found`, `zone.stale`.
    """
    row = _locked(Zone, ident) if ident else Zone(created_at=at)
    check_version("zone", version, row.version)
    _save_zone(row, data, by, at)
    return row


def _save_zone(row: Zone, data: ZoneData, by: Actor, at: datetime) -> None:
    rules.check_priority(data.priority)
    changed = _draw(row, data, {"priority": data.priority, "depot_id": data.depot_id})
    if changed:
        record(ZoneChanged(row.id, changed), by=by, at=at)


@action
def save_service_area(
    data: AreaData, *, ident: UUID | None = None, version: int | None = None, by: Actor, at: datetime
) -> ServiceArea:
    """Draw a service area, or replace the one of `ident`; places are judged anew by a job.

    Refuses as `save_zone` does, with `service_area.` for `zone.`
    """
    row = _locked(ServiceArea, ident) if ident else ServiceArea(created_at=at)
    check_version("service_area", version, row.version)
    _save_service_area(row, data, by, at)
    later("places.judge_areas", by.organization_id)
    return row


def _save_service_area(row: ServiceArea, data: AreaData, by: Actor, at: datetime) -> None:
    changed = _draw(row, data, {})
    if changed:
        record(ServiceAreaChanged(row.id, changed), by=by, at=at)


@action
def remove_zone(zone_id: UUID, *, version: int | None = None, by: Actor, at: datetime) -> None:
    """Take a zone away, with the blackouts that were of it. Refuses `zone.not_found`, `zone.stale`."""
    row = _locked(Zone, zone_id)
    check_version("zone", version, row.version)
    gone = list(row.blackouts.order_by("id").values_list("id", flat=True))
    row.delete()
    record_all([BlackoutRemoved(ident) for ident in gone], by=by, at=at)
    record(ZoneRemoved(zone_id), by=by, at=at)


@action
def remove_service_area(area_id: UUID, *, version: int | None = None, by: Actor, at: datetime) -> None:
    """Take a service area away; without any we serve everywhere. Refuses `service_area.not_found` and `.stale`."""
    row = _locked(ServiceArea, area_id)
    check_version("service_area", version, row.version)
    row.delete()
    record(ServiceAreaRemoved(area_id), by=by, at=at)
    later("places.judge_areas", by.organization_id)


@action
def import_zones(given: Sequence[ZoneData | Refusal], *, by: Actor, at: datetime) -> list[Zone]:
    """Draw all zones of a file (`rules.read_features`), or none: refuses `area.features_refused` with every refusal.

    One that is there already, by its external id, else by its name, is replaced.
    """
    return _all_or_none(Zone, given, _save_zone, by, at)


@action
def import_service_areas(given: Sequence[AreaData | Refusal], *, by: Actor, at: datetime) -> list[ServiceArea]:
    """As `import_zones`, for service areas."""
    saved = _all_or_none(ServiceArea, given, _save_service_area, by, at)
    later("places.judge_areas", by.organization_id)
    return saved


def _all_or_none(model: type[Any], given: Sequence[Any], save: Any, by: Actor, at: datetime) -> list[Any]:
    refusals = [(number, each) for number, each in enumerate(given) if isinstance(each, Refusal)]
    saved, drawn = [], set()
    for number, data in enumerate(given):
        if isinstance(data, Refusal):
            continue
        try:
            ident = _known(model, data)
            if ident in drawn:
                raise _twice()
            row = _locked(model, ident) if ident else model(created_at=at)
            save(row, data, by, at)
            drawn.add(row.id)
            saved.append(row)
        except Refusal as refusal:
            refusals.append((number, refusal))
    if refusals:
        raise rules.features_refused(sorted(refusals, key=lambda each: each[0]))
    return saved


def _twice() -> Refusal:
    return Refusal("area.feature_repeated", "the file draws this one twice", remedy="keep one of the two", field="name")


def _known(model: type[Area], data: AreaData) -> UUID | None:
    rows = model._default_manager
    known = rows.filter(external_id=data.external_id).first() if data.external_id else None
    known = known or rows.filter(name=data.name.strip()).first()
    return known.id if known else None


def _locked(model: type[Any], ident: UUID) -> Any:
    kind = KINDS[model]
    row = model.objects.select_for_update().filter(id=ident).first()
    if row is None:
        raise not_found(kind, ident)
    return row


def _draw(row: Any, data: AreaData, more: Mapping[str, Any]) -> tuple[str, ...]:
    """Insert or replace; returns the names of what changed, the drawing as `geometry`."""
    is_new = row._state.adding
    data = replace(data, **rules.check_area(data))
    drawn = rules.read_drawing(data.geometry)
    _check_free(type(row), row.id, data, is_new=is_new)
    fields = {"name": data.name, "external_id": data.external_id, "metadata": dict(data.metadata), **more}
    changed = {name for name, value in fields.items() if is_new or getattr(row, name) != value}
    for name in changed:
        setattr(row, name, fields[name])
    if row.digest != drawn.digest:
        changed.add("geometry")
        for name in ("geometry", "digest", "south", "west", "north", "east"):
            setattr(row, name, getattr(drawn, name))
    if changed:
        row.version += 0 if is_new else 1
        row.save(force_insert=is_new)
    return tuple(sorted(changed))


def _check_free(model: type[Any], ident: UUID, data: AreaData, *, is_new: bool) -> None:
    kind, others = KINDS[model], model.objects.exclude(id=ident)
    if others.filter(name=data.name).exists():
        raise Refusal(f"{kind}.name_taken", f"another {kind} has this name", remedy="give another name", field="name")
    if data.external_id is not None and others.filter(external_id=data.external_id).exists():
        raise Refusal(
            f"{kind}.external_id_taken",
            f"another {kind} has this external id",
            remedy=f"change that {kind}, or give another external id",
            field="external_id",
        )
    if is_new and others.count() >= MOST:
        raise Refusal(
            f"{kind}.too_many",
            f"there are {MOST} of them already",
            remedy="take some away, or draw several as one MultiPolygon",
        )
