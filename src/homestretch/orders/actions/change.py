"""Orders change, or are called off."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal, check_version
from homestretch.orders import queries
from homestretch.orders.actions.create import insert_tasks, located_state, locked, place_all, save
from homestretch.orders.actions.people import fill, silent_among
from homestretch.orders.actions.promises import settle_cancelled
from homestretch.orders.events import OrderCancelled, OrderReady, OrderStaged, OrderUpdated
from homestretch.orders.models import Item, Order, Package, Promise, Task
from homestretch.orders.rules import TERMINAL, step
from homestretch.orders.values import OrderChange, RecipientData, TaskData

PLAIN = ("day", "priority", "instructions", "pin", "metadata", "depot_id")
REASON_LIMIT = 200


def check_open(order: Order) -> None:
    """Refuses `order.closed` for an order in a terminal state."""
    if order.state in TERMINAL:
        raise Refusal("order.closed", f"the order is {order.state}", remedy="make a new order", state=order.state)


@action
def update_order(order_id: UUID, change: OrderChange, *, version: int | None = None, by: Actor, at: datetime) -> Order:
    """Change an order that is not closed. Refuses `order.not_found`, `order.stale`, `order.closed`, and
    `order.tasks_fixed` for tasks of an order that is promised, on a route, or was tried."""
    order = locked(order_id)
    check_version("order", version, order.version)
    check_open(order)
    changed = set()
    for name in PLAIN:
        value = getattr(change, name)
        if value is not None and value != getattr(order, name):
            setattr(order, name, value)
            changed.add(name)
    if change.recipient is not None and _change_recipient(order, change.recipient):
        changed.add("recipient")
    if change.tasks is not None:
        _replace_tasks(order, change.tasks, by, at)
        changed.add("tasks")
    if changed:
        save(order)
        record(OrderUpdated(order.id, tuple(sorted(changed))), by=by, at=at)
    return order


def _change_recipient(order: Order, data: RecipientData) -> bool:
    order.recipient = queries.recipient(order.recipient_id, lock=True)
    changed = fill(order.recipient, data, silent_among([data]))
    if changed:
        order.recipient.save()
    return changed


def _replace_tasks(order: Order, tasks: tuple[TaskData, ...], by: Actor, at: datetime) -> None:
    fixed = order.state not in ("draft", "staged", "ready", "held") or order.attempts
    if fixed or Promise.objects.filter(order=order).exists():
        raise Refusal(
            "order.tasks_fixed",
            "the order is promised, on a route, or was tried",
            remedy="cancel it and make a new one",
            field="tasks",
        )
    places = place_all(tasks, by=by, at=at)
    Item.objects.filter(task__order=order).delete()
    Package.objects.filter(task__order=order).delete()
    Task.objects.filter(order=order).delete()
    insert_tasks([(order.id, task, place) for task, place in zip(tasks, places, strict=True)])
    state = located_state(order)
    if order.state not in ("draft", "held", state):
        order.state = step(order.state, state)
        record(OrderReady(order.id) if state == "ready" else OrderStaged(order.id), by=by, at=at)


@action
def set_instructions(order_id: UUID, text: str, *, by: Actor, at: datetime) -> Order:
    """What the recipient wants the driver to know. Refuses `order.closed`, `field.too_long`."""
    order = locked(order_id)
    check_open(order)
    if len(text) > 2000:
        raise Refusal("field.too_long", "the instructions are too long", remedy="at most 2000", field="instructions")
    if order.instructions != text.strip():
        order.instructions = text.strip()
        save(order)
        record(OrderUpdated(order.id, ("instructions",)), by=by, at=at)
    return order


@action
def cancel_order(order_id: UUID, reason: str, *, version: int | None = None, by: Actor, at: datetime) -> Order:
    """Call an order off; dispatch hears of it and takes its stops off their routes. Saying it again changes nothing.

    A promise that its recipient was told of is broken by it, unless it is the recipient's or the merchant's own wish.

    Refuses `order.not_found`, `order.stale`, `order.state_conflict` (from a terminal state).
    """
    order = locked(order_id)
    if order.state == "cancelled":
        return order
    check_version("order", version, order.version)
    order.state = step(order.state, "cancelled")
    order.tasks.filter(state="open").update(state="cancelled", route_id=None)
    save(order)
    reason = reason.strip()[:REASON_LIMIT]
    settle_cancelled([order], reason, by=by, at=at)
    record(OrderCancelled(order.id, reason), by=by, at=at)
    return order
