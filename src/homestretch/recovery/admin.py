"""Back office of the slice: to look at. What changes goes through actions."""

from __future__ import annotations

from django.contrib import admin

from homestretch.accounts.admin import ReadOnly
from homestretch.recovery import models


@admin.register(models.DeliveryException)
class DeliveryExceptionAdmin(ReadOnly):
    """What is off plan."""

    list_display = ("kind", "severity", "reason", "state", "assigned_to_id", "raised_at", "resolved_at")


@admin.register(models.Proposal)
class ProposalAdmin(ReadOnly):
    """What was proposed."""

    list_display = ("kind", "scope", "state", "actor", "asked_at", "made_at", "decided_at")


@admin.register(models.Offer)
class OfferAdmin(ReadOnly):
    """To whom orders were offered."""

    list_display = ("order_id", "driver_id", "state", "round", "asked_at", "deadline", "answered_at")
