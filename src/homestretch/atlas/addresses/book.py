"""The address book of a map: an address in one line to places, a point to an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

import numpy as np
from scipy.spatial import cKDTree

from homestretch.atlas.addresses.fuzzy import Lexicon
from homestretch.atlas.addresses.judge import Judge, Spot
from homestretch.atlas.addresses.localities import Floats, meters
from homestretch.atlas.addresses.reading import Reading, code_key, read
from homestretch.atlas.addresses.store import DEGREE, Ints, Tables, load
from homestretch.atlas.addresses.values import RANK, Hit, Precision
from homestretch.kernel.geo import Point, distance_m

NAMES = 16  # streets that are weighed for one line
HOPELESS = 0.8  # a street whose name alone is trusted less than so much of the best answer is not weighed
SPOTS, SHOWN = 64, 0.4  # points that are compared at most; those with less of the best one's trust are left out
SAME_HOUSE_M = 300  # points of one address so near each other are one house (its doors, its parts)
DOOR_M = 30
FAR_DEG = 0.004  # of latitude: over 400 m
APART_M = 100  # hits further apart than this are not the same answer
TIE = 0.94  # of the best trust: as good as the best
DOUBT = 0.6  # what is left of the score when several fit as well
PLACE_SCORE = 0.55
ROOFTOP_M, STREET_M = 60, 150  # reverse: how far a house and a street may be


class AddressBook:
    """All of a map's addresses, in memory; safe for many threads, for nothing changes."""

    def __init__(self, tables: Tables) -> None:
        order = np.argsort(tables.street_group, kind="stable")
        new_of = np.argsort(order, kind="stable").astype(np.int32)
        self._tables = replace(
            tables,
            street_group=tables.street_group[order],
            street_lat=tables.street_lat[order],
            street_lon=tables.street_lon[order],
            street_locs=tables.street_locs[order],
            point_street=new_of[tables.point_street] if len(order) else tables.point_street,
        )
        starts = np.searchsorted(self._tables.street_group, np.arange(len(tables.groups) + 1))
        self._streets_of: Ints = starts.astype(np.int32)
        self._names = Lexicon(tables.aliases, tables.alias_group, tables.alias_kind)
        self._towns = Lexicon(tables.locality_aliases, tables.locality_alias_of)
        self._codes = {code_key(code): at for at, code in enumerate(tables.postcodes)}
        self._houses = _tree(tables.row_lat, tables.row_lon)
        self._points = _tree(tables.point_lat, tables.point_lon)
        self._places = _tree(tables.locality_lat, tables.locality_lon)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the book that `build_addresses` wrote. Refuses `map.addresses_unreadable`."""
        return cls(load(path))

    def __len__(self) -> int:
        return len(self._tables.row_lat)

    def find(self, text: str, *, country: str = "", near: Point | None = None, limit: int = 5) -> list[Hit]:
        """Places that an address in one line may mean, best first; its parts in any order.

        `country` (ISO 3166-1 alpha-2) that the map is not of finds nothing; `near` decides between equals.
        """
        known = self._tables.countries
        if country and known and country.upper() not in known:
            return []
        reading = read(text, self._codes, self._towns, self._names.numbered)
        spots = _apart(self._spots(reading, near), max(limit, 8))
        hits = [self._hit(spot, score) for spot, score in _scored(spots)]
        hits += self._towns_of(reading)
        return sorted(hits, key=lambda hit: -hit.score)[:limit]

    def _spots(self, reading: Reading, near: Point | None) -> list[Spot]:
        """The likeliest points of all streets that the line may name, best first."""
        judge, found, best = Judge(self._tables, self._streets_of, reading, near), list[Spot](), 0.0
        for match in self._names.match(reading.windows, NAMES):
            if match.trust < HOPELESS * best:
                break
            found += judge.spots(match)
            best = max(best, max((spot.trust for spot in found), default=0.0))
        found.sort(key=lambda spot: (-round(spot.trust, 4), RANK[spot.precision]))
        return [spot for spot in found[:SPOTS] if spot.trust >= best * SHOWN]

    def reverse(self, lat: float, lon: float, *, limit: int = 1) -> list[Hit]:
        """What is at a point, nearest first: houses within 60 m, else a street within 150 m, else a town."""
        here = Point(lat, lon)
        return self._houses_at(here, limit) or self._streets_at(here, limit) or self._place_at(here)

    def _hit(self, spot: Spot, score: float) -> Hit:
        tables = self._tables
        street = tables.groups[spot.group]
        city = next((tables.localities[place] for place in spot.locs if place >= 0), "")
        code = tables.postcodes[spot.postcode] if spot.postcode >= 0 else ""
        label = label_of(street, spot.number, code, city)
        return Hit(spot.lat, spot.lon, label, spot.precision, round(float(score), 3), street, spot.number, city, code)

    def _towns_of(self, reading: Reading) -> list[Hit]:
        """Towns and postcodes that the line names, as places; surest where it says nothing else."""
        tables, found = self._tables, []
        words = max(1, len(reading.tokens))
        for town in reading.towns[:3]:
            point = self._place(town.what)
            score = PLACE_SCORE * town.trust * (town.end - town.start) / words
            name = tables.localities[town.what]
            found.append(Hit(point.lat, point.lon, name, "place", round(score, 3), city=name))
        for code in reading.codes:
            rows = np.flatnonzero(tables.row_postcode == code.what) if code.what >= 0 else ()
            if len(rows):
                point = _median(tables.row_lat[rows], tables.row_lon[rows])
                score = PLACE_SCORE * (code.end - code.start) / words
                name = tables.postcodes[code.what]
                found.append(Hit(point.lat, point.lon, name, "place", round(score, 3), postcode=name))
        return found

    def _houses_at(self, here: Point, limit: int) -> list[Hit]:
        found: list[Hit] = []
        tables = self._tables
        for row, away in _nearest(self._houses, here, limit * 4 + 4, ROOFTOP_M):
            locs = tuple(int(place) for place in tables.row_locs[row])
            where = (float(tables.row_lat[row]) / DEGREE, float(tables.row_lon[row]) / DEGREE)
            group = int(np.searchsorted(tables.group_rows, row, side="right")) - 1
            if not group and found:
                continue  # a number of nobody knows which street
            label, code = tables.labels[tables.row_label[row]], int(tables.row_postcode[row])
            precise: Precision = "interpolated" if tables.row_between[row] else "rooftop"
            hit = self._hit(Spot(*where, precise, 1.0, group, label, code, locs), 1 - away / 200)
            if all(hit.label != known.label for known in found):
                found.append(hit)
        return sorted(found, key=lambda hit: not hit.street)[:limit]

    def _streets_at(self, here: Point, limit: int) -> list[Hit]:
        found: list[Hit] = []
        tables = self._tables
        for point, away in _nearest(self._points, here, limit * 8, STREET_M):
            street = int(tables.point_street[point])
            locs = tuple(int(place) for place in tables.street_locs[street])
            where = (float(tables.point_lat[point]) / DEGREE, float(tables.point_lon[point]) / DEGREE)
            spot = Spot(*where, "street", 1.0, int(tables.street_group[street]), "", -1, locs)
            hit = self._hit(spot, 0.6 - away / 400)
            if all(hit.label != known.label for known in found):
                found.append(hit)
        return found[:limit]

    def _place_at(self, here: Point) -> list[Hit]:
        tables = self._tables
        for place, _ in _nearest(self._places, here, 1, 10_000):
            name, point = tables.localities[place], self._place(place)
            return [Hit(point.lat, point.lon, name, "place", 0.2, city=name)]
        return []

    def _place(self, town: int) -> Point:
        tables = self._tables
        return Point(float(tables.locality_lat[town]) / DEGREE, float(tables.locality_lon[town]) / DEGREE)


def label_of(street: str, number: str, code: str, city: str) -> str:
    """One line for people: street and number, postcode and town."""
    parts = (f"{street} {number}".strip(), f"{code} {city}".strip())
    return ", ".join(part for part in parts if part)


def _apart(spots: Sequence[Spot], limit: int) -> list[Spot]:
    """One spot for each answer: points of one house become the one that most of the others are near to."""
    found: list[Spot] = []
    left = list(spots)
    while left and len(found) < limit:
        best = left[0]
        house = [s for s in left if (s.group, s.number) == (best.group, best.number) and s.trust >= best.trust - 0.005]
        chosen = replace(_amid(best, house), trust=best.trust)
        found.append(chosen)
        left = [spot for spot in left[1:] if not _same(spot, best) and not _same(spot, chosen)]
    return found


def _amid(best: Spot, house: Sequence[Spot]) -> Spot:
    """Of a house's points the one with most of the others within 30 m."""
    near = [spot for spot in house if distance_m(spot.point, best.point) <= SAME_HOUSE_M]
    if len(near) < 3:
        return best
    points = meters(np.array([spot.lat for spot in near]), np.array([spot.lon for spot in near]))
    away = np.linalg.norm(points[:, None] - points[None], axis=2)
    return near[int(np.argmax((away <= DOOR_M).sum(axis=1)))]


