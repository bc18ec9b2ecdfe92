"""Reads of places, inside a scope."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from homestretch.kernel.refusal import not_found
from homestretch.places.models import Place


def place(place_id: UUID) -> Place:
    """One place. Refuses `place.not_found`."""
    found = Place.objects.filter(id=place_id).first()
    if found is None:
        raise not_found("place", place_id)
    return found


def places(states: Iterable[str] = ()) -> QuerySet[Place]:
    """Places, of some states or of all."""
    rows = Place.objects.all()
    return rows.filter(state__in=list(states)) if states else rows


def places_by_id(ids: Iterable[UUID]) -> dict[UUID, Place]:
    """Those of the ids that there are."""
    return {row.id: row for row in Place.objects.filter(id__in=list(ids))}
