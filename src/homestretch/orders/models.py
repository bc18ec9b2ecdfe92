"""Orders, whom they are for, what they hold, where they came from."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from homestretch.events.models import Owned, Ref

LIVE = ("draft", "staged", "ready", "held", "awaiting_pickup", "scheduled", "in_progress")


def _external(name: str) -> list[models.UniqueConstraint]:
    """One external id per merchant, or among those of no merchant: a merchant must not learn of another's ids."""
    return [
        models.UniqueConstraint(fields=["organization_id", "merchant", "external_id"], name=f"{name}_external"),
        models.UniqueConstraint(
            fields=["organization_id", "external_id"],
            condition=models.Q(merchant__isnull=True),
            name=f"{name}_external_own",
        ),
    ]


class Recipient(Owned):
    """Who gets the goods. Personal data lives here, and not in the log."""

    merchant = Ref("accounts.Merchant", null=True)  # whose customer: another merchant does not see it
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True)  # E.164
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=12, blank=True)  # BCP 47; '' = the organization's
    external_id = models.CharField(max_length=120, null=True)
    consent = models.JSONField(default=dict)  # {"sms": true, "email": false}; a channel not named is not allowed
    opted_out = ArrayField(models.CharField(max_length=8), default=list)  # channels, by STOP or link: above consent
    erased_at = models.DateTimeField(null=True)  # the tombstone: the fields above are then empty

    narrowed: ClassVar[dict[str, str]] = {"merchant": "merchant_id"}

    class Meta(Owned.Meta):
        constraints = _external("recipient")
        indexes = [
            models.Index(fields=["organization_id", "phone"], name="recipient_phone"),
            models.Index(fields=["organization_id", "email"], name="recipient_email"),
        ]


class Silenced(Owned):
    """An address whose owner said STOP and was erased: a keyed hash, so that a later order with it stays silent."""

    channel = models.CharField(max_length=8)
    address_hash = models.BinaryField(max_length=32)

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "channel", "address_hash"], name="silenced_once")
        ]


class Import(Owned):
    """One file of orders, from upload to its end or its undoing."""

    filename = models.CharField(max_length=200)
    sha256 = models.BinaryField(max_length=32)
    format = models.CharField(max_length=8)  # csv, xlsx
    columns = models.JSONField(default=list)  # as the file names them
    guess = models.JSONField(default=list)  # [{field, column, confidence}], as read from the headings and first rows
    mapping = models.JSONField(default=dict)  # {our field: the file's column}, as the caller confirmed it
    defaults = models.JSONField(default=dict)  # what holds for every row: {"day", "country", "zone", ...}
    state = models.CharField(max_length=10)  # received, checking, checked, running, completed, failed, undoing, undone
    rows = models.PositiveIntegerField(default=0)  # of goods, without the header
    done = models.PositiveIntegerField(default=0)  # rows behind us: progress, and where a rescued job goes on
    withdrawn = models.PositiveIntegerField(default=0)  # orders that an undoing called off
    kept = models.PositiveIntegerField(default=0)  # and those that were on a route, or done, already
    failure = models.CharField(max_length=60, blank=True)  # the code of what stopped it
    accepted = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)  # known by their external id: left as they are
    refused = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list)  # of rows that were taken: [{"code", "day", "reason", "rows"}]
    fence = models.UUIDField(null=True)
    merchant = Ref("accounts.Merchant", null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    narrowed: ClassVar[dict[str, str]] = {"merchant": "merchant_id"}

    @property
    def done_in_part(self) -> bool:
        """Whether a run stopped after some rows: it may only go on."""
        return bool(self.state == "failed" and self.done)

    def clear_counts(self) -> None:
        """Begin anew."""
        self.done = self.accepted = self.repeated = self.refused = 0
        self.warnings = []


class ImportRefusal(Owned):
    """A row that was not taken, and why."""

    source = Ref(Import, models.CASCADE, related_name="refusals")
    row = models.PositiveIntegerField()  # as a person counts in the file: the header is row 1
    column = models.CharField(max_length=120, blank=True)
    value = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=60)
    remedy = models.CharField(max_length=300, blank=True)

    narrowed: ClassVar[dict[str, str]] = {"merchant": "source__merchant_id"}


class BulkAct(Owned):
    """One act on many orders, done in turn behind the person who asked for it."""

    act = models.CharField(max_length=10)  # one of rules.bulk.ACTS
    args = models.JSONField(default=dict)
    order_ids = ArrayField(models.UUIDField())
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)  # orders behind us, refused ones too: here a rescued job goes on
    refused = models.PositiveIntegerField(default=0)
    refusals = models.JSONField(default=list)  # the first of them: [{"order_id", "code", "cause", "remedy"}]
    state = models.CharField(max_length=10)  # running, done, stopped
    member_id = models.UUIDField()  # whose act it is
    fence = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)


