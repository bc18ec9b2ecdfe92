"""One way's tags, read: its class, its limits, who may use it in which direction. Tables, no geometry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from homestretch.atlas.roads import access
from homestretch.atlas.roads.classes import LARGE, OF_HIGHWAY, SMOOTHNESS_KMH, SURFACE_KMH, TRACK_KMH, Road
from homestretch.atlas.roads.tags import duration_s, speed_kmh
from homestretch.atlas.roads.values import PROFILES

KEYS = ("highway", "route", "railway", "barrier", "type", "restriction")
_LIMITS = ("maxspeed:advisory", "maxspeed", "source:maxspeed", "maxspeed:type")
_STARTS = ("maxspeed", "oneway", "max", "access", "vehicle", "motor", "hgv", "goods", "bicycle", "foot", "cycleway")
_PLAIN = frozenset(
    {"highway", "route", "railway", "junction", "surface", "tracktype", "smoothness", "service", "duration", "area"}
    | {"duration:forward", "duration:backward", "lanes", "source:maxspeed", "motorroad", "impassable"}
)
_TOP_KMH = 250


@dataclass(frozen=True, slots=True)
class WayRule:
    """km/h, 0: none. `access` is for each profile along and against. `crossing_s`: of a ferry, 0: by its length."""

    road: Road
    limit: tuple[int, int]
    cap: int
    access: tuple[tuple[int, int], ...]
    roundabout: bool
    large: bool
    crossing_s: tuple[int, int]


class WayRules:
    """Reads ways; those with the same tags that matter are read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[tuple[str, str], ...], WayRule | None] = {}

    def of(self, tags: Mapping[str, str]) -> WayRule | None:
        """None: no way for anybody."""
        said = tuple(pair for pair in tags.items() if pair[0] in _PLAIN or pair[0].startswith(_STARTS))
        if said not in self._known:
            self._known[said] = read_way(dict(said))
        return self._known[said]


def read_way(tags: Mapping[str, str]) -> WayRule | None:
    """What a way is, or None where it is no way: under construction, an area, a cruise."""
    road = _road(tags)
    if road is None:
        return None
    may = tuple(access.of_way(tags, road, profile) for profile in PROFILES)
    if tags.get("area") == "yes":
        may = tuple((0, 0) if profile in ("van", "truck") else may[n] for n, profile in enumerate(PROFILES))
    if not any(any(pair) for pair in may):
        return None
    limit = (_limit(tags, "forward"), _limit(tags, "backward"))
    return WayRule(
        road=road,
        limit=limit,
        cap=_cap(tags, road),
        access=may,
        roundabout=tags.get("junction") in ("roundabout", "circular"),
        large=road in LARGE or (road == Road.SECONDARY and (max(limit) >= 70 or _lanes(tags) >= 3)),
        crossing_s=(_crossing(tags, "forward"), _crossing(tags, "backward")),
    )


def _road(tags: Mapping[str, str]) -> Road | None:
    if tags.get("route") == "ferry" and "highway" not in tags:
        return Road.FERRY
    if tags.get("route") == "shuttle_train" or tags.get("railway") == "shuttle_train":
        return Road.SHUTTLE
    return OF_HIGHWAY.get(tags.get("highway", ""))


def _limit(tags: Mapping[str, str], direction: str) -> int:
    for key in _LIMITS:
        value = tags.get(f"{key}:{direction}") or tags.get(key)
        found = speed_kmh(value) if value else None
        if found:
            return max(1, min(_TOP_KMH, round(found)))
    return 0


def _cap(tags: Mapping[str, str], road: Road) -> int:
    caps = [
        SURFACE_KMH.get(tags.get("surface", "").partition(":")[0], 0),
        SMOOTHNESS_KMH.get(tags.get("smoothness", ""), 0),
        TRACK_KMH.get(tags.get("tracktype", ""), 0) if road == Road.TRACK else 0,
    ]
    return min((cap for cap in caps if cap), default=0)


def _lanes(tags: Mapping[str, str]) -> int:
    lanes = tags.get("lanes", "")
    return int(lanes) if lanes.isdigit() else 0


def _crossing(tags: Mapping[str, str], direction: str) -> int:
    return duration_s(tags.get(f"duration:{direction}") or tags.get("duration")) or 0
