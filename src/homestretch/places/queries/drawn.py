"""Reads of zones and service areas: what is drawn, and what a point lies in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import not_found
from homestretch.places import rules
from homestretch.places.models import Area, Place, ServiceArea, Zone

KEPT_SHAPES = 2_000  # in this process; a shape is known by the hash of its drawing, whoever drew it
_shapes: dict[str, rules.Shape] = {}


def zone(zone_id: UUID) -> Zone:
    """One zone. Refuses `zone.not_found`."""
    found = Zone.objects.filter(id=zone_id).first()
    if found is None:
        raise not_found("zone", zone_id)
    return found


def service_area(service_area_id: UUID) -> ServiceArea:
    """One service area. Refuses `service_area.not_found`."""
    found = ServiceArea.objects.filter(id=service_area_id).first()
    if found is None:
        raise not_found("service_area", service_area_id)
    return found


def zones() -> QuerySet[Zone]:
    """All zones."""
    return Zone.objects.all()


def service_areas() -> QuerySet[ServiceArea]:
    """All service areas."""
    return ServiceArea.objects.all()


def zones_at(points: Sequence[Point], depot_ids: Iterable[UUID] = ()) -> list[list[str]]:
    """Of each point the names of the zones that hold it, the one that counts first: those of these depots and of none,
    or all where no depot is named."""
    depots = list(depot_ids)
    rows = Zone.objects.filter(Q(depot_id__isnull=True) | Q(depot_id__in=depots)) if depots else Zone.objects.all()
    drawn = list(rows.values_list("name", "priority", "digest"))
    shapes = _shapes_of(Zone, {digest for *_, digest in drawn})
    return rules.layers_at([rules.Layer(name, priority, shapes[digest]) for name, priority, digest in drawn], points)


def zones_of(points: Sequence[Point], depot_ids: Iterable[UUID] = ()) -> list[str]:
    """Of each point the zone that counts, by name; '' where it lies in none."""
    return [next(iter(names), "") for names in zones_at(points, depot_ids)]


def inside(points: Sequence[Point], zone_ids: Collection[UUID]) -> list[frozenset[UUID]]:
    """Of each point those of the zones that hold it, whichever of them counts."""
    drawn = dict(Zone.objects.filter(id__in=zone_ids).values_list("id", "digest"))
    shapes = _shapes_of(Zone, set(drawn.values()))
    held = [(ident, rules.inside_any([shapes[digest]], points)) for ident, digest in drawn.items()]
    return [frozenset(ident for ident, found in held if found[index]) for index in range(len(points))]


def places_in(zone_id: UUID) -> list[UUID]:
    """The places that stand in a zone. Refuses `zone.not_found`."""
    drawn = zone(zone_id)
    box = {"lat__gte": drawn.south, "lat__lte": drawn.north, "lon__gte": drawn.west, "lon__lte": drawn.east}
    near = list(Place.objects.filter(**box).values_list("id", "lat", "lon"))
    held = inside([Point(lat, lon) for _, lat, lon in near], [zone_id])
    return [ident for (ident, _, _), zones in zip(near, held, strict=True) if zones]


def served(points: Sequence[Point]) -> list[bool]:
    """Of each point whether we serve there: inside a service area, or anywhere while none is drawn."""
    digests = set(ServiceArea.objects.values_list("digest", flat=True))
    if not digests or not points:
        return [True] * len(points)
    return rules.inside_any(list(_shapes_of(ServiceArea, digests).values()), points)


def is_served(point: Point) -> bool:
    """Whether we serve there."""
    return served([point])[0]


def as_features(rows: Iterable[Area]) -> dict[str, Any]:
    """Drawings as a GeoJSON FeatureCollection, in the form in which they may be brought in again."""
    return {"type": "FeatureCollection", "features": [_feature(row) for row in rows]}


def _feature(row: Area) -> dict[str, Any]:
    properties: dict[str, Any] = {"name": row.name, "metadata": row.metadata}
    if row.external_id is not None:
        properties["external_id"] = row.external_id
    if isinstance(row, Zone):
        properties |= {"priority": row.priority, "depot_id": str(row.depot_id) if row.depot_id else None}
    return {"type": "Feature", "id": str(row.id), "geometry": row.geometry, "properties": properties}


def _shapes_of(model: type[Area], digests: Collection[str]) -> dict[str, rules.Shape]:
    """The shapes of these hashes: those that this process knows, and the others read once."""
    known = {digest: shape for digest in digests if (shape := _shapes.get(digest))}
    rows = model._default_manager.filter(digest__in=set(digests) - known.keys()) if len(known) < len(digests) else ()
    for digest, geometry in rows.values_list("digest", "geometry") if rows else ():
        known[digest] = rules.Shape(geometry)
    if len(_shapes) + len(known) > KEPT_SHAPES:
        _shapes.clear()
    _shapes.update(known)
    return known
