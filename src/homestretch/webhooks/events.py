"""Facts about endpoints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from homestretch.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class EndpointChanged(Fact):
    """An endpoint was made, changed or switched."""

    type: ClassVar[str] = "endpoint.changed"
    endpoint_id: UUID
    state: str


@dataclass(frozen=True, slots=True)
class EndpointDied(Fact):
    """An endpoint failed for too long and was switched off."""

    type: ClassVar[str] = "endpoint.died"
    endpoint_id: UUID
