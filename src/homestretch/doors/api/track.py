"""A recipient's own order by tracking link: what the page shows, as JSON, and what its forms do."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema, Status

from homestretch.dispatch.jobs import picture_of
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.messaging import actions, queries
from homestretch.messaging.rules.surveys import PROBLEMS, TAGS
from homestretch.messaging.values import Shown
from homestretch.orders import actions as orders
from homestretch.orders.intake import door_photo, keep_door_photo
from homestretch.orders.values import DoorData
from homestretch.web.entry import LINK
from homestretch.web.once import once_of
from homestretch.web.pictures import picture
from homestretch.web.schemas import Word

router = Router(tags=["track"])
PHOTO_BODY = {
    "requestBody": {
        "description": "The bytes of a JPEG, PNG or WebP.",
        "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}},
    }
}


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


class LineOut(Schema):
    """Something that was ordered."""

    name: str = Field(max_length=200)
    quantity: int


class ShotOut(Schema):
    """One proof."""

    id: UUID
    kind: str = Field(max_length=10, description="photo, signature or name.")
    text: str = Field(max_length=2000)
    image: bool = Field(description="Whether a picture can be had at /track/proofs/{id}.")
    at: datetime


class PickupPlaceOut(Schema):
    """A depot."""

    name: str = Field(max_length=120)
    address: str = Field(max_length=500)


class PickupIn(Schema):
    """The offered window that is taken, by its end: one that has begun begins later with each hour."""

    end: datetime


class DoorOut(Schema):
    """What the recipient said of the door. The code is never shown again."""

    leave_with: str = Field(max_length=20, description="neighbor, safe_place, mailbox, or empty: the recipient.")
    leave_where: str = Field(max_length=200)
    has_code: bool
    has_photo: bool


class DoorIn(Schema):
    """Where to leave the goods, and how one gets in."""

    leave_with: str = Field("", max_length=20, description="One of `may_leave_with`; empty: nowhere.", examples=[""])
    leave_where: str = Field("", max_length=200, examples=[""])
    gate_code: str | None = Field(None, max_length=40, description="Left out it stays, empty it is erased.")


class SlotIn(Schema):
    """The offered window that is taken."""

    start: datetime


class ExplainIn(Schema):
    """What was behind the rating."""

    tags: list[Word] = Field(default=[], max_length=20, description=f"Some of {', '.join(TAGS)}.")
    comment: str = Field("", max_length=2000)


class ProblemIn(Schema):
    """Something is wrong."""

    kind: Word = Field(description=f"One of {', '.join(PROBLEMS)}.", examples=["damaged"])
    text: str = Field("", max_length=2000)


class ProblemOut(Schema):
    """When it was taken note of."""

    at: datetime


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
        " returned, cancelled or awaiting_pickup.",
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
    kind: str = Field(max_length=8, description="deliver, collect or service.")
    items: list[LineOut] = Field(max_length=10_000)
    stops_before: int | None = Field(description="How many stops come before this one, while the route is under way.")
    left_with: str = Field(max_length=20)
    proofs: list[ShotOut] = Field(max_length=500, description="How it was handed over.")
    door: DoorOut
    may_leave_with: list[str] = Field(max_length=10, description="Where the goods may be left, by the organization.")
    may_choose: bool = Field(description="Whether the time may be chosen now; `slots` may still be none.")
    slots: list[SpanOut] = Field(max_length=1000)
    pickup: PickupPlaceOut | None = Field(description="The depot at which it waits, or was taken.")
    may_pick_up: bool = Field(description="Whether it may be taken at a depot instead: `offered_at`, in `pickups`.")
    offered_at: PickupPlaceOut | None
    pickups: list[SpanOut] = Field(max_length=1000)
    reported: bool = Field(description="Whether a problem was reported that nobody has answered yet.")
    tags: list[str] = Field(max_length=20)
    comment: str = Field(max_length=2000)
    may_say_more: bool = Field(description="Whether tags and words may be added to the rating.")
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


def _door(door: Any) -> DoorOut:
    return DoorOut(
        leave_with=door.leave_with,
        leave_where=door.leave_where,
        has_code=bool(door.gate_code),
        has_photo=bool(door.photo),
    )


@router.post("/door", auth=LINK, response=DoorOut)
def describe_door(request: HttpRequest, data: DoorIn) -> Any:
    """Say where the goods may be left, and how one gets in; only the driver at the open stop sees it.

    Refuses `order.closed`, `door.place_not_offered`, `door.place_vague`.
    """
    actor = request.auth
    once = once_of(request, "describe_door", _door, status=200)
    return _door(actions.set_door(actor.order_id, DoorData(**data.dict()), by=actor, at=now(), once=once))


@router.put("/door/photo", auth=LINK, response=DoorOut, openapi_extra=PHOTO_BODY)
def put_door_photo(request: HttpRequest) -> Any:
    """A photo of the door: it is drawn anew, small, without what the phone wrote into it. No bytes take it away."""
    actor = request.auth
    if request.body:
        return _door(keep_door_photo(actor.order_id, request.body, by=actor, at=now()))
    return _door(orders.set_door_photo(actor.order_id, "", "", by=actor, at=now()))


@router.get("/door/photo", auth=LINK)
def get_own_door_photo(request: HttpRequest) -> HttpResponse:
    """The photo of the door, as the driver sees it."""
    return picture(*door_photo(request.auth.order_id, by=request.auth))


@router.get("/proofs/{proof_id}", auth=LINK)
def get_own_proof(request: HttpRequest, proof_id: UUID) -> HttpResponse:
    """The picture of a proof that `proofs` names."""
    actor = request.auth
    with scope(actor):
        queries.require_shown_proof(actor.order_id, proof_id, now())
    return picture(*picture_of(proof_id, by=actor))


@router.post("/slot", auth=LINK, response=SpanOut)
def choose_slot(request: HttpRequest, data: SlotIn) -> Any:
    """Take one of `slots`: it is promised, and the order leaves the route that it stood on.

    Refuses `order.closed`, `slot.not_offered`, `slot.too_late`, `slot.taken`.
    """
    actor = request.auth
    once = once_of(request, "choose_slot", lambda window: SpanOut(start=window.start, end=window.end), status=200)
    window = actions.choose_slot(actor.order_id, data.start, by=actor, at=now(), once=once)
    return SpanOut(start=window.start, end=window.end)


@router.post("/pickup", auth=LINK, response=SpanOut)
def choose_pickup(request: HttpRequest, data: PickupIn) -> Any:
    """Take the goods at the depot `offered_at`, in one of `pickups`: the order leaves its route, and that is promised.

    Refuses `order.closed`, `pickup.not_offered`, `pickup.too_late`, `pickup.taken`.
    """
    actor = request.auth
    once = once_of(request, "choose_pickup", lambda window: SpanOut(start=window.start, end=window.end), status=200)
    window = actions.choose_pickup(actor.order_id, data.end, by=actor, at=now(), once=once)
    return SpanOut(start=window.start, end=window.end)


@router.post("/rating/words", auth=LINK, response=RatingOut)
def explain_rating(request: HttpRequest, data: ExplainIn) -> Any:
    """Say what was behind the rating, once. Refuses `survey.not_rated`, `survey.submitted_already`."""
    actor = request.auth
    once = once_of(request, "explain_rating", _rating, status=200)
    return _rating(actions.say_more(actor.order_id, data.tags, data.comment, by=actor, at=now(), once=once))


@router.post("/problem", auth=LINK, response={201: ProblemOut})
def report_problem(request: HttpRequest, data: ProblemIn) -> Any:
    """Say that something is wrong: the dispatcher finds it among the exceptions. Refuses `problem.kind_unknown`."""
    actor = request.auth
    once = once_of(request, "report_problem", lambda row: ProblemOut(at=row.at))
    row = actions.report_problem(actor.order_id, data.kind, data.text, by=actor, at=now(), once=once)
    return Status(201, ProblemOut(at=row.at))
