"""Facts about the organization and who may enter it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from homestretch.kernel.facts import Fact


@dataclass(frozen=True, slots=True)
class OrganizationCreated(Fact):
    """An organization was set up."""

    type: ClassVar[str] = "organization.created"
    organization_id: UUID


@dataclass(frozen=True, slots=True)
class MemberJoined(Fact):
    """A person accepted an invitation, or was made a member."""

    type: ClassVar[str] = "member.joined"
    membership_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class MemberChanged(Fact):
    """A member's role or standing was changed."""

    type: ClassVar[str] = "member.changed"
    membership_id: UUID
    role: str
    active: bool


@dataclass(frozen=True, slots=True)
class KeyCreated(Fact):
    """An API key was made."""

    type: ClassVar[str] = "key.created"
    key_id: UUID
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyRevoked(Fact):
    """An API key was taken back."""

    type: ClassVar[str] = "key.revoked"
    key_id: UUID


@dataclass(frozen=True, slots=True)
class DevicePaired(Fact):
    """A phone or tracker signed in by its one-time code."""

    type: ClassVar[str] = "device.paired"
    device_id: UUID
    driver_id: UUID | None


@dataclass(frozen=True, slots=True)
class DeviceRevoked(Fact):
    """A phone or tracker may no longer enter."""

    type: ClassVar[str] = "device.revoked"
    device_id: UUID


@dataclass(frozen=True, slots=True)
class LinkRevoked(Fact):
    """A tracking link was closed."""

    type: ClassVar[str] = "link.revoked"
    link_id: UUID
    order_id: UUID


@dataclass(frozen=True, slots=True)
class OrganizationUpdated(Fact):
    """The organization's settings were changed."""

    type: ClassVar[str] = "organization.updated"
    organization_id: UUID
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MerchantCreated(Fact):
    """A merchant was entered."""

    type: ClassVar[str] = "merchant.created"
    merchant_id: UUID


@dataclass(frozen=True, slots=True)
class MerchantChanged(Fact):
    """A merchant was renamed, or switched on or off."""

    type: ClassVar[str] = "merchant.changed"
    merchant_id: UUID
    active: bool


@dataclass(frozen=True, slots=True)
class MemberInvited(Fact):
    """Somebody was invited by e-mail."""

    type: ClassVar[str] = "invitation.created"
    invitation_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class InvitationRevoked(Fact):
    """An invitation was taken back."""

    type: ClassVar[str] = "invitation.revoked"
    invitation_id: UUID


@dataclass(frozen=True, slots=True)
class DeviceAdded(Fact):
    """A phone or tracker was given a one-time code."""

    type: ClassVar[str] = "device.added"
    device_id: UUID
    kind: str
    driver_id: UUID | None
    vehicle_id: UUID | None


@dataclass(frozen=True, slots=True)
class LinkCreated(Fact):
    """A tracking link was made, or made anew."""

    type: ClassVar[str] = "link.created"
    link_id: UUID
    order_id: UUID
    generation: int
