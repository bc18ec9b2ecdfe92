"""JSON for the driver's phone, under `/api/v1/driver`. A phone sees the own route, and nothing else."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page
from ninja import Field, Path, Query, Router, Schema
from ninja.decorators import decorate_view
from pydantic import AwareDatetime, BaseModel, ConfigDict

from homestretch.dispatch import actions, queries
from homestretch.dispatch.jobs import keep_picture, keep_piece, standing
from homestretch.dispatch.rules.intents import KINDS, MAX_INTENTS, in_order
from homestretch.dispatch.values import IntentData
from homestretch.doors.driver.offers import OfferedOut, again_s, answered, offered
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import not_found
from homestretch.orders.intake import door_photo
from homestretch.recovery.rules.offering import ANSWERS
from homestretch.web.entry import DRIVER
from homestretch.web.pictures import picture
from homestretch.web.schemas import Word

router = Router(tags=["driver"])
PER_TRANSACTION = 50  # no transaction is long, and what one takes in stays when a later one fails


class IntentIn(BaseModel):
    """What the driver tapped. Beside these, the fields of its kind: `route_id` or `stop_id`, `reason`, `left_with`,
    `note`, `lat`, `lon`, `tasks`; of a scan `what`, `barcode` or `package_id`; of a proof `proof`, `sha256` or `text`;
    of an answer to an offer `offer_id`.
    """

    model_config = ConfigDict(extra="allow")

    id: UUID = Field(description="Minted by the phone: the same intent is applied once, however often it comes.")
    kind: str = Field(max_length=40, description=f"One of {', '.join((*KINDS, *ANSWERS))}.", examples=["complete"])
    counter: int = Field(ge=0, lt=2**62, description="Rises with each tap on this phone: the order of things.")
    at: AwareDatetime = Field(description="When, by the phone's clock.", examples=["2026-11-23T09:14:07Z"])


class SyncIn(Schema):
    """An outbox, and what the phone knows of its route."""

    intents: list[IntentIn] = Field(default=[], max_length=MAX_INTENTS, description="In any order, of any age.")
    known_route_id: UUID | None = Field(None, description="The route that the phone has a sheet of.")
    known_version: int | None = Field(None, ge=0, lt=2**31, description="And its version.")
    known_tag: str | None = Field(
        None, max_length=64, description="The sheet's tag: with it the answer has a sheet where anything on it changed."
    )


class IntentOut(Schema):
    """What became of an intent."""

    id: UUID
    outcome: str = Field(max_length=8, description="applied, late (kept, changed nothing) or refused.")
    refusal: dict[str, Any] | None = Field(description="code, cause, remedy, field; also says why it was late.")


class SyncOut(Schema):
    """One outcome per intent, in the order sent; and the sheet, if it is not the one that the phone has."""

    outcomes: list[IntentOut] = Field(max_length=MAX_INTENTS)
    now: AwareDatetime = Field(description="The server's clock.")
    route_id: UUID | None = Field(description="The driver's live route; null when there is none.")
    route_version: int | None
    sheet: dict[str, Any] | None = Field(description="The route sheet where it changed, else null.")
    tag: str | None = Field(max_length=64, description="Of the sheet as it stands; null when there is no route.")
    offers: list[OfferedOut] = Field(max_length=50, description="Orders that can't wait, to be answered in time.")
    again_s: int | None = Field(description="Seconds after which to look again, where something may be offered.")


class SheetOut(Schema):
    """All that the phone needs for its day."""

    sheet: dict[str, Any] | None = Field(description="Null when the driver has no live route.")


class BlobOut(Schema):
    """What is kept."""

    sha256: str = Field(max_length=64)
    size: int
    media_type: str = Field(max_length=60)


class PieceQuery(Schema):
    """Where in the picture the body belongs."""

    start: int = Field(ge=0, lt=2**31, description="Its first byte.")
    total: int = Field(gt=0, lt=2**31, description="Bytes of the whole picture.")


class PiecesOut(Schema):
    """How far a picture has come."""

    received: int = Field(description="Bytes from its beginning, without a gap.")
    complete: bool = Field(description="Whether it is whole, verified and kept.")


@router.post("/sync", auth=DRIVER, response=SyncOut, openapi_extra={"x-no-key": True})
@decorate_view(gzip_page)
def sync_phone(request: HttpRequest, data: SyncIn) -> dict[str, Any]:
    """Take the phone's outbox in and tell it what changed. Safe to repeat: each intent is applied once."""
    actor: Actor = request.auth
    at = now()
    sent = in_order(_intent(intent) for intent in data.intents)
    intents = [intent for intent in sent if intent.kind not in ANSWERS]
    found = {each.id: each for each in answered([intent for intent in sent if intent.kind in ANSWERS], actor, at)}
    for start in range(0, len(intents), PER_TRANSACTION):
        page = intents[start : start + PER_TRANSACTION]
        found.update({outcome.id: outcome for outcome in actions.apply_intents(page, by=actor, at=at)})
    return {"outcomes": [found[intent.id] for intent in data.intents], "now": at, **_news(actor, data)}


