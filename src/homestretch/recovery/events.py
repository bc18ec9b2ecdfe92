"""Facts about what is off plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from homestretch.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class ExceptionRaised(Fact):
    """Something is off plan and wants a person."""

    type: ClassVar[str] = "exception.raised"
    exception_id: UUID
    kind: str
    severity: str
    order_id: UUID | None
    route_id: UUID | None


@dataclass(frozen=True, slots=True)
class ExceptionAssigned(Fact):
    """A person took an exception on."""

    type: ClassVar[str] = "exception.assigned"
    exception_id: UUID
    membership_id: UUID


@dataclass(frozen=True, slots=True)
class ExceptionResolved(Fact):
    """An exception is settled."""

    type: ClassVar[str] = "exception.resolved"
    exception_id: UUID
    resolution: str
