"""What a place learns at its door, who vouches for its pin, and what it forgets with a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point, distance_m
from homestretch.kernel.refusal import Refusal, check_version
from homestretch.places import queries, rules
from homestretch.places.actions.finding import check_standing, judge_area, locked
from homestretch.places.actions.mending import settle_pin
from homestretch.places.events import PlaceConfirmed, PlaceEntranceLearned, PlaceForgotten, PlaceLocated
from homestretch.places.models import Place, ServiceTime
from homestretch.places.values import Service

NOTES = ("access_notes", "parking_notes")


@action
def confirm(
    place_id: UUID, confirmed_from: str = "person", *, version: int | None = None, by: Actor, at: datetime
) -> Place:
    """Vouch for a place's pin: as it stands (`person`), or where phones stood at its completed stops (`proofs`). No
    geocoder moves it again, and orders that waited for it become ready.

    Refuses `place.not_found`, `place.stale`, `place.merged_already`, `place.no_pin`, `place.proofs_too_few` and
    `place.confirmed_from_unknown`.
    """
    place = locked(place_id)
    check_version("place", version, place.version)
    check_standing(place)
    if confirmed_from not in rules.CONFIRMED_FROM:
        raise Refusal(
            "place.confirmed_from_unknown",
            "a pin is not confirmed by that",
            remedy=f"one of {', '.join(rules.CONFIRMED_FROM)}",
            field="confirmed_from",
        )
    if confirmed_from == "proofs":
        _move_to_proofs(place)
    elif place.lat is None or place.lon is None or place.state == "queued":
        raise Refusal(
            "place.no_pin", "there is no pin to confirm", remedy="set the pin: lat and lon of the place", field="lat"
        )
    waited = place.state != "located"
    settle_pin(place, confirmed_from, by, at)
    judge_area(place)
    place.version += 1
    place.save()
    record(PlaceConfirmed(place.id, confirmed_from), by=by, at=at)
    if waited and place.state == "located":
        record(PlaceLocated(place.id), by=by, at=at)
    return place


def _move_to_proofs(place: Place) -> None:
    seen = queries.seen_at(place.id)
    if seen is None:
        raise Refusal(
            "place.proofs_too_few",
            "too few phones stood together at this place's completed stops",
            remedy="set the pin by hand, or wait for more deliveries",
        )
    place.lat, place.lon = seen.point.lat, seen.point.lon


@action
def remember_service(place_id: UUID, service: Service, *, by: Actor, at: datetime) -> None:
    """Keep how long a halt took and where the phone was; of the same stop the later word counts. Nothing where neither
    says anything, or where the place is gone."""
    seconds = service.seconds if service.seconds is not None and rules.is_measured(service.seconds) else None
    place = Place.objects.filter(id=place_id).first()
    if place is None or (seconds is None and service.point is None):
        return
    place_id = place.merged_into_id or place.id
    known: dict[str, Any] = {"place_id": place_id, "seconds": seconds, "at": service.at}
    if service.point is not None:
        known |= {"lat": service.point.lat, "lon": service.point.lon}
    ServiceTime.objects.update_or_create(stop_id=service.stop_id, defaults=known)
    newest = ServiceTime.objects.filter(place_id=place_id).order_by("-at", "-id")
    stale = newest.values_list("id", flat=True)[rules.KEPT_SERVICES :]
    ServiceTime.objects.filter(id__in=list(stale)).delete()
    if service.point is not None:
        _learn_entrance(place_id, by=by, at=at)


def _learn_entrance(place_id: UUID, *, by: Actor, at: datetime) -> None:
    """Where phones agree on a door, it is the place's entrance, and the next plan drives there. A person's word stands,
    and so does a person's no to what was learned."""
    place = Place.objects.select_for_update().get(id=place_id)
    pin = None if place.lat is None or place.lon is None else Point(place.lat, place.lon)
    if pin is None or place.entrance_source == "person" or place.entrance_unlearned:
        return
    door = queries.doorstep(place.id, pin)
    stands = place.entrance_lat is not None and place.entrance_lon is not None
    known = Point(place.entrance_lat, place.entrance_lon) if stands else None
    if door is None or (known is not None and distance_m(known, door.point) < rules.MOVED_M):
        return
    place.entrance_lat, place.entrance_lon = door.point.lat, door.point.lon
    place.entrance_source, place.entrance_visits = "proofs", door.count
    place.version += 1
    place.save()
    record(PlaceEntranceLearned(place.id, door.count, round(distance_m(pin, door.point))), by=by, at=at)


@action
def forget_halts(stop_ids: Iterable[UUID], *, by: Actor, at: datetime) -> None:
    """Forget where phones stood at these stops; how long they took stays."""
    ServiceTime.objects.filter(stop_id__in=list(stop_ids)).update(lat=None, lon=None)


@action
def forget_notes(place_ids: Iterable[UUID], alone: Iterable[UUID], *, by: Actor, at: datetime) -> list[Place]:
    """A person was erased who was served at these places: their gate codes go, and where nobody else is served
    (`alone`) whatever was noted. Returns the places that lost something."""
    lonely, lost = set(alone), []
    for place in Place.objects.select_for_update().filter(id__in=set(place_ids)).order_by("id"):
        names = ("gate_code", *(NOTES if place.id in lonely else ()))
        gone = tuple(sorted(name for name in names if getattr(place, name)))
        if gone:
            for name in gone:
                setattr(place, name, "")
            place.version += 1
            place.save()
            record(PlaceForgotten(place.id, gone), by=by, at=at)
            lost.append(place)
    return lost
