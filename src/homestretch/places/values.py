"""What goes into and out of this slice, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
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
    serve_anyway: bool = False  # also outside every service area: a depot


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
    serve_anyway: bool | None = None
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


@dataclass(frozen=True, slots=True)
class AreaData:
    """A drawing as a caller gives it. `geometry` is GeoJSON, Polygon or MultiPolygon."""

    name: str
    geometry: Mapping[str, Any]
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ZoneData(AreaData):
    """A zone. Of those that overlap the highest `priority` (0 to 100) counts; `depot_id` None: for all depots."""

    priority: int = 0
    depot_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class BlackoutData:
    """Days from `first` to `last`, both included, without deliveries: from the depot, in the zone, or at all."""

    first: date
    last: date
    reason: str
    depot_id: UUID | None = None
    zone_id: UUID | None = None


class Pin(NamedTuple):
    """A place on a map. The id is text."""

    id: str
    label: str
    address: str
    lat: float | None
    lon: float | None
