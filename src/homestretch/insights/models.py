"""Facts digested from the log, for measures: one row per task on a stop, per halt, per forecast that
an arrival can be held against, per finished route; and for learning how
long drives take: one row per leg that was driven, one per road and part of the day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from homestretch.events.models import Owned


class TaskFact(Owned):
    """How one task on one stop went, or that one was cancelled whose promise was broken by it: then without a stop.
    Ids without references: a fact outlives what it is about."""

    day = models.DateField()
    task_id = models.UUIDField()
    stop_id = models.UUIDField(null=True)
    order_id = models.UUIDField()
    route_id = models.UUIDField(null=True)
    merchant_id = models.UUIDField(null=True)
    driver_id = models.UUIDField(null=True)
    depot_id = models.UUIDField(null=True)  # where the route began
    outcome = models.CharField(max_length=10)  # completed, partial, failed, cancelled
    reason = models.CharField(max_length=30, blank=True)
    attempt = models.PositiveSmallIntegerField()  # 1 is the first try
    promised = models.BooleanField(default=False)
    promise_kept = models.BooleanField(default=False)  # as invariant I15 defines
    promise_told = models.BooleanField(default=False)
    told_ahead_s = models.IntegerField(
        null=True
    )  # from its first telling to the start of the window told; below zero: after
    late_s = models.PositiveIntegerField(default=0)
    planned_arrive = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField()
    planned_service_s = models.PositiveIntegerField()
    service_s = models.PositiveIntegerField(null=True)  # from arrival to outcome, of the whole halt
    score = models.PositiveSmallIntegerField(null=True)  # 1 to 5

    narrowed: ClassVar[dict[str, str]] = {"merchant": "merchant_id"}

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "stop_id", "task_id"], name="one_fact"),
            models.UniqueConstraint(
                fields=["organization_id", "task_id"],
                condition=models.Q(stop_id__isnull=True),
                name="one_fact_without_stop",
            ),
        ]
        indexes = [models.Index(fields=["organization_id", "day"], name="fact_day")]


class RouteFact(Owned):
    """How one route went."""

    day = models.DateField()
    route_id = models.UUIDField()
    driver_id = models.UUIDField(null=True)
    vehicle_id = models.UUIDField(null=True)
    depot_id = models.UUIDField(null=True)  # where it began
    stops = models.PositiveIntegerField()  # that had an outcome
    planned_s = models.PositiveIntegerField()
    route_s = models.PositiveIntegerField()  # from start to finish
    planned_m = models.PositiveIntegerField()
    driven_m = models.PositiveIntegerField(null=True)  # by positions; null where none came
    cost = models.BigIntegerField()  # minor units, of the hours and meters that it took

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "route_id"], name="one_route_fact")]
        indexes = [models.Index(fields=["organization_id", "day"], name="route_fact_day")]


class HaltFact(Owned):
    """How one halt went: a stop that had an outcome."""

    day = models.DateField()
    stop_id = models.UUIDField()
    route_id = models.UUIDField()
    driver_id = models.UUIDField()
    depot_id = models.UUIDField()  # where the route began
    place_id = models.UUIDField()
    outcome = models.CharField(max_length=10)  # completed, partial, failed
    planned_arrive = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField()
    planned_s = models.PositiveIntegerField()  # service time
    dwell_s = models.PositiveIntegerField(null=True)  # from arriving to leaving, or to the outcome where nobody saw it
    begun_at = models.DateTimeField(null=True)  # arrived, and waited for the window; null: not known
    service_s = models.PositiveIntegerField(null=True)  # of the dwell without that wait
    windows = models.JSONField(default=list)  # [{"start", "end"}]
    effort = models.JSONField(default=dict)  # what made it long or short: see dispatch.queries.effort

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "stop_id"], name="one_halt_fact")]
        indexes = [models.Index(fields=["organization_id", "day"], name="halt_fact_day")]


class EtaFact(Owned):
    """How far off one forecast of one arrival was."""

    day = models.DateField()
    stop_id = models.UUIDField()
    route_id = models.UUIDField()
    driver_id = models.UUIDField()
    depot_id = models.UUIDField()
    horizon_min = models.PositiveSmallIntegerField()  # how far ahead it was made, at least
    expected = models.DateTimeField()  # p50
    arrived_at = models.DateTimeField()
    error_s = models.IntegerField()  # arrived after expected: above zero
    inside = models.BooleanField()  # p10 to p90 held it

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "stop_id", "horizon_min"], name="one_eta_fact")
        ]
        indexes = [models.Index(fields=["organization_id", "day"], name="eta_fact_day")]


class LegFact(Owned):
    """How long one drive between two stops took. Cells of about 3 km, not doors: it outlives whom it led to."""

    day = models.DateField()
    route_id = models.UUIDField()
    profile = models.CharField(max_length=20)
    straight_m = models.PositiveIntegerField()  # great circle
    cell_from = models.CharField(max_length=20)
    cell_to = models.CharField(max_length=20)
    hour = models.PositiveSmallIntegerField()  # local, of the departure
    seconds = models.PositiveIntegerField()
    stop_id = models.UUIDField(null=True)  # that it led to; null in facts of before they were kept so
    left_at = models.DateTimeField(null=True)
    planned_s = models.PositiveIntegerField(null=True)  # what travel said of such a departure, once the route had ended
    planned_m = models.PositiveIntegerField(null=True)
    weather = models.CharField(max_length=10, blank=True)

    class Meta(Owned.Meta):
        indexes = [
            models.Index(fields=["organization_id", "profile", "day"], name="leg_fact_day"),
            models.Index(fields=["organization_id", "day", "route_id"], name="leg_fact_route"),
        ]


class RoadFact(Owned):
    """How slowly own vehicles passed a road in a part of a class of day: sums over the passes of the logarithm of (time
    taken / usual time), and of its square."""

    profile = models.CharField(max_length=20)
    way = models.BigIntegerField()  # of OpenStreetMap
    direction = models.SmallIntegerField()  # 1 as drawn, -1 against
    day_class = models.SmallIntegerField()
    part = models.SmallIntegerField()  # of the day, see learning
    road_class = models.SmallIntegerField()
    passes = models.PositiveIntegerField()
    ratio_sum = models.FloatField()
    ratio_square_sum = models.FloatField()

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "profile", "way", "direction", "day_class", "part"], name="one_road_fact"
            )
        ]


class RouteLearned(Owned):
    """A route whose drives have been learned from: once, however often the job runs."""

    route_id = models.UUIDField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "route_id"], name="route_learned")]
