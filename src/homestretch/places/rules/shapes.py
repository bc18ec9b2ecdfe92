"""What may be drawn, and what lies inside. GeoJSON (RFC 7946) with lon before lat in it, as everybody draws it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping, shape
from shapely.geometry.polygon import orient
from shapely.validation import explain_validity

from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import Refusal

MAX_POINTS = 10_000  # of one drawing, over all its rings
MAX_RINGS = 1_000
DIGITS = 7  # of a degree that are kept: about a centimeter
HALF_WAY = 180  # degrees; what is wider goes round the other side of the earth
Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawing that holds: its GeoJSON, the box around it, and a hash that is the same for the same shape."""

    geometry: dict[str, Any]
    south: float
    west: float
    north: float
    east: float
    digest: str


def read_drawing(raw: Any) -> Drawn:
    """A Polygon or MultiPolygon as it is kept: rings closed and turned as the standard says, holes inside.

    Refuses `area.type_unknown`, `area.coordinates_missing`, `area.coordinates_invalid`, `area.ring_open`,
    `area.ring_short`, `area.too_many_points`, `area.self_crossing`, `area.empty` and `area.too_wide`, each with the
    field and, where there is one, the point.
    """
    kind = raw.get("type") if isinstance(raw, Mapping) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise Refusal(
            "area.type_unknown",
            f"{str(kind)[:40]} is not drawn as an area",
            remedy="a GeoJSON geometry of type Polygon or MultiPolygon",
            field="geometry.type",
        )
    path = "geometry.coordinates"
    parts = [(path, raw.get("coordinates"))] if kind == "Polygon" else _listed(raw.get("coordinates"), path)
    _check_size(raw.get("coordinates"))
    polygons = [_polygon(rings, where) for where, rings in parts]
    whole = polygons[0] if kind == "Polygon" else MultiPolygon(polygons)
    _check_whole(whole)
    west, south, east, north = whole.bounds
    turned = orient(whole) if kind == "Polygon" else MultiPolygon([orient(part) for part in whole.geoms])
    geometry = json.loads(json.dumps(mapping(turned)))
    digest = hashlib.sha256(json.dumps(geometry, sort_keys=True).encode()).hexdigest()
    return Drawn(geometry, south, west, north, east, digest)


def _listed(raw: Any, path: str) -> list[tuple[str, Any]]:
    """The members of a list, each with its path. Refuses `area.coordinates_missing`."""
    if not isinstance(raw, list) or not raw:
        raise Refusal(
            "area.coordinates_missing",
            "there is no list of coordinates here",
            remedy="a Polygon is a list of rings, a MultiPolygon a list of polygons, a ring a list of [lon, lat]",
            field=path,
        )
    return [(f"{path}[{index}]", member) for index, member in enumerate(raw)]


def _check_size(raw: Any) -> None:
    rings = points = 0
    waiting = [raw]
    while waiting and points <= MAX_POINTS and rings <= MAX_RINGS:
        here = waiting.pop()
        inner = [member for member in here if isinstance(member, list)] if isinstance(here, list) else []
        is_ring = bool(inner) and not any(isinstance(member, list) for member in inner[0])
        rings, points = rings + is_ring, points + (len(inner) if is_ring else 0)
        waiting += [] if is_ring else inner
    if points > MAX_POINTS or rings > MAX_RINGS:
        raise Refusal(
            "area.too_many_points",
            "this drawing has too many points or rings",
            remedy=f"at most {MAX_POINTS} points in {MAX_RINGS} rings: draw it simpler",
            field="geometry.coordinates",
        )


def _polygon(raw: Any, path: str) -> Polygon:
    rings = [_ring(ring, where) for where, ring in _listed(raw, path)]
    return Polygon(rings[0], rings[1:])


def _ring(raw: Any, path: str) -> Ring:
    ring = [_position(position, where) for where, position in _listed(raw, path)]
    if ring[0] != ring[-1]:
        raise Refusal(
            "area.ring_open",
            "the ring does not end where it begins",
            remedy="repeat its first point as its last",
            field=path,
            lat=ring[-1][1],
            lon=ring[-1][0],
        )
    if len(ring) < len("abca"):  # a triangle, closed
        raise Refusal(
            "area.ring_short",
            f"a ring of {len(ring)} points has no inside",
            remedy="at least four points, the last the same as the first",
            field=path,
        )
    return ring


