"""Back office of the slice: to look at. What changes goes through actions."""

from __future__ import annotations

from django.contrib import admin

from homestretch.accounts.admin import ReadOnly
from homestretch.webhooks import models


@admin.register(models.Endpoint)
class EndpointAdmin(ReadOnly):
    """Programs that listen."""

    list_display = ("url", "state", "failing_since", "created_at")
    exclude = ("secret",)


@admin.register(models.Delivery)
class DeliveryAdmin(ReadOnly):
    """What each was told."""

    list_display = ("endpoint_id", "event_id", "replay", "state", "tries", "status", "due_at", "ended_at")
    list_filter = ("state",)