def _same(one: Spot, other: Spot) -> bool:
    """Whether two spots are one answer: one street, one house, or one door."""
    if one.precision == other.precision == "street" and one.group == other.group and one.locs[0] == other.locs[0]:
        return True
    if abs(one.lat - other.lat) > FAR_DEG:
        return False
    away = distance_m(one.point, other.point)
    return away <= DOOR_M or ((one.group, one.number) == (other.group, other.number) and away <= SAME_HOUSE_M)


def _scored(spots: Sequence[Spot]) -> list[tuple[Spot, float]]:
    """Trust becomes score. Where the best are tied and lie apart all are doubted, and their order stays."""
    if not spots:
        return []
    best = spots[0]
    tied = any(distance_m(best.point, s.point) > APART_M for s in spots if s.trust >= best.trust * TIE)
    return [(spot, spot.trust * DOUBT if tied else spot.trust) for spot in spots]


def _tree(lats: Ints, lons: Ints) -> cKDTree:
    return cKDTree(meters(_degrees(lats), _degrees(lons)))


def _degrees(whole: Ints) -> Floats:
    return whole.astype(np.float64) / DEGREE


def _nearest(tree: cKDTree, here: Point, count: int, within_m: float) -> list[tuple[int, float]]:
    """Numbers of the nearest points and their distances in meters."""
    if not tree.n:
        return []
    asked = meters(np.array([here.lat]), np.array([here.lon]))[0]
    away, which = tree.query(asked, k=min(count, tree.n), distance_upper_bound=within_m)
    return [(int(w), float(a)) for a, w in zip(np.atleast_1d(away), np.atleast_1d(which), strict=True) if w < tree.n]


def _median(lats: Ints, lons: Ints) -> Point:
    return Point(float(np.median(lats)) / DEGREE, float(np.median(lons)) / DEGREE)
