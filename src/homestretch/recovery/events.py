"""Facts about what is off plan, and what was proposed about it."""

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


@dataclass(frozen=True, slots=True)
class ProposalMade(Fact):
    """A change to running routes waits for a yes."""

    type: ClassVar[str] = "proposal.made"
    proposal_id: UUID
    kind: str
    hunks: int
    moved: int
    left: int


@dataclass(frozen=True, slots=True)
class ProposalAccepted(Fact):
    """A proposal was accepted, whole or these parts of it, and its routes were amended. `postponed`: the tasks that
    another window is promised for by that, for they will be late."""

    type: ClassVar[str] = "proposal.accepted"
    proposal_id: UUID
    kind: str
    hunks: tuple[int, ...]
    route_ids: tuple[UUID, ...]
    postponed: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ProposalDeclined(Fact):
    """A proposal was declined."""

    type: ClassVar[str] = "proposal.declined"
    proposal_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class PolicyChanged(Fact):
    """What changing a running day is worth to the organization was set anew."""

    type: ClassVar[str] = "policy.changed"
    policy_id: UUID
    version: int
