"""Who lives in the invented town: its company, the people, programs and devices; and the stranger next door."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.test import Client

from homestretch.accounts import actions, queries
from homestretch.accounts.models import Merchant, Organization, User
from homestretch.accounts.principals import who_is_device, who_is_email, who_is_key, who_is_link
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, Role, system

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PASSWORD = "a long word of no use elsewhere"
_number = count(1)


def an_organization(name: str = "Town Vans", *, at: datetime = AT, **settings: Any) -> Organization:
    """An organization with an owner (no password: tests sign in by `signed_in`)."""
    zone = {"zone": "Europe/Luxembourg", "country": "LU"}
    return actions.create_organization(name, f"owner{next(_number)}@town.example", None, at=at, **{**zone, **settings})


def owner_of(organization: Organization) -> Actor:
    """The organization's first owner."""
    with scope(system(organization.id)):
        member = queries.members().filter(role=Role.OWNER).order_by("id").first()
    return person_of(member.user.email, organization.id)


def a_member(organization: Organization, role: str, merchant_id: UUID | None = None, *, at: datetime = AT) -> Actor:
    """A person who accepted an invitation; `accounts_user` holds no usable password."""
    email = f"{role}{next(_number)}@town.example"
    by = system(organization.id)
    _, token = actions.invite(email, role, merchant_id, by=by, at=at)
    User.objects.create_user(email, None, name=role.title(), joined_at=at)
    actions.accept_invitation(token, PASSWORD, role.title(), at=at)
    return person_of(email, organization.id)


def person_of(email: str, organization_id: UUID) -> Actor:
    """The actor of a person in one organization."""
    return next(actor for actor in who_is_email(email) if actor.organization_id == organization_id)


def email_of(actor: Actor) -> str:
    """The e-mail that a person signs in by."""
    assert actor.id is not None
    with scope(system(actor.organization_id)):
        return str(queries.member(actor.id).user.email)


def signed_in(actor: Actor, **options: Any) -> Client:
    """A browser in which the person is signed in, without the form."""
    client = Client(**options)
    client.force_login(
        User.objects.get(email=email_of(actor)), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    session = client.session
    session["organization"] = str(actor.organization_id)
    session.save()
    return client


def bearing(token: str) -> Client:
    """A program or phone that shows its token with each request."""
    return Client(headers={"Authorization": f"Bearer {token}"})


def a_merchant(by: Actor, name: str = "Bloom & Co", *, at: datetime = AT, **changes: Any) -> Merchant:
    """A florist."""
    return actions.create_merchant(name, by=by, at=at, **changes)


def a_key(by: Actor, *scopes: str, merchant_id: UUID | None = None, at: datetime = AT) -> str:
    """An API key's secret."""
    return actions.create_key("Shop", scopes or ("orders:read",), merchant_id, by=by, at=at)[1]


def a_phone(by: Actor, driver_id: UUID, *, at: datetime = AT) -> str:
    """The token of a driver's paired phone."""
    _, code = actions.pair_device("phone", driver_id=driver_id, by=by, at=at)
    return actions.claim_device(code, at=at)[1]


def a_tracker(by: Actor, vehicle_id: UUID, *, at: datetime = AT) -> str:
    """The token of a vehicle's paired tracker."""
    _, code = actions.pair_device("tracker", vehicle_id=vehicle_id, by=by, at=at)
    return actions.claim_device(code, at=at)[1]


def a_link(by: Actor, order_id: UUID, *, at: datetime | None = None) -> str:
    """The token of an order's tracking link, from now on."""
    return actions.link_for(order_id, by=by, at=at or datetime.now(UTC))[1]


def actor_of(token: str) -> Actor | None:
    """Whoever stands behind a key, device or link token."""
    return {"hsk": who_is_key, "hsd": who_is_device, "hst": who_is_link}[token[:3]](token)
