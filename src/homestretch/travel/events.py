"""Facts about travel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from homestretch.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class ModelAdopted(Fact):
    """A model of travel times holds from now on."""

    type: ClassVar[str] = "model.adopted"
    model_id: UUID
    profile: str
    version: int


@dataclass(frozen=True, slots=True)
class ModelWithdrawn(Fact):
    """A model of times no longer holds: the one adopted before it does, or the plan's own times."""

    type: ClassVar[str] = "model.withdrawn"
    model_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class ClosureMade(Fact):
    """A road or an area can't be passed for a span."""

    type: ClassVar[str] = "closure.made"
    closure_id: UUID
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClosureEnded(Fact):
    """A closed road or area is open again, or its span was shortened."""

    type: ClassVar[str] = "closure.ended"
    closure_id: UUID
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class WeatherSet(Fact):
    """The weather is to be reckoned with for a span."""

    type: ClassVar[str] = "weather.set"
    weather_id: UUID
    kind: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SpeedsReplaced(Fact):
    """What one source says of the roads' speeds was replaced."""

    type: ClassVar[str] = "speeds.replaced"
    set_id: UUID
    source: str
    version: int
    rows: int
