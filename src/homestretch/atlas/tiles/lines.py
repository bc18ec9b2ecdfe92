"""What runs over the ground: roads, rails, rivers, ferries, borders; by their tags. Pure.

A line is a layer of the tiles, the lowest zoom at which it is there, and what is said of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from homestretch.atlas.tiles.land import Tags

ROADS: Mapping[str, tuple[str, int]] = {
    "motorway": ("motorway", 5),
    "trunk": ("trunk", 6),
    "primary": ("primary", 7),
    "secondary": ("secondary", 9),
    "tertiary": ("tertiary", 10),
    **dict.fromkeys(("unclassified", "residential", "road"), ("minor", 12)),
    "living_street": ("living", 12),
    "pedestrian": ("pedestrian", 13),
    "busway": ("service", 13),
    "service": ("service", 13),
    "track": ("track", 13),
    **dict.fromkeys(("path", "footway", "cycleway", "bridleway", "steps", "corridor"), ("path", 14)),
    "construction": ("construction", 13),
}
RAILS = {"rail": 8, "light_rail": 10, "narrow_gauge": 10, "subway": 12, "tram": 12, "funicular": 12, "monorail": 12}
WATERWAYS = {"river": 8, "canal": 10, "stream": 13, "ditch": 14, "drain": 14}
AEROWAYS = {"runway": 10, "taxiway": 12}
BORDERS = {2: 0, 3: 4, 4: 4, 5: 8, 6: 8, 7: 10, 8: 10}


@dataclass(frozen=True, slots=True)
class Feature:
    """What becomes of an object in the tiles."""

    layer: str
    minzoom: int
    said: Mapping[str, str | int]


def line_of(tags: Tags) -> Feature | None:
    """What becomes of a way that is drawn as a line."""
    if "highway" in tags:
        return None if tags.get("area") == "yes" else _road(tags)
    if tags.get("route") == "ferry":
        return Feature("ferry", 7, _named(tags, {"class": "ferry"}))
    if tags.get("railway") in RAILS:
        return _rail(tags)
    if tags.get("waterway") in WATERWAYS:
        kind = tags["waterway"]
        minzoom = WATERWAYS[kind] if "name" in tags else max(12, WATERWAYS[kind])
        return Feature("waterway", minzoom, _named(tags, {"class": kind, **_level(tags)}))
    if tags.get("aeroway") in AEROWAYS:
        return Feature("road", AEROWAYS[tags["aeroway"]], {"class": tags["aeroway"]})
    if tags.get("man_made") == "pier":
        return Feature("road", 13, {"class": "pier"})
    return None


def border(level: int) -> Feature | None:
    """A part of a border between areas of that administrative level."""
    return Feature("border", BORDERS[level], {"level": level}) if level in BORDERS else None


def _road(tags: Tags) -> Feature | None:
    kind, link = tags["highway"], 0
    if kind.endswith("_link"):
        kind, link = kind.removesuffix("_link"), 1
    if kind not in ROADS:
        return None
    name, minzoom = ROADS[kind]
    said: dict[str, str | int] = {"class": name, **_level(tags)}
    if link:
        said["link"] = 1
        minzoom = max(minzoom, 10)
    if kind == "service" and tags.get("service") in {"parking_aisle", "driveway", "drive-through"}:
        said["small"] = 1
        minzoom = 14
    if kind == "steps":
        said["steps"] = 1
    said |= _direction(tags)
    ref = tags.get("ref", "").split(";")[0].strip()
    if ref and name in {"motorway", "trunk", "primary", "secondary", "tertiary"}:
        said["ref"] = ref[:12]
    return Feature("road", minzoom, _named(tags, said))


def _direction(tags: Tags) -> dict[str, str | int]:
    """One-way for motor vehicles, along the line or against it."""
    told = tags.get("oneway", "")
    if told in {"-1", "reverse"}:
        return {"oneway": -1}
    if told in {"yes", "true", "1"} or tags.get("junction") == "roundabout":
        return {"oneway": 1}
    if not told and tags["highway"] in {"motorway", "motorway_link"}:
        return {"oneway": 1}
    return {}


def _rail(tags: Tags) -> Feature:
    kind = tags["railway"]
    side = "service" in tags
    name = kind if kind in {"tram", "subway"} else "rail"
    said: dict[str, str | int] = {"class": name, **_level(tags)}
    if side:
        said["side"] = 1
    return Feature("rail", max(RAILS[kind], 12 if side else 0), said)


def _level(tags: Tags) -> dict[str, str | int]:
    if tags.get("tunnel", "no") != "no" or tags.get("covered") == "yes":
        return {"level": "tunnel"}
    return {"level": "bridge"} if tags.get("bridge", "no") != "no" else {}


def _named(tags: Tags, said: dict[str, str | int]) -> dict[str, str | int]:
    if name := tags.get("name"):
        said["name"] = name[:80]
    return said
