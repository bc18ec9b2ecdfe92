"""Zones and service areas by API: drawn, changed, brought in and taken out as GeoJSON, asked for a point."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from homestretch.doors.api.zoning import (
    AreaIn,
    AreaOut,
    AreaRowOut,
    AtOut,
    BroughtOut,
    FeaturesIn,
    FeaturesOut,
    ZoneIn,
    ZoneOut,
    ZoneRowOut,
)
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.kernel.geo import read_point
from homestretch.places import actions, queries, rules
from homestretch.web.entry import READ, WRITE
from homestretch.web.etags import check_version
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page

router = Router(tags=["zones"])
areas = Router(tags=["zones"])
BY_NAME = ("name", "id")


class ZonePointQuery(Schema):
    """A point, in WGS84 degrees."""

    lat: float
    lon: float


def _shown(schema: type[Any]) -> Callable[[Any], Any]:
    return lambda row: schema(**{name: getattr(row, name) for name in schema.model_fields})


def _brought(rows: Any) -> BroughtOut:
    return BroughtOut(ids=[row.id for row in rows])


def _seen(request: HttpRequest, read: Any, ident: UUID) -> int:
    """The version that stands, after the request named it."""
    with scope(request.auth):
        version: int = read(ident).version
        check_version(request, version)
    return version


def _check_depots(request: HttpRequest, depot_ids: set[UUID | None]) -> None:
    """Refuses `depot.not_found`."""
    with scope(request.auth):
        for depot_id in depot_ids - {None}:
            fleet.depot(depot_id)  # type: ignore[arg-type]  # None is not among them


@router.get("/at", auth=READ("places"), response=AtOut)
def get_zones_at(request: HttpRequest, where: Query[ZonePointQuery]) -> Any:
    """The zones that hold a point, and whether we serve there."""
    point = read_point(where.lat, where.lon)
    with scope(request.auth):
        (names,), served = queries.zones_at([point]), queries.is_served(point)
    return AtOut(zone=next(iter(names), None), zones=names, served=served)


@router.get("/geojson", auth=READ("places"), response=FeaturesOut)
def export_zones(request: HttpRequest) -> Any:
    """All zones as a GeoJSON FeatureCollection."""
    with scope(request.auth):
        return queries.as_features(queries.zones().order_by(*BY_NAME))


@router.post("/geojson", auth=WRITE("places"), response={201: BroughtOut})
def import_zones(request: HttpRequest, data: FeaturesIn) -> Any:
    """Draw the zones of a file: all of them, or none and every refusal listed. Those that are there are replaced, found
    by external id, else by name."""
    given = rules.read_zones(data.model_dump())
    _check_depots(request, {zone.depot_id for zone in given if not isinstance(zone, Exception)})
    once = once_of(request, "import_zones", _brought)
    return Status(201, _brought(actions.import_zones(given, by=request.auth, at=now(), once=once)))


@router.get("", auth=READ("places"), response=Page[ZoneRowOut])
def list_zones(request: HttpRequest, part: Query[PageQuery]) -> Any:
    """Zones, by name, without their geometry."""
    with scope(request.auth):
        return page(queries.zones(), part.cursor, part.limit, key=BY_NAME, show=_shown(ZoneRowOut))


@router.post("", auth=WRITE("places"), response={201: ZoneOut})
def create_zone(request: HttpRequest, data: ZoneIn) -> Any:
    """Draw a zone."""
    _check_depots(request, {data.depot_id})
    once = once_of(request, "create_zone", _shown(ZoneOut))
    return Status(201, _shown(ZoneOut)(actions.save_zone(data.data(), by=request.auth, at=now(), once=once)))


@router.get("/{zone_id}", auth=READ("places"), response=ZoneOut)
def get_zone(request: HttpRequest, zone_id: UUID) -> Any:
    """One zone."""
    with scope(request.auth):
        return _shown(ZoneOut)(queries.zone(zone_id))


@router.put("/{zone_id}", auth=WRITE("places"), response=ZoneOut)
def replace_zone(request: HttpRequest, zone_id: UUID, data: ZoneIn) -> Any:
    """A zone as it should be."""
    version = _seen(request, queries.zone, zone_id)
    _check_depots(request, {data.depot_id})
    zone = actions.save_zone(data.data(), ident=zone_id, version=version, by=request.auth, at=now())
    return _shown(ZoneOut)(zone)


@router.delete("/{zone_id}", auth=WRITE("places"), response={204: None})
def remove_zone(request: HttpRequest, zone_id: UUID) -> Any:
    """Take a zone away. Plans that were made with it stay as they are."""
    version = _seen(request, queries.zone, zone_id)
    actions.remove_zone(zone_id, version=version, by=request.auth, at=now())
    return Status(204, None)


@areas.get("/geojson", auth=READ("places"), response=FeaturesOut)
def export_service_areas(request: HttpRequest) -> Any:
    """All service areas as a GeoJSON FeatureCollection."""
    with scope(request.auth):
        return queries.as_features(queries.service_areas().order_by(*BY_NAME))


@areas.post("/geojson", auth=WRITE("places"), response={201: BroughtOut})
def import_service_areas(request: HttpRequest, data: FeaturesIn) -> Any:
    """Draw the service areas of a file: all of them, or none and every refusal listed."""
    given = rules.read_service_areas(data.model_dump())
    once = once_of(request, "import_service_areas", _brought)
    return Status(201, _brought(actions.import_service_areas(given, by=request.auth, at=now(), once=once)))


@areas.get("", auth=READ("places"), response=Page[AreaRowOut])
def list_service_areas(request: HttpRequest, part: Query[PageQuery]) -> Any:
    """Service areas, by name, without their geometry."""
    with scope(request.auth):
        return page(queries.service_areas(), part.cursor, part.limit, key=BY_NAME, show=_shown(AreaRowOut))


@areas.post("", auth=WRITE("places"), response={201: AreaOut})
def create_service_area(request: HttpRequest, data: AreaIn) -> Any:
    """Draw a service area. From the first on, orders to places outside of all wait for a person."""
    once = once_of(request, "create_service_area", _shown(AreaOut))
    area = actions.save_service_area(data.data(), by=request.auth, at=now(), once=once)
    return Status(201, _shown(AreaOut)(area))


@areas.get("/{service_area_id}", auth=READ("places"), response=AreaOut)
def get_service_area(request: HttpRequest, service_area_id: UUID) -> Any:
    """One service area."""
    with scope(request.auth):
        return _shown(AreaOut)(queries.service_area(service_area_id))


@areas.put("/{service_area_id}", auth=WRITE("places"), response=AreaOut)
def replace_service_area(request: HttpRequest, service_area_id: UUID, data: AreaIn) -> Any:
    """A service area as it should be."""
    version = _seen(request, queries.service_area, service_area_id)
    asked = {"ident": service_area_id, "version": version, "by": request.auth, "at": now()}
    return _shown(AreaOut)(actions.save_service_area(data.data(), **asked))


@areas.delete("/{service_area_id}", auth=WRITE("places"), response={204: None})
def remove_service_area(request: HttpRequest, service_area_id: UUID) -> Any:
    """Take a service area away. Without any we serve everywhere."""
    version = _seen(request, queries.service_area, service_area_id)
    actions.remove_service_area(service_area_id, version=version, by=request.auth, at=now())
    return Status(204, None)
