"""A recipient's own order by tracking link: what the page shows, as JSON, and what its forms do."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.messaging import actions, queries
from homestretch.messaging.values import Shown
from homestretch.web.entry import LINK
from homestretch.web.once import once_of

router = Router(tags=["track"])


class SpanOut(Schema):
    """A span of time."""

    start: datetime
    end: datetime


class ExpectedOut(Schema):
    """When the van is expected, as of `made_at`."""

    earliest: datetime = Field(description="p10.")
    likely: datetime = Field(description="p50.")
    latest: datetime = Field(description="p90.")
    made_at: datetime
    stale: bool = Field(description="Older than twice its refresh: say so when you show it.")


class VanOut(Schema):
    """Where the van is; only while this order's stop is its next."""

    lat: float
    lon: float
    at: datetime
    distance_m: int


class StepOut(Schema):
    """A step on the way."""

    name: str = Field(max_length=12, description="received, scheduled, on_the_way, arrived, done.")
    at: datetime | None
    done: bool


class ShownOut(Schema):
    """The order as its recipient may see it."""

    order_id: UUID
    organization: str = Field(max_length=120)
    phone: str = Field(max_length=20)
    zone: str = Field(max_length=60, description="IANA zone in which times are to be shown.")
    language: str = Field(max_length=12)
    reference: str = Field(max_length=120)
    status: str = Field(
        max_length=20,
        description="received, scheduled, on_the_way, arrived, missed, completed, partially_completed, failed,"
        " returned or cancelled.",
    )
    address: str = Field(max_length=500)
    promised: SpanOut | None
    expected: ExpectedOut | None
    van: VanOut | None
    steps: list[StepOut] = Field(max_length=10)
    instructions: str = Field(max_length=2000)
    may_instruct: bool
    may_rate: bool
    score: int | None
    channels: dict[str, bool] = Field(description="Which messages are wanted, by channel that has an address.")
    as_of: datetime


class InstructionsIn(Schema):
    """A note for the driver; empty takes it back."""

    text: str = Field(max_length=2000, examples=["Ring twice, please."])


class InstructionsOut(Schema):
    """The note as it stands."""

    text: str = Field(max_length=2000)


class RatingIn(Schema):
    """One to five."""

    score: int = Field(ge=1, le=5, examples=[5])
    comment: str = Field("", max_length=2000, examples=["Friendly and in time."])


class RatingOut(Schema):
    """What was rated."""

    score: int
    comment: str = Field(max_length=2000)
    submitted_at: datetime


class ChannelsIn(Schema):
    """Which messages are wanted; a channel that is not named stays as it is."""

    sms: bool | None = None
    email: bool | None = None


class ChannelsOut(Schema):
    """How each channel stands that has an address."""

    channels: dict[str, bool]


def _shown(shown: Shown) -> ShownOut:
    return ShownOut.from_orm(shown)


def _rating(row: Any) -> RatingOut:
    return RatingOut(score=row.score, comment=row.comment, submitted_at=row.submitted_at)


@router.get("", auth=LINK, response=ShownOut)
def get_tracked_order(request: HttpRequest) -> Any:
    """Where the order is and when it is expected."""
    actor = request.auth
    with scope(actor):
        return _shown(queries.shown_order(actor.order_id, now()))


@router.post("/instructions", auth=LINK, response=InstructionsOut)
def leave_instructions(request: HttpRequest, data: InstructionsIn) -> Any:
    """Leave the driver a note. Refuses `order.closed`."""
    actor = request.auth
    once = once_of(request, "leave_instructions", lambda text: InstructionsOut(text=text), status=200)
    return InstructionsOut(text=actions.instruct(actor.order_id, data.text, by=actor, at=now(), once=once))


@router.post("/rating", auth=LINK, response={201: RatingOut})
def rate_order(request: HttpRequest, data: RatingIn) -> Any:
    """Rate the order, once. Refuses `survey.too_early`, `survey.submitted_already`."""
    actor = request.auth
    once = once_of(request, "rate_order", _rating)
    return Status(201, _rating(actions.rate(actor.order_id, data.score, data.comment, by=actor, at=now(), once=once)))


@router.post("/channels", auth=LINK, response=ChannelsOut)
def choose_channels(request: HttpRequest, data: ChannelsIn) -> Any:
    """Switch messages on or off by channel. Refuses `recipient.no_address`."""
    actor = request.auth
    once = once_of(request, "choose_channels", lambda channels: ChannelsOut(channels=channels), status=200)
    wanted = {name: on for name, on in data.dict().items() if on is not None}
    return ChannelsOut(channels=actions.choose_channels(actor.order_id, wanted, by=actor, at=now(), once=once))
