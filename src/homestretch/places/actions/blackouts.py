"""Days on which nothing is delivered are set, changed and taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import check_version, not_found
from homestretch.places import queries, rules
from homestretch.places.events import BlackoutChanged, BlackoutRemoved
from homestretch.places.models import Blackout
from homestretch.places.values import BlackoutData


@action
def save_blackout(
    data: BlackoutData, *, ident: UUID | None = None, version: int | None = None, by: Actor, at: datetime
) -> Blackout:
    """Set days on which nothing is delivered, or replace those of `ident`. Plans that are made stay as they are.
    Whoever calls has looked whether there is such a depot.

    Refuses what `rules.check_blackout` refuses, `zone.not_found`, `blackout.not_found`, `blackout.stale`.
    """
    rules.check_blackout(data)
    if data.zone_id is not None:
        queries.zone(data.zone_id)
    row = _locked(ident) if ident else Blackout(created_at=at)
    check_version("blackout", version, row.version)
    fields: dict[str, Any] = {
        "first": data.first,
        "last": data.last,
        "reason": data.reason.strip(),
        "depot_id": data.depot_id,
        "zone_id": data.zone_id,
    }
    changed = tuple(sorted(name for name, value in fields.items() if ident is None or getattr(row, name) != value))
    for name in changed:
        setattr(row, name, fields[name])
    if changed:
        row.version += 1 if ident else 0
        row.save(force_insert=ident is None)
        record(BlackoutChanged(row.id, changed), by=by, at=at)
    return row


@action
def remove_blackout(blackout_id: UUID, *, version: int | None = None, by: Actor, at: datetime) -> None:
    """Make the days ordinary again. Refuses `blackout.not_found`, `blackout.stale`."""
    row = _locked(blackout_id)
    check_version("blackout", version, row.version)
    row.delete()
    record(BlackoutRemoved(blackout_id), by=by, at=at)


def _locked(blackout_id: UUID) -> Blackout:
    row = Blackout.objects.select_for_update().filter(id=blackout_id).first()
    if row is None:
        raise not_found("blackout", blackout_id)
    return row