@router.get("/route", auth=DRIVER, response=SheetOut)
@decorate_view(gzip_page)
def get_route_sheet(request: HttpRequest) -> dict[str, Any]:
    """The route sheet: stops, addresses, notes, windows, promises, packages, whom to call."""
    actor: Actor = request.auth
    with scope(actor):
        return {"sheet": queries.route_sheet(_driver(actor))}


@router.get("/blobs/{sha256}", auth=DRIVER, response=PiecesOut)
def get_blob_standing(request: HttpRequest, sha256: Path[Word]) -> dict[str, Any]:
    """How much of a picture is there: a phone goes on from that byte."""
    received, blob = standing(sha256, by=request.auth)
    return {"received": received, "complete": blob is not None}


@router.patch("/blobs/{sha256}", auth=DRIVER, response=PiecesOut)
def patch_blob(request: HttpRequest, sha256: Path[Word], piece: Query[PieceQuery]) -> dict[str, Any]:
    """The next bytes of a picture that comes in pieces; with the last one it is kept as by PUT. Safe to repeat.
    Refuses `blob.offset_conflict` where the piece does not continue what is there: read it, and go on from there."""
    received, blob = keep_piece(sha256, piece.start, request.body, piece.total, by=request.auth, at=now())
    return {"received": received, "complete": blob is not None}


@router.put("/blobs/{sha256}", auth=DRIVER, response=BlobOut)
def put_blob(request: HttpRequest, sha256: Path[Word]) -> dict[str, Any]:
    """The bytes of a picture, at most 15 MB, under the SHA-256 that its proof declares. Safe to repeat."""
    blob = keep_picture(sha256, request.body, by=request.auth, at=now())
    return {"sha256": blob.sha256, "size": blob.size, "media_type": blob.media_type}


@router.get("/doors/{order_id}", auth=DRIVER)
def get_door_photo(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The picture that a recipient sent of the own door: JPEG or PNG. Only while the order is to be served on the own
    route. Refuses `door.not_found`."""
    by: Actor = request.auth
    with scope(by):
        if not queries.serves(order_id):
            raise not_found("door", order_id)
    data, media_type = door_photo(order_id, by=by)
    return picture(data, media_type)


def _intent(intent: IntentIn) -> IntentData:
    return IntentData(intent.id, intent.kind, intent.counter, intent.at, intent.model_extra or {})


def _news(actor: Actor, data: SyncIn) -> dict[str, Any]:
    with scope(actor):
        route = queries.live_route_of_driver(_driver(actor))
        same = route is not None and (route.id, route.version) == (data.known_route_id, data.known_version)
        wanted = route is not None and (not same or data.known_tag is not None)
        sheet = queries.route_sheet(_driver(actor)) if wanted else None
        tag = _tag(sheet)
        offers = offered(_driver(actor), now())
        again = again_s(offers)
    if route is not None and same and route.acknowledged < route.version:
        actions.acknowledge(route.id, route.version, by=actor, at=now())
    return {
        "route_id": route.id if route else None,
        "route_version": route.version if route else None,
        "sheet": None if same and tag == data.known_tag else sheet,
        "tag": tag,
        "offers": offers,
        "again_s": again,
    }


def _tag(sheet: dict[str, Any] | None) -> str | None:
    """Of all that stands on a sheet: taps and scans change it without a new version of the route."""
    return None if sheet is None else hashlib.sha256(json.dumps(sheet, sort_keys=True).encode()).hexdigest()


def _driver(actor: Actor) -> UUID:
    if actor.driver_id is None:
        raise TypeError("the entry lets drivers in alone")
    return actor.driver_id
