"""Back office of the slice: to look at. What changes goes through actions."""

from __future__ import annotations

from django.contrib import admin

from homestretch.accounts.admin import ReadOnly
from homestretch.dispatch import models


@admin.register(models.Route)
class RouteAdmin(ReadOnly):
    """Routes on the road and over."""

    list_display = ("day", "vehicle", "driver", "state", "planned_start", "started_at", "finished_at", "version")
    list_select_related = ("vehicle", "driver")


@admin.register(models.Stop)
class StopAdmin(ReadOnly):
    """Stops, without the recipients."""

    list_display = ("route_id", "position", "state", "planned_arrive", "arrived_at", "ended_at")


@admin.register(models.StopTask)
class StopTaskAdmin(ReadOnly):
    """How tasks went."""

    list_display = ("stop_id", "task_id", "live", "outcome", "reason", "left_with", "ended_at")


@admin.register(models.Proof)
class ProofAdmin(ReadOnly):
    """Proofs; their texts (names, notes) are personal and stay out of the list."""

    list_display = ("stop_id", "kind", "at", "blob_id")


@admin.register(models.Blob)
class BlobAdmin(ReadOnly):
    """What is in the store."""

    list_display = ("sha256", "size", "media_type", "rendition_of_id", "created_at")


@admin.register(models.Intent)
class IntentAdmin(ReadOnly):
    """The phones' outboxes as they came."""

    list_display = ("driver", "kind", "counter", "at", "received_at", "outcome")
    list_select_related = ("driver",)
