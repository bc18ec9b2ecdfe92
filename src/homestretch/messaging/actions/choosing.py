"""What a recipient decides about the own delivery: when it comes, where it is left, how one gets in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from homestretch.accounts import queries as accounts
from homestretch.dispatch import actions as dispatch
from homestretch.dispatch import queries as dispatch_queries
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window
from homestretch.messaging.actions.personal import instruct
from homestretch.messaging.events import RecipientInstructed, RecipientRebooked
from homestretch.messaging.queries.pickups import pickup_of
from homestretch.messaging.queries.slots import choice_of
from homestretch.orders import actions as orders
from homestretch.orders import queries as orders_queries
from homestretch.orders.models import Door
from homestretch.orders.values import DoorData


@action
def set_door(order_id: UUID, data: DoorData, *, by: Actor, at: datetime) -> Door:
    """Say where the goods may be left, and how one gets in. Refuses as `orders.set_door`."""
    recipient = orders_queries.recipient_of(order_id)
    door = orders.set_door(order_id, data, by=by, at=at)
    record(RecipientInstructed(recipient.id, order_id), by=by, at=at)
    return door


@action
def leave_word(order_id: UUID, text: str, data: DoorData, *, by: Actor, at: datetime) -> str:
    """The whole form for the driver: a note, where to leave the goods, how to get in. Returns the note as it stands.
    Refuses as `instruct` and `set_door`."""
    known = orders_queries.door_of(order_id)
    stands = (known.leave_with, known.leave_where) if known else ("", "")
    if data.gate_code or (data.leave_with, data.leave_where.strip() if data.leave_with else "") != stands:
        orders.set_door(order_id, data, by=by, at=at)
    return instruct(order_id, text, by=by, at=at)


@action
def forget_code(order_id: UUID, *, by: Actor, at: datetime) -> None:
    """Erase the gate's code. Refuses `order.not_found`, `order.closed`."""
    orders_queries.recipient_of(order_id)
    door = orders_queries.door_of(order_id)
    if door is not None:
        orders.set_door(order_id, DoorData(door.leave_with, door.leave_where, ""), by=by, at=at)


def choose_slot(order_id: UUID, start: datetime, *, by: Actor, at: datetime, **more: object) -> Window:
    """Take the offered slot that begins at `start`: the order leaves the route that it stands on, is for that day, and
    the slot is promised. One at a time in an organization, so that no room is given away twice.

    Refuses `order.not_found`, `order.closed`, `slot.not_offered`, `slot.too_late`, `slot.taken` (it is gone).
    """
    with scope(by):
        orders_queries.recipient_of(order_id)
    # the route is everybody's on it: what is done to it must see all of it, and still says who asked
    return _choose(order_id, start, by=replace(by, order_id=None, merchant_id=None), at=at, **more)


@action
def _choose(order_id: UUID, start: datetime, *, by: Actor, at: datetime) -> Window:
    accounts.organization(lock=True)
    recipient = orders_queries.recipient_of(order_id)
    choice = choice_of(order_id, at)
    if choice.why:
        raise Refusal(choice.why, "the time can't be chosen (any more)", remedy="ask whoever sends it")
    slot = next((slot for slot in choice.slots if slot.window.start == start), None)
    if slot is None:
        raise Refusal("slot.taken", "this time is no longer free", remedy="choose another one", field="start")
    _take_off(order_id, by, at)
    source = "booking" if choice.first else "recipient"
    orders.rebook(order_id, slot.day, slot.window, source=source, by=by, at=at)
    record(RecipientRebooked(recipient.id, order_id, slot.window.start, slot.window.end), by=by, at=at)
    return slot.window


def choose_pickup(order_id: UUID, end: datetime, *, by: Actor, at: datetime, **more: object) -> Window:
    """Take the goods at the depot, in the offered window that ends at `end`: the order leaves the plan, or the route
    that it stands on, waits there, and that window is promised.

    Refuses `order.not_found`, `order.closed`, `pickup.not_offered`, `pickup.too_late`, `pickup.taken` (no such window).
    """
    with scope(by):
        orders_queries.recipient_of(order_id)
    return _choose_pickup(order_id, end, by=replace(by, order_id=None, merchant_id=None), at=at, **more)


@action
def _choose_pickup(order_id: UUID, end: datetime, *, by: Actor, at: datetime) -> Window:
    recipient, offer = orders_queries.recipient_of(order_id), pickup_of(order_id, at)
    if offer.why:
        raise Refusal(offer.why, "it can't be taken at the depot (any more)", remedy="ask whoever sends it")
    counter = next((one for one in offer.counters if one.window.end == end), None)
    if counter is None:
        raise Refusal("pickup.taken", "no such time is offered", remedy="choose another one", field="end")
    _take_off(order_id, by, at)
    orders.set_aside(order_id, offer.depot.id, counter.day, counter.window, by=by, at=at)
    record(RecipientRebooked(recipient.id, order_id, counter.window.start, counter.window.end), by=by, at=at)
    return counter.window


def _take_off(order_id: UUID, by: Actor, at: datetime) -> None:
    """Off the routes that the order stands on."""
    for stop in dispatch_queries.stops_for_order(order_id):
        for work in stop.works.all():
            if work.live and work.order_id == order_id:
                dispatch.remove_task(stop.route_id, work.task_id, by=by, at=at)
