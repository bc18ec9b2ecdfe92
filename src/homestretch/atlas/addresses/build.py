"""From an extract to an address book on disk."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely

from homestretch.atlas.addresses.gather import Gathered, House, Numbered, Road, gather
from homestretch.atlas.addresses.localities import Assigner, Floats, filled, middle_of, postcodes_at
from homestretch.atlas.addresses.names import Names
from homestretch.atlas.addresses.numbers import HouseNumber, covered
from homestretch.atlas.addresses.store import DEGREE, Ints, Tables, save
from homestretch.atlas.addresses.text import key
from homestretch.atlas.addresses.values import AddressCounts

POINT_EACH = 40 / 111_320  # degrees of latitude between points along a street
MAX_BETWEEN = 100  # numbers between two houses of a numbered way; more is a slip of the mapper
OWN_SHARE = 0.5  # where so many houses have a number and no street, the village numbers its houses


def build_addresses(extract: Path, target: Path) -> AddressCounts:
    """Read the addresses of an extract (nodes before ways, complete) and write the book at `target`."""
    tables, counts = tables_of(gather(extract))
    save(tables, target)
    return counts


def tables_of(gathered: Gathered) -> tuple[Tables, AddressCounts]:
    """The book of what was gathered."""
    houses = [*gathered.houses, *_between(gathered)]
    assigner = Assigner(gathered)
    locs = assigner.of_houses(houses)
    names = Names(gathered.roads)
    rows = _Rows(houses, locs, names, assigner)
    streets = _Streets(gathered.roads, names, assigner)
    points, codes = assigner.names.places, rows.codes
    aliases, aliased = list(assigner.names.aliases), names.table()
    tables = Tables(
        groups=names.groups,
        **rows.columns(len(names.groups), postcodes_at(gathered.areas, rows.lats, rows.lons)),
        aliases=[form for form, _, _ in aliased],
        alias_group=_ints(group for _, group, _ in aliased),
        alias_kind=_ints(kind for _, _, kind in aliased),
        suffixes=list(rows.suffixes),
        labels=list(rows.labels),
        **streets.columns(),
        localities=assigner.names.names,
        locality_lat=whole(np.array([lat for lat, _ in points])),
        locality_lon=whole(np.array([lon for _, lon in points])),
        locality_aliases=[form for form, _ in aliases],
        locality_alias_of=_ints(place for _, place in aliases),
        postcodes=list(codes),
        countries=sorted({house.country for house in houses if len(house.country) == 2}),
    )
    between = sum(house.guessed for house in houses)
    counts = AddressCounts(len(houses) - between, between, len(streets.of), len(tables.localities), len(codes))
    return tables, counts


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int32)


def whole(degrees: Floats) -> Ints:
    """Degrees as whole numbers."""
    return np.round(degrees * DEGREE).astype(np.int32)


def _between(gathered: Gathered) -> list[House]:
    """Houses that numbered ways imply between those at their nodes."""
    found = []
    for way in gathered.numbered:
        known = [(at, gathered.house_of_node[ref]) for at, ref in enumerate(way.nodes) if ref in gathered.house_of_node]
        for (start, one), (end, other) in pairwise(known):
            found += _along(way, start, end, (one, other))
    return found


def _along(way: Numbered, start: int, end: int, ends: tuple[House, House]) -> list[House]:
    one, other = ends
    first, last = covered(one.number)[:1], covered(other.number)[-1:]
    street = way.street or one.street or other.street
    if not first or not last or not street or first[0].number < 0 or last[0].number < 0:
        return []
    low, high = first[0].number, last[0].number
    step = way.step if high > low else -way.step
    inner = range(low + step, high, step)
    if (high - low) % step or not 0 < len(inner) <= MAX_BETWEEN:
        return []
    line = shapely.LineString(way.line[start : end + 1])
    made = []
    for at, number in enumerate(inner, 1):
        point = line.interpolate(at / (len(inner) + 1), normalized=True)
        made.append(
            House(
                point.y,
                point.x,
                number=str(number),
                street=street,
                city=one.city or other.city,
                postcode=one.postcode or other.postcode,
                guessed=True,
            )
        )
    return made


class _Rows:
    """A line for each number of each house."""

    def __init__(self, houses: Sequence[House], locs: Ints, names: Names, assigner: Assigner) -> None:
        self.suffixes: dict[str, int] = {"": 0}
        self.labels: dict[str, int] = {"": 0}
        self.codes: dict[str, int] = {}
        self._houses, self._locs = houses, locs
        own = _own_places(houses, locs)
        self._rows: list[tuple[int, int, int, int]] = []  # group, number, suffix, house
        seen: set[tuple[int, HouseNumber]] = set()
        for at, house in enumerate(houses):  # those between come last, and yield to what is really there
            group = _group(house, int(locs[at, 2]), own, names, assigner)
            for number in _numbers(house):
                if house.guessed and (group, number) in seen:
                    continue
                seen.add((group, number))
                suffix = self.suffixes.setdefault(number.suffix, len(self.suffixes))
                self._rows.append((group, number.number, suffix, at))
        self._rows.sort()
        self.lats = np.array([houses[row[3]].lat for row in self._rows], dtype=np.float64)
        self.lons = np.array([houses[row[3]].lon for row in self._rows], dtype=np.float64)

    def columns(self, groups: int, codes: Sequence[str]) -> dict[str, Ints]:
        """The arrays of the table; `codes` are postcodes by boundary, for houses that say none."""
        rows, houses = self._rows, [self._houses[row[3]] for row in self._rows]
        said = [house.postcode or code for house, code in zip(houses, codes, strict=True)]
        which = np.array([row[3] for row in rows], dtype=np.int32)
        return {
            "group_rows": np.searchsorted(_ints(row[0] for row in rows), np.arange(groups + 1)).astype(np.int32),
            "row_lat": whole(self.lats),
            "row_lon": whole(self.lons),
            "row_number": _ints(row[1] for row in rows),
            "row_suffix": _ints(row[2] for row in rows),
            "row_label": _ints(self.labels.setdefault(h.number or h.name, len(self.labels)) for h in houses),
            "row_postcode": _ints(self.codes.setdefault(c, len(self.codes)) if c else -1 for c in said),
            "row_locs": self._locs[which] if len(which) else self._locs[:0],
            "row_between": _ints(house.guessed for house in houses),
        }


def _numbers(house: House) -> list[HouseNumber]:
    found = covered(house.number)
    if house.name and key(house.name):
        found.append(HouseNumber(-1, key(house.name)))
    return found


def _own_places(houses: Sequence[House], locs: Ints) -> set[int]:
    """Settlements most of whose houses have a number and no street."""
    bare, all_of = Counter[int](), Counter[int]()
    for at, house in enumerate(houses):
        place = int(locs[at, 2])
        all_of[place] += 1
        bare[place] += not (house.street or house.place)
    return {place for place, count in bare.items() if place >= 0 and count >= OWN_SHARE * all_of[place]}


def _group(house: House, settlement: int, own: set[int], names: Names, assigner: Assigner) -> int:
    """By what the house's number is counted: its street, its place, its village; 0 where nobody knows."""
    if house.street:
        return names.of_house(house.street, house.lat, house.lon)
    if house.place:
        return names.of_house(house.place, house.lat, house.lon)
    return names.of_house(assigner.names.names[settlement], house.lat, house.lon) if settlement in own else 0


