"""One pass over a file: is it in order, what is in it, where, how old, and how its roundabouts turn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import osmium

_RANKS = {"n": 0, "w": 1, "r": 2}
_ROUNDABOUTS = 3  # so many must agree before they outweigh the table of countries


@dataclass(slots=True)
class Survey:
    """`newest`: seconds UTC or 0; `box`: south, west, north, east; `left`: by the roundabouts, None: too few."""

    in_order: bool = True
    objects: int = 0
    last: tuple[int, int] = (0, 0)
    roads: int = 0
    placed_roads: int = 0
    newest: int = 0
    box: tuple[float, float, float, float] = (90.0, 180.0, -90.0, -180.0)
    country: str = ""
    turns: Counter[bool] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)

    @property
    def left(self) -> bool | None:
        """Whether they drive on the left, as most roundabouts say."""
        (side, most), total = (self.turns.most_common(1) or [(False, 0)])[0], self.turns.total()
        return side if total >= _ROUNDABOUTS and most * 4 >= total * 3 else None


def look_through(path: Path) -> Survey:
    """Raises what osmium raises where the file cannot be read to its end. Untagged nodes get no look: they are many."""
    found = Survey()
    for thing in osmium.FileProcessor(path).with_locations().with_filter(osmium.filter.EmptyTagFilter()):
        _look(thing, found)
    header = osmium.FileProcessor(path).header
    stamp = header.get("osmosis_replication_timestamp") or header.get("timestamp")
    if stamp:
        found.newest = int(datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp())
    found.box = _box(header.box(), found.box)
    found.country = next((code for code, _ in found.countries.most_common(1)), "")
    return found


def _look(thing: osmium.osm.types.OSMEntity, found: Survey) -> None:
    here = (_RANKS.get(thing.type_str(), 3), abs(thing.id))
    found.in_order &= found.last <= here
    found.last = here
    found.objects += 1
    code = thing.tags.get("addr:country")
    if code:
        found.countries[code.upper()] += 1
    if isinstance(thing, osmium.osm.Way):
        _way(thing, found)
    elif isinstance(thing, osmium.osm.Relation):
        _relation(thing, found)


def _box(told: osmium.osm.Box, roads: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """What the header says, unless it says nothing, or far more than there are roads for: then where the roads are."""
    if not told.valid():
        return roads
    low, high = told.bottom_left, told.top_right
    wide = (high.lat - low.lat) * (high.lon - low.lon) > 9 * (roads[2] - roads[0]) * (roads[3] - roads[1])
    return roads if wide else (low.lat, low.lon, high.lat, high.lon)


def _way(way: osmium.osm.Way, found: Survey) -> None:
    if "highway" not in way.tags or not len(way.nodes):
        return
    found.roads += 1
    ends = [node for node in (way.nodes[0], way.nodes[-1]) if node.location.valid()]
    found.placed_roads += bool(ends)
    for node in ends:
        south, west, north, east = found.box
        found.box = (min(south, node.lat), min(west, node.lon), max(north, node.lat), max(east, node.lon))
    if way.tags.get("junction") == "roundabout" and way.is_closed():
        spots = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
        area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(spots))
        found.turns[area < 0] += 1


def _relation(relation: osmium.osm.Relation, found: Survey) -> None:
    tags = relation.tags
    if tags.get("boundary") == "administrative" and tags.get("admin_level") == "2":
        code = tags.get("ISO3166-1:alpha2") or tags.get("ISO3166-1")
        if code:
            found.countries[code.upper()] += 1  # neighbors' borders too: addresses decide
        if tags.get("driving_side") in ("left", "right"):
            found.turns[tags["driving_side"] == "left"] += _ROUNDABOUTS
