"""What an extract knows of addresses, read into plain values: houses, streets, places, boundaries, numbered ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import osmium
import shapely
from osmium.osm import Node, Relation, Way

Coordinates = list[tuple[float, float]]  # (lon, lat), as shapely has them

SETTLEMENTS = ("city", "town", "village", "hamlet", "isolated_dwelling", "farm", "locality")
QUARTERS = ("suburb", "quarter", "neighbourhood", "borough", "city_block")
_LEVELS = range(7, 12)  # admin levels from a county's part to a quarter
_NAMES = ("name", "official_name", "short_name", "alt_name", "loc_name", "int_name", "old_name", "reg_name", "nat_name")
_ROADLESS = frozenset(("bus_stop", "platform", "street_lamp", "crossing", "rest_area", "services", "elevator"))


@dataclass(slots=True)
class House:
    """A thing with an address. Texts as on the map, empty where nothing is said."""

    lat: float
    lon: float
    number: str = ""
    street: str = ""
    place: str = ""
    city: str = ""
    quarter: str = ""
    postcode: str = ""
    name: str = ""
    country: str = ""
    guessed: bool = False  # between two houses along a numbered way


@dataclass(slots=True)
class Road:
    """One way of a street: its names, the first the one shown, and its line."""

    names: list[str]
    line: Coordinates


@dataclass(slots=True)
class Settlement:
    """A named place; `kind` as OSM says it."""

    names: list[str]
    kind: str
    lat: float
    lon: float


@dataclass(slots=True)
class Area:
    """A boundary that is whole: administrative ones with names, or one with a postcode."""

    names: list[str]
    level: int
    postcode: str
    shape: Any


@dataclass(slots=True)
class Numbered:
    """A way with `addr:interpolation`: its nodes' ids and line, and the step between numbers (2 or 1)."""

    nodes: list[int]
    line: Coordinates
    step: int
    street: str


@dataclass(slots=True)
class Gathered:
    """All of it."""

    houses: list[House] = field(default_factory=list)
    roads: list[Road] = field(default_factory=list)
    settlements: list[Settlement] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    numbered: list[Numbered] = field(default_factory=list)
    house_of_node: dict[int, House] = field(default_factory=dict)


@dataclass(slots=True)
class _Relations:
    """What relations say of others: streets of their members, and members to build shapes from."""

    street_of: dict[tuple[str, int], str] = field(default_factory=dict)
    shapes: list[tuple[dict[str, str], list[int]]] = field(default_factory=list)
    numbered: list[tuple[dict[str, str], list[int]]] = field(default_factory=list)

    def ways(self) -> set[int]:
        return {way for _, ways in (*self.shapes, *self.numbered) for way in ways}


def gather(path: Path) -> Gathered:
    """Read an extract whose nodes precede its ways; three passes over the file."""
    relations = _read_relations(path)
    found = Gathered()
    keys = ("addr:housenumber", "addr:housename", "addr:interpolation", "highway", "place")
    for thing in osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.KeyFilter(*keys)):
        if isinstance(thing, Node):
            _read_node(found, relations, thing)
        elif isinstance(thing, Way):
            _read_way(found, relations, thing)
    lines = _lines(path, relations.ways())
    _read_shapes(found, relations, lines)
    return found


def _read_relations(path: Path) -> _Relations:
    found = _Relations()
    for thing in osmium.FileProcessor(str(path), osmium.osm.RELATION):
        if not isinstance(thing, Relation):
            continue
        tags = dict(thing.tags)
        if tags.get("type") in ("associatedStreet", "street"):
            street = tags.get("addr:street") or tags.get("name") or ""
            for member in thing.members:
                if street and member.role in ("house", "address", "addr:houselink"):
                    found.street_of[member.type, member.ref] = street
        ways = [member.ref for member in thing.members if member.type == "w" and member.role != "inner"]
        if "addr:housenumber" in tags or "addr:housename" in tags:
            found.numbered.append((tags, ways))
        if _is_area(tags):
            found.shapes.append((tags, ways))
    return found


def _is_area(tags: Mapping[str, str]) -> bool:
    kind = tags.get("boundary")
    if kind == "postal_code":
        return "postal_code" in tags
    level = tags.get("admin_level", "")
    return kind == "administrative" and "name" in tags and level.isdigit() and int(level) in _LEVELS


def _read_node(found: Gathered, relations: _Relations, node: Node) -> None:
    tags, lat, lon = dict(node.tags), node.lat, node.lon
    if "addr:housenumber" in tags or "addr:housename" in tags:
        house = _house(tags, lat, lon, relations.street_of.get(("n", node.id), ""))
        found.house_of_node[node.id] = house
        found.houses.append(house)
    _read_settlement(found, tags, lat, lon)


