"""What stands at a point: places, house numbers, and what helps a driver; by their tags. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from homestretch.atlas.tiles.land import Tags
from homestretch.atlas.tiles.lines import Feature

# How important among the places (1 first), and from which zoom.
PLACES: Mapping[str, tuple[int, int]] = {
    "city": (1, 3),
    "town": (2, 6),
    "borough": (3, 10),
    "village": (4, 9),
    "suburb": (5, 10),
    "hamlet": (6, 11),
    "quarter": (6, 12),
    "neighbourhood": (7, 12),
    "isolated_dwelling": (8, 13),
    "farm": (8, 14),
    "island": (5, 9),
    "islet": (8, 13),
}
# Class, its word for the tiles, and from which zoom: what a driver looks for, or is stopped by.
HELP: Mapping[str, Mapping[str, tuple[str, int]]] = {
    "amenity": {
        "fuel": ("fuel", 14),
        "charging_station": ("charging", 14),
        "hospital": ("hospital", 12),
        "police": ("police", 14),
        "fire_station": ("fire", 14),
        "post_office": ("post", 14),
        "parcel_locker": ("locker", 14),
        "school": ("school", 14),
        "university": ("school", 13),
        "townhall": ("townhall", 14),
        "place_of_worship": ("church", 14),
        "loading_dock": ("loading", 14),
    },
    "railway": {"station": ("station", 12), "halt": ("station", 13)},
    "aeroway": {"aerodrome": ("airport", 10)},
    "shop": {"supermarket": ("shop", 14), "mall": ("shop", 14), "department_store": ("shop", 14)},
    "tourism": {"hotel": ("hotel", 14), "museum": ("museum", 14), "attraction": ("museum", 14)},
    "highway": {"motorway_junction": ("junction", 12), "traffic_signals": ("signals", 14)},
    "barrier": {
        **dict.fromkeys(("bollard", "block", "chain"), ("bollard", 14)),
        **dict.fromkeys(("gate", "lift_gate", "swing_gate", "sliding_gate"), ("gate", 14)),
    },
    "entrance": dict.fromkeys(("yes", "main", "service"), ("entrance", 14)),
    "natural": {"peak": ("peak", 13)},
}
NAMELESS = {"bollard", "gate", "entrance", "signals", "loading", "locker", "charging", "fuel"}  # told without a name


def place_of(tags: Tags) -> Feature | None:
    """A settlement, or an island."""
    kind, name = tags.get("place", ""), tags.get("name")
    if kind not in PLACES or not name:
        return None
    rank, minzoom = PLACES[kind]
    said: dict[str, str | int] = {"class": kind, "name": name[:80], "rank": rank}
    if tags.get("capital") == "yes":
        said["rank"], minzoom = 1, 3
    people = tags.get("population", "").replace(" ", "").replace(",", "")
    if people.isdecimal() and len(people) < 10:
        said["people"] = int(people)
    return Feature("place", minzoom, said)


def house_of(tags: Tags) -> Feature | None:
    """A house number."""
    number = tags.get("addr:housenumber", "")
    return Feature("house", 14, {"number": number[:12]}) if number else None


def help_of(tags: Tags) -> Feature | None:
    """What a driver looks for, or is stopped by."""
    for key, classes in HELP.items():
        found = classes.get(tags.get(key, ""))
        if found:
            return _helping(tags, *found)
    return None


def _helping(tags: Tags, kind: str, minzoom: int) -> Feature | None:
    said: dict[str, str | int] = {"class": kind}
    if kind == "junction" and "ref" in tags:
        said["ref"] = tags["ref"][:8]
    if name := tags.get("name") or (tags.get("brand") if kind in NAMELESS else None):
        said["name"] = name[:60]
    elif kind not in NAMELESS and "ref" not in said:
        return None
    return Feature("point", minzoom, said)
