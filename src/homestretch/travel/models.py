"""Adopted models of travel, closures, weather, and speeds that were observed."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from homestretch.events.models import Owned


class TravelModel(Owned):
    """A learned or set model of travel without roads, versioned; the newest adopted one of a profile holds."""

    profile = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    km_s = models.PositiveIntegerField()  # seconds for a great-circle kilometer in a mean hour
    power_milli = models.PositiveIntegerField()  # thousandths of the exponent of the kilometers
    circuity_pct = models.PositiveIntegerField()  # road meters per 100 great-circle meters
    hours_pct = models.JSONField()  # 24 percentages of the time, by local hour of day
    cells_pct = models.JSONField(default=list)  # [[cell, cell, percent of the time]]
    source = models.CharField(max_length=120)
    adopted_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "profile", "version"], name="model_version")]


class TimesModel(Owned):
    """A model of how long drives and services take, trained from own days. Of those that were adopted and not
    withdrawn the one adopted last serves; one that did no better than the incumbent is kept with its report alone."""

    version = models.PositiveIntegerField()
    data = models.BinaryField()  # see `rules.timing_form`
    source = models.CharField(max_length=120)
    report = models.JSONField(default=dict)  # how it and the incumbent did on the days held out
    trained_at = models.DateTimeField()
    adopted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "version"], name="times_version")]


class Closure(Owned):
    """A street, or all roads that pass an area, which can't be passed for a span."""

    name = models.CharField(max_length=120)
    street = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True)  # near which of several streets of that name
    lon = models.FloatField(null=True)
    area = models.JSONField(null=True)  # GeoJSON Polygon, as it was given
    profiles = ArrayField(models.CharField(max_length=20), default=list)  # [] = all
    reason = models.CharField(max_length=500, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # null: until somebody opens it
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        indexes = [models.Index(fields=["organization_id", "ends_at"], name="closure_end")]


class WeatherSpan(Owned):
    """What the weather does to speeds, for a span; of two that overlap the newer one holds."""

    kind = models.CharField(max_length=10)  # clear, rain, snow, storm
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    source = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        indexes = [models.Index(fields=["organization_id", "ends_at"], name="weather_end")]


class SpeedSet(Owned):
    """The speeds that one source says of roads: replaced whole, read whole."""

    source = models.CharField(max_length=10)  # own, csv, traffic
    version = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    data = models.BinaryField()  # packed, see `packing`
    as_of = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # of what holds for a while only: live traffic

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "source"], name="speed_source")]
