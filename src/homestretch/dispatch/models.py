"""Released routes, their stops, what happened at each, and the proof of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from homestretch.events.models import Owned, Ref

LIVE_ROUTE = ("released", "accepted", "loading", "started")
OPEN_STOP = ("planned", "en_route", "arrived", "skipped")


class Route(Owned):
    """What one shift drives. `version` rises with each change. What of the stops was changed since the driver accepted
    it is to be read, and said to be read."""

    plan = Ref("plans.Plan", null=True)
    revision = models.PositiveIntegerField(default=0)
    shift = Ref("fleet.Shift")
    vehicle = Ref("fleet.Vehicle")
    driver = Ref("fleet.Driver")
    day = models.DateField()
    state = models.CharField(max_length=10)
    planned_start = models.DateTimeField()
    planned_end = models.DateTimeField()
    planned_m = models.PositiveIntegerField(default=0)
    planned_cost = models.BigIntegerField(default=0)  # minor units
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    driven_m = models.PositiveIntegerField(null=True)  # by positions, when finished
    break_since = models.DateTimeField(null=True)  # the break that lasts
    breaks = models.JSONField(default=list)  # [{"start", "end"}]: those taken, instants
    acknowledged = models.PositiveIntegerField(default=0)  # the version that the driver's phone has
    known_stops = models.JSONField(null=True)  # [[stop, planned arrival]]: what was open when the driver last read it
    changed_version = models.PositiveIntegerField(default=0)  # the last one that the driver is to read
    changed_at = models.DateTimeField(null=True)  # since when something waits to be read
    read_version = models.PositiveIntegerField(default=0)  # the one that the driver said to have read
    read_at = models.DateTimeField(null=True)
    read_by = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)

    narrowed: ClassVar[dict[str, str]] = {"driver": "driver_id"}

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "shift"], condition=models.Q(state__in=LIVE_ROUTE), name="one_live_route"
            )
        ]
        indexes = [models.Index(fields=["organization_id", "day", "state"], name="route_day")]


class Stop(Owned):
    """A halt serving one place, on a route."""

    route = Ref(Route, related_name="stops")
    place = Ref("places.Place")
    position = models.PositiveIntegerField()  # 1 is first; gaps do not matter
    state = models.CharField(max_length=10)
    planned_arrive = models.DateTimeField()
    planned_leave = models.DateTimeField()
    service_s = models.PositiveIntegerField()
    windows = models.JSONField(default=list)  # [{"start", "end"}] that all its tasks share
    set_out_at = models.DateTimeField(null=True)  # when the driver last set out to it
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # when its outcome was recorded, by the phone's clock
    left_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    narrowed: ClassVar[dict[str, str]] = {"driver": "route__driver_id"}

    class Meta(Owned.Meta):
        indexes = [models.Index(fields=["organization_id", "route", "position"], name="stop_position")]


class StopTask(Owned):
    """A task on a stop, and how it went. `live` while the task is open here: at most one such row per task."""

    stop = Ref(Stop, related_name="works")
    task = Ref("orders.Task", related_name="works")
    order = Ref("orders.Order", related_name="works")
    live = models.BooleanField(default=True)
    outcome = models.CharField(max_length=10, blank=True)  # completed, partial, failed, cancelled, removed
    reason = models.CharField(max_length=30, blank=True)
    left_with = models.CharField(max_length=20, blank=True)
    note = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    lat = models.FloatField(null=True)  # where the phone was
    lon = models.FloatField(null=True)

    narrowed: ClassVar[dict[str, str]] = {
        "driver": "stop__route__driver_id",
        "merchant": "order__merchant_id",
        "order": "order_id",
    }

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "task"], condition=models.Q(live=True), name="one_live_task"
            )
        ]


class Blob(Owned):
    """Bytes in the store, by their SHA-256. A rendition names the first blob that it was made from, and a blob its
    rendition: two pictures that differ in metadata alone are drawn the same."""

    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=60)
    rendition_of = Ref("self", null=True, related_name="+")
    rendition = Ref("self", null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "sha256"], name="one_blob")]


class UploadPart(Owned):
    """A piece of a picture whose rest has not come yet: bytes from `start` on. Gone once the picture is whole."""

    driver = Ref("fleet.Driver", related_name="+")
    sha256 = models.CharField(max_length=64)  # of the whole, as the phone declares it
    start = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    data = models.BinaryField()
    created_at = models.DateTimeField()

    narrowed: ClassVar[dict[str, str]] = {"driver": "driver_id"}

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "driver", "sha256", "start"], name="upload_part_once")
        ]
        indexes = [models.Index(fields=["organization_id", "created_at"], name="upload_part_age")]


class Proof(Owned):
    """What shows that it happened: photo, signature, name, scan, PIN, note."""

    stop = Ref(Stop, related_name="proofs")
    kind = models.CharField(max_length=10)  # photo, signature, name, scan, pin, note
    declared_sha256 = models.CharField(max_length=64, blank=True)  # by the phone, for photo and signature
    blob = Ref(Blob, null=True, related_name="+")  # null until the bytes have come
    rendition = Ref(Blob, null=True, related_name="+")
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)  # the tombstone: words and pictures are gone, and do not come again

    narrowed: ClassVar[dict[str, str]] = {"driver": "stop__route__driver_id"}


class DriverMessage(Owned):
    """What a dispatcher told the driver of a route; about one stop, where it names one."""

    route = Ref(Route, related_name="messages")
    stop = Ref(Stop, null=True, related_name="+")
    text = models.TextField()  # erased with the person whom the stop serves
    take_over = models.JSONField(
        null=True
    )  # {"pieces", "stops", "vehicle"}: goods, which the phone says in its language
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    narrowed: ClassVar[dict[str, str]] = {"driver": "route__driver_id"}

    class Meta(Owned.Meta):
        indexes = [models.Index(fields=["organization_id", "route", "at"], name="driver_message_route")]


class Intent(Owned):
    """What a driver tapped, by the phone's own id: applied once, whatever its age and order; kept when refused."""

    driver = Ref("fleet.Driver")
    device_id = models.UUIDField(null=True)  # which of the driver's phones; null where none was asking
    stop_id = models.UUIDField(null=True)  # the stop that it names, whether or not there is one
    phone_id = models.UUIDField()  # as the phone minted it; ours is derived, so that a stranger's says nothing
    kind = models.CharField(max_length=24)
    counter = models.BigIntegerField()
    at = models.DateTimeField()  # the phone's clock
    received_at = models.DateTimeField()
    body = models.JSONField()
    outcome = models.CharField(max_length=8)  # applied, late, refused
    refusal = models.JSONField(null=True)

    narrowed: ClassVar[dict[str, str]] = {"driver": "driver_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "driver", "phone_id"], name="intent_once")]
        indexes = [models.Index(fields=["organization_id", "stop_id"], name="intent_stop")]
