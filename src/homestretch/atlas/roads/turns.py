"""What a turn costs: by its angle and by the side on which they drive; turning around; a ferry's boarding is elsewhere.

The shape is that of OSRM's car profile: a sigmoid of the angle, up to 7.5 s, dearer across the oncoming traffic, only
where more than two roads meet; 20 s more to turn around.
"""

from __future__ import annotations

import numpy as np

from homestretch.atlas.roads.graph import RoadGraph
from homestretch.atlas.roads.values import Bools, Floats, Ints, Longs

_MOST_MS = {"van": 7_500, "truck": 10_000, "bike": 2_000, "foot": 0}
_AROUND_MS = {"van": 20_000, "truck": 60_000, "bike": 5_000, "foot": 0}
_BIAS = 1.075  # how much dearer a turn is that crosses oncoming traffic
_STEEP = 13.0
_LOOK_M = 4.0  # pieces shorter than this say little of where a road leads


def bearings(graph: RoadGraph) -> tuple[Floats, Floats]:
    """Degrees clockwise from north where each arc begins, and where it ends."""
    first, last = graph.shape_at[:-1].astype(np.int64), graph.shape_at[1:].astype(np.int64) - 1
    second, before = np.minimum(first + 1, last), np.maximum(last - 1, first)
    begin, end = _bearing(graph, first, second), _bearing(graph, before, last)
    begin = np.where(_short(graph, first, second), _bearing(graph, first, np.minimum(first + 2, last)), begin)
    end = np.where(_short(graph, before, last), _bearing(graph, np.maximum(last - 2, first), last), end)
    at_start = np.stack([begin, end + 180], axis=1).ravel() % 360
    at_end = np.stack([end, begin + 180], axis=1).ravel() % 360
    return at_start, at_end


def _apart(graph: RoadGraph, a: Longs, b: Longs) -> tuple[Floats, Floats]:
    """Meters east and north, flat."""
    lat = np.radians(graph.lats[a])
    return (graph.lons[b] - graph.lons[a]) * 111_195 * np.cos(lat), (graph.lats[b] - graph.lats[a]) * 111_195


def _bearing(graph: RoadGraph, a: Longs, b: Longs) -> Floats:
    east, north = _apart(graph, a, b)
    degrees: Floats = np.degrees(np.arctan2(east, north))
    return degrees


def _short(graph: RoadGraph, a: Longs, b: Longs) -> Bools:
    east, north = _apart(graph, a, b)
    short: Bools = np.hypot(east, north) < _LOOK_M
    return short


def turn_ms(graph: RoadGraph, profile: str, arcs: tuple[Longs, Longs], degree: Ints) -> Ints:
    """Milliseconds of each turn from the first arc to the second. `degree`: how many roads meet at each junction."""
    start, end = bearings(graph)
    one, other = arcs
    angle = (start[other] - end[one] + 180) % 360 - 180  # positive: to the right
    crossing = angle < 0 if not graph.left else angle > 0
    bias = np.where(crossing, 1 / _BIAS, _BIAS)
    bend = 1 / (1 + np.exp(_STEEP / 2 * bias - _STEEP / bias * np.abs(angle) / 180))
    around = other == (one ^ 1)
    counts = (degree[graph.arc_head[one]] > 2) | around
    cost = np.where(counts, bend * _MOST_MS[profile], 0) + np.where(around, _AROUND_MS[profile], 0)
    return np.round(cost).astype(np.int32)
