"""Places put on roads: the nearest usable one, at its share, on the side of the curb.

A place goes to the nearest road from which the rest can be reached and left again; only where there is none within
1,000 m to one of a small part (a yard behind a wall, an islet). On large roads only the direction whose curb is on the
place's side is used; in small streets both are.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from homestretch.atlas.roads.graph import LARGE, RoadGraph
from homestretch.atlas.roads.values import SNAP_LIMIT_M, Bools, Floats, Ints, Longs, Snap, SnapFault
from homestretch.kernel.geo import EARTH_RADIUS_M

Lines = NDArray[np.object_]
_ON_IT_M = 2.0  # nearer than this, a place has no side
_AHEAD = 1e-3  # share of a line to look ahead for its direction


class Snapper:
    """An index of the roads of one profile; reading is safe for many threads."""

    def __init__(self, graph: RoadGraph, profile: str, whole: Bools, usable: Bools) -> None:
        self._graph, self._profile = graph, profile
        self._layers = [_Layer(graph, whole)]
        rest = usable & ~whole
        if rest.any():
            self._layers.append(_Layer(graph, rest))

    def snap(self, lats: Floats, lons: Floats) -> Snap:
        """Places as arrays of degrees."""
        x, y = mercator(lats, lons)
        found = _Nearest(len(lats))
        for layer in self._layers:
            layer.fill(found, x, y, np.cos(np.radians(lats)))
        return self._told(found, x, y)

    def _told(self, found: _Nearest, x: Floats, y: Floats) -> Snap:
        on = found.segment >= 0
        side = np.zeros(len(x), np.int8)
        side[on] = _side(found.line[on], found.share[on], x[on], y[on])
        side[found.distance < _ON_IT_M] = 0
        forward, backward = found.forward, found.backward
        both = forward & backward
        curbed = both & (side != 0) & ((self._graph.flags[found.segment] & LARGE) > 0) & on
        if self._profile in ("van", "truck"):
            near = side == (-1 if self._graph.left else 1)
            forward, backward = forward & ~(curbed & ~near), backward & ~(curbed & near)
        arc = np.where(forward, 2 * found.segment, np.where(backward, 2 * found.segment + 1, -1))
        turned = ~forward & backward
        return Snap(
            profile=self._profile,
            arc=arc.astype(np.int32),
            reverse=np.where(forward & backward, 2 * found.segment + 1, -1).astype(np.int32),
            share=np.where(turned, 1 - found.share, found.share),
            distance_m=found.distance,
            side=np.where(turned, -side, side).astype(np.int8),
            faults=tuple(_fault(int(place), self._profile) for place in np.flatnonzero(~on)),
        )


class _Nearest:
    """What was found so far, by place."""

    def __init__(self, count: int) -> None:
        self.segment: Longs = np.full(count, -1, np.int64)
        self.line = np.empty(count, object)
        self.share: Floats = np.zeros(count)
        self.distance: Floats = np.full(count, np.inf)
        self.forward: Bools = np.zeros(count, np.bool_)
        self.backward: Bools = np.zeros(count, np.bool_)


class _Layer:
    """The segments of some arcs, as lines."""

    def __init__(self, graph: RoadGraph, arcs: Bools) -> None:
        self._along, self._against = arcs[0::2], arcs[1::2]
        self._segments: Longs = np.flatnonzero(self._along | self._against)
        self._lines = lines_of(graph, self._segments)
        self._tree = shapely.STRtree(self._lines)

    def fill(self, found: _Nearest, x: Floats, y: Floats, narrow: Floats) -> None:
        """Put the places that are on no road yet on the nearest of these. `narrow`: meters per unit of the map."""
        open_ = np.flatnonzero((found.segment < 0) & np.isfinite(x) & np.isfinite(y))
        if not len(open_):
            return
        spots = shapely.points(x[open_], y[open_])
        reach = SNAP_LIMIT_M / float(narrow[open_].min())
        pairs, far = self._tree.query_nearest(spots, max_distance=reach, return_distance=True, all_matches=False)
        meters = far * narrow[open_[pairs[0]]]
        near = meters <= SNAP_LIMIT_M
        place, line = open_[pairs[0][near]], self._lines[pairs[1][near]]
        segment = self._segments[pairs[1][near]]
        found.segment[place], found.line[place] = segment, line
        found.share[place] = np.clip(shapely.line_locate_point(line, spots[pairs[0][near]], normalized=True), 0, 1)
        found.distance[place] = meters[near]
        found.forward[place], found.backward[place] = self._along[segment], self._against[segment]


def lines_of(graph: RoadGraph, segments: Longs) -> Lines:
    """Segments as lines on Mercator's map, in its meters."""
    first, count = graph.shape_at[:-1][segments].astype(np.int64), np.diff(graph.shape_at)[segments]
    begun = np.cumsum(count) - count
    points = np.arange(count.sum()) + np.repeat(first - begun, count)
    x, y = mercator(graph.lats[points], graph.lons[points])
    made: Lines = shapely.linestrings(np.stack([x, y], axis=1), indices=np.repeat(np.arange(len(segments)), count))
    return made


def mercator(lats: Floats, lons: Floats) -> tuple[Floats, Floats]:
    """East and north on Mercator's map, whose meters are too long by 1 / cos(lat)."""
    north = np.log(np.tan(np.pi / 4 + np.radians(np.clip(lats, -89, 89)) / 2))
    return EARTH_RADIUS_M * np.radians(lons), EARTH_RADIUS_M * north


def _side(line: Lines, share: Floats, x: Floats, y: Floats) -> Ints:
    """1: right of the line, as it runs; -1: left."""
    back = shapely.line_interpolate_point(line, np.maximum(share - _AHEAD, 0), normalized=True)
    ahead = shapely.line_interpolate_point(line, np.minimum(share + _AHEAD, 1), normalized=True)
    run_x, run_y = shapely.get_x(ahead) - shapely.get_x(back), shapely.get_y(ahead) - shapely.get_y(back)
    cross = run_x * (y - shapely.get_y(back)) - run_y * (x - shapely.get_x(back))
    return np.where(cross > 0, -1, np.where(cross < 0, 1, 0)).astype(np.int32)


def _fault(place: int, profile: str) -> SnapFault:
    return SnapFault(
        place,
        "place.far_from_road",
        f"there is no road for {profile} within {SNAP_LIMIT_M} m",
        "correct the place's position, or add a map that covers it",
    )