class Order(Owned):
    """What one recipient is owed: one or more tasks."""

    external_id = models.CharField(max_length=120, null=True)
    merchant = Ref("accounts.Merchant", null=True)
    recipient = Ref(Recipient)
    source = Ref(Import, null=True)
    state = models.CharField(max_length=20)
    day = models.DateField(null=True)  # when it is to be planned; null = by its windows
    depot_id = models.UUIDField(null=True)  # where its goods are; null = any. The fleet stands beside: no reference
    priority = models.PositiveSmallIntegerField(default=0)  # 0 ordinary to 9; a higher one is left out last
    instructions = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempts_allowed = models.PositiveSmallIntegerField(default=2)
    pin = models.CharField(max_length=12, blank=True)  # asked at the door where set
    metadata = models.JSONField(default=dict)
    held_for = models.CharField(max_length=200, blank=True)  # why, while it is held
    pickup_depot_id = models.UUIDField(null=True)  # where its recipient takes it, instead of at the door
    picked_up_by = models.CharField(max_length=120, blank=True)  # who took it there
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    narrowed: ClassVar[dict[str, str]] = {"merchant": "merchant_id", "order": "id"}

    class Meta(Owned.Meta):
        constraints = _external("order")
        indexes = [
            models.Index(fields=["organization_id", "state", "day"], name="order_state_day"),
            models.Index(fields=["organization_id", "created_at", "id"], name="order_created"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen to it."""
        return self.state in LIVE


class Task(Owned):
    """Deliver, collect or service, at one place. Two of an order with one `pair`: collected, then delivered."""

    order = Ref(Order, related_name="tasks")
    number = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=8)  # deliver, collect, service
    place = Ref("places.Place")
    windows = models.JSONField(default=list)  # [{"start": instant, "end": instant}], sorted; [] = any time
    service_s = models.PositiveIntegerField(default=180)
    loads = models.JSONField(default=dict)  # {dimension: int}
    skills = ArrayField(models.CharField(max_length=40), default=list)
    proof_required = ArrayField(models.CharField(max_length=10), default=list)  # photo, signature, name, scan
    pair = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, default="open")  # open, completed, partial, failed, cancelled
    route_id = models.UUIDField(null=True)  # the live route that it stands on; dispatch stands above: no reference

    narrowed: ClassVar[dict[str, str]] = {"merchant": "order__merchant_id", "order": "order_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "order", "number"], name="task_number")]


class Door(Owned):
    """What a recipient says of the own door, for one order: the driver of its open stop sees it, and nobody else."""

    order = Ref(Order, related_name="doors")
    leave_with = models.CharField(max_length=20, blank=True)  # neighbor, safe_place, mailbox; '' = the recipient
    leave_where = models.CharField(max_length=200, blank=True)  # which neighbor, where
    gate_code = models.CharField(max_length=40, blank=True)  # forgotten when the order is closed
    photo = models.CharField(max_length=64, blank=True)  # SHA-256 of the picture in the store
    photo_type = models.CharField(max_length=20, blank=True)
    changed_at = models.DateTimeField()

    narrowed: ClassVar[dict[str, str]] = {"merchant": "order__merchant_id", "order": "order_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "order"], name="one_door")]


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
    # expected, on_board, delivered, returned, handed_over, missing, picked_up; a collect's begins at the recipient

    narrowed: ClassVar[dict[str, str]] = {"merchant": "task__order__merchant_id", "order": "task__order_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "task", "barcode"], name="package_barcode")]


class Promise(Owned):
    """A window that we owe a recipient. Never edited: superseded, by whom is kept."""

    order = Ref(Order, related_name="promises")
    task = Ref(Task, related_name="promises")
    attempt = models.PositiveSmallIntegerField(default=0)  # each attempt that was promised anew has its own chain
    start = models.DateTimeField()
    end = models.DateTimeField()
    made_at = models.DateTimeField()
    source = models.CharField(max_length=10)  # release, booking, recipient, operator, pickup
    consented = models.BooleanField(default=False)  # the recipient chose or accepted it
    supersedes = Ref("self", null=True, related_name="superseded_by")
    actor = models.CharField(max_length=80)

    narrowed: ClassVar[dict[str, str]] = {"merchant": "order__merchant_id", "order": "order_id"}

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "supersedes"], name="superseded_once"),
            models.UniqueConstraint(
                fields=["organization_id", "task", "attempt"],
                condition=models.Q(supersedes__isnull=True),
                name="first_promise",
            ),
        ]


class Told(Owned):
    """What was told of a promise: when, by which channel."""

    promise = Ref(Promise, related_name="tellings")
    channel = models.CharField(max_length=8)
    at = models.DateTimeField()

    narrowed: ClassVar[dict[str, str]] = {"merchant": "promise__order__merchant_id", "order": "promise__order_id"}


class Settlement(Owned):
    """How a chain of promises ended: at most one per first promise. What was promised stays as it was."""

    promise = Ref(Promise, related_name="settlements")  # the first of the chain
    kept = models.BooleanField()
    told = models.BooleanField()  # whether the recipient ever heard of it; untold ones are counted apart
    late_s = models.PositiveIntegerField(default=0)
    arrived_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    narrowed: ClassVar[dict[str, str]] = {"merchant": "promise__order__merchant_id", "order": "promise__order_id"}

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "promise"], name="one_settlement")]
