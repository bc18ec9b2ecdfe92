"""Back office of orders: to look at. What changes goes through actions."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from homestretch.accounts.admin import ReadOnly
from homestretch.orders import models


@admin.register(models.Order)
class Orders(ReadOnly):
    """Orders."""

    list_display = ("external_id", "state", "day", "priority", "attempts", "merchant_id", "created_at")
    list_filter: ClassVar = ["state", "day"]


@admin.register(models.Task)
class Tasks(ReadOnly):
    """What is to be done."""

    list_display = ("order_id", "number", "kind", "state", "place_id", "route_id")
    list_filter: ClassVar = ["kind", "state"]


@admin.register(models.Recipient)
class Recipients(ReadOnly):
    """Who gets the goods."""

    list_display = ("name", "external_id", "language", "consent", "opted_out", "erased_at")


@admin.register(models.Package)
class Packages(ReadOnly):
    """What can be scanned."""

    list_display = ("barcode", "state", "task_id")
    list_filter: ClassVar = ["state"]


@admin.register(models.Promise)
class Promises(ReadOnly):
    """What is owed."""

    list_display = ("order_id", "start", "end", "source", "consented", "made_at", "supersedes_id")
    list_filter: ClassVar = ["source", "consented"]


@admin.register(models.Settlement)
class Settlements(ReadOnly):
    """How promises ended."""

    list_display = ("promise_id", "kept", "told", "late_s", "arrived_at")
    list_filter: ClassVar = ["kept", "told"]


@admin.register(models.Import)
class Imports(ReadOnly):
    """Files of orders."""

    list_display = ("filename", "state", "rows", "done", "accepted", "repeated", "refused", "created_at")
    list_filter: ClassVar = ["state"]
