"""The sea, made from the coastline: OpenStreetMap draws only its edge, with land on the left and water on the right.

Every line of coast is brought to the edge of the map's box, the box is cut along all of them, and each piece is sea or
land by the side of the coast that it lies on. Where lines contradict each other, the longer says which.
Source: the wiki's page Tag:natural=coastline.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from shapely import STRtree, get_coordinates, line_merge, points, unary_union
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize

from homestretch.atlas.osm import Bounds

Line = Sequence[tuple[float, float]]  # (lon, lat), as the way is drawn
ISLAND_MARGIN_DEG = 0.6  # around islands alone the sea goes on beyond the data
SIDE_DEG = 2e-7  # two centimeters beside the coast


def sea_of(coast: Sequence[Line], bounds: Bounds) -> MultiPolygon:
    """The sea within `bounds`; around islands whose coasts are all closed, some way beyond. Empty without a coast."""
    lines = [LineString(line) for line in coast if len(line) > 1]
    if not lines:
        return MultiPolygon()
    chains = _chains(lines)
    rim = box(bounds.west, bounds.south, bounds.east, bounds.north)
    if all(chain.is_closed for chain in chains) and all(_inside(chain, bounds) for chain in chains):
        rim = rim.buffer(ISLAND_MARGIN_DEG, join_style="mitre")
    else:
        chains = [_clipped(chain, rim) for chain in chains]
    pieces = list(polygonize(unary_union([rim.exterior, *chains]).geoms))
    wet = _wet(pieces, chains)
    return _many(unary_union([piece for piece, is_wet in zip(pieces, wet, strict=True) if is_wet]))


def _chains(lines: list[LineString]) -> list[LineString]:
    """Lines that continue each other as one, in the direction that they are drawn in."""
    merged = line_merge(MultiLineString(lines), directed=True)
    return [merged] if isinstance(merged, LineString) else list(merged.geoms)


def _inside(chain: LineString, bounds: Bounds) -> bool:
    west, south, east, north = chain.bounds
    return bool(bounds.west <= west and bounds.south <= south and bounds.east >= east and bounds.north >= north)


def _clipped(chain: LineString, rim: Polygon) -> BaseGeometry:
    """What is inside the box, its loose ends led to the nearest edge of the box."""
    if not chain.is_closed:
        coords = list(chain.coords)
        begin, end = (_to_edge(coords[0], rim), _to_edge(coords[-1], rim))
        chain = LineString([*begin, *coords, *reversed(end)])
    return chain.intersection(rim)


def _to_edge(end: tuple[float, ...], rim: Polygon) -> list[tuple[float, float]]:
    """A point on the edge before a loose end, or nothing where the end is outside already."""
    point = Point(end[:2])
    if not rim.contains(point):
        return []
    edge = rim.exterior.interpolate(rim.exterior.project(point))
    away = 1.0 + 1e-6  # a hair beyond, so that the lines cross
    return [(point.x + (edge.x - point.x) * away, point.y + (edge.y - point.y) * away)]


def _wet(pieces: list[Polygon], chains: Sequence[BaseGeometry]) -> list[bool]:
    """Whether each piece is sea: by the length of coast that has it on its right, less that on its left."""
    votes = np.zeros(len(pieces))
    tree = STRtree(pieces)
    for chain in chains:
        for line in getattr(chain, "geoms", [chain]):
            if not isinstance(line, LineString):
                continue
            middles, across, lengths = _sides(get_coordinates(line))
            for side in (1.0, -1.0):
                asked, found = tree.query(points(middles + side * across), predicate="within")
                np.add.at(votes, found, side * lengths[asked])
    return list(votes > 0)


def _sides(coords: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each segment: its middle, a tiny step to its right, its length."""
    step = np.diff(coords, axis=0)
    lengths = np.hypot(step[:, 0], step[:, 1])
    real = lengths > 0
    step, lengths = step[real], lengths[real]
    right = np.column_stack((step[:, 1], -step[:, 0])) / lengths[:, None] * SIDE_DEG
    return (coords[:-1][real] + step / 2), right, lengths


def _many(shape: BaseGeometry) -> MultiPolygon:
    parts = [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon) and not part.is_empty]
    return MultiPolygon(parts)
