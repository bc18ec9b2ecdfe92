"""Messages to people, what they wrote back, and how they rated."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from homestretch.events.models import Owned, Ref


class Template(Owned):
    """An organization's own words for one kind of message, channel and language; without one, ours hold."""

    kind = models.CharField(max_length=16)  # one of rules.kinds.WORDED
    channel = models.CharField(max_length=8)  # sms, email
    language = models.CharField(max_length=12)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "kind", "channel", "language"], name="one_template")
        ]


class Message(Owned):
    """One thing said to one person by one channel: at most once. Words are rendered when it is sent."""

    event_id = models.UUIDField()
    kind = models.CharField(max_length=16)
    channel = models.CharField(max_length=8)
    recipient = Ref("orders.Recipient")
    order = Ref("orders.Order")
    stop = Ref("dispatch.Stop", null=True)
    # planned, sending, sent, delivered; deferred (will be tried again), unknown (perhaps sent, never tried again),
    # refused (by the provider, for good), failed (taken by it, not delivered), dropped (by us)
    state = models.CharField(max_length=10)
    why = models.CharField(max_length=60, blank=True)  # why refused, failed, dropped or deferred
    due_at = models.DateTimeField()
    patience_until = models.DateTimeField()
    fence = models.UUIDField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=200, blank=True)
    promise_id = models.UUIDField(null=True)  # the promise that its words tell
    segments = models.PositiveSmallIntegerField(null=True)  # of an SMS: what is paid for
    body = models.TextField(blank=True)  # what was said, without the link's secret; erased with the person

    narrowed: ClassVar[dict[str, str]] = {"merchant": "order__merchant_id", "order": "order_id"}

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "event_id", "channel", "recipient"], name="said_once")
        ]
        indexes = [
            models.Index(fields=["organization_id", "state", "due_at"], name="message_due"),
            models.Index(fields=["organization_id", "provider_id"], name="message_provider"),
        ]


class Spent(Owned):
    """How many messages an organization has sent on one of its local days: the brake on spend."""

    day = models.DateField()
    messages = models.PositiveIntegerField(default=0)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "day"], name="one_day_spent")]


class Heard(Owned):
    """What a person wrote: STOP, HELP, an answer, a problem; by SMS or on the page. Once per provider's id."""

    channel = models.CharField(max_length=8)  # sms, page
    recipient = Ref("orders.Recipient", null=True)
    provider_id = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    meaning = models.CharField(max_length=12)  # stop, start, help, problem, other
    order = Ref("orders.Order", null=True)  # what it is about: by the page for sure, by SMS what was last written of
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)  # when somebody answered, or said that nothing is to be answered
    done_by = models.CharField(max_length=80, blank=True)

    class Meta(Owned.Meta):
        constraints = [models.UniqueConstraint(fields=["organization_id", "provider_id"], name="heard_once")]
        indexes = [models.Index(fields=["organization_id", "done_at", "at"], name="heard_waiting")]


class Survey(Owned):
    """A recipient's rating of an order."""

    order = Ref("orders.Order")
    requested_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    score = models.PositiveSmallIntegerField(null=True)  # 1 to 5
    comment = models.TextField(blank=True)
    tags = ArrayField(models.CharField(max_length=30), default=list)  # of rules.surveys.TAGS
    done_at = models.DateTimeField(null=True)  # when somebody took care of an unhappy one

    narrowed: ClassVar[dict[str, str]] = {"merchant": "order__merchant_id", "order": "order_id"}

    class Meta(Owned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization_id", "order"], name="one_survey"),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__range=(1, 5)), name="score_1_5"
            ),
        ]
