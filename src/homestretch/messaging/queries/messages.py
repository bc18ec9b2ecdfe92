"""The log of what was said and heard."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from homestretch.kernel.refusal import not_found
from homestretch.messaging.models import Heard, Message, Survey


def messages(
    *, order_id: UUID | None = None, state: str | None = None, kind: str | None = None, channel: str | None = None
) -> QuerySet[Any]:
    """Messages that match all that is given; ids rise with time."""
    wanted = {"order_id": order_id, "state": state, "kind": kind, "channel": channel}
    return Message.objects.filter(**{name: value for name, value in wanted.items() if value is not None})


def message(message_id: UUID) -> Message:
    """One message. Refuses `message.not_found`."""
    row = Message.objects.filter(id=message_id).first()
    if row is None:
        raise not_found("message", message_id)
    return row


def heard() -> QuerySet[Any]:
    """What people wrote back; ids rise with time."""
    return Heard.objects.all()


def was_reported(order_id: UUID) -> bool:
    """Whether the recipient's word on a problem with the order waits for an answer."""
    return bool(Heard.objects.filter(order_id=order_id, meaning="problem", done_at=None).exists())


def survey_of(order_id: UUID) -> Survey | None:
    """The order's survey, if its recipient was asked or has rated."""
    return Survey.objects.filter(order_id=order_id).first()
