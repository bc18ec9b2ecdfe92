"""People of the organization: members and invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from homestretch.accounts import actions, queries
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.web.entry import OWN
from homestretch.web.etags import check_version
from homestretch.web.once import once_of
from homestretch.web.pages import Page, PageQuery, page

router = Router(tags=["members"])

ROLE = Field(max_length=12, examples=["dispatcher"], description="owner, dispatcher, viewer or merchant.")
EMAIL = r"^[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,60}$"


class MemberOut(Schema):
    """A person in the organization."""

    id: UUID
    email: str
    name: str
    role: str
    merchant_id: UUID | None
    active: bool
    version: int
    created_at: datetime


class MemberChange(Schema):
    """The member as it should be."""

    role: str = ROLE
    merchant_id: UUID | None = Field(None, description="With the role merchant, and with no other.")
    active: bool = True


class InvitationIn(Schema):
    """Whom to invite, as what."""

    email: str = Field(max_length=254, pattern=EMAIL, examples=["ines@greengrocer.example"])
    role: str = ROLE
    merchant_id: UUID | None = Field(None, description="With the role merchant, and with no other.")


class InvitationOut(Schema):
    """An invitation. Its token goes out by e-mail alone."""

    id: UUID
    email: str
    role: str
    merchant_id: UUID | None
    created_at: datetime
    sent_at: datetime | None
    expires_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None
    version: int


def _member(row: Any) -> MemberOut:
    return MemberOut(
        id=row.id,
        email=row.user.email,
        name=row.user.name,
        role=row.role,
        merchant_id=row.merchant_id,
        active=row.active,
        version=row.version,
        created_at=row.created_at,
    )


def _invitation(row: Any) -> InvitationOut:
    return InvitationOut.from_orm(row)


@router.get("", auth=OWN("organization"), response=Page[MemberOut])
def list_members(request: HttpRequest, part: Query[PageQuery]) -> Any:
    """People of the organization, oldest first."""
    with scope(request.auth):
        return page(queries.members(), part.cursor, part.limit, show=_member)


@router.get("/invitations", auth=OWN("organization"), response=Page[InvitationOut])
def list_invitations(request: HttpRequest, part: Query[PageQuery]) -> Any:
    """Invitations, newest first."""
    with scope(request.auth):
        return page(queries.invitations(), part.cursor, part.limit, descending=True, show=_invitation)


@router.post("/invitations", auth=OWN("organization"), response={201: InvitationOut})
def invite_member(request: HttpRequest, data: InvitationIn) -> Any:
    """Invite somebody by e-mail, for seven days. An earlier open invitation of the address is taken back."""
    once = once_of(request, "invite_member", lambda made: _invitation(made[0]))
    by = request.auth
    invitation, _ = actions.invite(data.email, data.role, data.merchant_id, by=by, at=now(), once=once)
    return Status(201, _invitation(invitation))


@router.delete("/invitations/{invitation_id}", auth=OWN("organization"), response=InvitationOut)
def revoke_invitation(request: HttpRequest, invitation_id: UUID) -> Any:
    """Take an invitation back."""
    by = request.auth
    with scope(by):
        check_version(request, queries.invitation(invitation_id).version)
    return _invitation(actions.revoke_invitation(invitation_id, by=by, at=now()))


@router.get("/{member_id}", auth=OWN("organization"), response=MemberOut)
def get_member(request: HttpRequest, member_id: UUID) -> Any:
    """One person."""
    with scope(request.auth):
        return _member(queries.member(member_id))


@router.patch("/{member_id}", auth=OWN("organization"), response=MemberOut)
def change_member(request: HttpRequest, member_id: UUID, change: MemberChange) -> Any:
    """Give a person another role, or switch the membership off. Refuses `member.last_owner`."""
    by = request.auth
    with scope(by):
        check_version(request, queries.member(member_id).version)
    member = actions.change_member(member_id, change.role, change.merchant_id, active=change.active, by=by, at=now())
    return _member(member)
