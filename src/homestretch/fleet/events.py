"""Facts about depots, vehicles, drivers and shifts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from homestretch.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class DepotChanged(Fact):
    """A depot was made or changed."""

    type: ClassVar[str] = "depot.changed"
    depot_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VehicleChanged(Fact):
    """A vehicle was made or changed."""

    type: ClassVar[str] = "vehicle.changed"
    vehicle_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DriverChanged(Fact):
    """A driver was made or changed."""

    type: ClassVar[str] = "driver.changed"
    driver_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShiftChanged(Fact):
    """A shift was opened or changed."""

    type: ClassVar[str] = "shift.changed"
    shift_id: UUID
    fields: tuple[str, ...]
