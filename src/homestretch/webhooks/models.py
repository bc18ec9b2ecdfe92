"""Programs that listen, and what was delivered to each."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from homestretch.events.models import Owned, Ref


class Endpoint(Owned):
    """A program that listens. The secret is encrypted; `types` empty = all."""

    url = models.URLField(max_length=500)
    secret = models.BinaryField()
    types = ArrayField(models.CharField(max_length=64), default=list)
    state = models.CharField(max_length=8, default="on")  # on, off, dead
    failing_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)


class Delivery(Owned):
    """One event for one endpoint: at least once, with a stable id, in the subject's order where possible."""

    endpoint = Ref(Endpoint, related_name="deliveries")
    event_id = models.UUIDField()
    replay = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10)  # waiting, sending, delivered, failed
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    fence = models.UUIDField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    took_ms = models.PositiveIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "endpoint", "event_id", "replay"], name="told_once")
        ]
        indexes: ClassVar = [models.Index(fields=["organization_id", "state", "due_at"], name="delivery_due")]
