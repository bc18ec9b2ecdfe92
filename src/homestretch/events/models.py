"""Tables of the ground, and `Owned`, the base of every table of an organization."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.db import models

from homestretch.events.scope import Scoped, current_organization
from homestretch.kernel.ids import uuid7


class Ref(models.ForeignKey):
    """A reference between tables of one organization. The database holds it by a composite key,
    `(organization_id, x_id)`, for a plain one is checked past row-level security (`tenancy.harden` makes it)."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)


class Owned(models.Model):
    """A row of an organization: scoped reads, row-level security, composite keys (all three by `tenancy`).

    `narrowed` says whose eyes are narrower than the organization's: principal kind (`merchant`, `driver`, `order`)
    to the lookup that must equal the principal's id. The manager filters by it and a policy is made from it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organization_id = models.UUIDField(default=current_organization, editable=False)

    objects = Scoped()
    narrowed: ClassVar[dict[str, str]] = {}

    class Meta:
        abstract = True
        base_manager_name = "objects"


class Event(Owned):
    """One fact, for ever. Written by `record` alone; the app's role may neither change nor delete it."""

    tx = models.BigIntegerField()
    type = models.CharField(max_length=64)
    subject = models.CharField(max_length=32)
    subject_id = models.UUIDField()
    subject_seq = models.BigIntegerField()
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()  # when it happened, by whoever saw it
    recorded_at = models.DateTimeField()  # when we wrote it
    key = models.CharField(max_length=200, null=True)  # null, not '': unique among the given
    data = models.JSONField()

    class Meta(Owned.Meta):
        indexes = [
            models.Index(fields=["organization_id", "tx", "id"], name="events_tail"),
            models.Index(fields=["organization_id", "type", "at"], name="events_type"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "subject", "subject_id", "subject_seq"], name="events_subject_seq"
            ),
            models.UniqueConstraint(fields=["organization_id", "type", "key"], name="events_key"),
        ]


class Subject(Owned):
    """The last sequence given to a subject; its row lock orders the subject's facts."""

    subject = models.CharField(max_length=32)
    subject_id = models.UUIDField()
    seq = models.BigIntegerField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "subject", "subject_id"], name="one_subject")]


class Seal(Owned):
    """A link of the organization's hash chain, made behind the writers."""

    seq = models.BigIntegerField()
    event_id = models.UUIDField()
    tx = models.BigIntegerField()
    prev = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "seq"], name="seal_seq"),
            models.UniqueConstraint(fields=["organization_id", "event_id"], name="seal_event"),
        ]


class Handled(Owned):
    """A consumer has seen an event: committed with the consumer's effect, so that a second run does nothing."""

    event_id = models.UUIDField()
    consumer = models.CharField(max_length=64)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "event_id", "consumer"], name="handled_once")]


class IdempotencyKey(Owned):
    """The first answer to a keyed request, committed with its effect."""

    route = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    answer = models.JSONField()
    real_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "route", "key"], name="key_once")]


class Cursor(models.Model):
    """How far a drain has read an organization's log. No policy: the worker walks all of them; it holds ids alone."""

    organization_id = models.UUIDField()
    name = models.CharField(max_length=64)
    tx = models.BigIntegerField(default=0)
    event_id = models.UUIDField(default=UUID(int=0))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "name"], name="one_cursor")]


class Due(models.Model):
    """A job that waits for its hour on the clock that `now()` reads. No policy, ids alone, like the job queue."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    organization_id = models.UUIDField()
    job = models.CharField(max_length=64)
    args = models.JSONField()
    key = models.CharField(max_length=200, null=True)
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization_id", "job", "key"], name="one_due")]


class Clock(models.Model):
    """Simulated time: no row in production, one in a simulation."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    real_at = models.DateTimeField()
    shown_at = models.DateTimeField()
    speed = models.FloatField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_clock")]


class Era(models.Model):
    """What to add to the database's transaction ids: raised by a restore, for a new cluster counts from the start."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    offset = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_era")]
