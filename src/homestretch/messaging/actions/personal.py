"""What a recipient does by the tracking link, and what is forgotten of one on demand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.messaging.actions.hearing import opted
from homestretch.messaging.events import RecipientInstructed, SurveySubmitted
from homestretch.messaging.models import Heard, Message, Survey
from homestretch.messaging.rules.kinds import CHANNELS
from homestretch.messaging.rules.shown import may_rate, reachable
from homestretch.orders import actions as orders
from homestretch.orders import queries as orders_queries

MOST_COMMENT = 2000


@action
def instruct(order_id: UUID, text: str, *, by: Actor, at: datetime) -> str:
    """Leave the driver a note; an empty one takes it back. Returns it as it stands now.

    Refuses `order.not_found`, `order.closed`, `field.too_long`.
    """
    recipient = orders_queries.recipient_of(order_id)
    order = orders.set_instructions(order_id, text, by=by, at=at)
    record(RecipientInstructed(recipient.id, order_id), by=by, at=at)
    return str(order.instructions)


@action
def rate(order_id: UUID, score: int, comment: str = "", *, by: Actor, at: datetime) -> Survey:
    """Rate an order from 1 to 5, once. Refuses `order.not_found`, `survey.score_invalid`, `survey.too_early`,
    `survey.submitted_already`, `field.too_long`."""
    orders_queries.recipient_of(order_id)
    if not 1 <= score <= 5:
        raise Refusal("survey.score_invalid", f"{score} is not from 1 to 5", remedy="give 1 to 5", field="score")
    if len(comment) > MOST_COMMENT:
        raise Refusal("field.too_long", "the comment is too long", remedy=f"at most {MOST_COMMENT}", field="comment")
    if not may_rate(orders_queries.get_order(order_id).state):
        raise Refusal("survey.too_early", "there is nothing to rate yet", remedy="come back when it is done")
    row, _ = Survey.objects.select_for_update().get_or_create(order_id=order_id, defaults={"requested_at": at})
    if row.submitted_at is not None:
        raise Refusal("survey.submitted_already", "the order was rated before", remedy="nothing is to be done")
    row.score, row.comment, row.submitted_at = score, comment.strip(), at
    row.save()
    record(SurveySubmitted(row.id, order_id, score), by=by, at=at)
    return row


@action
def choose_channels(order_id: UUID, wanted: Mapping[str, bool], *, by: Actor, at: datetime) -> dict[str, bool]:
    """Switch messages by the named channels on or off, for everybody of that number or address; how each stands then.

    Refuses `order.not_found`, `recipient.channel_unknown`, `recipient.no_address`.
    """
    recipient = orders_queries.recipient_of(order_id)
    for channel, on in sorted(wanted.items()):
        if channel in CHANNELS and channel not in reachable(recipient):
            raise Refusal(
                "recipient.no_address", f"there is no address for {channel}", remedy="tell it to whoever sends"
            )
        opted(recipient.id, channel, on=on, by=by, at=at)
    recipient = orders_queries.recipient_of(order_id)
    return {channel: orders_queries.may_message(recipient, channel) for channel in reachable(recipient)}


@action
def forget(recipient_id: UUID, *, by: Actor, at: datetime) -> None:
    """A person was erased: what was said and heard loses its words, sizes and times stay."""
    Message.objects.filter(recipient_id=recipient_id).update(body="")
    Heard.objects.filter(recipient_id=recipient_id).update(text="")
    Survey.objects.filter(order__recipient_id=recipient_id).update(comment="")
