"""The place of an address: found again, or made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.events.log import record, record_all
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.places import queries, rules
from homestretch.places.events import PlaceLocated, PlaceOutside
from homestretch.places.models import Place
from homestretch.places.values import PlaceData


@action
def find_or_create(data: PlaceData, *, by: Actor, at: datetime) -> Place:
    """The place of this address, made if it is new. Located when coordinates are given, else queued for the geocoder.

    Refuses what `rules.read_place` refuses.
    """
    return find_or_create_all([data], by=by, at=at)[0]


@action
def find_or_create_all(wanted: Sequence[PlaceData], *, by: Actor, at: datetime) -> list[Place]:
    """As `find_or_create`, for many at once, in their order: a handful of statements, one lookup per place."""
    checked = [rules.read_place(data) for data in wanted]
    known = _known({rules.key_of(data) for data in checked})
    keys: list[str] = []
    new: dict[str, Place] = {}
    doubted = [data for data in checked if _is_apart(rules.key_of(data), known.get(rules.key_of(data)), data)]
    apart = _known({rules.key_apart(data) for data in doubted})
    for data in checked:
        key = rules.key_of(data)
        if _is_apart(key, known.get(key) or new.get(key), data):
            key = rules.key_apart(data)
        keys.append(key)
        if key not in known and key not in apart and key not in new:
            new[key] = _new(key, data, at)
    if new:
        _judge_new(list(new.values()))
        Place.objects.bulk_create([new[key] for key in sorted(new)], ignore_conflicts=True)  # one order: no deadlock
    places = _known(set(keys)) if new else {**known, **apart}
    made = [place for key, place in new.items() if places[key].id == place.id]  # and not by another transaction
    record_all([PlaceOutside(place.id) for place in made if place.review == rules.OUTSIDE], by=by, at=at)
    for key, data in zip(keys, checked, strict=True):
        _learn(places[key], data, by, at)
    if any(place.state == "queued" for place in new.values()):
        later("places.locate", by.organization_id)
    return [places[key] for key in keys]


def _known(keys: set[str]) -> dict[str, Place]:
    """By key the place that it leads to: where a place was merged, its survivor."""
    rows = Place.objects.select_related("merged_into").filter(key__in=keys) if keys else ()
    return {row.key: row.merged_into or row for row in rows}


def _is_apart(key: str, place: Place | None, data: PlaceData) -> bool:
    """Whether an address that is known is meant elsewhere; of a merged one a person has said where it is."""
    if place is None or place.key != key:
        return False
    return rules.is_apart(point_of(place), data.point, confirmed=place.is_confirmed)


def point_of(place: Place) -> Point | None:
    """The place's pin, if it has one."""
    return None if place.lat is None or place.lon is None else Point(place.lat, place.lon)


def judge_area(place: Place) -> None:
    """Have a place that has its pin wait for a person where we do not serve, and wait no longer where we do."""
    point = point_of(place)
    served = place.serve_anyway or point is None or queries.is_served(point)
    place.state, place.review = rules.by_area(place.state, place.review, served=served)


def say_where(place: Place, *, by: Actor, at: datetime) -> None:
    """Record that a place has its pin now: where we serve, or outside."""
    record(PlaceLocated(place.id) if place.state == "located" else PlaceOutside(place.id), by=by, at=at)


def _judge_new(places: Sequence[Place]) -> None:
    pinned = [(place, point) for place in places if not place.serve_anyway and (point := point_of(place))]
    for (place, _), served in zip(pinned, queries.served([point for _, point in pinned]), strict=True):
        place.state, place.review = rules.by_area(place.state, place.review, served=served)


def _new(key: str, data: PlaceData, at: datetime) -> Place:
    return Place(
        id=uuid7(),
        key=key,
        address=data.address.strip(),
        label=data.label,
        lat=data.point.lat if data.point else None,
        lon=data.point.lon if data.point else None,
        state="located" if data.point else "queued",
        source="given" if data.point else "",
        access_notes=data.access_notes,
        access_s=data.access_s,
        serve_anyway=data.serve_anyway,
        created_at=at,
    )


def _learn(place: Place, data: PlaceData, by: Actor, at: datetime) -> None:
    """What a caller knows and the place does not: coordinates, first access notes, that it is served wherever it is.
    Nothing known is overwritten."""
    has_pin = place.state == "located" or place.review == rules.OUTSIDE
    pinned = not has_pin and data.point is not None
    if pinned and data.point is not None:
        place.lat, place.lon, place.state, place.source = data.point.lat, data.point.lon, "located", "given"
        place.fence, place.candidates = None, []
    noted = bool(data.access_notes) and not place.access_notes
    if noted:
        place.access_notes = data.access_notes
    allowed = data.serve_anyway and not place.serve_anyway
    if allowed:
        place.serve_anyway = True
    if not (pinned or noted or allowed):
        return
    waited = place.state != "located" or pinned
    judge_area(place)
    place.version += 1
    place.save()
    if pinned or (waited and place.state == "located"):
        say_where(place, by=by, at=at)


def hold_unlocated(place_ids: Iterable[UUID]) -> dict[UUID, Place]:
    """Those of the places that are still not located, under their row locks: whoever waits for one and holds it is seen
    by whoever locates it. In an open scope."""
    rows = Place.objects.select_for_update().filter(id__in=set(place_ids)).exclude(state="located").order_by("id")
    return {row.id: row for row in rows}


def check_standing(place: Place, field: str | None = None) -> None:
    """Refuses `place.merged_already`."""
    if place.merged_into_id is not None:
        raise Refusal(
            "place.merged_already",
            "the place was merged into another one",
            remedy="take that one, or undo the merge first",
            field=field,
            survivor=str(place.merged_into_id),
        )


def locked(place_id: UUID) -> Place:
    """The place under its row lock. Refuses `place.not_found`."""
    place = Place.objects.select_for_update().filter(id=place_id).first()
    if place is None:
        raise not_found("place", place_id)
    return place
