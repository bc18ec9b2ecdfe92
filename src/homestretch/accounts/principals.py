"""Who is this e-mail, key, link, device: the four questions that are asked before there is a scope.

Each is a database function that sees past row-level security and returns organization and principal alone (migration
0002). Whatever is revoked, expired or switched off is nobody. Asked anew at each request: nothing here is kept.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connection

from homestretch.kernel.actor import Actor, Kind, Role
from homestretch.kernel.ids import secret_hash

# For doors with a connection of their own; one parameter each: the e-mail, or the SHA-256 of the secret.
WHO_IS_EMAIL = "select organization_id, membership_id, role, merchant_id from who_is_email(%s)"
WHO_IS_KEY = "select organization_id, key_id, scopes, merchant_id from who_is_key(%s)"
WHO_IS_LINK = "select organization_id, link_id, order_id from who_is_link(%s)"
WHO_IS_DEVICE = "select organization_id, device_id, kind, driver_id, vehicle_id, waiting from who_is_device(%s)"


def who_is_email(email: str) -> list[Actor]:
    """The person in each organization where there is an active membership, in the organizations' order."""
    return [
        Actor(Kind.PERSON, organization, membership, Role(role), merchant_id=merchant)
        for organization, membership, role, merchant in _ask(WHO_IS_EMAIL, email)
    ]


def who_is_key(secret: str) -> Actor | None:
    """The program behind an API key."""
    for organization, key, scopes, merchant in _ask(WHO_IS_KEY, secret_hash(secret)):
        role = Role.MERCHANT if merchant else None
        return Actor(Kind.KEY, organization, key, role, frozenset(scopes), merchant_id=merchant)
    return None


def who_is_link(token: str) -> Actor | None:
    """The recipient behind a tracking link."""
    for organization, link, order in _ask(WHO_IS_LINK, secret_hash(token)):
        return Actor(Kind.LINK, organization, link, order_id=order)
    return None


def who_is_device(token: str) -> Actor | None:
    """The driver's phone (a driver) or the tracker (a device) behind a token."""
    for row in _ask(WHO_IS_DEVICE, secret_hash(token)):
        return actor_of_device(row)
    return None


def actor_of_device(row: tuple[Any, ...]) -> Actor | None:
    """The actor of one row of `WHO_IS_DEVICE`; one that only waits for its code is nobody yet."""
    organization, device, kind, driver, _vehicle, waiting = row
    if waiting:
        return None
    if kind == "phone":
        return Actor(Kind.DRIVER, organization, driver, Role.DRIVER, driver_id=driver, device_id=device)
    return Actor(Kind.DEVICE, organization, device, device_id=device)


def waiting_device(code: str) -> tuple[UUID, UUID] | None:
    """Organization and id of the device that waits for this one-time code."""
    for organization, device, _kind, _driver, _vehicle, waiting in _ask(WHO_IS_DEVICE, secret_hash(code)):
        return (organization, device) if waiting else None
    return None


def _ask(question: str, value: str | bytes) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, [value])
        return cursor.fetchall()
