"""Reads of the days on which nothing is delivered."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from homestretch.kernel.refusal import not_found
from homestretch.places.models import Blackout


def blackout(blackout_id: UUID) -> Blackout:
    """One span of days. Refuses `blackout.not_found`."""
    found = Blackout.objects.filter(id=blackout_id).first()
    if found is None:
        raise not_found("blackout", blackout_id)
    return found


def blackouts(*, since: date | None = None) -> QuerySet[Blackout]:
    """All, or those that are not over before a day."""
    return Blackout.objects.filter(last__gte=since) if since else Blackout.objects.all()


def blackouts_on(days: Collection[date]) -> dict[date, list[Blackout]]:
    """Of each day what is blacked out on it, those of the whole organization first."""
    if not days:
        return {}
    rows = list(Blackout.objects.filter(first__lte=max(days), last__gte=min(days)).order_by("first", "id"))
    rows.sort(key=lambda row: row.depot_id is not None or row.zone_id is not None)
    return {day: [row for row in rows if row.first <= day <= row.last] for day in days}
