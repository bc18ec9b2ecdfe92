"""Areas whose outline an extract cuts: the ways that are there, closed the shorter way round outside the box.

An extract holds whole ways, so what is missing of an outline lies beyond the box: where the closing runs out there
does not matter, only that it stays out.
"""

from __future__ import annotations

from collections.abc import Sequence

from shapely import line_merge, make_valid, unary_union
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from homestretch.atlas.osm import Bounds
from homestretch.atlas.tiles.coast import Line

MARGIN_DEG = 0.001


def closed(outer: Sequence[Line], inner: Sequence[Line], bounds: Bounds) -> MultiPolygon:
    """The area of a cut outline as far as the box reaches; empty where nothing can be made of it."""
    rim = box(bounds.west, bounds.south, bounds.east, bounds.north).buffer(MARGIN_DEG, join_style="mitre")
    whole = unary_union([ring for chain in _chains(outer) for ring in _rings(chain, rim)])
    holes = unary_union([make_valid(Polygon(chain)) for chain in _chains(inner) if chain.is_closed])
    return _polygons(whole.intersection(rim).difference(holes))


def _chains(lines: Sequence[Line]) -> list[LineString]:
    real = [line for line in lines if len(line) > 1]
    if not real:
        return []
    merged = line_merge(MultiLineString(list(real)))
    return [merged] if isinstance(merged, LineString) else list(merged.geoms)


def _rings(chain: LineString, rim: Polygon) -> list[BaseGeometry]:
    """What a chain encloses, closed along the rim if it is open. A loose end inside the box is a hole in the data that
    nothing can be said of: such a chain encloses nothing."""
    if not chain.is_closed:
        first, last = Point(chain.coords[0]), Point(chain.coords[-1])
        if rim.contains(first) or rim.contains(last):
            return []
        chain = LineString([*chain.coords, *_around(rim, last, first), chain.coords[0]])
    if len(chain.coords) < 4:
        return []
    return [make_valid(Polygon(chain))]


def _around(rim: Polygon, begin: Point, end: Point) -> list[tuple[float, ...]]:
    """Along the rim from one point's nearest place to another's, the shorter way."""
    edge = rim.exterior
    a, b = edge.project(begin), edge.project(end)
    straight, back = abs(b - a), edge.length - abs(b - a)
    if straight <= back:
        return list(substring(edge, a, b).coords)
    low, high = min(a, b), max(a, b)
    path = [*substring(edge, high, edge.length).coords, *substring(edge, 0, low).coords]
    return path if a == high else path[::-1]


def _polygons(shape: BaseGeometry) -> MultiPolygon:
    parts = getattr(shape, "geoms", [shape])
    return MultiPolygon([part for part in parts if isinstance(part, Polygon) and not part.is_empty])
