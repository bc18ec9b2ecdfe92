"""Orders that nobody took at their depot."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.kernel.actor import Actor
from homestretch.orders import queries as orders
from homestretch.recovery import rules
from homestretch.recovery.actions.exceptions import raise_
from homestretch.recovery.models import DeliveryException

MISS = "recovery.miss_pickup"


@action
def await_pickup(order_id: UUID, *, by: Actor, at: datetime) -> None:
    """Look at an order that waits at a depot again when its window is over."""
    promise = _promise(order_id)
    if promise is not None:
        later(MISS, by.organization_id, at=promise.end, key=str(order_id), order_id=order_id)


@action
def miss_pickup(order_id: UUID, *, by: Actor, at: datetime) -> DeliveryException | None:
    """Raise an exception for an order that still waits at a depot when its window is over; None for any other."""
    promise = _promise(order_id)
    if promise is None or promise.end > at:
        return None
    depot_id = orders.get_order(order_id).pickup_depot_id
    return raise_(rules.not_picked_up(promise.id, order_id, depot_id), by=by, at=at)


def _promise(order_id: UUID) -> Any:
    """The window in which an order waits at a depot, if it does."""
    order = orders.get_order(order_id)
    if order.state != "awaiting_pickup":
        return None
    return next((orders.current_promise(task.id) for task in order.tasks.all() if task.state == "open"), None)
