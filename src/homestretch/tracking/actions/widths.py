"""How wide a depot's forecasts are said, as its days have turned out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from homestretch.events.action import action
from homestretch.kernel.actor import Actor
from homestretch.tracking.models import DepotWidth


@action
def set_widths(widths: Mapping[tuple[UUID, int], float], *, by: Actor, at: datetime) -> None:
    """Let these be all: by depot and horizon (minutes) the logarithm of how many times as wide. Forecasts made from
    now on are said so; no fact, for nothing has happened."""
    DepotWidth.objects.all().delete()
    DepotWidth.objects.bulk_create(
        DepotWidth(depot_id=depot_id, horizon_min=horizon, wider=wider, day=at.date())
        for (depot_id, horizon), wider in sorted(widths.items())
    )
