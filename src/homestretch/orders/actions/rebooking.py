"""A recipient takes another day, or the first one: the order is for that day, and its promise is what was chosen."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window
from homestretch.orders import queries
from homestretch.orders.actions.change import check_open
from homestretch.orders.actions.create import locate, locked, save
from homestretch.orders.actions.promises import make_promises, supersede_promise
from homestretch.orders.events import OrderPickupDropped, OrderUpdated
from homestretch.orders.models import Order, Promise, Task
from homestretch.orders.wire import windows_to_json


@action
def rebook(order_id: UUID, day: date, window: Window, *, source: str, by: Actor, at: datetime) -> Promise:
    """Have an order that is on no route served on `day`, within `window`: its open task is bound to it, and it is what
    is promised from now on, with the recipient's consent. `source`: booking, or recipient for a change.

    Refuses `order.not_found`, `order.closed`, `task.on_another_route`, `order.many_tasks`.
    """
    order = locked(order_id)
    check_open(order)
    task = the_open_task(order)
    if order.state == "awaiting_pickup":
        drop_pickup(order, by=by, at=at)
    task.windows = windows_to_json((window,))
    task.save()
    order.day = day
    save(order)
    record(OrderUpdated(order.id, ("day", "windows")), by=by, at=at)
    standing = queries.current_promise(task.id)
    if standing is not None:
        return supersede_promise(standing.id, window, consented=True, source=source, by=by, at=at)
    return make_promises([(task.id, window)], source, by=by, at=at)[0]


def drop_pickup(order: Order, *, by: Actor, at: datetime) -> None:
    """The locked order waits at its depot no longer: it is to be brought."""
    order.pickup_depot_id = None
    record(OrderPickupDropped(order.id), by=by, at=at)
    locate(order, by=by, at=at)


def the_open_task(order: Order) -> Task:
    """The one task that is left to be done, on no route. Refuses `order.many_tasks`, `task.on_another_route`."""
    tasks = list(order.tasks.filter(state="open"))
    if len(tasks) != 1:
        raise Refusal("order.many_tasks", "its tasks can't all be moved", remedy="ask whoever sends it")
    if tasks[0].route_id is not None:
        raise Refusal("task.on_another_route", "the task stands on a route", remedy="take it off there first")
    return tasks[0]
