"""What providers call back with: reports about our messages, and what people wrote."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from homestretch.accounts import queries as accounts
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.contact import read_phone
from homestretch.kernel.refusal import Refusal
from homestretch.messaging.actions.planning import Cause, planned, queue, quiet_hours
from homestretch.messaging.actions.sending import locked, note_sent
from homestretch.messaging.events import (
    MessageDelivered,
    MessageFailed,
    MessageReceived,
    RecipientOptedIn,
    RecipientOptedOut,
)
from homestretch.messaging.models import Heard, Message
from homestretch.messaging.rules.kinds import KINDS
from homestretch.messaging.rules.receipts import after_report
from homestretch.messaging.rules.words import meaning
from homestretch.messaging.values import Occasion
from homestretch.orders import actions as orders
from homestretch.orders import queries as orders_queries

MOST_TEXT = 2000
HELPED_EVERY = timedelta(hours=24)  # one answer to HELP a day: two programs must not talk to each other


@action
def receipt(
    provider_id: str, state: str, code: str = "", message_id: UUID | None = None, *, by: Actor, at: datetime
) -> Message | None:
    """A provider reports on a message: queued, sent, delivered or failed. None where it is not one of ours.

    `message_id` stands in the address that was given to the provider with the message: so a report finds a message
    whose own answer was lost.
    """
    row = _reported(provider_id, message_id)
    to = after_report(row.state, state, row.tries) if row else None
    if row is None or to is None:
        return row
    row.provider_id = provider_id
    if row.sent_at is None:
        note_sent(row, by=by, at=at)
    if to == "delivered":
        row.state, row.delivered_at = to, at
        record(MessageDelivered(row.id, row.order_id), by=by, at=at)
    elif to == "failed":
        row.state, row.why = to, (code or "undelivered")[:60]
        record(MessageFailed(row.id, row.order_id, row.why), by=by, at=at)
    row.save()
    return row


def _reported(provider_id: str, message_id: UUID | None) -> Message | None:
    if message_id is None:
        found = Message.objects.filter(provider_id=provider_id, channel="sms").values_list("id", flat=True).first()
        return locked(found) if found else None
    row = locked(message_id)
    return row if row is not None and row.provider_id in ("", provider_id) else None


@action
def hear(provider_id: str, sender: str, text: str, *, by: Actor, at: datetime) -> Heard | None:
    """Somebody wrote an SMS. STOP and START hold for every row of that number; HELP is answered by one message.

    Once per provider's id. None for a number that nobody here is known by: nothing is kept of it.
    """
    people = orders_queries.recipients_at(_number(sender))
    if not people or Heard.objects.filter(provider_id=provider_id).exists():
        return None
    said = meaning(text)
    person = _latest(people)
    row, made = Heard.objects.get_or_create(
        provider_id=provider_id[:200],
        defaults={
            "channel": "sms",
            "recipient_id": person.id,
            "order_id": _about(person.id),
            "text": text.replace("\x00", "")[:MOST_TEXT],
            "meaning": said,
            "at": at,
            "done_at": at if said != "other" else None,  # the program has answered
        },
    )
    if made:
        event_id = record(MessageReceived(row.id, "sms", said), by=by, at=at)
        _follow(said, person, event_id, by=by, at=at)
    return row


def _number(sender: str) -> str:
    try:
        return read_phone(sender, "")
    except Refusal:
        return ""


def _latest(people: list[Any]) -> Any:
    """Of several people with one number the one whom we wrote to last."""
    last = Message.objects.filter(recipient_id__in=[person.id for person in people], channel="sms").order_by("-id")
    recipient_id = last.values_list("recipient_id", flat=True).first()
    return next((person for person in people if person.id == recipient_id), people[-1])


def _about(recipient_id: UUID) -> UUID | None:
    """The order that was last written about to somebody: what they answer is about that one."""
    last = Message.objects.filter(recipient_id=recipient_id, channel="sms").order_by("-id")
    return last.values_list("order_id", flat=True).first()


def _follow(said: str, person: Any, event_id: UUID, *, by: Actor, at: datetime) -> None:
    if said == "stop":
        opted(person.id, "sms", on=False, by=by, at=at)
    elif said == "start":
        opted(person.id, "sms", on=True, by=by, at=at)
    elif said == "help":
        _answer(person, event_id, by=by, at=at)


def opted(recipient_id: UUID, channel: str, *, on: bool, by: Actor, at: datetime) -> list[Any]:
    """Switch a channel for everybody of that number or address, and record whom it changed."""
    change, fact = (orders.opt_in, RecipientOptedIn) if on else (orders.opt_out, RecipientOptedOut)
    changed = change(recipient_id, channel, by=by, at=at)
    for person in changed:
        record(fact(person.id, channel), by=by, at=at)
    return list(changed)


def _answer(person: Any, event_id: UUID, *, by: Actor, at: datetime) -> None:
    """One message that says who we are; none to somebody who has said STOP, or whom we never wrote to."""
    said = Message.objects.filter(recipient_id=person.id, channel="sms").order_by("-id")
    last = said.first()
    if last is None or "sms" in person.opted_out:
        return
    if said.filter(kind="help", patience_until__gt=at - HELPED_EVERY + KINDS["help"].patience).exists():
        return
    quiet = quiet_hours(accounts.organization())
    row = planned(Cause(event_id, at), Occasion("help", last.order_id), person.id, "sms", quiet, at)
    queue(row, by=by, at=at)
