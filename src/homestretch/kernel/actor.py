"""Who does something: carried by every action into every event."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What sort of principal asks."""

    PERSON = "person"  # staff: a membership, with a role
    DRIVER = "driver"  # a driver's phone
    KEY = "key"  # an API key
    LINK = "link"  # a tracking link: a recipient
    DEVICE = "device"  # a tracker on a vehicle
    SYSTEM = "system"  # our own background work


class Role(StrEnum):
    """What a person may be in an organization. `driver` signs in by one-time code, the others by e-mail."""

    OWNER = "owner"
    DISPATCHER = "dispatcher"
    VIEWER = "viewer"
    DRIVER = "driver"
    MERCHANT = "merchant"


@dataclass(frozen=True, slots=True)
class Actor:
    """A principal inside one organization.

    `id` is the membership, driver, key, link or device. `merchant_id` narrows a merchant's person or key to the own
    orders, `driver_id` a phone to the own route, `order_id` a tracking link to the own order. `device_id` is the phone
    or tracker that asks: a driver may have two.
    """

    kind: Kind
    organization_id: UUID
    id: UUID | None = None
    role: Role | None = None
    scopes: frozenset[str] = field(default_factory=frozenset)
    merchant_id: UUID | None = None
    driver_id: UUID | None = None
    order_id: UUID | None = None
    device_id: UUID | None = None

    def __str__(self) -> str:
        """As it stands in the log: `person:0190...`."""
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)


def system(organization_id: UUID) -> Actor:
    """Our own background work in one organization."""
    return Actor(Kind.SYSTEM, organization_id)
