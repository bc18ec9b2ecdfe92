"""People: invited by e-mail, joined, given another role, switched off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from homestretch.accounts import queries, rules
from homestretch.accounts.events import InvitationRevoked, MemberChanged, MemberInvited, MemberJoined
from homestretch.accounts.models import Invitation, Membership, User
from homestretch.events.action import action
from homestretch.events.later import later
from homestretch.events.log import record
from homestretch.kernel.actor import Actor, Role, system
from homestretch.kernel.ids import secret_hash, uuid7
from homestretch.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Mail:
    """An invitation as it is sent."""

    to: str
    organization: str
    language: str
    url: str


@action
def invite(
    email: str, role: str, merchant_id: UUID | None = None, *, by: Actor, at: datetime
) -> tuple[Invitation, str]:
    """Invite somebody by e-mail for seven days. Returns the invitation and its token (the e-mail carries it too).

    An earlier open invitation of the same address is taken back. Refuses `member.role_unknown`,
    `member.merchant_mismatch`, `merchant.not_found`, `member.known_already`.
    """
    wanted = rules.read_role(role, merchant_id)
    organization = queries.organization(lock=True)
    merchant = queries.merchant(merchant_id) if merchant_id else None
    address = User.objects.normalize_email(email).lower()
    if queries.members().filter(user__email=address).exists():
        raise Refusal("member.known_already", "this person is a member", remedy="change the member", field="email")
    for earlier in queries.invitations().filter(email=address, accepted_at=None, revoked_at=None):
        _take_back(earlier, by=by, at=at)
    ident = uuid7()
    token = rules.invitation_token(organization.id, ident, settings.SECRET_KEY.encode())
    invitation: Invitation = Invitation.objects.create(
        id=ident,
        email=address,
        role=wanted.value,
        merchant=merchant,
        token_hash=secret_hash(token),
        created_at=at,
        expires_at=at + rules.INVITED_FOR,
    )
    record(MemberInvited(ident, wanted.value), by=by, at=at)
    later("accounts.send_invitation", organization.id, invitation_id=ident)
    return invitation, token


@action
def revoke_invitation(invitation_id: UUID, *, by: Actor, at: datetime) -> Invitation:
    """Take an invitation back. Refuses `invitation.accepted_already` and `invitation.over`."""
    invitation = queries.invitation(invitation_id, lock=True)
    rules.check_invitation(invitation.expires_at, invitation.accepted_at, invitation.revoked_at, at)
    _take_back(invitation, by=by, at=at)
    return invitation


def _take_back(invitation: Invitation, *, by: Actor, at: datetime) -> None:
    invitation.revoked_at = at
    invitation.version += 1
    invitation.save()
    record(InvitationRevoked(invitation.id), by=by, at=at)


def accept_invitation(token: str, password: str, name: str, *, at: datetime) -> Membership:
    """Join by the token of the e-mail, which proves the address. Who has an account already keeps the own password.

    Refuses `invitation.unknown`, `invitation.accepted_already`, `invitation.over`, `password.weak`.
    """
    return _accept(token, password, name, by=system(rules.organization_in(token)), at=at)


@action
def _accept(token: str, password: str, name: str, *, by: Actor, at: datetime) -> Membership:
    invitation = Invitation.objects.select_for_update().filter(token_hash=secret_hash(token)).first()
    if invitation is None:
        raise rules.unknown_invitation()
    rules.check_invitation(invitation.expires_at, invitation.accepted_at, invitation.revoked_at, at)
    invitation.accepted_at = at
    invitation.version += 1
    invitation.save()
    user = person(invitation.email, password, name, at=at)
    return join(user, Role(invitation.role), invitation.merchant_id, by=by, at=at)


@action
def change_member(
    member_id: UUID,
    role: str,
    merchant_id: UUID | None = None,
    *,
    active: bool = True,
    by: Actor,
    at: datetime,
) -> Membership:
    """Give a member another role, or switch the membership off or on. Refuses `member.last_owner`."""
    wanted = rules.read_role(role, merchant_id)
    queries.organization(lock=True)
    member = queries.member(member_id, lock=True)
    merchant = queries.merchant(merchant_id) if merchant_id else None
    others = queries.members().filter(role=Role.OWNER, active=True, user__is_active=True).exclude(id=member.id).count()
    if member.active:
        rules.keep_an_owner(Role(member.role), wanted if active else None, others)
    member.role, member.merchant_id, member.active = wanted.value, merchant.id if merchant else None, active
    member.version += 1
    member.save()
    record(MemberChanged(member.id, wanted.value, active), by=by, at=at)
    return member


@action
def invitation_mail(invitation_id: UUID, *, by: Actor, at: datetime) -> Mail | None:
    """Begin to send an invitation: marked before the mail server is called. None when it is sent, used or over."""
    invitation = queries.invitation(invitation_id, lock=True)
    if invitation.sent_at or invitation.accepted_at or invitation.revoked_at or at >= invitation.expires_at:
        return None
    invitation.sent_at = at
    invitation.save(update_fields=["sent_at"])
    organization = queries.organization()
    token = rules.invitation_token(organization.id, invitation.id, settings.SECRET_KEY.encode())
    url = f"{settings.HOMESTRETCH_URL}/invitation#{token}"  # behind the hash: it reaches no server's log
    return Mail(invitation.email, organization.name, organization.language, url)


@action
def invitation_failed(invitation_id: UUID, *, by: Actor, at: datetime) -> None:
    """The mail server provably took nothing: it may be tried again."""
    invitation = queries.invitation(invitation_id, lock=True)
    invitation.sent_at = None
    invitation.save(update_fields=["sent_at"])


def person(email: str, password: str | None, name: str, *, at: datetime) -> User:
    """The account of an address that is proven, made if there is none. Refuses `password.weak`."""
    address = User.objects.normalize_email(email).lower()
    known = User.objects.filter(email=address).first()
    if known is not None:
        return known
    user = User(email=address, name=name, joined_at=at)
    if password is not None:
        _require_strength(password, user)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user


def join(user: User, role: Role, merchant_id: UUID | None, *, by: Actor, at: datetime) -> Membership:
    """Make an account a member, in the open action; who was one before, is one again."""
    member, _ = Membership.objects.update_or_create(
        user=user,
        defaults={"role": role.value, "merchant_id": merchant_id, "active": True},
        create_defaults={"role": role.value, "merchant_id": merchant_id, "created_at": at},
    )
    record(MemberJoined(member.id, role.value), by=by, at=at)
    return member


def _require_strength(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refusal(
            "password.weak", " ".join(error.messages), remedy="choose a longer, rarer one", field="password"
        ) from None
