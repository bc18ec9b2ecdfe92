"""Orders by API."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from homestretch.accounts import actions as accounts
from homestretch.doors.api.ordering import (
    CancelIn,
    DeliverIn,
    HandOverIn,
    HoldIn,
    LinkOut,
    OrderChangeIn,
    OrderIn,
    OrderOut,
    order_out,
)
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.kernel.windows import read_zone
from homestretch.orders import actions, queries
from homestretch.orders.rules import read_changes, read_order
from homestretch.orders.values import Filter, Reading
from homestretch.web.entry import READ, WRITE
from homestretch.web.etags import check_version
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page
from homestretch.web.schemas import Word

router = Router(tags=["orders"])


class OrderQuery(Schema):
    """Which orders."""

    state: list[Word] = Field(default_factory=list, max_length=10, description="Of one of these states.")
    day: date | None = None
    merchant_id: UUID | None = None
    import_id: UUID | None = None
    q: str = Field("", max_length=120, description="The beginning of the external id.")


@router.get("", auth=READ("orders", merchant=True), response=Page[OrderOut])
def list_orders(request: HttpRequest, wanted: Query[OrderQuery], part: Query[PageQuery]) -> Any:
    """Orders, oldest first; a merchant's own."""
    narrowed = Filter(tuple(wanted.state), wanted.day, wanted.merchant_id, wanted.import_id, wanted.q)
    with scope(request.auth):
        return page(queries.orders(narrowed), part.cursor, part.limit, show=order_out)


@router.post("", auth=WRITE("orders", merchant=True), response={201: OrderOut})
def create_order(request: HttpRequest, data: OrderIn) -> Any:
    """Take an order in. It is `ready` when all its places are located, `staged` until then.

    Refuses `order.external_id_taken` (409); with the same idempotency key the first answer is given again.
    """
    by, at = request.auth, now()
    with scope(by):
        reading = queries.reading()
        if data.depot_id is not None:
            fleet.depot(data.depot_id)
    wanted = read_order(data.model_dump(exclude_none=True), reading)
    once = once_of(request, "create_order", order_out)
    order = actions.create_order(wanted, by=by, at=at, once=once)
    return Status(201, _shown(request, order.id))


@router.get("/{order_id}", auth=READ("orders", merchant=True), response=OrderOut)
def get_order(request: HttpRequest, order_id: UUID) -> Any:
    """One order."""
    return _shown(request, order_id)


def _shown(request: HttpRequest, order_id: UUID) -> OrderOut:
    with scope(request.auth):
        return order_out(queries.get_order(order_id))


@router.patch("/{order_id}", auth=WRITE("orders"), response=OrderOut)
def change_order(request: HttpRequest, order_id: UUID, data: OrderChangeIn) -> Any:
    """Change an order that is not closed. Tasks can be replaced until it is promised, on a route, or was tried."""
    by, at = request.auth, now()
    with scope(by):
        order = queries.get_order(order_id)
        check_version(request, order.version)
        reading = queries.reading()
        if data.depot_id is not None:
            fleet.depot(data.depot_id)
    if data.zone:
        reading = Reading(read_zone(data.zone), reading.country, reading.day)
    reading = Reading(reading.zone, reading.country, data.day or order.day)
    change = read_changes(data.model_dump(exclude_unset=True, exclude_none=True), reading)
    actions.update_order(order_id, change, version=order.version, by=by, at=at)
    return _shown(request, order_id)


@router.post("/{order_id}/confirm", auth=WRITE("orders", merchant=True), response=OrderOut)
def confirm_order(request: HttpRequest, order_id: UUID) -> Any:
    """A draft becomes an order."""
    once = once_of(request, "confirm_order", order_out, status=200)
    actions.confirm_order(order_id, by=request.auth, at=now(), once=once)
    return _shown(request, order_id)


@router.post("/{order_id}/hold", auth=WRITE("orders"), response=OrderOut)
def hold_order(request: HttpRequest, order_id: UUID, data: HoldIn) -> Any:
    """Keep an order out of planning until it is freed; its promise still stands. Refuses `order.has_route`."""
    once = once_of(request, "hold_order", order_out, status=200)
    actions.hold_order(order_id, data.reason, version=data.version, by=request.auth, at=now(), once=once)
    return _shown(request, order_id)


@router.post("/{order_id}/free", auth=WRITE("orders"), response=OrderOut)
def free_order(request: HttpRequest, order_id: UUID) -> Any:
    """A held order can be planned again. Refuses `order.not_held`."""
    once = once_of(request, "free_order", order_out, status=200)
    actions.free_order(order_id, by=request.auth, at=now(), once=once)
    return _shown(request, order_id)


@router.post("/{order_id}/hand-over", auth=WRITE("orders"), response=OrderOut)
def hand_over_order(request: HttpRequest, order_id: UUID, data: HandOverIn) -> Any:
    """Give an order that waits at a depot to whoever takes it: it is completed.

    Refuses `pickup.not_open`, `pickup.name_missing`, `pickup.pin_wrong`.
    """
    once = once_of(request, "hand_over_order", order_out, status=200)
    by = request.auth
    actions.hand_over(order_id, data.taken_by, data.pin, version=data.version, by=by, at=now(), once=once)
    return _shown(request, order_id)


@router.post("/{order_id}/deliver", auth=WRITE("orders"), response=OrderOut)
def deliver_order_after_all(request: HttpRequest, order_id: UUID, data: DeliverIn) -> Any:
    """Have an order that waits at a depot brought after all: it can be planned again. Refuses `pickup.not_open`."""
    once = once_of(request, "deliver_order_after_all", order_out, status=200)
    actions.deliver_after_all(order_id, version=data.version, by=request.auth, at=now(), once=once)
    return _shown(request, order_id)


@router.post("/{order_id}/link", auth=WRITE("orders", merchant=True), response=LinkOut)
def share_order(request: HttpRequest, order_id: UUID) -> Any:
    """The order's tracking link: the one that holds, or a new one where there is none, it expired or was closed."""
    by = request.auth
    once = once_of(request, "share_order", lambda made: LinkOut(url=None, expires_at=made[0].expires_at), status=200)
    with scope(by):
        queries.get_order(order_id)
    link, token = accounts.link_for(order_id, by=by, at=now(), once=once)
    return LinkOut(url=accounts.link_url(token), expires_at=link.expires_at)


@router.delete("/{order_id}/link", auth=WRITE("orders", merchant=True), response={204: None})
def close_order_link(request: HttpRequest, order_id: UUID) -> Any:
    """Close the order's tracking link: whoever has it sees nothing from now on. It has no version, so no `If-Match`.

    The next message to the recipient carries a new one. Refuses `link.not_found` where there never was one.
    """
    by = request.auth
    with scope(by):
        queries.get_order(order_id)
    accounts.revoke_link(order_id, by=by, at=now())
    return Status(204, None)


@router.post("/{order_id}/cancel", auth=WRITE("orders", merchant=True), response=OrderOut)
def cancel_order(request: HttpRequest, order_id: UUID, data: CancelIn) -> Any:
    """Call an order off, from any state that is not terminal; its stops leave their routes."""
    once = once_of(request, "cancel_order", order_out, status=200)
    actions.cancel_order(order_id, data.reason, version=data.version, by=request.auth, at=now(), once=once)
    return _shown(request, order_id)
