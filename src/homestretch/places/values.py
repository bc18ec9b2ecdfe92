"""What goes into and out of this slice, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from homestretch.kernel.geo import Point


@dataclass(frozen=True, slots=True)
class PlaceData:
    """A place as a caller gives it: an address, coordinates, or both. `access_s` seconds from the curb to the door."""

    address: str = ""
    point: Point | None = None
    label: str = ""
    access_notes: str = ""
    access_s: int = 0


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person changes about a place; None leaves as it is, `without` names the points that go: `entrance`,
    `parking`."""

    point: Point | None = None
    address: str | None = None
    label: str | None = None
    access_notes: str | None = None
    access_s: int | None = None
    entrance: Point | None = None
    parking: Point | None = None
    parking_notes: str | None = None
    side: str | None = None
    gate_code: str | None = None
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Service:
    """A halt that was measured: seconds from arriving to leaving, and where the phone was, as far as either is known.
    `at`: when it was over."""

    stop_id: UUID
    seconds: int | None
    point: Point | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Lookup:
    """A place that waits for the geocoder. The answer counts only while `fence` stands."""

    place_id: UUID
    fence: UUID
    address: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a geocoder offers: degrees, `confidence` 0 to 1, `precision` address or rooftop (one building),
    interpolated, street, place or area."""

    lat: float
    lon: float
    label: str
    confidence: float
    precision: str
