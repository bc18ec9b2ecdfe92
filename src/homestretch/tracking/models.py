"""The newest position of each route, its motion, and the forecasts. Raw positions are a partitioned table (`0002`)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from homestretch.events.models import Owned, Ref


class Duty(Owned):
    """When a device may be followed: the only spans in which its positions are kept (device time).

    `starts_at` and `ends_at` are what holds: the taps where there are any, else what the plan allows.
    """

    device_id = models.UUIDField()
    route = Ref("dispatch.Route")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)  # the start tap
    ended_at = models.DateTimeField(null=True)  # the end tap

    narrowed: ClassVar[dict[str, str]] = {"driver": "route__driver_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "device_id", "route"], name="one_duty")]
        indexes = [models.Index(fields=["organization_id", "device_id", "ends_at"], name="duty_device")]


class Whereabouts(Owned):
    """A route's last known position and motion. Its time never goes back; a vehicle not heard yet has none."""

    route = Ref("dispatch.Route")
    device_id = models.UUIDField(null=True)
    at = models.DateTimeField(null=True)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    speed_mh = models.PositiveIntegerField(null=True)  # meters per hour
    bearing_deg = models.PositiveSmallIntegerField(null=True)
    accuracy_m = models.PositiveIntegerField(null=True)
    motion = models.JSONField(default=dict)  # the state of the pure handlers
    driven_m = models.PositiveIntegerField(default=0)
    silent = models.BooleanField(default=False)
    next_check_at = models.DateTimeField(null=True)  # when silence is looked for next

    narrowed: ClassVar[dict[str, str]] = {"driver": "route__driver_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "route"], name="one_whereabouts")]


class Forecast(Owned):
    """When a stop is expected, as of `made_at`."""

    stop = Ref("dispatch.Stop")
    route = Ref("dispatch.Route")
    p10 = models.DateTimeField()
    p50 = models.DateTimeField()
    p90 = models.DateTimeField()
    made_at = models.DateTimeField()
    told_p50 = models.DateTimeField(null=True)  # the value at the last `eta.shifted`
    approached_at = models.DateTimeField(null=True)  # `stop.approaching` is said once
    at_risk = models.JSONField(default=list)  # ids of promises for which `promise.at_risk` was said

    narrowed: ClassVar[dict[str, str]] = {"driver": "route__driver_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "stop"], name="one_forecast")]
