"""People: invited, joined, given a role, switched off; an organization always keeps an owner."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from homestretch.accounts import actions, jobs, queries
from homestretch.accounts.models import User
from homestretch.accounts.principals import who_is_email
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.actor import Role, system
from homestretch.kernel.refusal import Refusal
from homestretch.providers import inbox
from homestretch.providers.errors import ProviderError
from tests.town.accounts import AT, PASSWORD, a_member, a_merchant, an_organization, email_of, owner_of


def refused(code: str) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == code)


@pytest.fixture
def sent_to(tmp_path, settings) -> Path:
    """The inbox that e-mails end in."""
    settings.HOMESTRETCH_PROVIDERS = {"email": ("fake", {"inbox": tmp_path / "inbox", "faults": tmp_path / "faults"})}
    return tmp_path / "inbox"


def test_an_invitation_is_tried_again_only_if_it_was_provably_not_taken(db, sent_to, tmp_path):
    organization = an_organization()
    invitation, _ = actions.invite("ines@town.example", "viewer", by=owner_of(organization), at=AT)
    faults = [{"outcome": "deferred", "times": 1}, {"outcome": "unknown", "times": 1}]
    (tmp_path / "faults").write_text(json.dumps({"email": faults}))
    with pytest.raises(ProviderError):
        jobs.send_invitation(organization.id, invitation.id)
    assert inbox.read(sent_to) == []
    for _ in range(3):
        jobs.send_invitation(organization.id, invitation.id)
    assert len(inbox.read(sent_to)) == 1, "what may have been taken is not sent again"


def test_an_organization_begins_with_an_owner(db):
    organization = actions.create_organization(
        "Town Vans & Söhne", "Olga@Town.example", PASSWORD, at=AT, zone="Europe/Berlin", owner_name="Olga", staff=True
    )
    user = User.objects.get(email="olga@town.example")
    assert user.check_password(PASSWORD)
    assert user.password.startswith("argon2$argon2id$")
    assert user.is_staff
    assert user.emailaddress_set.get().verified
    assert organization.slug == "town-vans-s-hne"
    [actor] = who_is_email("OLGA@town.example")
    assert (actor.organization_id, actor.role) == (organization.id, Role.OWNER)
    with scope(actor):
        assert [event.type for event in history("organization", organization.id)] == ["organization.created"]


def test_an_invitation_is_sent_once_and_joins_once(db, sent_to):
    organization = an_organization()
    owner = owner_of(organization)
    invitation, token = actions.invite("Ines@town.example", "dispatcher", by=owner, at=AT)
    for _ in range(2):
        jobs.send_invitation(organization.id, invitation.id)
    [sent] = inbox.read(sent_to)
    assert sent["to"] == "ines@town.example"
    assert f"/invitation#{token}" in sent["text"]
    member = actions.accept_invitation(token, PASSWORD, "Ines", at=AT + timedelta(days=1))
    assert (member.role, member.user.email, member.user.check_password(PASSWORD)) == (
        "dispatcher",
        "ines@town.example",
        True,
    )
    with refused("invitation.accepted_already"):
        actions.accept_invitation(token, PASSWORD, "Ines", at=AT + timedelta(days=1))
    with refused("member.known_already"):
        actions.invite("ines@town.example", "viewer", by=owner, at=AT)


def test_an_invitation_is_over_after_seven_days_when_revoked_and_when_replaced(db):
    owner = owner_of(an_organization())
    _, late = actions.invite("late@town.example", "viewer", by=owner, at=AT)
    with refused("invitation.over"):
        actions.accept_invitation(late, PASSWORD, "Late", at=AT + timedelta(days=7))
    revoked, token = actions.invite("not@town.example", "viewer", by=owner, at=AT)
    actions.revoke_invitation(revoked.id, by=owner, at=AT)
    with refused("invitation.over"):
        actions.accept_invitation(token, PASSWORD, "Not", at=AT)
    _, first = actions.invite("twice@town.example", "viewer", by=owner, at=AT)
    actions.invite("twice@town.example", "dispatcher", by=owner, at=AT)
    with refused("invitation.over"):
        actions.accept_invitation(first, PASSWORD, "Twice", at=AT)
    with refused("invitation.unknown"):
        actions.accept_invitation(first[:-1] + ("0" if first[-1] != "0" else "1"), PASSWORD, "X", at=AT)


def test_nothing_of_a_refused_acceptance_stays(db):
    owner = owner_of(an_organization())
    _, token = actions.invite("weak@town.example", "viewer", by=owner, at=AT)
    with refused("password.weak"):
        actions.accept_invitation(token, "12345678", "Weak", at=AT)
    assert not User.objects.filter(email="weak@town.example").exists()
    actions.accept_invitation(token, PASSWORD, "Strong", at=AT)


def test_a_person_of_two_organizations_keeps_the_password_and_has_two_memberships(db):
    ours, theirs = an_organization(), an_organization("Next Door")
    actor = a_member(ours, "viewer")
    before = User.objects.get(email=email_of(actor)).password
    _, token = actions.invite(email_of(actor), "owner", by=owner_of(theirs), at=AT)
    actions.accept_invitation(token, "another long password", "Eve", at=AT)
    assert User.objects.get(email=email_of(actor)).password == before
    assert {(a.organization_id, a.role) for a in who_is_email(email_of(actor))} == {
        (ours.id, Role.VIEWER),
        (theirs.id, Role.OWNER),
    }


def test_the_last_owner_stays(db):
    organization = an_organization()
    owner = owner_of(organization)
    for role, active in (("viewer", True), ("owner", False)):
        with refused("member.last_owner"):
            actions.change_member(owner.id, role, active=active, by=owner, at=AT)
    second = a_member(organization, "owner")
    member = actions.change_member(owner.id, "viewer", by=second, at=AT)
    assert (member.role, member.version) == ("viewer", 2)


def test_who_is_switched_off_is_nobody(db):
    organization = an_organization()
    viewer = a_member(organization, "viewer")
    email = email_of(viewer)
    actions.change_member(viewer.id, "viewer", active=False, by=owner_of(organization), at=AT)
    assert who_is_email(email) == []


def test_the_role_merchant_and_no_other_stands_for_a_merchant(db):
    organization = an_organization()
    owner = owner_of(organization)
    shop = a_merchant(owner)
    person = a_member(organization, "merchant", shop.id)
    assert person.merchant_id == shop.id
    for role, merchant in (("merchant", None), ("viewer", shop.id)):
        with refused("member.merchant_mismatch"):
            actions.invite("x@town.example", role, merchant, by=owner, at=AT)
    with refused("member.role_unknown"):
        actions.invite("x@town.example", "driver", by=owner, at=AT)
    stranger = a_merchant(owner_of(an_organization("Next Door")))
    with refused("merchant.not_found"):
        actions.invite("x@town.example", "merchant", stranger.id, by=owner, at=AT)
    actions.change_merchant(shop.id, {"active": False}, by=owner, at=AT)
    assert who_is_email(email_of(person)) == []


def test_settings_are_checked(db):
    organization = an_organization()
    owner = owner_of(organization)
    changed = actions.update_organization({"attempts": 3, "zone": "Europe/Paris"}, version=1, by=owner, at=AT)
    assert (changed.attempts, changed.zone, changed.version) == (3, "Europe/Paris", 2)
    with refused("organization.stale"):
        actions.update_organization({"attempts": 4}, version=1, by=owner, at=AT)
    for change in ({"attempts": 0}, {"currency": "euro"}, {"language": "xx"}, {"name": "  "}, {"phone": "1" * 21}):
        with refused("organization.setting_invalid"):
            actions.update_organization(change, by=owner, at=AT)
    with refused("zone.unknown"):
        actions.update_organization({"zone": "Mars/Base"}, by=owner, at=AT)
    with refused("organization.setting_unknown"):
        actions.update_organization({"id": "x"}, by=owner, at=AT)
    with scope(system(organization.id)):
        assert queries.organization().attempts == 3


def test_two_merchants_may_not_share_an_external_id(db):
    owner = owner_of(an_organization())
    a_merchant(owner, external_id="M1")
    with refused("merchant.external_id_taken"):
        a_merchant(owner, external_id="M1")
    a_merchant(owner_of(an_organization("Next Door")), external_id="M1")  # says nothing about the neighbor
