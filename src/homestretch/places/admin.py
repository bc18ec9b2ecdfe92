"""Back office of places: to look at. What changes goes through actions."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from homestretch.accounts.admin import ReadOnly
from homestretch.places import models


@admin.register(models.Place)
class Places(ReadOnly):
    """Addresses and their pins."""

    list_display = ("address", "label", "state", "source", "lat", "lon", "confidence")
    list_filter: ClassVar = ["state", "source"]
