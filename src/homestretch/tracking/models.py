"""The newest position of each device, its motion, and the forecasts. Raw positions are a partitioned table of their own."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from homestretch.events.models import Owned, Ref


class Duty(Owned):
    """When a device may be followed: the only spans in which its positions are kept (device time)."""

    device_id = models.UUIDField()
    route = Ref("dispatch.Route")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    narrowed: ClassVar[dict[str, str]] = {"driver": "route__driver_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "device_id", "route"], name="one_duty")]


class Whereabouts(Owned):
    """A route's last known position and motion. Its time never goes back."""

    route = Ref("dispatch.Route")
    device_id = models.UUIDField()
    at = models.DateTimeField()
    lat = models.FloatField()
    lon = models.FloatField()
    speed_mh = models.PositiveIntegerField(null=True)  # meters per hour
    bearing_deg = models.PositiveSmallIntegerField(null=True)
    accuracy_m = models.PositiveIntegerField(null=True)
    motion = models.JSONField(default=dict)  # the state of the pure handlers
    driven_m = models.PositiveIntegerField(default=0)
    next_check_at = models.DateTimeField(null=True)

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

    narrowed: ClassVar[dict[str, str]] = {"driver": "route__driver_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "stop"], name="one_forecast")]
