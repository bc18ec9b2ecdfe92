"""Orders, whom they are for, what they hold, where they came from."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from homestretch.events.models import Owned, Ref

LIVE = ("draft", "staged", "ready", "scheduled", "in_progress")


class Recipient(Owned):
    """Who gets the goods. Personal data lives here, and not in the log."""

    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)  # E.164
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=12, blank=True)  # BCP 47; '' = the organization's
    external_id = models.CharField(max_length=120, null=True)  # noqa: DJ001
    consent = models.JSONField(default=dict)  # {"sms": true, "email": false}; a channel not named is not allowed
    erased_at = models.DateTimeField(null=True)  # the tombstone: the fields above are then empty

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "external_id"], name="recipient_external")]
        indexes = [models.Index(fields=["organization_id", "phone"], name="recipient_phone")]


class Import(Owned):
    """One file of orders, from upload to its end or its undoing."""

    filename = models.CharField(max_length=200)
    sha256 = models.BinaryField(max_length=32)
    format = models.CharField(max_length=8)  # csv, xlsx
    columns = models.JSONField(default=list)  # as the file names them
    mapping = models.JSONField(default=dict)  # {our field: the file's column}
    defaults = models.JSONField(default=dict)  # what holds for every row: {"day", "country", "zone", ...}
    state = models.CharField(max_length=10)  # received, checked, running, completed, failed, undone
    rows = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)  # known by their external id: left as they are
    refused = models.PositiveIntegerField(default=0)
    fence = models.UUIDField(null=True)
    merchant = Ref("accounts.Merchant", null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    narrowed: ClassVar[dict[str, str]] = {"merchant": "merchant_id"}


class ImportRefusal(Owned):
    """A row that was not taken, and why."""

    source = Ref(Import, models.CASCADE, related_name="refusals")
    row = models.PositiveIntegerField()  # as a person counts in the file: the header is row 1
    column = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=60)
    remedy = models.CharField(max_length=300, blank=True)

    narrowed: ClassVar[dict[str, str]] = {"merchant": "source__merchant_id"}


class Order(Owned):
    """What one recipient is owed: one or more tasks."""

    external_id = models.CharField(max_length=120, null=True)  # noqa: DJ001
    merchant = Ref("accounts.Merchant", null=True)
    recipient = Ref(Recipient)
    source = Ref(Import, null=True)
    state = models.CharField(max_length=20)
    day = models.DateField(null=True)  # when it is to be planned; null = by its windows
    priority = models.PositiveSmallIntegerField(default=0)  # 0 ordinary to 9; a higher one is left out last
    instructions = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempts_allowed = models.PositiveSmallIntegerField(default=2)
    pin = models.CharField(max_length=12, blank=True)  # asked at the door where set
    metadata = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    narrowed: ClassVar[dict[str, str]] = {"merchant": "merchant_id", "order": "id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "external_id"], name="order_external")]
        indexes = [
            models.Index(fields=["organization_id", "state", "day"], name="order_state_day"),
            models.Index(fields=["organization_id", "created_at", "id"], name="order_created"),
        ]


class Task(Owned):
    """Deliver, collect or service, at one place. Two of one order with the same `pair` are collected, then delivered."""

    order = Ref(Order, related_name="tasks")
    number = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=8)  # deliver, collect, service
    place = Ref("places.Place")
    windows = models.JSONField(default=list)  # [{"start": instant, "end": instant}], sorted; [] = any time
    service_s = models.PositiveIntegerField(default=180)
    loads = models.JSONField(default=dict)  # {dimension: int}
    skills = ArrayField(models.CharField(max_length=40), default=list)
    pair = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, default="open")  # open, completed, partial, failed, cancelled

    narrowed: ClassVar[dict[str, str]] = {"merchant": "order__merchant_id", "order": "order_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "order", "number"], name="task_number")]


class Item(Owned):
    """An ordered line of a task."""

    task = Ref(Task, related_name="items")
    name = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField(default=1)
    loads = models.JSONField(default=dict)

    narrowed: ClassVar[dict[str, str]] = {"merchant": "task__order__merchant_id", "order": "task__order_id"}


class Package(Owned):
    """A thing that can be scanned, and where it is now."""

    task = Ref(Task, related_name="packages")
    barcode = models.CharField(max_length=120)
    state = models.CharField(max_length=12, default="expected")
    # expected, on_board, delivered, returned, handed_over, missing; a collect's begins at the recipient

    narrowed: ClassVar[dict[str, str]] = {"merchant": "task__order__merchant_id", "order": "task__order_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "task", "barcode"], name="package_barcode")]


class Promise(Owned):
    """A window that we owe a recipient. Never edited: superseded, by whom is kept."""

    order = Ref(Order, related_name="promises")
    task = Ref(Task, related_name="promises")
    start = models.DateTimeField()
    end = models.DateTimeField()
    made_at = models.DateTimeField()
    source = models.CharField(max_length=10)  # release, booking, recipient, operator
    consented = models.BooleanField(default=False)  # the recipient chose or accepted it
    supersedes = Ref("self", null=True)
    actor = models.CharField(max_length=80)

    narrowed: ClassVar[dict[str, str]] = {"merchant": "order__merchant_id", "order": "order_id"}

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "supersedes"], name="superseded_once"),
            models.UniqueConstraint(
                fields=["organization_id", "task"], condition=models.Q(supersedes__isnull=True), name="first_promise"
            ),
        ]


class Told(Owned):
    """What was told of a promise: when, by which channel."""

    promise = Ref(Promise, related_name="tellings")
    channel = models.CharField(max_length=8)
    at = models.DateTimeField()

    narrowed: ClassVar[dict[str, str]] = {"merchant": "promise__order__merchant_id", "order": "promise__order_id"}
