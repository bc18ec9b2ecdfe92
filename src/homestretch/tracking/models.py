"""A route's newest position, motion, track and forecasts. Raw positions are a partitioned table (`0002`, `0004`)."""

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


class Track(Owned):
    """Where a route was driven, cleaned and thinned, once its raw positions are due to go."""

    route = Ref("dispatch.Route")
    points = models.JSONField(default=list)  # [milliseconds since 1970, lat, lon, mh, degrees, meters], by time
    starts_at = models.DateTimeField(null=True)
    left_out = models.JSONField(default=dict)  # {cause: how many positions}
    made_at = models.DateTimeField()

    narrowed: ClassVar[dict[str, str]] = {"driver": "route__driver_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "route"], name="one_track")]
        indexes = [models.Index(fields=["organization_id", "starts_at"], name="track_starts")]


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
    at_risk = models.JSONField(default=list)  # [[promise, grade]]: of what `promise.at_risk` was said, and how grave
    kept = models.JSONField(default=dict)  # {horizon in minutes: [p10, p50, p90]}: the last made so far ahead

    leg_s = models.PositiveIntegerField(null=True)  # travel's own time of the leg that leads here,
    leg_m = models.PositiveIntegerField(null=True)
    after = models.UUIDField(null=True)  # from the stop before it; null: from where the route begins

    narrowed: ClassVar[dict[str, str]] = {"driver": "route__driver_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "stop"], name="one_forecast")]


class RoutePace(Owned):
    """What a route's drives and services of today come to, against a model's medians: sums of weights, and of weight
    times logarithm. Routes of one depot and day learn from each other's."""

    route = Ref("dispatch.Route")
    day = models.DateField()
    depot_id = models.UUIDField()
    model = models.PositiveIntegerField()  # the version that they were held against
    leg_weight = models.FloatField()
    leg_sum = models.FloatField()
    service_weight = models.FloatField()
    service_sum = models.FloatField()

    narrowed: ClassVar[dict[str, str]] = {"driver": "route__driver_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "route"], name="one_route_pace")]
        indexes = [models.Index(fields=["organization_id", "day", "depot_id"], name="route_pace_day")]


class DepotWidth(Owned):
    """How much wider than its model says a depot's forecasts of one horizon are said, by how its days turned out."""

    depot_id = models.UUIDField()
    horizon_min = models.PositiveSmallIntegerField()
    wider = models.FloatField()  # a logarithm
    day = models.DateField()  # the last one that counts in it

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "depot_id", "horizon_min"], name="one_depot_width")
        ]
