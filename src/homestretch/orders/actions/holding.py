"""Orders that are kept out of planning for a while, and freed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal, check_version
from homestretch.orders.actions.create import locate, locked, save
from homestretch.orders.events import OrderHeld
from homestretch.orders.models import Order
from homestretch.orders.rules import ON_ROUTE, step

REASON_LIMIT = 200


@action
def hold_order(order_id: UUID, reason: str, *, version: int | None = None, by: Actor, at: datetime) -> Order:
    """Keep an order out of planning until it is freed; what its recipient was promised still stands. For another reason
    it is said again.

    Refuses `order.not_found`, `order.stale`, `order.has_route` (take it off its route first), `order.state_conflict`
    (drafts are in no plan, what is closed stays so).
    """
    order = locked(order_id)
    check_version("order", version, order.version)
    reason = reason.strip()[:REASON_LIMIT]
    if order.state == "held" and order.held_for == reason:
        return order
    if order.state in ON_ROUTE:
        raise Refusal("order.has_route", "it stands on a route", remedy="take it off its route first")
    order.state = "held" if order.state == "held" else step(order.state, "held")
    order.held_for = reason
    save(order)
    record(OrderHeld(order.id, reason), by=by, at=at)
    return order


@action
def free_order(order_id: UUID, *, version: int | None = None, by: Actor, at: datetime) -> Order:
    """A held order can be planned again: it is ready, or staged where a place is not located any more.

    Refuses `order.not_found`, `order.stale`, `order.not_held`.
    """
    order = locked(order_id)
    check_version("order", version, order.version)
    if order.state != "held":
        raise Refusal("order.not_held", "the order is not on hold", remedy="read the order again", state=order.state)
    locate(order, by=by, at=at)
    return order
