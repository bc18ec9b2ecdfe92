"""Orders as the API takes and shows them. What may stand in a field is the slice's to decide; here are outer bounds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from homestretch.web.schemas import Consent, Loads, Metadata, Seen, Word

KIND = "deliver, collect or service."
STATE = (
    "draft, staged (a place is not located yet), ready, held, awaiting_pickup (at a depot), scheduled, in_progress,"
    " completed, partially_completed, failed, returned or cancelled."
)
LOADS = "Named dimensions in whole units: pieces, weight in grams, volume in cubic centimeters, or your own."
MANY = 1000


class Given(Schema):
    """What a caller sends: an unknown field is a mistake."""

    model_config = ConfigDict(extra="forbid")


class WindowIn(Given):
    """When service may begin: instants with a zone, or local times of a day in the order's zone."""

    start: str = Field(max_length=40, examples=["2026-11-23T09:00:00+01:00", "09:00"])
    end: str = Field(max_length=40, examples=["2026-11-23T12:00:00+01:00", "12:00"])
    day: date | None = Field(None, description="Of local times; none: the order's day.")
    zone: str | None = Field(None, max_length=60, examples=["Europe/Berlin"], description="Of local times.")


class TaskPlaceIn(Given):
    """Where: an address, coordinates, or both."""

    address: str = Field("", max_length=2000, examples=["Mill Lane 3, 1234 Town"])
    lat: float | None = Field(None, description="WGS84 degrees.", examples=[49.6117])
    lon: float | None = Field(None, description="WGS84 degrees.", examples=[6.13])
    label: str = Field("", max_length=2000, examples=["Bloom & Co, back door"])
    access_notes: str = Field("", max_length=4000, examples=["Second yard, bell 7"])
    access_s: int = Field(0, description="Seconds from the curb to the door.", examples=[60])


class ItemIn(Given):
    """An ordered line."""

    name: str = Field(max_length=1000, examples=["Crate of water"])
    quantity: int = Field(1, examples=[2])
    loads: Loads = Field(default_factory=dict, description=f"Of one piece. {LOADS}")


class TaskIn(Given):
    """Something to do at one place."""

    kind: str = Field("deliver", max_length=40, description=KIND, examples=["deliver"])
    place: TaskPlaceIn | None = Field(None, description="This, or `place_id`.")
    place_id: UUID | None = None
    windows: list[WindowIn] = Field(default_factory=list, max_length=MANY, description="At most 10. None: any time.")
    service_s: int = Field(180, description="Seconds at the door.", examples=[180])
    loads: Loads = Field(default_factory=dict, description=f"None: the sum of the items'. {LOADS}")
    skills: list[Word] = Field(default_factory=list, max_length=MANY, examples=[["cold"]], description="At most 20.")
    proof_required: list[Word] = Field(
        default_factory=list,
        max_length=MANY,
        examples=[["photo"]],
        description="What the driver must bring back: photo, signature, name, scan.",
    )
    pair: str = Field("", max_length=200, description="The same word on a collect and on its deliver.")
    items: list[ItemIn] = Field(default_factory=list, max_length=MANY, description="At most 200.")
    packages: list[Word] = Field(default_factory=list, max_length=MANY, description="Barcodes, at most 200.")


class RecipientIn(Given):
    """Who gets the goods."""

    name: str = Field("", max_length=1000, examples=["Rosa Keller"])
    phone: str = Field("", max_length=60, description="E.164, or as written in your country.", examples=["621 123 456"])
    email: str = Field("", max_length=300, examples=["rosa@example.com"])
    language: str = Field("", max_length=40, description="BCP 47.", examples=["fr"])
    external_id: str | None = Field(None, max_length=500, description="Known again by it.", examples=["C-77"])
    consent: Consent = Field(default_factory=dict, description="By channel: sms, email.")


class OrderIn(Given):
    """What one recipient is owed."""

    external_id: str | None = Field(None, max_length=500, examples=["A-1001"])
    merchant_id: UUID | None = Field(None, description="Whose goods; a merchant's own by itself.")
    depot_id: UUID | None = Field(None, description="Where the goods are; none: at any depot.")
    day: date | None = Field(None, description="When it is to be planned; none: by its windows.")
    zone: str | None = Field(None, max_length=60, description="Of local times; none: the organization's.")
    priority: int = Field(0, description="0 ordinary to 9; a higher one is left out last.")
    instructions: str = Field("", max_length=8000, examples=["Leave with the neighbor"])
    pin: str = Field("", max_length=60, description="Asked at the door: 4 to 12 letters and digits.")
    attempts_allowed: int | None = Field(None, description="1 to 10; none: the organization's.")
    metadata: Metadata = Field(default_factory=dict, description="Yours; at most 8,000 characters.")
    draft: bool = Field(False, description="Keep it from planning until it is confirmed.")
    recipient: RecipientIn | None = None
    tasks: list[TaskIn] = Field(max_length=MANY, description="At least one, at most 20.")


class OrderChangeIn(Given):
    """What is to be changed; what is left out stays."""

    day: date | None = None
    zone: str | None = Field(None, max_length=60)
    priority: int | None = None
    instructions: str | None = Field(None, max_length=8000)
    pin: str | None = Field(None, max_length=60)
    metadata: Metadata | None = None
    depot_id: UUID | None = None
    recipient: RecipientIn | None = None
    tasks: list[TaskIn] | None = Field(None, max_length=MANY, description="Replaces all, while it is on no route.")


