"""What a recipient does by the tracking link, and what is forgotten of one on demand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.messaging.actions.hearing import opted
from homestretch.messaging.events import (
    MessageReceived,
    ProblemReported,
    RecipientInstructed,
    SurveyExplained,
    SurveySubmitted,
)
from homestretch.messaging.models import Heard, Message, Survey
from homestretch.messaging.rules.kinds import CHANNELS
from homestretch.messaging.rules.shown import may_rate, reachable
from homestretch.messaging.rules.surveys import check_comment, check_problem, check_words
from homestretch.orders import actions as orders
from homestretch.orders import queries as orders_queries
from homestretch.recovery import actions as recovery
from homestretch.recovery.rules import recipients_problem


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
    check_comment(comment, "comment")
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
def say_more(order_id: UUID, tags: Collection[str], comment: str, *, by: Actor, at: datetime) -> Survey:
    """Add tags and words to a rating, once. Refuses `order.not_found`, `survey.not_rated`, `survey.submitted_already`,
    `survey.tag_unknown`, `field.too_long`."""
    orders_queries.recipient_of(order_id)
    check_words(tags, comment)
    row = Survey.objects.select_for_update().filter(order_id=order_id, submitted_at__isnull=False).first()
    if row is None:
        raise Refusal("survey.not_rated", "there is no rating yet", remedy="give a score first")
    if row.tags or row.comment:
        raise Refusal("survey.submitted_already", "it was explained before", remedy="nothing is to be done")
    row.tags, row.comment = sorted(set(tags)), comment.strip()
    row.save(update_fields=["tags", "comment"])
    record(SurveyExplained(row.id, order_id, tuple(row.tags)), by=by, at=at)
    return row


@action
def report_problem(order_id: UUID, kind: str, text: str = "", *, by: Actor, at: datetime) -> Heard:
    """Say that something is wrong with an order: an exception for its dispatcher, and words that wait for an answer.

    Refuses `order.not_found`, `problem.kind_unknown`, `field.too_long`.
    """
    recipient = orders_queries.recipient_of(order_id)
    check_problem(kind, text)
    row = Heard(
        channel="page", recipient_id=recipient.id, order_id=order_id, text=text.strip(), meaning="problem", at=at
    )
    row.provider_id = str(row.id)
    row.save(force_insert=True)
    record(MessageReceived(row.id, "page", "problem"), by=by, at=at)
    record(ProblemReported(recipient.id, order_id, kind), by=by, at=at)
    recovery.raise_(recipients_problem(order_id, kind), by=by, at=at)
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
