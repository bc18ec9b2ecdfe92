"""Reads of places, inside a scope."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import not_found
from homestretch.places import rules
from homestretch.places.models import GeocodeCache, Place, ServiceTime
from homestretch.places.values import Found


def place(place_id: UUID) -> Place:
    """One place with its measured halts. Refuses `place.not_found`."""
    found = Place.objects.prefetch_related("services").filter(id=place_id).first()
    if found is None:
        raise not_found("place", place_id)
    return found


def places(states: Iterable[str] = ()) -> QuerySet[Place]:
    """Places with their measured halts, of some states or of all."""
    rows = Place.objects.prefetch_related("services")
    return rows.filter(state__in=list(states)) if states else rows


def places_by_id(ids: Iterable[UUID]) -> dict[UUID, Place]:
    """Those of the ids that there are."""
    return {row.id: row for row in Place.objects.filter(id__in=list(ids))}


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


def cached_lookup(provider: str, text: str, *, since: datetime) -> list[Found] | None:
    """What a provider answered to this address at or after `since`; None: ask it. An empty list is an answer too."""
    rows = GeocodeCache.objects.filter(key=rules.query_key(provider, text), asked_at__gte=since)
    row = rows.first()
    return None if row is None else [Found(**candidate) for candidate in row.answer]
