"""Messages: what was said to recipients, what they wrote back, and the words that are used."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, Role
from homestretch.kernel.refusal import not_found
from homestretch.messaging import actions, queries
from homestretch.messaging.queries import Words
from homestretch.messaging.values import TemplateName, Text
from homestretch.web.entry import READ, WRITE
from homestretch.web.etags import check_version
from homestretch.web.pages import Page, PageQuery, page
from homestretch.web.schemas import Word

router = Router(tags=["messages"])
Channel = Literal["sms", "email"]
Language = Annotated[str, Field(max_length=12)]
Kind = Literal[
    "scheduled",
    "changed",
    "cancelled",
    "on_the_way",
    "approaching",
    "delivered",
    "failed",
    "survey",
    "invited",
    "link",
    "help",
]
State = Literal["planned", "sending", "sent", "delivered", "deferred", "unknown", "refused", "failed", "dropped"]
READERS = {Role.OWNER, Role.DISPATCHER}  # of what was said to a person


class MessageOut(Schema):
    """One thing said, or not said, to one person by one channel."""

    id: UUID
    event_id: UUID = Field(description="The fact that it follows from.")
    kind: str = Field(max_length=16)
    channel: str = Field(max_length=8)
    order_id: UUID
    stop_id: UUID | None
    recipient_id: UUID
    state: str = Field(
        max_length=10,
        description="planned, sending, sent, delivered, deferred (is tried again), unknown (perhaps sent, never tried"
        " again), refused (by the provider), failed (not delivered) or dropped (by us).",
    )
    why: str = Field(max_length=60, description="Why refused, failed, deferred, unknown or dropped.")
    due_at: datetime
    patience_until: datetime = Field(description="Later than this it is not sent.")
    tries: int
    sent_at: datetime | None
    delivered_at: datetime | None
    segments: int | None = Field(description="Of an SMS: how many are paid for.")


class MessageWhole(MessageOut):
    """With its words: for owners and dispatchers alone, and without the link's secret."""

    body: str | None = Field(max_length=20_000)


class HeardOut(Schema):
    """What a person wrote back."""

    id: UUID
    channel: str = Field(max_length=8)
    recipient_id: UUID | None
    meaning: str = Field(max_length=12, description="stop, start, help or other.")
    text: str | None = Field(max_length=2000, description="For owners and dispatchers alone.")
    at: datetime


class MessageQuery(PageQuery):
    """Which messages are listed."""

    order_id: UUID | None = None
    state: State | None = None
    kind: Kind | Literal["personal"] | None = None
    channel: Channel | None = None


class TextIn(Schema):
    """Words with `{variables}`."""

    subject: str = Field("", max_length=200, description="Of an e-mail.", examples=[""])
    body: str = Field(
        min_length=1,
        max_length=8000,
        description="Variables: organization, phone, name, reference, address, day, window, expected, done, reason,"
        " link. `{{` and `}}` are braces.",
        examples=["{organization}: order {reference} comes {window}. {link}"],
    )

    def text(self) -> Text:
        """As the action takes it."""
        return Text(self.body, self.subject)


class PreviewIn(TextIn):
    """Words to be looked at, without saving them."""

    kind: Kind
    channel: Channel
    language: str = Field(max_length=12, examples=["de"])


class PreviewOut(Schema):
    """The words with invented values."""

    subject: str = Field(max_length=2000)
    body: str = Field(max_length=20_000)
    characters: int
    segments: int | None = Field(description="SMS that are paid for; at most 4.")
    encoding: str | None = Field(max_length=8, description="GSM-7, or UCS-2 which more than doubles the length.")


class TemplateOut(Schema):
    """Words that hold for one kind, channel and language."""

    kind: str = Field(max_length=16)
    channel: str = Field(max_length=8)
    language: str = Field(max_length=12)
    subject: str = Field(max_length=200)
    body: str = Field(max_length=8000)
    own: bool = Field(description="The organization's; else ours.")
    version: int = Field(description='0 for ours: send If-Match "0" to put own words in their place.')


class TemplatesOut(Schema):
    """All words that hold."""

    items: list[TemplateOut] = Field(max_length=1000)


