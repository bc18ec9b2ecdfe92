"""Who runs the invented town, and the stranger next door."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from homestretch.accounts.actions import create_organization
from homestretch.kernel.actor import Actor, Kind, Role
from homestretch.kernel.ids import uuid7
from tests.town.places import AT


def an_organization(name: str = "Ours", **settings: Any) -> Actor:
    """An organization, as its dispatcher."""
    defaults = {"zone": "Europe/Luxembourg", "country": "LU"}
    email = f"{name.lower()}-{uuid7().hex}@example.com"
    organization = create_organization(name, email, None, at=AT, **{**defaults, **settings})
    return a_person(organization.id)


def a_person(organization_id: UUID, role: Role = Role.DISPATCHER, **narrowed: UUID) -> Actor:
    """Somebody of an organization; `merchant_id`, `driver_id` or `order_id` narrow what they see."""
    kind = {"driver_id": Kind.DRIVER, "order_id": Kind.LINK}.get(next(iter(narrowed), ""), Kind.PERSON)
    return Actor(kind, organization_id, uuid7(), role, **narrowed)
