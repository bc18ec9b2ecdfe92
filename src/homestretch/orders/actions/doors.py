"""What recipients say of their own doors: where to leave goods, how to get in, what it looks like."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from homestretch.accounts import queries as accounts
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.orders.actions.change import check_open
from homestretch.orders.actions.create import locked, save
from homestretch.orders.actions.people import drop_photos
from homestretch.orders.events import OrderUpdated
from homestretch.orders.models import Door, Order
from homestretch.orders.rules.doors import check_door
from homestretch.orders.values import DoorData


@action
def set_door(order_id: UUID, data: DoorData, *, by: Actor, at: datetime) -> Door:
    """Keep where the goods may be left and how one gets in; an empty place takes the wish back.

    Refuses `order.not_found`, `order.closed` and what `check_door` refuses.
    """
    order = locked(order_id)
    check_open(order)
    door = _door(order, at)
    allowed = {*accounts.organization().choice_places, door.leave_with}  # what was allowed once may stay
    check_door(data.leave_with, data.leave_where, data.gate_code, allowed)
    before = (door.leave_with, door.leave_where, door.gate_code)
    door.leave_with, door.leave_where = data.leave_with, data.leave_where.strip() if data.leave_with else ""
    if data.gate_code is not None:
        door.gate_code = data.gate_code.strip()
    if before != (door.leave_with, door.leave_where, door.gate_code):
        _store(door, order, by, at)
    return door


@action
def set_door_photo(order_id: UUID, sha256: str, media_type: str, *, by: Actor, at: datetime) -> Door:
    """Name the picture of the door that is in the store; '' takes it away. Refuses `order.not_found`, `order.closed`.
    The one before leaves the store by a job."""
    order = locked(order_id)
    check_open(order)
    door = _door(order, at)
    dropped, door.photo, door.photo_type = door.photo, sha256, media_type
    if dropped != sha256:
        _store(door, order, by, at)
        drop_photos([dropped], by)
    return door


def _door(order: Order, at: datetime) -> Door:
    return Door.objects.filter(order=order).first() or Door(order=order, changed_at=at)


def _store(door: Door, order: Order, by: Actor, at: datetime) -> None:
    door.changed_at = at
    door.save()
    save(order)
    record(OrderUpdated(order.id, ("door",)), by=by, at=at)
