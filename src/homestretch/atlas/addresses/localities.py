"""Which town, village or quarter a point belongs to, and by which names it is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from homestretch.atlas.addresses.gather import QUARTERS, SETTLEMENTS, Area, Gathered, House, middle
from homestretch.atlas.addresses.store import LOCS, Ints
from homestretch.atlas.addresses.text import spellings
from homestretch.kernel.geo import EARTH_RADIUS_M

# How far a place reaches, in meters: of several the one relatively nearest is meant.
REACH_M = {
    "city": 8000,
    "town": 4000,
    "village": 2500,
    "hamlet": 1000,
    "isolated_dwelling": 400,
    "farm": 300,
    "locality": 500,
    "suburb": 2000,
    "borough": 3000,
    "quarter": 1200,
    "neighbourhood": 800,
    "city_block": 100,
}
NEIGHBOR_M = 400  # a house without a city has that of a house so near

Floats = NDArray[np.float64]


class Localities:
    """Names of towns and their parts, one id for each name; two of one name are one, for their name tells no more."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.places: list[tuple[float, float]] = []
        self.aliases: dict[tuple[str, int], None] = {}
        self._known: dict[str, int] = {}

    def add(self, names: Sequence[str], lat: float, lon: float) -> int:
        """The id of a place; its names lead to it from now on. -1 where no name has a letter."""
        forms = [spellings(name) for name in names]
        keys = [[form.replace(" ", "") for form in some] for some in forms if some]
        if not keys:
            return -1
        found = self._known.get(keys[0][0])
        if found is None:
            found = len(self.names)
            self.names.append(names[0])
            self.places.append((lat, lon))
        for some, written in zip(keys, (f for f in forms if f), strict=True):
            for one, form in zip(some, written, strict=True):
                self._known.setdefault(one, found)
                self.aliases[form, found] = None
        return found


class Assigner:
    """Gives points their localities."""

    def __init__(self, gathered: Gathered) -> None:
        self.names = Localities()
        self._areas = _Areas([a for a in gathered.areas if a.level], self.names)
        towns = [s for s in gathered.settlements if s.kind in SETTLEMENTS]
        parts = [s for s in gathered.settlements if s.kind in QUARTERS]
        self._towns = _Nearest([(s.lat, s.lon, self.names.add(s.names, s.lat, s.lon), REACH_M[s.kind]) for s in towns])
        self._parts = _Nearest([(s.lat, s.lon, self.names.add(s.names, s.lat, s.lon), REACH_M[s.kind]) for s in parts])

    def of_points(self, lats: Floats, lons: Floats) -> Ints:
        """(n, LOCS) ids: -1, smallest boundary, settlement, quarter. The first is for the caller to say."""
        found = np.full((len(lats), LOCS), -1, dtype=np.int32)
        found[:, 1] = self._areas.at(lats, lons)
        found[:, 2] = self._towns.at(lats, lons)
        found[:, 3] = self._parts.at(lats, lons)
        return found

    def of_houses(self, houses: Sequence[House]) -> Ints:
        """As `of_points`, with what the houses say of themselves, and of their neighbors."""
        lats, lons = np.array([h.lat for h in houses]), np.array([h.lon for h in houses])
        found = self.of_points(lats, lons)
        for at, house in enumerate(houses):
            if house.city:
                found[at, 0] = self.names.add([house.city], house.lat, house.lon)
            if house.quarter:
                found[at, 3] = self.names.add([house.quarter], house.lat, house.lon)
        said = np.flatnonzero(found[:, 0] >= 0)
        near = _Nearest([(lats[at], lons[at], int(found[at, 0]), NEIGHBOR_M) for at in said])
        silent = found[:, 0] < 0
        if silent.any():
            found[silent, 0] = near.at(lats[silent], lons[silent])
        return filled(found)


def filled(locs: Ints) -> Ints:
    """The first column, which is shown, from the others where it is unknown: boundary, settlement, quarter."""
    for column in range(1, LOCS):
        locs[:, 0] = np.where(locs[:, 0] < 0, locs[:, column], locs[:, 0])
    return locs


class _Areas:
    """Boundaries, looked up by point; of several the smallest."""

    def __init__(self, areas: Sequence[Area], names: Localities) -> None:
        ordered = sorted(areas, key=lambda area: float(area.shape.area))
        self._ids = np.array([_of_area(area, names) for area in ordered], dtype=np.int32)
        self._tree = shapely.STRtree([area.shape for area in ordered])

    def at(self, lats: Floats, lons: Floats) -> Ints:
        found = np.full(len(lats), -1, dtype=np.int32)
        if not len(self._ids) or not len(lats):
            return found
        points, areas = self._tree.query(shapely.points(lons, lats), predicate="within")
        order = np.argsort(-areas, kind="stable")  # the smallest is written last
        found[points[order]] = self._ids[areas[order]]
        return found


def _of_area(area: Area, names: Localities) -> int:
    point: Any = area.shape.representative_point()
    return names.add(area.names, point.y, point.x)


def postcodes_at(areas: Sequence[Area], lats: Floats, lons: Floats) -> list[str]:
    """The postcode whose boundary holds each point; empty where none does."""
    coded = [area for area in areas if area.postcode]
    found = [""] * len(lats)
    if coded and len(lats):
        tree = shapely.STRtree([area.shape for area in coded])
        for point, area in zip(*tree.query(shapely.points(lons, lats), predicate="within"), strict=True):
            found[point] = coded[area].postcode
    return found


class _Nearest:
    """Ids of points, each with a reach in meters; asked for the one relatively nearest."""

    def __init__(self, points: Sequence[tuple[float, float, int, float]]) -> None:
        named = [point for point in points if point[2] >= 0]
        self._ids = np.array([point[2] for point in named], dtype=np.int32)
        self._reach = np.array([point[3] for point in named], dtype=np.float64)
        self._tree = cKDTree(meters(*(np.array([p[i] for p in named], dtype=np.float64) for i in (0, 1))))

    def at(self, lats: Floats, lons: Floats) -> Ints:
        found = np.full(len(lats), -1, dtype=np.int32)
        if not len(self._ids) or not len(lats):
            return found
        count = min(6, len(self._ids))
        away, which = self._tree.query(meters(lats, lons), k=count)
        away, which = away.reshape(len(lats), count), which.reshape(len(lats), count)
        share = away / self._reach[which]
        best = np.argmin(share, axis=1)
        rows = np.arange(len(lats))
        near = share[rows, best] <= 1
        found[near] = self._ids[which[rows, best]][near]
        return found


def meters(lats: Floats, lons: Floats) -> Floats:
    """(n, 3) points in space, meters: straight distances are those on the ground, for a few kilometers."""
    phi, turn = np.radians(lats), np.radians(lons)
    return EARTH_RADIUS_M * np.column_stack((np.cos(phi) * np.cos(turn), np.cos(phi) * np.sin(turn), np.sin(phi)))


def middle_of(line: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Where a road is asked for its locality."""
    return middle(list(line)) if line[0] != line[-1] else (line[0][1], line[0][0])
