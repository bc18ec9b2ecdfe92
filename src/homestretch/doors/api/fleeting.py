"""The fleet as the API takes and shows it. Money is minor units of the organization's currency."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, TypeVar
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field

from homestretch.doors.api.ordering import Given
from homestretch.web.schemas import Loads, Metadata, Words

T = TypeVar("T", bound=Schema)
NAME = Field(max_length=500, examples=["North"])
EXTERNAL = Field(None, max_length=500, description="As another system calls it.")
METADATA: Any = Field(default_factory=dict, description="Yours; at most 8,000 characters.")
SKILLS: Any = Field(default_factory=list, max_length=1000, examples=[["cold"]], description="At most 20.")


class DepotIn(Given):
    """Where routes start and end."""

    name: str = NAME
    address: str = Field("", max_length=2000, examples=["Depot Street 1, 1234 Town"])
    lat: float | None = Field(None, description="WGS84 degrees.", examples=[49.6117])
    lon: float | None = Field(None, description="WGS84 degrees.", examples=[6.13])
    access_notes: str = Field("", max_length=4000)
    zone: str = Field("", max_length=60, description="IANA; none: the organization's.", examples=["Europe/Luxembourg"])
    external_id: str | None = EXTERNAL
    metadata: Metadata = METADATA
    active: bool = True


class DepotOut(Schema):
    """A depot."""

    id: UUID
    name: str
    place_id: UUID
    address: str
    lat: float | None
    lon: float | None
    zone: str
    external_id: str | None
    metadata: dict[str, Any]
    active: bool
    version: int


class VehicleIn(Given):
    """A vehicle."""

    name: str = NAME
    depot_id: UUID
    plate: str = Field("", max_length=20, examples=["AB 1234"])
    profile: str = Field("van", max_length=20, description="van, truck, bike or foot.")
    capacity: Loads = Field(default_factory=dict, description="Of what is not named there is no limit.")
    skills: Words = SKILLS
    cost_fixed: int = Field(0, description="Per route.")
    cost_per_hour: int = 0
    cost_per_km: int = 0
    external_id: str | None = EXTERNAL
    metadata: Metadata = METADATA
    active: bool = True


class VehicleOut(Schema):
    """A vehicle."""

    id: UUID
    name: str
    depot_id: UUID
    plate: str
    profile: str
    capacity: dict[str, int]
    skills: list[str]
    cost_fixed: int
    cost_per_hour: int
    cost_per_km: int
    external_id: str | None
    metadata: dict[str, Any]
    active: bool
    version: int


class DriverIn(Given):
    """Who drives."""

    name: str = NAME
    phone: str = Field("", max_length=40, examples=["621 123 456"])
    language: str = Field("", max_length=20, examples=["fr"])
    skills: Words = SKILLS
    external_id: str | None = EXTERNAL
    metadata: Metadata = METADATA
    active: bool = True


class DriverOut(Schema):
    """Who drives."""

    id: UUID
    name: str
    phone: str
    language: str
    skills: list[str]
    external_id: str | None
    metadata: dict[str, Any]
    active: bool
    version: int


class BreakIn(Given):
    """A pause that begins between two local times."""

    duration_s: int = Field(examples=[1800])
    earliest: time = Field(examples=["12:00"])
    latest: time = Field(examples=["13:30"])


class ShiftRuleIn(Given):
    """When a vehicle works. An end that is not after the start is the next day's."""

    vehicle_id: UUID
    weekday: int | None = Field(None, description="0 Monday to 6 Sunday; this or `day`.", examples=[0])
    day: date | None = None
    starts: time = Field(description="Local, in the depot's zone.", examples=["08:00"])
    ends: time = Field(examples=["17:00"])
    driver_id: UUID | None = None
    end_depot_id: UUID | None = Field(None, description="None: where it starts.")
    breaks: list[BreakIn] = Field(default_factory=list, max_length=100, description="At most 5.")
    max_stops: int | None = None
    max_distance_m: int | None = None
    off: bool = Field(False, description="With `day`: not this day.")


class BreakOut(Schema):
    """A pause: local times in a rule, instants in a shift."""

    duration_s: int
    earliest: str
    latest: str


class ShiftRuleOut(Schema):
    """When a vehicle works."""

    id: UUID
    vehicle_id: UUID
    weekday: int | None
    day: date | None
    starts: time
    ends: time
    driver_id: UUID | None
    end_depot_id: UUID | None
    breaks: list[BreakOut]
    max_stops: int | None
    max_distance_m: int | None
    off: bool
    version: int


class ShiftOut(Schema):
    """One vehicle's working span on one day."""

    id: UUID
    day: date
    rule_id: UUID | None
    vehicle_id: UUID
    vehicle: str = Field(description="The vehicle's name.")
    driver_id: UUID | None
    driver: str = Field(description="The driver's name; empty while nobody is named.")
    starts_at: datetime
    ends_at: datetime
    start_depot_id: UUID
    end_depot_id: UUID
    breaks: list[BreakOut]
    max_stops: int | None
    max_distance_m: int | None
    off: bool
    version: int


class ShiftChangeIn(Given):
    """What is to be changed about a shift; what is left out stays."""

    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    end_depot_id: UUID | None = None
    max_stops: int | None = None
    max_distance_m: int | None = None
    off: bool | None = None


class NamedDriverIn(Given):
    """Who drives."""

    driver_id: UUID | None = Field(description="null: nobody yet.")


def shown(schema: type[T]) -> Callable[[Any], T]:
    """Turns a row into a schema whose fields are the row's."""
    return lambda row: schema(**{name: getattr(row, name) for name in schema.model_fields})


def depot_out(row: Any) -> DepotOut:
    """A depot with its place."""
    own = {name: getattr(row, name) for name in DepotOut.model_fields if name not in ("address", "lat", "lon")}
    return DepotOut(**own, address=row.place.address, lat=row.place.lat, lon=row.place.lon)


def shift_out(row: Any) -> ShiftOut:
    """A shift with the names of vehicle and driver."""
    own = {name: getattr(row, name) for name in ShiftOut.model_fields if name not in ("vehicle", "driver")}
    return ShiftOut(**own, vehicle=row.vehicle.name, driver=row.driver.name if row.driver else "")
