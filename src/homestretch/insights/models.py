"""Facts for measures: one row per served task, digested from the log."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from homestretch.events.models import Owned


class TaskFact(Owned):
    """How one task on one stop went, with all that the measures need."""

    day = models.DateField()
    task_id = models.UUIDField()
    stop_id = models.UUIDField()
    order_id = models.UUIDField()
    route_id = models.UUIDField()
    merchant_id = models.UUIDField(null=True)
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=30, blank=True)
    attempt = models.PositiveSmallIntegerField()
    promised_start = models.DateTimeField(null=True)
    promised_end = models.DateTimeField(null=True)
    promise_told = models.BooleanField(default=False)
    superseded_without_consent = models.BooleanField(default=False)
    arrived_at = models.DateTimeField(null=True)
    planned_arrive = models.DateTimeField()
    ended_at = models.DateTimeField()
    service_s = models.PositiveIntegerField(null=True)
    planned_service_s = models.PositiveIntegerField()
    score = models.PositiveSmallIntegerField(null=True)

    narrowed: ClassVar[dict[str, str]] = {"merchant": "merchant_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "stop_id", "task_id"], name="one_fact")]
        indexes = [models.Index(fields=["organization_id", "day"], name="fact_day")]
