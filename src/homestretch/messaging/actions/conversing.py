"""People of the organization write to a recipient, and say that nothing is left to be answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from homestretch.accounts import queries as accounts
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.messaging.actions.planning import Cause, address_of, planned, queue, quiet_hours
from homestretch.messaging.events import ConversationSettled
from homestretch.messaging.models import Heard, Message, Survey
from homestretch.messaging.rules.conversations import check_words, in_sms
from homestretch.messaging.rules.kinds import CHANNELS
from homestretch.messaging.rules.surveys import UNHAPPY
from homestretch.messaging.values import Occasion
from homestretch.orders import queries as orders


@action
def write(order_id: UUID, channel: str, text: str, *, by: Actor, at: datetime) -> Message:
    """Write to an order's recipient: sent once, as soon as the quiet hours allow; what they wrote counts as answered.

    Refuses `order.not_found`, `recipient.channel_unknown`, `recipient.no_address`, `recipient.opted_out`,
    `recipient.no_consent` (they neither agreed to the channel nor wrote to us), `message.empty`, `message.too_long`.
    """
    recipient, organization = orders.recipient_of(order_id), accounts.organization()
    _check_reach(recipient, channel)
    words = check_words(channel, text, organization.name)
    row = planned(
        Cause(uuid7(), at), Occasion("personal", order_id), recipient.id, channel, quiet_hours(organization), at
    )
    row.body = in_sms(words, organization.name) if channel == "sms" else words
    queue(row, by=by, at=at)
    _answered(recipient.id, order_id, by, at)
    return row


@action
def send_link(order_id: UUID, channel: str, *, by: Actor, at: datetime) -> Message:
    """Send an order's recipient the tracking link (again), in the words of the template: once, as soon as the quiet
    hours allow. A link that was closed or is over is followed by a new one.

    Refuses `order.not_found`, `order.closed` (cancelled), `recipient.channel_unknown`, `recipient.no_address`,
    `recipient.opted_out`, `recipient.no_consent`.
    """
    recipient = orders.recipient_of(order_id)
    if orders.get_order(order_id).state == "cancelled":
        raise Refusal("order.closed", "the order is cancelled", remedy="there is nothing to follow")
    _check_reach(recipient, channel)
    quiet = quiet_hours(accounts.organization())
    row = planned(Cause(uuid7(), at), Occasion("link", order_id), recipient.id, channel, quiet, at)
    queue(row, by=by, at=at)
    return row


def _check_reach(recipient: Any, channel: str) -> None:
    if channel not in CHANNELS:
        raise Refusal("recipient.channel_unknown", channel[:20], remedy="sms or email", field="channel")
    if not address_of(recipient, channel):
        raise Refusal("recipient.no_address", f"there is no address for {channel}", remedy="take the other channel")
    if orders.is_silent(recipient, channel):
        raise Refusal("recipient.opted_out", "this person wants nothing by this channel", remedy="call instead")
    wrote = Heard.objects.filter(recipient_id=recipient.id).exists()
    if not (wrote or orders.may_message(recipient, channel)):
        raise Refusal("recipient.no_consent", "this person did not agree to the channel", remedy="call instead")


@action
def settle(order_id: UUID, *, by: Actor, at: datetime) -> UUID:
    """Nothing is left to be answered about an order, nor an unhappy rating to be looked at. Saying it again changes
    nothing. Refuses `order.not_found`."""
    recipient = orders.recipient_of(order_id)
    settled = _answered(recipient.id, order_id, by, at)
    unhappy = Survey.objects.filter(order_id=order_id, score__lte=UNHAPPY, done_at=None)
    if unhappy.update(done_at=at) or settled:
        record(ConversationSettled(recipient.id, order_id), by=by, at=at)
    return order_id


def _answered(recipient_id: UUID, order_id: UUID, by: Actor, at: datetime) -> int:
    """Mark as done what a person wrote about an order, or about none."""
    waiting = Heard.objects.filter(recipient_id=recipient_id, done_at=None, at__lte=at)
    waiting = waiting.filter(order_id=order_id) | waiting.filter(order_id=None)
    return int(waiting.update(done_at=at, done_by=str(by)))
