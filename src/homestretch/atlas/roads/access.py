"""Who may use a way, or pass a node: the hierarchy of access tags, one-ways, limits of height, width and weight.

The rules: the tag that names the profile most closely decides. `destination`, `private`, `delivery` and their like are
ENDS: a stop may be there, and nobody drives through. Of conditional tags, one that opens (`delivery @ (06:00-10:00)`)
makes ENDS of what is else closed; one that closes by weight holds for the truck; one that closes by the hour is not
applied. https://wiki.openstreetmap.org/wiki/Key:access
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from homestretch.atlas.roads.classes import FOR_MOTORS, NOT_FOR_BIKES, NOT_FOR_FEET, ON_REQUEST, Road
from homestretch.atlas.roads.tags import length_m, weight_kg

NO, YES, ENDS = 0, 1, 2
Tags = Mapping[str, str]

_OPEN = frozenset({"yes", "permissive", "designated", "official", "public", "hov", "right_of_way"})
_ENDS = frozenset({"destination", "private", "delivery", "customers", "residents", "permit", "discouraged"})
_UNSAID = frozenset({"unknown", "variable", ""})


@dataclass(frozen=True, slots=True)
class Vehicle:
    """Tags that speak of it, closest first, and its measure: meters and kilograms (0: no limit concerns it)."""

    tags: tuple[str, ...]
    height_m: float = 0
    width_m: float = 0
    length_m: float = 0
    weight_kg: float = 0


_MOTOR = ("motor_vehicle", "vehicle", "access")
VEHICLES: dict[str, Vehicle] = {
    "van": Vehicle(("goods", "motorcar", *_MOTOR), 2.8, 2.1, 7.0, 3_500),
    "truck": Vehicle(("hgv", "goods", "motorcar", *_MOTOR), 4.0, 2.55, 12.0, 18_000),
    "bike": Vehicle(("bicycle", "vehicle", "access"), 0, 0.9, 0, 0),
    "foot": Vehicle(("foot", "access")),
}
_PASSED = {
    "van": frozenset(
        {"cattle_grid", "border_control", "toll_booth", "sally_port", "gate", "lift_gate", "no", "entrance"}
        | {"height_restrictor", "arch", "swing_gate"}
    ),
    "bike": frozenset({"bollard", "cycle_barrier", "block", "chicane", "kerb", "bump_gate", "motorcycle_barrier"}),
    "foot": frozenset(
        {"kissing_gate", "stile", "turnstile", "full-height_turnstile", "chain", "hampshire_gate", "log"}
    ),
}
_PASSED["truck"] = _PASSED["van"]
_PASSED["bike"] |= _PASSED["van"]
_PASSED["foot"] |= _PASSED["bike"]


def of_way(tags: Tags, road: Road, profile: str) -> tuple[int, int]:
    """NO, YES or ENDS, along the way and against it."""
    if _too_large(tags, VEHICLES[profile]):
        return NO, NO
    along, against = (_allowed(tags, road, profile, direction) for direction in ("forward", "backward"))
    runs = _direction(tags, road, profile)
    return (along if runs >= 0 else NO), (against if runs <= 0 else NO)


def _allowed(tags: Tags, road: Road, profile: str, direction: str) -> int:
    for key in VEHICLES[profile].tags:
        value = tags.get(f"{key}:{direction}") or tags.get(key)
        if value is not None and value not in _UNSAID:
            named = key != "access" or road in FOR_MOTORS or road in (Road.TRACK, Road.FERRY, Road.SHUTTLE)
            said = _said(value)
            if said == NO or named or profile in ("bike", "foot"):
                return max(said, _opened(tags, profile)) if said != YES else _by_kind(tags, road, profile, said)
    return _by_kind(tags, road, profile, None)


def _said(value: str) -> int:
    values = {word.strip() for word in value.split(";")}
    if values & _OPEN:
        return YES
    return ENDS if values & _ENDS else NO


def _opened(tags: Tags, profile: str) -> int:
    """ENDS where a conditional tag lets deliveries in at some hour."""
    for key in VEHICLES[profile].tags:
        allowed = tags.get(f"{key}:conditional", "").partition("@")[0].strip()
        if allowed in _OPEN or allowed in _ENDS:
            return ENDS
    return NO


def _by_kind(tags: Tags, road: Road, profile: str, said: int | None) -> int:
    """What the road's class allows where no tag speaks, or where one says yes."""
    if profile == "foot":
        return NO if said is None and (road in NOT_FOR_FEET or tags.get("motorroad") == "yes") else YES
    if profile == "bike":
        return _for_bikes(tags, road, said)
    if tags.get("service") == "emergency_access" or tags.get("smoothness") == "impassable":
        return NO
    if profile == "truck" and "no" in tags.get("hgv:conditional", "") and "weight" in tags["hgv:conditional"]:
        return NO
    if road in ON_REQUEST:
        return YES if said == YES else _opened(tags, profile)
    return YES if road in FOR_MOTORS or road in (Road.FERRY, Road.SHUTTLE) else NO


def _for_bikes(tags: Tags, road: Road, said: int | None) -> int:
    if said is None and road == Road.PEDESTRIAN:
        return ENDS
    if said is None and (road in NOT_FOR_BIKES or tags.get("motorroad") == "yes"):
        return NO
    return NO if road == Road.STEPS else YES


def _direction(tags: Tags, road: Road, profile: str) -> int:
    """1: only along the way; -1: only against it; 0: both. A reversible way is closed to motors by `of_way`'s NO."""
    if profile == "foot":
        return _sense(tags.get("oneway:foot"))
    if profile == "bike":
        free = any(value.startswith("opposite") for key, value in tags.items() if key.startswith("cycleway"))
        return 0 if free else _sense(tags.get("oneway:bicycle", _oneway(tags, road)))
    keys = (f"oneway:{key}" for key in VEHICLES[profile].tags)
    return _sense(next((tags[key] for key in keys if key in tags), _oneway(tags, road)))


def _oneway(tags: Tags, road: Road) -> str:
    ring = tags.get("junction") in ("roundabout", "circular")
    return tags.get("oneway", "yes" if ring or road == Road.MOTORWAY else "no")


def _sense(value: str | None) -> int:
    return {"yes": 1, "true": 1, "1": 1, "-1": -1, "reverse": -1}.get(value or "", 0)


def _too_large(tags: Tags, vehicle: Vehicle) -> bool:
    if tags.get("oneway") == "reversible" and vehicle.height_m:
        return True  # whose direction it is just now, no map says
    limits = (
        (vehicle.height_m, ("maxheight", "maxheight:physical"), length_m),
        (vehicle.width_m, ("maxwidth", "maxwidth:physical"), length_m),
        (vehicle.length_m, ("maxlength",), length_m),
        (vehicle.weight_kg, ("maxweight", "maxweightrating", "maxgcweight"), weight_kg),
    )
    for measure, keys, read in limits:
        for key in keys if measure else ():
            limit = read(tags.get(key)) if key in tags else None
            if limit is not None and 0 < limit < measure:
                return True
    return False


def blocks(tags: Tags, profile: str) -> bool:
    """Whether a node (a bollard, a gate, a block) cannot be passed."""
    for key in VEHICLES[profile].tags:
        value = tags.get(key)
        if value is not None and value not in _UNSAID:
            return _said(value) == NO
    barrier = tags.get("barrier")
    if barrier is None or barrier in _PASSED[profile]:
        return "barrier" in tags and _too_large(tags, VEHICLES[profile])
    return not (barrier == "bollard" and tags.get("bollard") == "rising" and profile in ("van", "truck"))
