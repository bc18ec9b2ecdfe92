"""Offers: an order that can't wait is asked of the best driver, accepted in time, or passed on."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from homestretch.doors.api.recovery import ProposalPromiseOut
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.recovery import actions, queries
from homestretch.recovery.rules.offering import OFFER
from homestretch.web.entry import READ, WRITE
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page
from homestretch.web.schemas import Seen

router = Router(tags=["recovery"])


class OfferIn(Schema):
    """What is offered, and to whom."""

    order_id: UUID
    route_id: UUID | None = Field(
        None, description="Whose driver is asked, whatever promises that breaks; null: the best that breaks none."
    )
    ask: bool = Field(True, description="False: no driver is asked, it is put on the route at once.")


class OfferOut(Schema):
    """An order that can't wait, asked of one driver."""

    id: UUID
    order_id: UUID
    route_id: UUID
    driver_id: UUID
    state: str = Field(max_length=10, description=f"One of {', '.join(OFFER)}.")
    round: int = Field(description="Of asking for this order: in each, nobody is asked twice.")
    by_hand: bool = Field(description="Somebody chose the driver.")
    position: int = Field(description="Stops that would come before it; as all of these, when it was made.")
    arrive: datetime
    seconds: int = Field(description="That the route takes longer.")
    meters: int
    cost: int = Field(description="Minor units.")
    promises: list[ProposalPromiseOut] = Field(max_length=4000, description="Those that fare worse by it.")
    reason: str = Field(max_length=60, description="Why it was withdrawn.")
    asked_at: datetime
    deadline: datetime
    answered_at: datetime | None = Field(description="When it was answered, or ended.")
    version: int


class OfferQuery(PageQuery):
    """Which offers."""

    state: str | None = Field(None, max_length=10)
    order_id: UUID | None = None
    route_id: UUID | None = None


class WithdrawIn(Schema):
    """Why."""

    reason: str = Field("", max_length=60)
    version: Seen = None


_FIELDS = tuple(OfferOut.model_fields)


def offer_out(row: Any) -> dict[str, Any]:
    """An offer as it is shown."""
    return {name: getattr(row, name) for name in _FIELDS}


@router.post("/offers", auth=WRITE("routes"), response={201: OfferOut})
def make_offer(request: HttpRequest, data: OfferIn) -> Status[dict[str, Any]]:
    """Offer an order that can't wait to the best driver on the road, or to the one who is named. Who says no, or
    nothing in time, is followed by the next best; where nobody is left, an exception says so."""
    once = once_of(request, "make_offer", offer_out, status=201)
    verb = actions.offer if data.ask else actions.put_on
    row = verb(data.order_id, data.route_id, by=request.auth, at=now(), once=once)
    return Status(201, offer_out(row))


@router.get("/offers", auth=READ("routes"), response=Page[OfferOut])
def list_offers(request: HttpRequest, part: Query[OfferQuery]) -> dict[str, Any]:
    """Offers, newest first."""
    with scope(request.auth):
        rows = queries.offers(part.state or None, part.order_id, part.route_id)
        return page(rows, part.cursor, part.limit, key=("asked_at", "id"), descending=True, show=offer_out)


@router.get("/offers/{offer_id}", auth=READ("routes"), response=OfferOut)
def get_offer(request: HttpRequest, offer_id: UUID) -> dict[str, Any]:
    """One offer."""
    with scope(request.auth):
        return offer_out(queries.offer(offer_id))


@router.post("/offers/{offer_id}/withdraw", auth=WRITE("routes"), response=OfferOut)
def withdraw_offer(request: HttpRequest, offer_id: UUID, data: WithdrawIn) -> dict[str, Any]:
    """Take an offer back before it is answered: nobody else is asked."""
    once = once_of(request, "withdraw_offer", offer_out, status=200)
    row = actions.withdraw_offer(offer_id, data.reason, version=data.version, by=request.auth, at=now(), once=once)
    return offer_out(row)
