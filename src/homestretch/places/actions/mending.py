"""A person mends a place: its pin, its address, and what is to be known at its door."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import read_point
from homestretch.kernel.refusal import check_version
from homestretch.places import rules
from homestretch.places.actions.finding import check_standing, judge_area, locked
from homestretch.places.events import PlaceCorrected, PlaceOutside
from homestretch.places.models import Place
from homestretch.places.values import Correction

CHECKS: dict[str, Any] = {
    "address": lambda text: rules.check_length("address", text, rules.MAX_ADDRESS),
    "label": lambda text: rules.check_length("label", text, rules.MAX_LABEL),
    "access_notes": lambda text: rules.check_length("access_notes", text, rules.MAX_NOTES),
    "parking_notes": lambda text: rules.check_length("parking_notes", text, rules.MAX_NOTES),
    "access_s": rules.check_access,
    "side": rules.check_side,
    "gate_code": rules.check_gate_code,
    "serve_anyway": bool,
}
POINTS = ("entrance", "parking")


@action
def correct(place_id: UUID, change: Correction, *, version: int | None = None, by: Actor, at: datetime) -> Place:
    """A person mends a place: its pin (which is then confirmed), address, or what is to be known at the door.

    Another address without a pin is looked up again, and a confirmation ends with the address that it was for; the
    same one spelled better keeps its confirmed pin. The key stays, so that the next order with the old spelling comes
    to the mended place.

    Refuses `place.not_found`, `place.stale`, `place.merged_already` and what `rules` refuses about the values.
    """
    place = locked(place_id)
    check_version("place", version, place.version)
    check_standing(place)
    before = place.address
    changed = _apply(place, change)
    if not changed:
        return place
    inside = place.review != rules.OUTSIDE
    if change.point is not None:
        settle_pin(place, "person", by, at)
    elif "address" in changed and not (place.is_confirmed and rules.is_respelled(before, place.address)):
        _look_up_again(place, by)
    judge_area(place)
    place.version += 1
    place.save()
    record(PlaceCorrected(place.id, tuple(sorted(changed))), by=by, at=at)
    if inside and place.review == rules.OUTSIDE:
        record(PlaceOutside(place.id), by=by, at=at)
    return place


def settle_pin(place: Place, source: str, by: Actor, at: datetime) -> None:
    """From now on the pin stands, for somebody vouches for it."""
    place.state, place.review, place.source, place.candidates, place.fence = "located", "", source, [], None
    place.confirmed_at, place.confirmed_by, place.confirmed_from = at, str(by), source


def _look_up_again(place: Place, by: Actor) -> None:
    place.state, place.review, place.source, place.lookups, place.fence = "queued", "", "", 0, None
    place.confirmed_at, place.confirmed_by, place.confirmed_from = None, "", ""
    later("places.locate", by.organization_id)


def _apply(place: Place, change: Correction) -> set[str]:
    changed = set()
    for name, check in CHECKS.items():
        value = getattr(change, name)
        if value is not None and value != getattr(place, name):
            check(value)
            setattr(place, name, value)
            changed.add(name)
    for name in POINTS:
        if _set_point(place, name, change):
            changed.add(name)
    if change.point is not None:
        point = read_point(change.point.lat, change.point.lon)
        place.lat, place.lon = point.lat, point.lon
        changed |= {"lat", "lon"}
    return changed


def _set_point(place: Place, name: str, change: Correction) -> bool:
    """Whether one of the points beside the pin was set or taken away."""
    given = getattr(change, name)
    if given is None and name not in change.without:
        return False
    stood = getattr(place, f"{name}_lat"), getattr(place, f"{name}_lon")
    point = None if given is None else read_point(given.lat, given.lon, field=name)
    wanted = (point.lat, point.lon) if point else (None, None)
    setattr(place, f"{name}_lat", wanted[0])
    setattr(place, f"{name}_lon", wanted[1])
    if name == "entrance" and stood != wanted:
        place.entrance_unlearned = point is None and (place.entrance_source == "proofs" or place.entrance_unlearned)
        place.entrance_source, place.entrance_visits = ("" if point is None else "person"), 0
    return stood != wanted
