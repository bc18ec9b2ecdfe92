"""Back office of the fleet: to look at. What changes goes through actions."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from homestretch.accounts.admin import ReadOnly
from homestretch.fleet import models


@admin.register(models.Depot)
class Depots(ReadOnly):
    """Where routes start and end."""

    list_display = ("name", "place_id", "zone", "active")


@admin.register(models.Vehicle)
class Vehicles(ReadOnly):
    """Vehicles."""

    list_display = ("name", "plate", "profile", "capacity", "depot_id", "active")
    list_filter: ClassVar = ["profile", "active"]


@admin.register(models.Driver)
class Drivers(ReadOnly):
    """Who drives."""

    list_display = ("name", "phone", "language", "active")


@admin.register(models.ShiftRule)
class ShiftRules(ReadOnly):
    """When vehicles work."""

    list_display = ("vehicle_id", "weekday", "day", "starts", "ends", "off", "active")


@admin.register(models.Shift)
class Shifts(ReadOnly):
    """Working spans of days."""

    list_display = ("day", "vehicle_id", "driver_id", "starts_at", "ends_at", "off")
    list_filter: ClassVar = ["day"]
