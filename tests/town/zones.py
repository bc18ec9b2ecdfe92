"""Zones and service areas around the invented town's square."""

from __future__ import annotations

from typing import Any

from homestretch.kernel.geo import Point, offset
from tests.town.places import SQUARE


def box(north_m: float = 0, east_m: float = 0, half_m: float = 1000, center: Point = SQUARE) -> list[list[float]]:
    """A closed ring around a point: [lon, lat]."""
    middle = offset(center, north_m, east_m)
    corners = [(-1, -1), (-1, 1), (1, 1), (1, -1), (-1, -1)]
    points = [offset(middle, north * half_m, east * half_m) for north, east in corners]
    return [[round(point.lon, 6), round(point.lat, 6)] for point in points]


def polygon(*rings: list[list[float]]) -> dict[str, Any]:
    """GeoJSON of a ring and its holes."""
    return {"type": "Polygon", "coordinates": list(rings or (box(),))}


def feature(name: str, geometry: dict[str, Any] | None = None, **properties: Any) -> dict[str, Any]:
    """GeoJSON of a drawing with a name."""
    return {"type": "Feature", "geometry": geometry or polygon(), "properties": {"name": name, **properties}}


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    """GeoJSON of a file."""
    return {"type": "FeatureCollection", "features": list(features)}
