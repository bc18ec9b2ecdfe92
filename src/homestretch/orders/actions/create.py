"""Orders come in: one by one, or many from a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q
from django.db.models.functions import Coalesce

from homestretch.accounts import queries as accounts
from homestretch.events.action import action
from homestretch.events.log import record, record_all
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.orders.actions.people import save_recipients
from homestretch.orders.events import OrderCreated, OrderReady, OrderStaged
from homestretch.orders.models import Door, Item, Order, Package, Recipient, Task
from homestretch.orders.queries import LOCATED
from homestretch.orders.rules import step
from homestretch.orders.values import OrderData, TaskData
from homestretch.orders.wire import windows_to_json
from homestretch.places.actions import find_or_create_all, hold_unlocated
from homestretch.places.queries import places_by_id


@action
def create_order(data: OrderData, *, by: Actor, at: datetime) -> Order:
    """Take an order in: `ready` when all its places are located, `staged` until then, or a `draft` if asked so.

    Refuses `order.external_id_taken`, `merchant.not_found`, `place.not_found` and what the places refuse.
    """
    if data.external_id is not None and taken([data.external_id], owner_of(data, by)):
        raise external_id_taken()
    try:
        return create_orders([data], by=by, at=at)[0]
    except IntegrityError as error:  # another transaction was first, between our look and our insert
        if "order_external" in str(error):
            raise external_id_taken() from error
        raise


def external_id_taken() -> Refusal:
    """The one refusal of an external id that another order has."""
    return Refusal(
        "order.external_id_taken",
        "another order has this external id",
        remedy="change that order, or give another external id; to repeat a request send the same idempotency key",
        field="external_id",
    )


def taken(external_ids: Sequence[str], merchant_id: UUID | None) -> dict[str, UUID | None]:
    """Those of the ids that orders of this merchant (None: of none) have already, with the import they came by."""
    rows = Order.objects.filter(external_id__in=external_ids, merchant_id=merchant_id)
    return dict(rows.values_list("external_id", "source_id"))


def owner_of(data: OrderData, by: Actor) -> UUID | None:
    """Whose order it becomes: a merchant's people and keys bring in only their own. Refuses `merchant.not_found`."""
    if by.merchant_id is None:
        return data.merchant_id
    if data.merchant_id not in (None, by.merchant_id):
        raise not_found("merchant", data.merchant_id)
    return by.merchant_id


def create_orders(
    wanted: Sequence[OrderData], *, by: Actor, at: datetime, source_id: UUID | None = None
) -> list[Order]:
    """Insert orders with all that hangs on them, in an open scope; whoever calls has looked for known external ids."""
    for merchant_id in {data.merchant_id for data in wanted}:
        if merchant_id is not None and merchant_id != by.merchant_id:
            accounts.merchant(merchant_id)
    attempts = accounts.organization().attempts
    recipients = save_recipients([(data.recipient, owner_of(data, by)) for data in wanted])
    orders = []
    for data, recipient in zip(wanted, recipients, strict=True):
        orders.append(_order(data, recipient, attempts, at))
        orders[-1].merchant_id, orders[-1].source_id = owner_of(data, by), source_id
    work = [(order, task) for order, data in zip(orders, wanted, strict=True) for task in data.tasks]
    places = place_all([task for _, task in work], by=by, at=at)
    waiting = hold_unlocated(place.id for place in places if place.state != "located")
    unlocated = {order.id for (order, _), place in zip(work, places, strict=True) if place.id in waiting}
    for order in orders:
        if order.state != "draft":
            order.state = "staged" if order.id in unlocated else "ready"
    Order.objects.bulk_create(orders)
    insert_tasks([(order.id, task, place) for (order, task), place in zip(work, places, strict=True)])
    came_by = "import" if source_id else str(by.kind)
    record_all([OrderCreated(order.id, order.merchant_id, came_by) for order in orders], by=by, at=at)
    record_all([OrderStaged(order.id) for order in orders if order.state == "staged"], by=by, at=at)
    record_all([OrderReady(order.id) for order in orders if order.state == "ready"], by=by, at=at)
    return orders


def _order(data: OrderData, recipient: Recipient, attempts: int, at: datetime) -> Order:
    return Order(
        id=uuid7(),
        external_id=data.external_id,
        recipient=recipient,
        state="draft" if data.draft else "",
        day=data.day,
        depot_id=data.depot_id,
        priority=data.priority,
        instructions=data.instructions,
        attempts_allowed=data.attempts_allowed or attempts,
        pin=data.pin,
        metadata=dict(data.metadata),
        created_at=at,
    )


