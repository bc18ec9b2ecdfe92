"""What goes into this slice, as frozen values. Times of rules are local in the depot's zone; money is minor units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from homestretch.kernel.windows import Window
from homestretch.places.values import PlaceData


@dataclass(frozen=True, slots=True)
class DepotData:
    """Where routes start and end. `zone` is IANA; '' takes the organization's."""

    name: str
    place: PlaceData
    zone: str = ""
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    active: bool = True


@dataclass(frozen=True, slots=True)
class VehicleData:
    """A vehicle. A dimension that `capacity` does not name is not limited."""

    name: str
    depot_id: UUID
    plate: str = ""
    profile: str = "van"
    capacity: Mapping[str, int] = field(default_factory=dict)
    skills: tuple[str, ...] = ()
    cost_fixed: int = 0
    cost_per_hour: int = 0
    cost_per_km: int = 0
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    active: bool = True


@dataclass(frozen=True, slots=True)
class DriverData:
    """Who drives. `phone` as written; it is kept as E.164."""

    name: str
    phone: str = ""
    language: str = ""
    skills: tuple[str, ...] = ()
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    active: bool = True


@dataclass(frozen=True, slots=True)
class BreakData:
    """A pause of `duration_s` that begins between two local times."""

    duration_s: int
    earliest: time
    latest: time


@dataclass(frozen=True, slots=True)
class ShiftRuleData:
    """When a vehicle works: on a weekday (0 is Monday) or on one day. An `ends` not after `starts`: next day."""

    vehicle_id: UUID
    starts: time
    ends: time
    weekday: int | None = None
    day: date | None = None
    driver_id: UUID | None = None
    end_depot_id: UUID | None = None
    breaks: tuple[BreakData, ...] = ()
    max_stops: int | None = None
    max_distance_m: int | None = None
    off: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class ShiftChange:
    """What is changed about one shift; None leaves as it is."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    end_depot_id: UUID | None = None
    max_stops: int | None = None
    max_distance_m: int | None = None
    off: bool | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """A span in which one vehicle works, and how many stops it may have in all of it; None: as many as fit."""

    window: Window
    max_stops: int | None = None


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A shift in a line: when, from where to where, who (nobody yet: None) with what."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    start_depot_id: UUID
    end_depot_id: UUID
    driver_id: UUID | None
    driver: str | None
    vehicle_id: UUID
    vehicle: str
    profile: str
    capacity: dict[str, int]
