"""Depots, vehicles, drivers, and the shifts that bring them together."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from homestretch.events.models import Owned, Ref


class Named(Owned):
    """What an operator names and another system may know by its own id."""

    name = models.CharField(max_length=120)
    external_id = models.CharField(max_length=120, null=True)  # null, not '': unique among the given
    metadata = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)  # the ETag

    class Meta(Owned.Meta):
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "external_id"], name="%(app_label)s_%(class)s_external")
        ]


class Depot(Named):
    """Where routes start and end."""

    place = Ref("places.Place")
    zone = models.CharField(max_length=60)  # IANA: windows and shifts are read in it


class Vehicle(Named):
    """A van, with its capacities and what it costs (minor units)."""

    plate = models.CharField(max_length=20, blank=True)
    profile = models.CharField(max_length=20, default="van")  # van, truck, bike, foot
    capacity = models.JSONField(default=dict)  # {dimension: int}; a dimension not named is not limited
    skills = ArrayField(models.CharField(max_length=40), default=list)
    cost_fixed = models.PositiveIntegerField(default=0)
    cost_per_hour = models.PositiveIntegerField(default=0)
    cost_per_km = models.PositiveIntegerField(default=0)
    depot = Ref(Depot)


class Driver(Named):
    """Who drives."""

    phone = models.CharField(max_length=20, blank=True)  # E.164
    language = models.CharField(max_length=12, blank=True)
    skills = ArrayField(models.CharField(max_length=40), default=list)


class ShiftRule(Owned):
    """When a vehicle works: on a weekday, or on one day (which then replaces the weekday's rules of that vehicle)."""

    vehicle = Ref(Vehicle)
    driver = Ref(Driver, null=True)
    weekday = models.PositiveSmallIntegerField(null=True)  # 0 = Monday
    day = models.DateField(null=True)
    starts = models.TimeField()  # local, in the start depot's zone
    ends = models.TimeField()
    end_depot = Ref(Depot, null=True, related_name="+")  # null = where it starts
    breaks = models.JSONField(default=list)  # [{"duration_s", "earliest": "12:00", "latest": "13:30"}]
    max_stops = models.PositiveIntegerField(null=True)
    max_distance_m = models.PositiveIntegerField(null=True)
    off = models.BooleanField(default=False)  # a day's rule that says: not this day
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)  # the ETag

    class Meta(Owned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weekday__isnull=False, day__isnull=True)
                | models.Q(weekday__isnull=True, day__isnull=False),
                name="weekday_or_day",
            )
        ]


class Shift(Owned):
    """One vehicle, one working span on one day; at most one live route. The driver is named by its release."""

    day = models.DateField()
    rule = Ref(ShiftRule, null=True)
    vehicle = Ref(Vehicle)
    driver = Ref(Driver, null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    start_depot = Ref(Depot, related_name="+")
    end_depot = Ref(Depot, related_name="+")
    breaks = models.JSONField(default=list)  # [{"duration_s", "earliest": instant, "latest": instant}]
    max_stops = models.PositiveIntegerField(null=True)
    max_distance_m = models.PositiveIntegerField(null=True)
    off = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)  # the ETag

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "vehicle", "starts_at"], name="one_shift")]
        indexes: ClassVar = [models.Index(fields=["organization_id", "day"], name="shift_day")]
