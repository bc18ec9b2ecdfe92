"""What goes into and out of this slice, as frozen values: instants, integers and ids, checked by `rules`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from homestretch.kernel.windows import Window
from homestretch.places.values import PlaceData


@dataclass(frozen=True, slots=True)
class RecipientData:
    """Who gets the goods. `phone` E.164, `language` BCP 47; a channel that `consent` does not name is not allowed."""

    name: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    external_id: str | None = None
    consent: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemData:
    """An ordered line; `loads` are of one piece."""

    name: str
    quantity: int = 1
    loads: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskData:
    """Something to do at one place, which is given by its id or by what it is. No windows: any time."""

    kind: str
    place: PlaceData | None = None
    place_id: UUID | None = None
    windows: tuple[Window, ...] = ()
    service_s: int = 180
    loads: Mapping[str, int] = field(default_factory=dict)
    skills: tuple[str, ...] = ()
    proof_required: tuple[str, ...] = ()
    pair: str = ""
    items: tuple[ItemData, ...] = ()
    packages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderData:
    """What one recipient is owed. `attempts_allowed` None: the organization's; `day` None: by its windows."""

    recipient: RecipientData
    tasks: tuple[TaskData, ...]
    external_id: str | None = None
    merchant_id: UUID | None = None
    depot_id: UUID | None = None
    day: date | None = None
    priority: int = 0
    instructions: str = ""
    pin: str = ""
    attempts_allowed: int | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    draft: bool = False


@dataclass(frozen=True, slots=True)
class DoorData:
    """Where the goods may be left, and how one gets in. `gate_code` None leaves the one that is known, '' erases it."""

    leave_with: str = ""
    leave_where: str = ""
    gate_code: str | None = None


@dataclass(frozen=True, slots=True)
class OrderChange:
    """What is changed about an order; None leaves as it is. `tasks` replaces all of them."""

    day: date | None = None
    priority: int | None = None
    instructions: str | None = None
    pin: str | None = None
    metadata: Mapping[str, Any] | None = None
    depot_id: UUID | None = None
    recipient: RecipientData | None = None
    tasks: tuple[TaskData, ...] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What raw input is read against: the zone of local times, the country of national phone numbers, the day of
    windows that name none."""

    zone: ZoneInfo
    country: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task as planning sees it. `access_s` is the place's; `pair` is '' unless its other half is open too; the
    order's goods are at `depot_id`, or at any."""

    task_id: UUID
    order_id: UUID
    external_id: str | None
    kind: str
    place_id: UUID
    lat: float
    lon: float
    access_s: int
    windows: tuple[Window, ...]
    service_s: int
    loads: Mapping[str, int]
    skills: tuple[str, ...]
    pair: str
    priority: int
    depot_id: UUID | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which orders a list shows; None and empty do not narrow. `q` is the beginning of an external id."""

    states: tuple[str, ...] = ()
    day: date | None = None
    merchant_id: UUID | None = None
    source_id: UUID | None = None
    q: str = ""


class Brief(NamedTuple):
    """A task in a line: what it is, for whom, and the promise that stands (start, end). Ids are text, times seconds
    since 1970."""

    task_id: str
    kind: str
    pair: str
    state: str
    loads: dict[str, int]
    order_id: str
    order: str | None
    recipient: str
    priority: int
    promise: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Sought:
    """Which orders a person looks for; None and empty do not narrow. `q` is a piece of a reference, a name, an address,
    an e-mail or a phone number. `place_ids`: with a task at one of them. `urgent`: of any priority above the ordinary.
    `undated`: of no day."""

    states: tuple[str, ...] = ()
    day: date | None = None
    undated: bool = False
    depot_id: UUID | None = None
    merchant_id: UUID | None = None
    source_id: UUID | None = None
    place_ids: tuple[UUID, ...] | None = None
    skill: str = ""
    urgent: bool = False
    q: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt at a task ended: `completed`, `partial` or `failed`, the latter two with a reason."""

    result: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file that was read to its end and is kept under its SHA-256 (hex). `guess`: `[{field, column, confidence}]`."""

    filename: str
    sha256: str
    format: str
    columns: tuple[str, ...]
    rows: int
    guess: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """How a file is to be read: `{our field: the file's column}` (empty: as guessed), and what holds for every row."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    day: date | None = None
    zone: str = ""
    country: str = ""
    depot_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A job's hold on an import: what it does counts only while `fence` stands. `skip` rows are behind it."""

    import_id: UUID
    fence: UUID
    state: str
    sha256: str
    format: str
    skip: int
    merchant_id: UUID | None


@dataclass(frozen=True, slots=True)
class Act:
    """An act that can be done to many orders: one of `rules.bulk.ACTS`, and what it wants, as JSON values."""

    name: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Seen:
    """External ids that a dry run has met in its file: nothing of it is in the database."""

    ids: set[tuple[UUID | None, str]] = field(default_factory=set)
