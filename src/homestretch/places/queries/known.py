"""Reads of places, inside a scope."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from homestretch.events.rows import among, text
from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import not_found
from homestretch.places import rules
from homestretch.places.models import GeocodeCache, Place, PlaceMerge, ServiceTime
from homestretch.places.values import Found, Pin


def place(place_id: UUID) -> Place:
    """One place with its measured halts. Refuses `place.not_found`."""
    found = Place.objects.prefetch_related("services").filter(id=place_id).first()
    if found is None:
        raise not_found("place", place_id)
    return found


def places(states: Iterable[str] = ()) -> QuerySet[Place]:
    """Places with their measured halts: all, or those of some states; these without the merged ones, which wait for
    nobody."""
    rows = Place.objects.prefetch_related("services")
    return rows.filter(state__in=list(states), merged_into=None) if states else rows


def to_fix() -> QuerySet[Place]:
    """The places at which a person must look: none was found, none for sure, or outside of where we serve."""
    return places(("needs_review", "not_located"))


def places_like(text: str) -> QuerySet[Place]:
    """Places whose address or name holds a piece of text."""
    return Place.objects.filter(Q(address__icontains=text) | Q(label__icontains=text), merged_into=None)


def places_by_id(ids: Iterable[UUID]) -> dict[UUID, Place]:
    """Those of the ids that there are, each with the place that it leads to: where it was merged, its survivor."""
    rows = Place.objects.select_related("merged_into").filter(id__in=list(ids))
    return {row.id: row.merged_into or row for row in rows}


def pins(ids: Iterable[UUID | str]) -> dict[str, Pin]:
    """What a map says of these places, where one was merged of its survivor; by id as text: two reads, however many.

    A join of the table with itself would be one, and takes minutes where ten thousand places have just been written.
    """
    columns = (text("id"), "label", "address", "lat", "lon")
    rows = among(Place.objects.all(), "id", ids).values_list(*columns, text("merged_into_id"))
    found = {row[0]: (Pin._make(row[:5]), row[5]) for row in rows}
    merged = {survivor for _, survivor in found.values() if survivor}
    survivors = among(Place.objects.all(), "id", merged).values_list(*columns)
    known = {row[0]: Pin._make(row) for row in survivors} if merged else {}
    return {ident: known.get(survivor, pin) for ident, (pin, survivor) in found.items()}


def duplicates(most: int = 100) -> list[tuple[rules.Duplicate, Place, Place]]:
    """Places that may be one, the surest first: the pair, the place that would stay, the one that would be merged."""
    columns = ("id", "address", "lat", "lon", "state", "review", "confirmed_at")
    rows = Place.objects.filter(merged_into=None).exclude(address="").order_by("id").values_list(*columns)
    known = [rules.Known(row[0], row[1], _pin(*row[2:6]), row[6] is not None) for row in rows.iterator()]
    said = PlaceMerge.objects.filter(state="apart").values_list("place_id", "survivor_id")
    found = rules.duplicates(known, {frozenset(pair) for pair in said})[:most]
    ids = {ident for pair in found for ident in (pair.survivor, pair.place)}
    shown = {row.id: row for row in places().filter(id__in=ids)}
    return [(pair, shown[pair.survivor], shown[pair.place]) for pair in found]


def _pin(lat: float | None, lon: float | None, state: str, review: str) -> Point | None:
    """The pin of a place that holds: not what stands there while another one is looked for."""
    if lat is None or lon is None or (state != "located" and review != rules.OUTSIDE):
        return None
    return Point(lat, lon)


def services(place_id: UUID) -> list[ServiceTime]:
    """The newest measured halts at a place, newest first. Refuses `place.not_found`."""
    return sorted(place(place_id).services.all(), key=lambda row: (row.at, row.id), reverse=True)


def median_service_s(row: Place) -> int | None:
    """How long a halt at a place takes by its newest ones; None where none was measured."""
    return rules.median_s([service.seconds for service in row.services.all() if service.seconds is not None])


def seen_at(place_id: UUID) -> rules.Cluster | None:
    """Where phones stood together at a place's completed stops: a better pin, perhaps. None where they did not."""
    rows = ServiceTime.objects.filter(place_id=place_id, lat__isnull=False, lon__isnull=False).order_by("-at", "-id")
    return rules.cluster_of([Point(row.lat, row.lon) for row in rows if row.lat is not None and row.lon is not None])


def doorstep(place_id: UUID, pin: Point) -> rules.Cluster | None:
    """The entrance that phones have found at a place's completed stops. None where they have not."""
    rows = ServiceTime.objects.filter(place_id=place_id, lat__isnull=False, lon__isnull=False)
    stood = rows.order_by("-at", "-id").values_list("lat", "lon", "at")
    return rules.doorstep([(Point(lat, lon), at.date()) for lat, lon, at in stood], pin)


def cached_lookup(provider: str, text: str, *, since: datetime) -> list[Found] | None:
    """What a provider answered to this address at or after `since`; None: ask it. An empty list is an answer too."""
    rows = GeocodeCache.objects.filter(key=rules.query_key(provider, text), asked_at__gte=since)
    row = rows.first()
    return None if row is None else [Found(**candidate) for candidate in row.answer]