class _Streets:
    """Streets, each a name within one set of localities, and points along them."""

    def __init__(self, roads: Sequence[Road], names: Names, assigner: Assigner) -> None:
        middles = [middle_of(road.line) for road in roads]
        lats, lons = (np.array([point[i] for point in middles], dtype=np.float64) for i in (0, 1))
        locs = filled(assigner.of_points(lats, lons))
        self.of: dict[tuple[int, ...], int] = {}
        self._points: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
        for road, where in zip(roads, locs, strict=True):
            group = names.of_road(road)
            if group:
                street = self.of.setdefault((group, *map(int, where)), len(self.of))
                line = shapely.segmentize(shapely.LineString(road.line), POINT_EACH)
                self._points[street] += [(y, x) for x, y in line.coords]

    def columns(self) -> dict[str, Ints]:
        """The arrays of the table."""
        points = [(lat, lon, street) for street, some in sorted(self._points.items()) for lat, lon in some]
        shown = [_central(self._points[street]) for street in range(len(self.of))]
        return {
            "street_group": _ints(wanted[0] for wanted in self.of),
            "street_locs": np.array([wanted[1:] for wanted in self.of], dtype=np.int32).reshape(len(self.of), -1),
            "street_lat": whole(np.array([lat for lat, _ in shown])),
            "street_lon": whole(np.array([lon for _, lon in shown])),
            "point_lat": whole(np.array([point[0] for point in points])),
            "point_lon": whole(np.array([point[1] for point in points])),
            "point_street": _ints(point[2] for point in points),
        }


def _central(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The point of a street that is nearest to its middle."""
    array = np.array(points)
    away = array - array.mean(axis=0)
    lat, lon = array[int(np.argmin((away * [1.0, np.cos(np.radians(array[0, 0]))]).__pow__(2).sum(axis=1)))]
    return float(lat), float(lon)
