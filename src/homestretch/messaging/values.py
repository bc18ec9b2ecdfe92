"""What goes into and out of this slice, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from homestretch.kernel.windows import Window

Channel = Literal["sms", "email"]


@dataclass(frozen=True, slots=True)
class Text:
    """The words of one kind, channel and language, with `{variables}`. An SMS has no subject."""

    body: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class TemplateName:
    """Which words: their kind, channel and language (BCP 47)."""

    kind: str
    channel: str
    language: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something to be said to one order's recipient; `stop_id` where it is about a stop."""

    kind: str
    order_id: UUID
    stop_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A begun message, ready for its provider. It carries the link's secret: it is neither stored nor logged.

    `unsubscribe` is the address that ends e-mails with one click.
    """

    message_id: UUID
    channel: str
    to: str
    text: str
    subject: str = ""
    html: str = ""
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How handing over went: `sent`, or the provider's `permanent`, `deferred`, `unknown` with its code."""

    result: Literal["sent", "permanent", "deferred", "unknown"]
    provider_id: str = ""
    code: str = ""
    wait_s: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """A template filled with invented values. `segments` and `encoding` (GSM-7, UCS-2) of an SMS alone."""

    subject: str
    body: str
    characters: int
    segments: int | None
    encoding: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step on an order's way, as its recipient sees it; `at` None: not yet."""

    name: str
    at: datetime | None
    done: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """When the stop is expected, as of `made_at`; `stale`: older than twice its refresh, to be said with it (I9)."""

    earliest: datetime
    likely: datetime
    latest: datetime
    made_at: datetime
    stale: bool


@dataclass(frozen=True, slots=True)
class Van:
    """Where the van is, given only while the own stop is its next. `distance_m` in a straight line."""

    lat: float
    lon: float
    at: datetime
    distance_m: int


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was ordered."""

    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Shot:
    """One proof of how it went: `image` where a picture can be had, else its text."""

    id: UUID
    kind: str
    text: str
    image: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class SlotShown:
    """A window that may be chosen."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class PickupShown:
    """A depot where the goods may be taken, or wait to be."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class DoorShown:
    """What the recipient said of the door. The code itself is not shown again: only that there is one."""

    leave_with: str = ""
    leave_where: str = ""
    has_code: bool = False
    has_photo: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """An order as its own recipient may see it: nothing of anybody else, no name of a driver, no other address."""

    order_id: UUID
    organization: str
    phone: str
    zone: str
    language: str
    reference: str
    status: str
    address: str
    promised: Window | None
    expected: Expected | None
    van: Van | None
    steps: tuple[Step, ...]
    instructions: str
    may_instruct: bool
    may_rate: bool
    score: int | None
    channels: dict[str, bool]
    as_of: datetime
    kind: str = "deliver"
    items: tuple[Line, ...] = ()
    place: tuple[float, float] | None = None  # lat, lon of the own door
    stops_before: int | None = None  # while the route is under way and the own stop is ahead
    left_with: str = ""
    proofs: tuple[Shot, ...] = ()
    door: DoorShown = DoorShown()
    may_leave_with: tuple[str, ...] = ()
    may_choose: bool = False  # when it comes; `slots` are offered, and may be none
    choose_first: bool = False  # nothing was promised yet
    slots: tuple[SlotShown, ...] = ()
    pickup: PickupShown | None = None  # where the goods wait, or were taken
    may_pick_up: bool = False  # at `offered_at`, in one of `pickups`
    offered_at: PickupShown | None = None
    pickups: tuple[SlotShown, ...] = ()
    may_report: bool = False
    reported: bool = False
    tags: tuple[str, ...] = ()
    comment: str = ""
    may_say_more: bool = False
    accent: str = ""
    logo: bool = False
