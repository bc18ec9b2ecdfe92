"""Facts about what is off plan, what was proposed about it, and to whom an order was offered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, slots=True)
class OfferMade(Fact):
    """An order that can't wait was offered to a driver, who has until the deadline to answer."""

    type: ClassVar[str] = "offer.made"
    offer_id: UUID
    order_id: UUID
    route_id: UUID
    driver_id: UUID
    deadline: datetime


@dataclass(frozen=True, slots=True)
class OfferAccepted(Fact):
    """A driver took an offered order, or the office put it there unasked, and it stands on the route."""

    type: ClassVar[str] = "offer.accepted"
    offer_id: UUID
    order_id: UUID
    route_id: UUID


@dataclass(frozen=True, slots=True)
class OfferDeclined(Fact):
    """A driver does not take an offered order: the next one is asked."""

    type: ClassVar[str] = "offer.declined"
    offer_id: UUID
    order_id: UUID
    route_id: UUID


@dataclass(frozen=True, slots=True)
class OfferLapsed(Fact):
    """A driver did not answer an offer in time: the next one is asked."""

    type: ClassVar[str] = "offer.lapsed"
    offer_id: UUID
    order_id: UUID
    route_id: UUID


@dataclass(frozen=True, slots=True)
class OfferWithdrawn(Fact):
    """An offer was taken back before it was answered."""

    type: ClassVar[str] = "offer.withdrawn"
    offer_id: UUID
    order_id: UUID
    route_id: UUID
    reason: str
