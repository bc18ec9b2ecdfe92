"""Conversations with recipients, one per order: what waits for an answer, all that was said, and an answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from homestretch.doors.api.messages import MessageWhole, may_read
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.messaging import actions, queries
from homestretch.web.entry import WRITE
from homestretch.web.once import once_of

router = Router(tags=["messages"])


class WaitingOut(Schema):
    """A conversation that somebody should look at."""

    order_id: UUID
    reference: str = Field(max_length=120)
    name: str = Field(max_length=200)
    since: datetime
    text: str = Field(max_length=2000, description="The newest words, or what was said with an unhappy rating.")
    meaning: str = Field(max_length=12, description="other, problem or rating.")
    score: int | None
    count: int = Field(description="How many things wait.")


class WaitingsOut(Schema):
    """The oldest first, at most 400."""

    items: list[WaitingOut] = Field(max_length=400)


class SaidOut(Schema):
    """One thing said."""

    at: datetime
    side: str = Field(max_length=6, description="in (by the recipient), out (by us) or rating.")
    channel: str = Field(max_length=8, description="sms, email or page.")
    text: str = Field(max_length=20_000)
    kind: str = Field(max_length=16)
    state: str = Field(max_length=10, description="Of what we said: as in /messages.")
    why: str = Field(max_length=60)
    sent_at: datetime | None
    delivered_at: datetime | None
    waits: bool = Field(description="Whether nobody has answered.")
    score: int | None


class LinesOut(Schema):
    """All that was said, by time."""

    items: list[SaidOut] = Field(max_length=10_000)


class WriteIn(Schema):
    """An answer, or the first word."""

    channel: Literal["sms", "email"]
    text: str = Field(min_length=1, max_length=8000, examples=["We will be with you at six."])


class LinkIn(Schema):
    """The way that it is to go."""

    channel: Literal["sms", "email"]


class DoneOut(Schema):
    """Nothing of this order waits any more."""

    order_id: UUID


def _without(said: Any, request: HttpRequest) -> Any:
    """Without its words for programs: what people wrote is for owners and dispatchers."""
    return said if may_read(request.auth) else said.model_copy(update={"text": ""})


def _message(row: Any) -> MessageWhole:
    return MessageWhole.from_orm(row)


@router.get("", auth=WRITE("messages"), response=WaitingsOut)
def list_conversations(request: HttpRequest) -> Any:
    """What recipients wrote and nobody answered, and unhappy ratings that nobody looked at."""
    with scope(request.auth):
        return {"items": [_without(WaitingOut.from_orm(one), request) for one in queries.waiting()]}


@router.get("/{order_id}", auth=WRITE("messages"), response=LinesOut)
def get_conversation(request: HttpRequest, order_id: UUID) -> Any:
    """All that was said about one order."""
    with scope(request.auth):
        return {"items": [_without(SaidOut.from_orm(line), request) for line in queries.thread(order_id)]}


@router.post("/{order_id}", auth=WRITE("messages"), response={201: MessageWhole})
def write_to_recipient(request: HttpRequest, order_id: UUID, data: WriteIn) -> Any:
    """Write to the order's recipient: sent once, as soon as the quiet hours allow. What waited counts as answered.

    Refuses `recipient.no_address`, `recipient.opted_out`, `recipient.no_consent`, `message.too_long`.
    """
    once = once_of(request, "write_to_recipient", lambda row: _message(row).dict() | {"body": None})
    return Status(201, _message(actions.write(order_id, data.channel, data.text, by=request.auth, at=now(), once=once)))


@router.post("/{order_id}/link", auth=WRITE("messages"), response={201: MessageWhole})
def send_tracking_link(request: HttpRequest, order_id: UUID, data: LinkIn) -> Any:
    """Send the order's recipient the tracking link, again or for the first time, in the words of the template `link`.

    Refuses `order.closed`, `recipient.no_address`, `recipient.opted_out`, `recipient.no_consent`.
    """
    once = once_of(request, "send_tracking_link", lambda row: _message(row).dict() | {"body": None})
    return Status(201, _message(actions.send_link(order_id, data.channel, by=request.auth, at=now(), once=once)))


@router.post("/{order_id}/done", auth=WRITE("messages"), response=DoneOut)
def settle_conversation(request: HttpRequest, order_id: UUID) -> Any:
    """Say that nothing is left to be answered."""
    once = once_of(request, "settle_conversation", lambda ident: DoneOut(order_id=ident), status=200)
    return DoneOut(order_id=actions.settle(order_id, by=request.auth, at=now(), once=once))