def place_all(tasks: Sequence[TaskData], *, by: Actor, at: datetime) -> list[Any]:
    """The place of each task, made where it is new. Refuses `place.not_found`."""
    known = places_by_id({task.place_id for task in tasks if task.place_id})
    made = iter(find_or_create_all([task.place for task in tasks if task.place], by=by, at=at))
    found = []
    for task in tasks:
        if task.place_id is None:
            found.append(next(made))
        elif task.place_id in known:
            found.append(known[task.place_id])
        else:
            raise not_found("place", task.place_id)
    return found


def insert_tasks(work: Sequence[tuple[UUID, TaskData, Any]]) -> None:
    """Insert tasks, numbered from 1 within their order, with items and packages."""
    tasks, items, packages = [], [], []
    numbers: dict[UUID, int] = {}
    for order_id, data, place in work:
        numbers[order_id] = numbers.get(order_id, 0) + 1
        task = Task(
            id=uuid7(),
            order_id=order_id,
            number=numbers[order_id],
            kind=data.kind,
            place=place,
            windows=windows_to_json(data.windows),
            service_s=data.service_s,
            loads=dict(data.loads),
            skills=list(data.skills),
            proof_required=list(data.proof_required),
            pair=data.pair,
        )
        tasks.append(task)
        items += [Item(task=task, name=i.name, quantity=i.quantity, loads=dict(i.loads)) for i in data.items]
        packages += [Package(task=task, barcode=barcode) for barcode in data.packages]
    Task.objects.bulk_create(tasks)
    Item.objects.bulk_create(items)
    Package.objects.bulk_create(packages)


def say_state(order: Order, *, by: Actor, at: datetime) -> None:
    """Record that an order is staged or ready; a draft says nothing."""
    if order.state == "staged":
        record(OrderStaged(order.id), by=by, at=at)
    elif order.state == "ready":
        record(OrderReady(order.id), by=by, at=at)


@action
def confirm_order(order_id: UUID, *, by: Actor, at: datetime) -> Order:
    """A draft becomes an order: staged, or ready where its places are located. Refuses `order.state_conflict`, and
    `order.held`, `order.awaiting_pickup`."""
    order = locked(order_id)
    refuse_held(order)
    locate(order, by=by, at=at)
    return order


def refuse_held(order: Order) -> None:
    """Refuses `order.held`, `order.awaiting_pickup`."""
    if order.state == "awaiting_pickup":
        raise Refusal(
            "order.awaiting_pickup",
            f"{order.external_id or 'an order'} waits at a depot for its recipient",
            remedy="have it delivered after all, or take it out of the plan",
            order_id=str(order.id),
        )
    if order.state == "held":
        raise Refusal(
            "order.held",
            f"{order.external_id or 'an order'} is on hold",
            remedy="free it, or take it out of the plan",
            order_id=str(order.id),
        )


def locate(order: Order, *, by: Actor, at: datetime) -> None:
    """The locked order becomes staged, or ready where its places are located. Refuses `order.state_conflict`."""
    order.state = step(order.state, located_state(order))
    save(order)
    say_state(order, by=by, at=at)


@action
def settle_place(place_id: UUID, *, by: Actor, at: datetime) -> list[Order]:
    """A place was located: orders that waited for it alone become ready. Or it waits for a person now: those that were
    ready wait with it; what is on a route goes on. Returns the orders that changed."""
    at_place = Q(tasks__place_id=place_id) | Q(tasks__place__merged_into_id=place_id)
    here = Order.objects.filter(at_place, state__in=("staged", "ready"))
    concerned = set(here.values_list("id", flat=True))
    rows = Order.objects.select_for_update().filter(id__in=concerned, state__in=("staged", "ready"))
    changed = []
    for order in rows.order_by("id"):
        state = located_state(order)
        if order.state != state:
            order.state = step(order.state, state)
            save(order)
            say_state(order, by=by, at=at)
            changed.append(order)
    return changed


def located_state(order: Order) -> str:
    """Whether an order that is on no route is ready, or staged for a place that is not located."""
    unlocated = order.tasks.filter(state="open").exclude(LOCATED)
    places = unlocated.values_list(Coalesce("place__merged_into_id", "place_id"), flat=True)
    return "staged" if hold_unlocated(places) else "ready"


def locked(order_id: UUID) -> Order:
    """The order under its row lock. Refuses `order.not_found`."""
    order = Order.objects.select_for_update().filter(id=order_id).first()
    if order is None:
        raise not_found("order", order_id)
    return order


def save(order: Order) -> None:
    """Store a changed order under its next version. The reason of a hold that is over goes, and the code of a gate that
    nobody has to pass any more."""
    order.version += 1
    if order.state != "held":
        order.held_for = ""
    order.save()
    if not order.is_open:
        Door.objects.filter(order=order).exclude(gate_code="").update(gate_code="")
