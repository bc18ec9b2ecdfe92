"""Orders that their recipients take at a depot, instead of at the door."""

from __future__ import annotations

import hmac
from datetime import date, datetime
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import secret_hash
from homestretch.kernel.refusal import Refusal, check_version
from homestretch.kernel.windows import Window
from homestretch.orders import queries
from homestretch.orders.actions.change import check_open
from homestretch.orders.actions.create import locked, save
from homestretch.orders.actions.promises import PICKUP, make_promises, settle_promise, supersede_promise
from homestretch.orders.actions.rebooking import drop_pickup, the_open_task
from homestretch.orders.events import OrderAwaitingPickup, OrderCompleted, OrderPickedUp
from homestretch.orders.models import Order, Package, Promise
from homestretch.orders.rules import step

MOST_NAME = 120


@action
def set_aside(order_id: UUID, depot_id: UUID, day: date, window: Window, *, by: Actor, at: datetime) -> Promise:
    """Have an order that is on no route wait at a depot for its recipient, who wants it so: within `window` (on `day`
    there) it is promised to lie ready. The same again changes nothing.

    Refuses `order.not_found`, `order.closed`, `order.many_tasks`, `task.on_another_route`, `order.state_conflict`.
    """
    order = locked(order_id)
    check_open(order)
    task = the_open_task(order)
    standing = queries.current_promise(task.id)
    if standing is not None and order.pickup_depot_id == depot_id and Window(standing.start, standing.end) == window:
        return standing
    if order.state != "awaiting_pickup":
        order.state = step(order.state, "awaiting_pickup")
    order.pickup_depot_id, order.day = depot_id, day
    save(order)
    record(OrderAwaitingPickup(order.id, depot_id), by=by, at=at)
    if standing is not None:
        return supersede_promise(standing.id, window, consented=True, source=PICKUP, by=by, at=at)
    return make_promises([(task.id, window)], PICKUP, by=by, at=at)[0]


@action
def hand_over(
    order_id: UUID, taken_by: str, pin: str = "", *, version: int | None = None, by: Actor, at: datetime
) -> Order:
    """Give an order to whoever takes it at the depot: all of it is done, and its promise is settled. `taken_by` is a
    name; an order with a PIN is given to whoever has the PIN. Saying it again changes nothing.

    Refuses `order.not_found`, `order.stale`, `pickup.not_open` (nothing waits), `pickup.name_missing`,
    `pickup.name_too_long`, `pickup.pin_wrong`.
    """
    order = locked(order_id)
    if order.state == "completed" and order.pickup_depot_id is not None:
        return order
    check_version("order", version, order.version)
    _check_waiting(order)
    order.picked_up_by = _taker(order, taken_by.strip(), pin.strip())
    (task,) = order.tasks.filter(state="open")
    task.state = "completed"
    task.save()
    Package.objects.filter(task=task, state__in=("expected", "returned")).update(state="picked_up")
    order.state = step(order.state, "completed")
    save(order)
    settle_promise(task.id, at, completed=True, by=by, at=at)
    record(OrderPickedUp(order.id, order.pickup_depot_id, bool(order.pin)), by=by, at=at)
    record(OrderCompleted(order.id), by=by, at=at)
    return order


def _taker(order: Order, name: str, pin: str) -> str:
    """Who takes it, by name; whoever has the PIN needs no other."""
    if order.pin and not hmac.compare_digest(secret_hash(order.pin), secret_hash(pin)):
        raise Refusal("pickup.pin_wrong", "that is not the PIN", remedy="ask again whoever comes for it", field="pin")
    if not name and not order.pin:
        raise Refusal("pickup.name_missing", "nobody is named", remedy="write who takes it", field="taken_by")
    if len(name) > MOST_NAME:
        raise Refusal("pickup.name_too_long", "the name is too long", remedy=f"at most {MOST_NAME}", field="taken_by")
    return name


@action
def deliver_after_all(order_id: UUID, *, version: int | None = None, by: Actor, at: datetime) -> Order:
    """An order that waited at a depot is to be brought: it is ready, or staged where its place is not located. What was
    promised is broken, unless it lay ready until the window's end.

    Refuses `order.not_found`, `order.stale`, `pickup.not_open`.
    """
    order = locked(order_id)
    check_version("order", version, order.version)
    _check_waiting(order)
    (task,) = order.tasks.filter(state="open")
    settle_promise(task.id, None, completed=False, by=by, at=at)
    drop_pickup(order, by=by, at=at)
    return order


def _check_waiting(order: Order) -> None:
    if order.state != "awaiting_pickup":
        raise Refusal(
            "pickup.not_open", "the order waits at no depot", remedy="read the order again", state=order.state
        )