def _read_settlement(found: Gathered, tags: Mapping[str, str], lat: float, lon: float) -> None:
    kind = tags.get("place", "")
    if kind in SETTLEMENTS or kind in QUARTERS:
        names = names_of(tags)
        if names:
            found.settlements.append(Settlement(names, kind, lat, lon))


def _read_way(found: Gathered, relations: _Relations, way: Way) -> None:
    tags = dict(way.tags)
    line = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
    if not line:
        return
    if "addr:housenumber" in tags or "addr:housename" in tags:
        lat, lon = middle(line)
        found.houses.append(_house(tags, lat, lon, relations.street_of.get(("w", way.id), "")))
    if "addr:interpolation" in tags:
        step = 2 if tags["addr:interpolation"] in ("odd", "even", "2") else 1
        refs = [node.ref for node in way.nodes if node.location.valid()]
        found.numbered.append(Numbered(refs, line, step, tags.get("addr:street", "")))
    if "highway" in tags and tags["highway"] not in _ROADLESS and len(line) > 1:
        names = names_of(tags)
        if names:
            found.roads.append(Road(names, line))
    if "place" in tags:
        _read_settlement(found, tags, *middle(line))


def _lines(path: Path, ways: Iterable[int]) -> dict[int, Coordinates]:
    """The lines of ways that relations are made of; incomplete ones only as far as they go."""
    wanted = set(ways)
    if not wanted:
        return {}
    only = osmium.filter.IdFilter(wanted)
    only.enable_for(osmium.osm.WAY)
    ways_alone = osmium.filter.EntityFilter(osmium.osm.WAY)
    found = {}
    read = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    for way in read.with_filter(ways_alone).with_filter(only):
        if isinstance(way, Way):
            found[way.id] = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
    return found


def _read_shapes(found: Gathered, relations: _Relations, lines: Mapping[int, Coordinates]) -> None:
    for tags, ways in relations.numbered:
        points = [point for way in ways for point in lines.get(way, [])]
        if points:
            shape = shapely.MultiPoint(points).envelope.centroid
            found.houses.append(_house(tags, shape.y, shape.x, ""))
    for tags, ways in relations.shapes:
        shape = _polygon([lines.get(way, []) for way in ways])
        if shape is not None:
            level = int(tags["admin_level"]) if tags.get("admin_level", "").isdigit() else 0
            found.areas.append(Area(names_of(tags), level, tags.get("postal_code", ""), shape))


def _polygon(lines: Sequence[Coordinates]) -> Any | None:
    """The shape that the lines close; None where the extract cut one of them off."""
    if not lines or any(len(line) < 2 for line in lines):
        return None
    shape, cuts, dangles, _ = shapely.polygonize_full([shapely.LineString(line) for line in lines])
    if not shape.geoms or dangles.geoms or cuts.geoms:
        return None
    return shapely.union_all(list(shape.geoms))


def names_of(tags: Mapping[str, str]) -> list[str]:
    """All names of a thing, the one shown first; each of several that stand behind semicolons."""
    values = [tags.get(name, "") for name in _NAMES]
    values += [value for name, value in tags.items() if name.startswith(("name:", "alt_name:")) and _is_language(name)]
    parts = [part.strip() for value in values for part in value.split(";")]
    return list(dict.fromkeys(part for part in parts if part and len(part) <= 120))


def _is_language(tag: str) -> bool:
    """`name:mt`, `name:sr-Latn`; not `name:etymology` or `name:left`."""
    language = tag.partition(":")[2].partition("-")[0]
    return language.isalpha() and 2 <= len(language) <= 3


def _house(tags: Mapping[str, str], lat: float, lon: float, street: str) -> House:
    read = {
        name: tags.get(f"addr:{name}", "").strip() for name in ("housenumber", "street", "place", "city", "country")
    }
    return House(
        lat,
        lon,
        number=read["housenumber"],
        street=read["street"] or street or tags.get("addr:street:en", ""),
        place=read["place"] or tags.get("addr:hamlet", ""),
        city=read["city"],
        quarter=tags.get("addr:suburb", "") or tags.get("addr:quarter", "") or tags.get("addr:district", ""),
        postcode=tags.get("addr:postcode", "").strip(),
        name=tags.get("addr:housename", "").strip(),
        country=read["country"].upper(),
    )


def middle(line: Coordinates) -> tuple[float, float]:
    """Latitude and longitude of the middle of a closed line's area, or of an open line's own."""
    if len(line) < 2:
        return line[0][1], line[0][0]
    if len(line) > 3 and line[0] == line[-1]:
        point = shapely.Polygon(line).centroid
    else:
        point = shapely.LineString(line).interpolate(0.5, normalized=True)
    return point.y, point.x
