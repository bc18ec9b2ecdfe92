"""Back office of places: to look at. What changes goes through actions."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from homestretch.accounts.admin import ReadOnly
from homestretch.places import models


@admin.register(models.Place)
class Places(ReadOnly):
    """Addresses and their pins."""

    list_display = ("address", "label", "state", "source", "lat", "lon", "confidence", "confirmed_at")
    list_filter: ClassVar = ["state", "source"]
    exclude = ("gate_code",)


@admin.register(models.ServiceTime)
class ServiceTimes(ReadOnly):
    """Measured halts."""

    list_display = ("place_id", "stop_id", "seconds", "at")