def may_read(actor: Actor) -> bool:
    """Whether what was said to people may be shown."""
    return actor.role in READERS


def _whole(row: Any, actor: Actor) -> MessageWhole:
    shown = MessageOut.from_orm(row).dict()
    return MessageWhole(**shown, body=row.body if may_read(actor) else None)


def _heard(row: Any, actor: Actor) -> HeardOut:
    names = ("id", "channel", "recipient_id", "meaning", "at")
    return HeardOut(**{name: getattr(row, name) for name in names}, text=row.text if may_read(actor) else None)


def _template(words: Words) -> dict[str, Any]:
    names = ("kind", "channel", "language", "own", "version")
    shown = {name: getattr(words, name) for name in names}
    return {**shown, "subject": words.text.subject, "body": words.text.body}


@router.get("", auth=READ("messages", merchant=True), response=Page[MessageOut])
def list_messages(request: HttpRequest, part: Query[MessageQuery]) -> Any:
    """Messages, newest first."""
    wanted = part.dict(exclude={"cursor", "limit"})
    with scope(request.auth):
        rows = queries.messages(**wanted)
        return page(rows, part.cursor, part.limit, key=("id",), descending=True, show=MessageOut.from_orm)


@router.get("/heard", auth=READ("messages"), response=Page[HeardOut])
def list_heard(request: HttpRequest, part: Query[PageQuery]) -> Any:
    """What people wrote back, newest first."""
    actor = request.auth
    with scope(actor):
        show = lambda row: _heard(row, actor)  # noqa: E731
        return page(queries.heard(), part.cursor, part.limit, key=("id",), descending=True, show=show)


@router.get("/templates", auth=READ("messages"), response=TemplatesOut)
def list_templates(request: HttpRequest) -> Any:
    """All words that hold: the organization's own, and ours where it has none."""
    with scope(request.auth):
        return {"items": [_template(words) for words in queries.templates()]}


@router.post("/templates/preview", auth=READ("messages"), response=PreviewOut, openapi_extra={"x-no-key": True})
def preview_template(request: HttpRequest, data: PreviewIn) -> Any:
    """Look at words with invented values, and at their price, without saving them. Refuses what saving would."""
    with scope(request.auth):
        shown = queries.preview(data.kind, data.channel, data.language, data.text())
    return PreviewOut.from_orm(shown)


@router.get("/templates/{kind}/{channel}/{language}", auth=READ("messages"), response=TemplateOut)
def get_template(request: HttpRequest, kind: Kind, channel: Channel, language: Word) -> Any:
    """The words of exactly that language."""
    with scope(request.auth):
        words = queries.template(kind, channel, language)
        if words is None:
            raise not_found("template")
        return _template(words)


@router.put("/templates/{kind}/{channel}/{language}", auth=WRITE("messages"), response=TemplateOut)
def save_template(request: HttpRequest, kind: Kind, channel: Channel, language: Word, data: TextIn) -> Any:
    """Put own words in the place of ours, or of the former ones. Refuses what could not be sent."""
    actor = request.auth
    name = TemplateName(kind, channel, language)
    made = actions.save_template(name, data.text(), version=_seen(request, actor, name), by=actor, at=now())
    return _template(made)


@router.delete("/templates/{kind}/{channel}/{language}", auth=WRITE("messages"), response={204: None})
def reset_template(request: HttpRequest, kind: Kind, channel: Channel, language: Word) -> Any:
    """Take own words back: ours hold again."""
    actor = request.auth
    name = TemplateName(kind, channel, language)
    actions.reset_template(name, version=_seen(request, actor, name), by=actor, at=now())
    return Status(204, None)


def _seen(request: HttpRequest, actor: Actor, name: TemplateName) -> int:
    """The version that stands, compared with the one that was seen; 0 where there are none or ours."""
    with scope(actor):
        words = queries.template(name.kind, name.channel, name.language)
    version = words.version if words else 0
    check_version(request, version)
    return version


@router.get("/{message_id}", auth=READ("messages", merchant=True), response=MessageWhole)
def get_message(request: HttpRequest, message_id: UUID) -> Any:
    """One message; its words for owners and dispatchers alone."""
    actor = request.auth
    with scope(actor):
        return _whole(queries.message(message_id), actor)