class CancelIn(Given):
    """Why."""

    reason: str = Field(
        "",
        max_length=200,
        examples=["sold out"],
        description="`recipient_wish` or `merchant_wish` where it is theirs: any other breaks what was promised.",
    )
    version: Seen = None


class WindowOut(Schema):
    """Instants."""

    start: datetime
    end: datetime


class PromiseOut(Schema):
    """A window that is owed. Never edited, only superseded."""

    id: UUID
    start: datetime
    end: datetime
    made_at: datetime
    source: str = Field(max_length=10, description="release, booking, recipient or operator.")
    consented: bool = Field(description="Whether the recipient chose or accepted it.")
    supersedes_id: UUID | None
    stands: bool


class OrderPlaceOut(Schema):
    """Where."""

    id: UUID
    address: str
    label: str
    lat: float | None
    lon: float | None
    state: str = Field(description="located, queued, needs_review or not_located.")
    review: str = Field(description="outside_service_area: it has its pin, and we do not serve there; else empty.")
    confirmed_at: datetime | None = Field(description="Since when the pin stands, whatever a geocoder says.")
    access_notes: str


class ItemOut(Schema):
    """An ordered line."""

    name: str
    quantity: int
    loads: dict[str, int]


class PackageOut(Schema):
    """A thing that can be scanned."""

    id: UUID
    barcode: str
    state: str


class OrderTaskOut(Schema):
    """A task."""

    id: UUID
    number: int
    kind: str = Field(description=KIND)
    state: str = Field(description="open, completed, partial, failed or cancelled.")
    route_id: UUID | None = Field(description="The route that it stands on.")
    place: OrderPlaceOut
    windows: list[WindowOut]
    service_s: int
    loads: dict[str, int]
    skills: list[str]
    proof_required: list[str]
    pair: str
    items: list[ItemOut]
    packages: list[PackageOut]
    promises: list[PromiseOut]


class RecipientOut(Schema):
    """Who gets the goods."""

    id: UUID
    name: str
    phone: str
    email: str
    language: str
    external_id: str | None
    consent: dict[str, bool]
    opted_out: list[str]
    erased_at: datetime | None


class HoldIn(Given):
    """Why it waits."""

    reason: str = Field("", max_length=200, examples=["waits for payment"])
    version: Seen = None


class HandOverIn(Given):
    """Who takes it."""

    taken_by: str = Field("", max_length=200, examples=["Rosa Weber"], description="May be empty where a PIN is asked.")
    pin: str = Field("", max_length=12, examples=[""], description="Of an order that has one.")
    version: Seen = None


class DeliverIn(Given):
    """An order that waits at a depot is brought."""

    version: Seen = None


class LinkOut(Schema):
    """The recipient's page of an order. The address is shown in this answer alone: a repetition shows null."""

    url: str | None = Field(examples=["https://vans.example.com/t/hst_0123"])
    expires_at: datetime


class OrderOut(Schema):
    """An order."""

    id: UUID
    external_id: str | None
    merchant_id: UUID | None
    depot_id: UUID | None
    state: str = Field(description=STATE)
    held_for: str = Field(description="Why, while it is held; else empty.")
    pickup_depot_id: UUID | None = Field(
        description="Where its recipient takes it, or took it, instead of at the door."
    )
    picked_up_by: str = Field(description="Who took it there.")
    day: date | None
    priority: int
    instructions: str
    attempts: int
    attempts_allowed: int
    metadata: dict[str, Any]
    version: int
    created_at: datetime
    import_id: UUID | None
    recipient: RecipientOut
    tasks: list[OrderTaskOut]


def order_out(order: Any) -> OrderOut:
    """An order with all that hangs on it; call it inside the scope. The PIN stays inside: it is for the door."""
    plain = {
        name: getattr(order, name) for name in OrderOut.model_fields if name not in ("import_id", "recipient", "tasks")
    }
    tasks = sorted(order.tasks.all(), key=lambda task: task.number)
    return OrderOut(
        **plain,
        import_id=order.source_id,
        recipient=recipient_out(order.recipient),
        tasks=[_task(task) for task in tasks],
    )


def recipient_out(recipient: Any) -> RecipientOut:
    """A recipient."""
    return RecipientOut(**{name: getattr(recipient, name) for name in RecipientOut.model_fields})


def _task(task: Any) -> OrderTaskOut:
    parts = ("place", "items", "packages", "promises")
    plain = {name: getattr(task, name) for name in OrderTaskOut.model_fields if name not in parts}
    promises = sorted(task.promises.all(), key=lambda promise: (promise.made_at, promise.id))
    return OrderTaskOut(
        **plain,
        place=OrderPlaceOut(**{name: getattr(task.place, name) for name in OrderPlaceOut.model_fields}),
        items=[ItemOut(name=i.name, quantity=i.quantity, loads=i.loads) for i in task.items.all()],
        packages=[PackageOut(id=p.id, barcode=p.barcode, state=p.state) for p in task.packages.all()],
        promises=[_promise(promise) for promise in promises],
    )


def _promise(promise: Any) -> PromiseOut:
    plain = {name: getattr(promise, name) for name in PromiseOut.model_fields if name != "stands"}
    return PromiseOut(**plain, stands=not promise.superseded_by.all())
