"""Facts about orders, promises and imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from homestretch.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class OrderCreated(Fact):
    """An order came in."""

    type: ClassVar[str] = "order.created"
    order_id: UUID
    merchant_id: UUID | None
    source: str


@dataclass(frozen=True, slots=True)
class OrderUpdated(Fact):
    """Something about an order was changed."""

    type: ClassVar[str] = "order.updated"
    order_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderStaged(Fact):
    """An order waits for its place to be located."""

    type: ClassVar[str] = "order.staged"
    order_id: UUID


@dataclass(frozen=True, slots=True)
class OrderReady(Fact):
    """An order can be planned."""

    type: ClassVar[str] = "order.ready"
    order_id: UUID


@dataclass(frozen=True, slots=True)
class OrderHeld(Fact):
    """An order is kept out of planning until it is freed: it is ready or staged again then."""

    type: ClassVar[str] = "order.held"
    order_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class OrderAwaitingPickup(Fact):
    """An order is set aside at a depot, where its recipient takes it; no plan takes it meanwhile."""

    type: ClassVar[str] = "order.awaiting_pickup"
    order_id: UUID
    depot_id: UUID


@dataclass(frozen=True, slots=True)
class OrderPickupDropped(Fact):
    """An order that waited at a depot is to be brought after all."""

    type: ClassVar[str] = "order.pickup_dropped"
    order_id: UUID


@dataclass(frozen=True, slots=True)
class OrderPickedUp(Fact):
    """An order was handed over at a depot; who took it stands with the order."""

    type: ClassVar[str] = "order.picked_up"
    order_id: UUID
    depot_id: UUID
    by_pin: bool


@dataclass(frozen=True, slots=True)
class OrderScheduled(Fact):
    """An order stands on a released route."""

    type: ClassVar[str] = "order.scheduled"
    order_id: UUID
    route_id: UUID


@dataclass(frozen=True, slots=True)
class OrderStarted(Fact):
    """A driver set out to an order."""

    type: ClassVar[str] = "order.started"
    order_id: UUID


@dataclass(frozen=True, slots=True)
class OrderCancelled(Fact):
    """An order was called off."""

    type: ClassVar[str] = "order.cancelled"
    order_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class OrderCompleted(Fact):
    """All of an order was done."""

    type: ClassVar[str] = "order.completed"
    order_id: UUID


@dataclass(frozen=True, slots=True)
class OrderPartiallyCompleted(Fact):
    """Some of an order was done, and no more will be."""

    type: ClassVar[str] = "order.partially_completed"
    order_id: UUID


@dataclass(frozen=True, slots=True)
class OrderFailed(Fact):
    """An order's last attempt failed."""

    type: ClassVar[str] = "order.failed"
    order_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class OrderReturned(Fact):
    """A failed order's goods are back at the depot."""

    type: ClassVar[str] = "order.returned"
    order_id: UUID


@dataclass(frozen=True, slots=True)
class RecipientErased(Fact):
    """A person's data was replaced by a tombstone."""

    type: ClassVar[str] = "recipient.erased"
    recipient_id: UUID


@dataclass(frozen=True, slots=True)
class PromiseMade(Fact):
    """A window was promised to a recipient."""

    type: ClassVar[str] = "promise.made"
    promise_id: UUID
    order_id: UUID
    task_id: UUID
    start: datetime
    end: datetime
    source: str


@dataclass(frozen=True, slots=True)
class PromiseTold(Fact):
    """A promise was told to its recipient."""

    type: ClassVar[str] = "promise.told"
    promise_id: UUID
    order_id: UUID
    channel: str


@dataclass(frozen=True, slots=True)
class PromiseAtRisk(Fact):
    """The forecast has a promise broken."""

    type: ClassVar[str] = "promise.at_risk"
    promise_id: UUID
    order_id: UUID
    late_s: int


@dataclass(frozen=True, slots=True)
class PromiseBroken(Fact):
    """A promise was not kept."""

    type: ClassVar[str] = "promise.broken"
    promise_id: UUID
    order_id: UUID
    late_s: int
    told: bool


@dataclass(frozen=True, slots=True)
class PromiseKept(Fact):
    """A promise was kept."""

    type: ClassVar[str] = "promise.kept"
    promise_id: UUID
    order_id: UUID
    told: bool


@dataclass(frozen=True, slots=True)
class PromiseSuperseded(Fact):
    """Another window took the place of a promise."""

    type: ClassVar[str] = "promise.superseded"
    promise_id: UUID
    order_id: UUID
    by_promise_id: UUID
    consented: bool


@dataclass(frozen=True, slots=True)
class ImportCompleted(Fact):
    """A file of orders was taken in."""

    type: ClassVar[str] = "import.completed"
    import_id: UUID
    accepted: int
    repeated: int
    refused: int


@dataclass(frozen=True, slots=True)
class ImportUndone(Fact):
    """A file's orders were called off again."""

    type: ClassVar[str] = "import.undone"
    import_id: UUID
    orders: int
