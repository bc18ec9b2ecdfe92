"""Planning what is to be said: one row per fact, channel and recipient, and a job when it is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from homestretch.accounts import queries as accounts
from homestretch.accounts.models import Organization
from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.messaging.events import MessageFailed, MessageQueued
from homestretch.messaging.models import Message
from homestretch.messaging.queries.slots import choice_of
from homestretch.messaging.rules.kinds import CHANNELS, KINDS
from homestretch.messaging.rules.timing import Quiet, slot
from homestretch.messaging.values import Occasion
from homestretch.orders import queries as orders

JOB = "messaging.send"


@dataclass(frozen=True, slots=True)
class Cause:
    """The fact that a message follows from, and when it happened by whoever saw it."""

    event_id: UUID
    happened_at: datetime


def quiet_hours(organization: Organization) -> Quiet:
    """The organization's quiet hours."""
    return Quiet(organization.quiet_from, organization.quiet_to, ZoneInfo(organization.zone))


@action
def plan(cause: Cause, occasions: Sequence[Occasion], *, by: Actor, at: datetime) -> list[Message]:
    """Plan a message by each channel that the recipient of each occasion allows; what is too late is kept, dropped.

    One fact says one thing to one address: of several orders of a person the first occasion is told.
    """
    organization = accounts.organization()
    quiet, seen, made = quiet_hours(organization), set(), []
    for occasion in occasions:
        recipient = orders.recipient_of(occasion.order_id)
        for channel in CHANNELS:
            address = address_of(recipient, channel)
            if address in seen or f"{occasion.kind}:{channel}" in organization.muted:
                continue
            if orders.may_message(recipient, channel):
                seen.add(address)
                row = planned(cause, occasion, recipient.id, channel, quiet, at)
                queue(row, by=by, at=at)
                made.append(row)
    return made


@action
def invite(event_ids: Mapping[UUID, UUID], *, by: Actor, at: datetime) -> list[Message]:
    """Ask the recipients of orders that are ready (event by order) to choose a time, where the organization offers
    that and nothing was promised or asked before."""
    if not accounts.organization().booking:
        return []
    asked = set(Message.objects.filter(order_id__in=event_ids, kind="invited").values_list("order_id", flat=True))
    made = []
    for order_id, event_id in event_ids.items():
        if order_id not in asked and not choice_of(order_id, at).why:
            made += plan(Cause(event_id, at), [Occasion("invited", order_id)], by=by, at=at)
    return made


def address_of(recipient: Any, channel: str) -> str:
    """Where a channel reaches somebody; '' where it does not."""
    return str({"sms": recipient.phone, "email": recipient.email}[channel])


def planned(cause: Cause, occasion: Occasion, recipient_id: UUID, channel: str, quiet: Quiet, at: datetime) -> Message:
    """A message as it is to be written: due when it may leave, or dropped because it never may."""
    kind = KINDS[occasion.kind]
    wanted = cause.happened_at + kind.delay
    found = slot(wanted, wanted + kind.patience, quiet, at)
    return Message(
        event_id=cause.event_id,
        kind=occasion.kind,
        channel=channel,
        recipient_id=recipient_id,
        order_id=occasion.order_id,
        stop_id=occasion.stop_id,
        state="dropped" if found.why else "planned",
        why=found.why,
        due_at=found.due_at,
        patience_until=wanted + kind.patience,
    )


def queue(row: Message, *, by: Actor, at: datetime) -> None:
    """Write a new message, record it, and ask for it to be sent."""
    row.save(force_insert=True)
    record(MessageQueued(row.id, row.order_id, row.kind, row.channel), by=by, at=at)
    if row.state == "dropped":
        record(MessageFailed(row.id, row.order_id, row.why), by=by, at=at)
    else:
        ask(row)


def ask(row: Message) -> None:
    """Have the message sent when it is due."""
    later(JOB, row.organization_id, at=row.due_at, key=str(row.id), message_id=row.id)
