"""The verbs of places: find or create, correct, and the two ends of a lookup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point, read_point
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import check_version, not_found
from homestretch.places import rules
from homestretch.places.events import PlaceCorrected, PlaceLocated, PlaceNeedsReview
from homestretch.places.models import Place
from homestretch.places.values import Correction, Found, Lookup, PlaceData

LOOKUP_PAGE = 20
LOOKUP_LEASE = timedelta(minutes=5)  # after it a lookup that never ended is begun again


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
    apart = _known({rules.key_apart(d) for d in checked if d.point and _is_apart(known.get(rules.key_of(d)), d)})
    for data in checked:
        key = rules.key_of(data)
        if _is_apart(known.get(key) or new.get(key), data):
            key = rules.key_apart(data)
        keys.append(key)
        if key not in known and key not in apart and key not in new:
            new[key] = _new(key, data, at)
    if new:
        Place.objects.bulk_create([new[key] for key in sorted(new)], ignore_conflicts=True)  # one order: no deadlock
    places = _known(set(keys)) if new else {**known, **apart}
    for key, data in zip(keys, checked, strict=True):
        _learn(places[key], data, by, at)
    if any(place.state == "queued" for place in new.values()):
        later("places.locate", by.organization_id)
    return [places[key] for key in keys]


def _known(keys: set[str]) -> dict[str, Place]:
    return {place.key: place for place in Place.objects.filter(key__in=keys)} if keys else {}


def _is_apart(place: Place | None, data: PlaceData) -> bool:
    return place is not None and rules.is_apart(point_of(place), place.source, data.point)


def point_of(place: Place) -> Point | None:
    """The place's pin, if it has one."""
    return None if place.lat is None or place.lon is None else Point(place.lat, place.lon)


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
        created_at=at,
    )


def _learn(place: Place, data: PlaceData, by: Actor, at: datetime) -> None:
    """What a caller knows and the place does not: coordinates, first access notes. Nothing known is overwritten."""
    located = place.state != "located" and data.point is not None
    if located and data.point is not None:
        place.lat, place.lon, place.state, place.source = data.point.lat, data.point.lon, "located", "given"
        place.fence, place.candidates = None, []
    noted = bool(data.access_notes) and not place.access_notes
    if noted:
        place.access_notes = data.access_notes
    if located or noted:
        place.version += 1
        place.save()
    if located:
        record(PlaceLocated(place.id), by=by, at=at)


@action
def correct(place_id: UUID, change: Correction, *, version: int | None = None, by: Actor, at: datetime) -> Place:
    """A person mends a place: its pin, address or notes. An address changed without a pin is looked up again.

    The key stays, so that the next order with the old spelling comes to the mended place. Refuses `place.not_found`,
    `place.stale` and what `rules` refuses about the values.
    """
    place = locked(place_id)
    check_version("place", version, place.version)
    changed = _apply(place, change)
    if not changed:
        return place
    if "address" in changed and change.point is None:
        place.state, place.source, place.lookups, place.fence = "queued", "", 0, None
        later("places.locate", by.organization_id)
    place.version += 1
    place.save()
    record(PlaceCorrected(place.id, tuple(sorted(changed))), by=by, at=at)
    return place


def locked(place_id: UUID) -> Place:
    """The place under its row lock. Refuses `place.not_found`."""
    place = Place.objects.select_for_update().filter(id=place_id).first()
    if place is None:
        raise not_found("place", place_id)
    return place


def _apply(place: Place, change: Correction) -> set[str]:
    changed = set()
    for name, limit in (
        ("address", rules.MAX_ADDRESS),
        ("label", rules.MAX_LABEL),
        ("access_notes", rules.MAX_NOTES),
    ):
        value = getattr(change, name)
        if value is not None and value != getattr(place, name):
            rules.check_length(name, value, limit)
            setattr(place, name, value)
            changed.add(name)
    if change.access_s is not None and change.access_s != place.access_s:
        rules.check_access(change.access_s)
        place.access_s = change.access_s
        changed.add("access_s")
    if change.point is not None:
        point = read_point(change.point.lat, change.point.lon)
        place.lat, place.lon, place.state, place.source = point.lat, point.lon, "located", "person"
        place.candidates, place.fence = [], None
        changed |= {"lat", "lon"}
    return changed


def hold_unlocated(place_ids: Iterable[UUID]) -> dict[UUID, Place]:
    """Those of the places that are still not located, under their row locks: whoever waits for one and holds it is seen
    by whoever locates it. In an open scope."""
    rows = Place.objects.select_for_update().filter(id__in=set(place_ids)).exclude(state="located").order_by("id")
    return {row.id: row for row in rows}


@action
def begin_lookups(*, by: Actor, at: datetime) -> list[Lookup]:
    """Take the next queued places for the geocoder: each is leased for five minutes and fenced. Whoever took them may
    be lost: when the lease ends somebody looks again."""
    free = Q(fence__isnull=True) | Q(looked_up_at__lte=at - LOOKUP_LEASE)
    queued = Place.objects.select_for_update(skip_locked=True).filter(free, state="queued")
    rows = list(queued.order_by("id")[:LOOKUP_PAGE])
    for place in rows:
        place.fence, place.looked_up_at = uuid7(), at
    Place.objects.bulk_update(rows, ["fence", "looked_up_at"])
    if rows:
        later("places.locate", by.organization_id, at=at + LOOKUP_LEASE, key="lease")
    return [Lookup(place.id, place.fence, place.address) for place in rows]


@action
def finish_lookup(lookup: Lookup, found: Sequence[Found], *, by: Actor, at: datetime) -> None:
    """Write what the geocoder found; nothing if the place was mended or taken by another lookup meanwhile."""
    place = locked(lookup.place_id)
    if place.state != "queued" or place.fence != lookup.fence:
        return
    judged = rules.judge(found)
    place.state, place.fence = judged.state, None
    if judged.state == "located" and judged.best is not None:
        place.lat, place.lon, place.source = judged.best.lat, judged.best.lon, "geocoder"
        place.candidates = []
    else:
        place.lat = place.lon = None
        place.candidates = [{"label": f.label, "lat": f.lat, "lon": f.lon, "confidence": f.confidence} for f in found]
    place.confidence = judged.best.confidence if judged.best else None
    place.version += 1
    place.save()
    fact = PlaceLocated(place.id) if judged.state == "located" else PlaceNeedsReview(place.id, judged.state)
    record(fact, by=by, at=at)


@action
def postpone_lookup(lookup: Lookup, after_s: int | None, *, by: Actor, at: datetime) -> None:
    """The geocoder did not answer: try again `after_s` seconds from now; None: it never will, a person must look."""
    place = locked(lookup.place_id)
    if place.state != "queued" or place.fence != lookup.fence:
        return
    place.lookups += 1
    if after_s is None or place.lookups >= rules.LOOKUPS:
        place.state, place.fence = "needs_review", None
        record(PlaceNeedsReview(place.id, place.state), by=by, at=at)
    else:
        place.looked_up_at = at - LOOKUP_LEASE + timedelta(seconds=after_s)
        later("places.locate", by.organization_id, at=at + timedelta(seconds=after_s), key="again")
    place.save()
