"""Who am I, which organization am I in, and how an invitation is accepted. Sign-in itself is at `/_allauth/`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from homestretch.accounts import actions
from homestretch.events.clock import now
from homestretch.kernel.actor import Actor, Role
from homestretch.web.entry import PUBLIC, Entry
from homestretch.web.limits import INVITATION, address_of, failures
from homestretch.web.who import choose_organization

router = Router(tags=["auth"])

ANYONE = Entry(frozenset(Role) - {Role.DRIVER}, merchant=True, driver=True, tracker=True, link=True)


class Me(Schema):
    """The principal that asks."""

    kind: str = Field(description="person, driver, key, device or link.")
    id: UUID | None
    organization_id: UUID
    role: str | None
    merchant_id: UUID | None
    driver_id: UUID | None
    order_id: UUID | None


class Choice(Schema):
    """One of the organizations that the person is in."""

    organization_id: UUID


class Acceptance(Schema):
    """The token of the e-mail, and the account to be made. Who has an account keeps the own password."""

    token: str = Field(max_length=200)
    password: str = Field(min_length=8, max_length=128)
    name: str = Field(min_length=1, max_length=120, examples=["Ines"])


class Joined(Schema):
    """The membership that began."""

    id: UUID
    organization_id: UUID
    role: str


def _me(actor: Actor) -> Me:
    return Me(
        kind=actor.kind.value,
        id=actor.id,
        organization_id=actor.organization_id,
        role=actor.role.value if actor.role else None,
        merchant_id=actor.merchant_id,
        driver_id=actor.driver_id,
        order_id=actor.order_id,
    )


@router.get("/me", auth=ANYONE, response=Me)
def who_am_i(request: HttpRequest) -> Any:
    """Who asks, as we see it."""
    return _me(request.auth)


@router.put("/organization", auth=PUBLIC, response=Me)
def choose_session_organization(request: HttpRequest, choice: Choice) -> Any:
    """Work in one of the organizations that the signed-in person is in, for the rest of the session."""
    return _me(choose_organization(request, choice.organization_id))


@router.post("/invitations/accept", auth=PUBLIC, response={201: Joined})
def accept_invitation(request: HttpRequest, data: Acceptance) -> Any:
    """Join an organization by the token of the invitation. The token is its own key: it works once."""
    with failures(INVITATION, address_of(request)):
        member = actions.accept_invitation(data.token, data.password, data.name, at=now())
    return Status(201, Joined(id=member.id, organization_id=member.organization_id, role=member.role))
