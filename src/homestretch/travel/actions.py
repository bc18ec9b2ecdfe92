"""What travel adopts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.travel import rules
from homestretch.travel.events import ModelAdopted
from homestretch.travel.models import TravelModel


@action
def adopt(
    profile: str, circuity_pct: int, speeds_mh: Sequence[int], *, source: str, by: Actor, at: datetime
) -> TravelModel:
    """Let a model of a profile hold from now on. Refuses `travel.model_malformed`."""
    last = TravelModel.objects.select_for_update().filter(profile=profile).order_by("-version").first()
    model = rules.read_model(profile, circuity_pct, speeds_mh, (last.version if last else 0) + 1)
    row = TravelModel.objects.create(
        profile=profile,
        version=model.version,
        circuity_pct=model.circuity_pct,
        speeds_mh=list(model.speeds_mh),
        source=source,
        adopted_at=at,
    )
    record(ModelAdopted(row.id, profile, model.version), by=by, at=at)
    return row
