"""Adopted models of travel."""

from __future__ import annotations

from django.db import models

from homestretch.events.models import Owned


class TravelModel(Owned):
    """A learned or set model of travel, versioned; the newest adopted one of a profile holds."""

    profile = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    circuity_pct = models.PositiveIntegerField()  # road meters per 100 great-circle meters
    speeds_mh = models.JSONField()  # 24 integers, meters per hour by local hour of day
    source = models.CharField(max_length=120)
    adopted_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "profile", "version"], name="model_version")]
