"""Facts from positions and forecasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from homestretch.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class StopApproaching(Fact):
    """The driver is near the stop: it is next, and soon."""

    type: ClassVar[str] = "stop.approaching"
    stop_id: UUID
    route_id: UUID
    expected: datetime


@dataclass(frozen=True, slots=True)
class EtaShifted(Fact):
    """The forecast of a stop moved across the threshold."""

    type: ClassVar[str] = "eta.shifted"
    stop_id: UUID
    route_id: UUID
    expected: datetime
    shift_s: int
    late_s: int


@dataclass(frozen=True, slots=True)
class VehicleSilent(Fact):
    """A vehicle on the road has said nothing for too long."""

    type: ClassVar[str] = "vehicle.silent"
    vehicle_id: UUID
    route_id: UUID
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class VehicleHeard(Fact):
    """A silent vehicle is heard again."""

    type: ClassVar[str] = "vehicle.heard"
    vehicle_id: UUID
    route_id: UUID
