"""Which roads lie near many points at once: straight pieces of roads, each in all cells of a grid that it is near."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from homestretch.atlas.roads.graph import RoadGraph
from homestretch.atlas.roads.values import Bools, Floats, Ints, Longs
from homestretch.kernel.geo import EARTH_RADIUS_M

DEGREE_M = EARTH_RADIUS_M * np.pi / 180
_CELL_M = 50.0
_BEYOND_M = 50.0  # a segment that ends before it passes a point gives way to those that pass


@dataclass(frozen=True, slots=True)
class Near:
    """Segments near points, nearest first for each point: number of the point, the segment, how far along it (0 to 1,
    in its own direction), how far off in meters, and where it leads there (a vector of length 1)."""

    point: Longs
    segment: Longs
    share: Floats
    distance_m: Floats
    east: Floats
    north: Floats


class Nearby:
    """Finds the segments within at most `reach_m` of points; every piece stands in all cells that it can be near to."""

    def __init__(self, graph: RoadGraph, used: Bools, reach_m: float) -> None:
        counts = np.diff(graph.shape_at)
        segment = np.repeat(np.arange(len(counts)), counts)
        last = np.zeros(len(segment), np.bool_)
        last[graph.shape_at[1:] - 1] = True
        start = np.flatnonzero(used[segment] & ~last)
        self._reach_m, self._segments = reach_m, len(counts)
        self._segment: Longs = segment[start]
        self._lat, self._lon = graph.lats[start], graph.lons[start]
        self._to_lat, self._to_lon = graph.lats[start + 1] - self._lat, graph.lons[start + 1] - self._lon
        shrink = np.cos(np.radians(self._lat))
        self._piece_m = np.hypot(self._to_lat, self._to_lon * shrink) * DEGREE_M
        self._along_m, self._whole_m = _running(self._segment, self._piece_m)
        self._lay_grid()

    def find(self, lats: Floats, lons: Floats, radius_m: Floats, most: int) -> Near:
        """At most `most` segments for each point, within its radius (and the reach)."""
        point, piece = self._pieces(lats, lons)
        shrink = np.cos(np.radians(lats))[point]
        east, north = (lons[point] - self._lon[piece]) * shrink, lats[point] - self._lat[piece]
        to_east, to_north = self._to_lon[piece] * shrink, self._to_lat[piece]
        square = np.maximum(to_east * to_east + to_north * to_north, 1e-18)
        share = np.minimum(np.maximum((east * to_east + north * to_north) / square, 0.0), 1.0)
        east -= share * to_east
        north -= share * to_north
        off = east * east + north * north
        near = np.flatnonzero(off <= ((np.minimum(radius_m, self._reach_m) / DEGREE_M) ** 2)[point])
        point, segment, off = point[near], self._segment[piece[near]], np.sqrt(off[near]) * DEGREE_M
        order = np.argsort(point * 1e4 + off)
        order = order[_firsts(point[order], segment[order], self._segments)]
        piece, share = piece[near[order]], share[near[order]]
        along = np.minimum((self._along_m[piece] + share * self._piece_m[piece]) / self._whole_m[piece], 1.0)
        beside = off[order] + np.where((along <= 0) | (along >= 1), _BEYOND_M, 0)
        kept = np.argsort(point[order] * 1e4 + beside)
        begins = np.searchsorted(point[order], np.arange(len(lats)))
        kept = kept[np.arange(len(order)) - begins[point[order]] < most]
        order, along = order[kept], along[kept]
        near = near[order]
        long = np.sqrt(square[near])
        return Near(point[order], segment[order], along, off[order], to_east[near] / long, to_north[near] / long)

    def _lay_grid(self) -> None:
        self._south, self._west = self._lat.min(initial=90.0), self._lon.min(initial=180.0)
        middle = np.cos(np.radians(np.abs(self._lat).max(initial=0.0)))
        self._high, self._wide = _CELL_M / DEGREE_M, _CELL_M / DEGREE_M / max(0.05, float(middle))
        margin_lat = self._reach_m / DEGREE_M
        margin_lon = margin_lat / max(0.05, float(middle))
        low = np.minimum(self._lat, self._lat + self._to_lat) - margin_lat
        left = np.minimum(self._lon, self._lon + self._to_lon) - margin_lon
        row, column = self._cell(low, left)
        end_row, end_column = self._cell(
            low + np.abs(self._to_lat) + 2 * margin_lat, left + np.abs(self._to_lon) + 2 * margin_lon
        )
        self._columns = int(end_column.max(initial=0)) + 2
        across = end_column - column + 1
        counts = (end_row - row + 1) * across
        piece = np.repeat(np.arange(len(counts)), counts)
        number = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        cell = (row[piece] + number // across[piece]) * self._columns + column[piece] + number % across[piece]
        order = np.argsort(cell, kind="stable")
        self._cells, starts = np.unique(cell[order], return_index=True)
        self._starts = np.append(starts, len(order))
        self._in_cells: Ints = piece[order].astype(np.int32)

    def _cell(self, lats: Floats, lons: Floats) -> tuple[Longs, Longs]:
        """Row and column; one of each is left free around the map."""
        row = np.floor((lats - self._south) / self._high).astype(np.int64) + 1
        column = np.floor((lons - self._west) / self._wide).astype(np.int64) + 1
        return row, column

    def _pieces(self, lats: Floats, lons: Floats) -> tuple[Longs, Longs]:
        """All pieces of each point's cell, as pairs."""
        row, column = self._cell(lats, lons)
        cell = row * self._columns + column
        place = np.minimum(np.searchsorted(self._cells, cell), max(0, len(self._cells) - 1))
        there = (len(self._cells) > 0) & (column >= 0) & (column < self._columns)
        if len(self._cells):
            there &= self._cells[place] == cell
        begin = np.where(there, self._starts[place], 0)
        counts = np.where(there, self._starts[np.minimum(place + 1, len(self._starts) - 1)] - begin, 0)
        point = np.repeat(np.arange(len(lats)), counts)
        number = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return point, self._in_cells[begin[point] + number].astype(np.int64)


def _running(segment: Longs, piece_m: Floats) -> tuple[Floats, Floats]:
    """Meters from the segment's start to each piece, and of the whole segment."""
    ends = np.cumsum(piece_m)
    first = np.ones(len(segment), np.bool_)
    first[1:] = segment[1:] != segment[:-1]
    number = np.cumsum(first) - 1
    before = (ends - piece_m)[first]
    whole = np.bincount(number, weights=piece_m) if len(segment) else piece_m
    return ends - piece_m - before[number], np.maximum(whole[number], 1e-3)


def _firsts(point: Longs, segment: Longs, segments: int) -> Bools:
    """Where a pair stands for the first time."""
    _, first = np.unique(point * segments + segment, return_index=True)
    found = np.zeros(len(point), np.bool_)
    found[first] = True
    return found
