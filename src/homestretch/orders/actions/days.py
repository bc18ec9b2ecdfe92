"""Orders move to another day."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal, check_version
from homestretch.orders import queries
from homestretch.orders.actions.change import check_open
from homestretch.orders.actions.create import locked, save
from homestretch.orders.events import OrderUpdated
from homestretch.orders.models import Order
from homestretch.orders.rules.days import moved, on_day
from homestretch.orders.wire import windows_from_json, windows_to_json


@action
def reschedule(
    order_id: UUID,
    day: date,
    clock: tuple[time, time] | None = None,
    *,
    version: int | None = None,
    by: Actor,
    at: datetime,
) -> Order:
    """Plan an order for another day. Its open tasks' windows keep their local times, or become `clock`, in the
    organization's zone.

    Refuses `order.not_found`, `order.stale`, `order.closed`, `order.day_fixed` (on a route, or promised), and what the
    windows refuse.
    """
    order = locked(order_id)
    check_version("order", version, order.version)
    check_open(order)
    tasks = list(order.tasks.filter(state="open"))
    if any(task.route_id for task in tasks) or any(queries.current_promise(task.id) for task in tasks):
        raise Refusal(
            "order.day_fixed",
            "the order is on a route, or its recipient was promised a time",
            remedy="take it off its route, or agree another time with the recipient",
            field="day",
        )
    zone = queries.reading().zone
    changed = {"day"} if order.day != day else set()
    for task in tasks:
        windows = windows_from_json(task.windows)
        wanted = windows_to_json(on_day(day, clock, zone) if clock else moved(windows, order.day, day, zone))
        if wanted != task.windows:
            task.windows = wanted
            task.save(update_fields=["windows"])
            changed.add("tasks")
    order.day = day
    if changed:
        save(order)
        record(OrderUpdated(order.id, tuple(sorted(changed))), by=by, at=at)
    return order