def _position(raw: Any, path: str) -> tuple[float, float]:
    numbers = raw[:2] if isinstance(raw, list) and len(raw) in (2, 3) else []
    if len(numbers) != 2 or not all(type(number) in (int, float) and isfinite(number) for number in numbers):
        raise Refusal("area.coordinates_invalid", "this is no point", remedy="[lon, lat] in degrees", field=path)
    lon, lat = (round(float(number), DIGITS) for number in numbers)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Refusal(
            "area.coordinates_invalid",
            f"lat {lat}, lon {lon} is not on the earth",
            remedy="GeoJSON says lon first: lon is -180 to 180, lat -90 to 90; perhaps the two are swapped",
            field=path,
        )
    return lon, lat


def _check_whole(whole: Any) -> None:
    if not whole.is_valid:
        reason = explain_validity(whole)
        where = {} if "[" not in reason else _named(reason[reason.index("[") + 1 : reason.index("]")])
        raise Refusal(
            "area.self_crossing",
            f"the drawing crosses or touches itself: {reason.split('[')[0].lower()}",
            remedy="draw rings that do not cross, holes inside their ring, parts that do not overlap",
            field="geometry.coordinates",
            **where,
        )
    if whole.area == 0:
        raise Refusal(
            "area.empty", "nothing lies inside this drawing", remedy="draw an area", field="geometry.coordinates"
        )
    west, _, east, _ = whole.bounds
    if east - west > HALF_WAY:
        raise Refusal(
            "area.too_wide",
            f"it spans {east - west:.0f} degrees of lon",
            remedy="cut what crosses the 180th meridian there, into two polygons of a MultiPolygon",
            field="geometry.coordinates",
        )


def _named(pair: str) -> dict[str, float]:
    lon, lat = (float(number) for number in pair.split()[:2])
    return {"lat": round(lat, DIGITS), "lon": round(lon, DIGITS)}


class Shape:
    """A drawing that can be asked for points. Its boundary belongs to it."""

    def __init__(self, geometry: Mapping[str, Any]) -> None:
        self._shape = shape(geometry)
        shapely.prepare(self._shape)
        self._west, self._south, self._east, self._north = self._shape.bounds
        self.area = float(self._shape.area)  # in square degrees: to compare, not to tell

    def holds(self, lats: Sequence[float], lons: Sequence[float]) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which of the points lie inside."""
        y, x = np.asarray(lats, dtype=float), np.asarray(lons, dtype=float)
        near = (x >= self._west) & (x <= self._east) & (y >= self._south) & (y <= self._north)
        inside = near.copy()
        inside[near] = shapely.intersects_xy(self._shape, x[near], y[near])
        return np.asarray(inside)


def inside_any(shapes: Sequence[Shape], points: Sequence[Point]) -> list[bool]:
    """Of each point whether one of the shapes holds it."""
    lats, lons = [point.lat for point in points], [point.lon for point in points]
    found = np.zeros(len(points), dtype=bool)
    for one in shapes:
        found |= one.holds(lats, lons)
    return [bool(each) for each in found]


@dataclass(frozen=True, slots=True)
class Layer:
    """A zone as it lies over others: of two that hold a point the one of higher priority counts, then the smaller."""

    name: str
    priority: int
    shape: Shape


def layers_at(layers: Sequence[Layer], points: Sequence[Point]) -> list[list[str]]:
    """Of each point the names of the zones that hold it, the one that counts first."""
    lats, lons = [point.lat for point in points], [point.lon for point in points]
    found: list[list[str]] = [[] for _ in points]
    for layer in sorted(layers, key=lambda layer: (-layer.priority, layer.shape.area, layer.name)):
        for index in np.flatnonzero(layer.shape.holds(lats, lons)):
            found[index].append(layer.name)
    return found
