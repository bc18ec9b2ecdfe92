"""Exceptions of the business kind: anything off plan, with reason and severity."""

from __future__ import annotations

from django.db import models

from homestretch.events.models import Owned, Ref


class DeliveryException(Owned):
    """Something off plan that wants a person. One open row per cause (`key`)."""

    kind = models.CharField(max_length=24)  # one of `rules.KINDS`
    key = models.CharField(max_length=120)
    severity = models.CharField(max_length=8)  # low, medium, high
    reason = models.CharField(max_length=60, blank=True)
    order = Ref("orders.Order", null=True)
    route = Ref("dispatch.Route", null=True)
    stop = Ref("dispatch.Stop", null=True)
    details = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="open")  # open, resolved
    assigned_to = Ref("accounts.Membership", null=True)
    raised_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "key"], condition=models.Q(state="open"), name="one_open_exception"
            )
        ]
        indexes = [models.Index(fields=["organization_id", "state", "raised_at"], name="exception_state")]
