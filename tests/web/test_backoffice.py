"""The back office: for owners who are staff, behind the sign-in with its second factor, in one organization."""

from __future__ import annotations

import pytest

from homestretch.accounts.models import User
from tests.town.accounts import a_key, a_member, a_merchant, an_organization, email_of, owner_of, signed_in

MERCHANTS = "/admin/accounts/merchant/"


@pytest.fixture
def ours(db):
    organization = an_organization()
    owner = owner_of(organization)
    User.objects.filter(email=email_of(owner)).update(is_staff=True)
    return organization


def test_an_owner_who_is_staff_sees_the_own_rows_alone(ours):
    owner = owner_of(ours)
    a_merchant(owner, "Bloom & Co")
    a_merchant(owner_of(an_organization("Next Door")), "Strangers Ltd")
    page = signed_in(owner).get(MERCHANTS)
    assert page.status_code == 200
    assert b"Bloom &amp; Co" in page.content
    assert b"Strangers" not in page.content


def test_nothing_can_be_changed_where_an_action_exists(ours):
    owner = owner_of(ours)
    merchant = a_merchant(owner)
    client = signed_in(owner)
    assert client.get(f"{MERCHANTS}{merchant.id}/change/").status_code == 200
    assert client.get(f"{MERCHANTS}add/").status_code == 403
    assert client.post(f"{MERCHANTS}{merchant.id}/change/", {"name": "X"}).status_code == 403
    assert client.post(f"{MERCHANTS}{merchant.id}/delete/", {"post": "yes"}).status_code == 403


def test_a_strangers_row_is_as_good_as_missing(ours):
    stranger = a_merchant(owner_of(an_organization("Next Door")))
    client = signed_in(owner_of(ours))
    assert client.get(f"{MERCHANTS}{stranger.id}/change/").status_code == 302


def test_no_hash_is_shown(ours):
    owner = owner_of(ours)
    a_key(owner)
    client = signed_in(owner)
    page = client.get("/admin/accounts/apikey/")
    assert b"hsk_" in page.content
    for form in client.get("/admin/accounts/apikey/").context["cl"].result_list:
        assert b"hash" not in client.get(f"/admin/accounts/apikey/{form.id}/change/").content.lower()


def test_everybody_else_is_sent_to_the_sign_in_that_asks_the_second_factor(ours, client):
    assert client.get("/admin/").url.startswith("/accounts/login/") or "/admin/login/" in client.get("/admin/").url
    login = client.get("/admin/login/?next=/admin/")
    assert login.status_code == 302, "Django's own form, which asks for no second factor, is never shown"
    assert login.url.startswith("/accounts/login/")
    dispatcher = a_member(ours, "dispatcher")
    User.objects.filter(email=email_of(dispatcher)).update(is_staff=True)
    for actor in (dispatcher, a_member(ours, "owner")):
        assert signed_in(actor).get(MERCHANTS).status_code in (302, 403)
