"""Who may enter: each way to ask, each kind of principal, and nobody by a way around the second factor."""

from __future__ import annotations

import logging

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from homestretch.accounts import actions
from homestretch.accounts.models import ApiKey, User
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, Kind, Role
from homestretch.kernel.ids import uuid7
from homestretch.web import entry
from homestretch.web.entry import READ, WRITE, Entry
from tests.town.accounts import (
    AT,
    PASSWORD,
    a_key,
    a_link,
    a_member,
    a_merchant,
    a_phone,
    a_tracker,
    an_organization,
    bearing,
    email_of,
    owner_of,
    person_of,
    signed_in,
)

ME = "/api/v1/auth/me"
ORGANIZATION = "/api/v1/organization"
LOGIN = "/_allauth/app/v1/auth/login"


@pytest.fixture
def owner(db) -> Actor:
    return owner_of(an_organization())


@pytest.fixture
def with_password(db) -> Actor:
    organization = an_organization()
    _, token = actions.invite("pia@town.example", "owner", by=owner_of(organization), at=AT)
    actions.accept_invitation(token, PASSWORD, "Pia", at=AT)
    return person_of("pia@town.example", organization.id)


def log_in(client: Client, password: str = PASSWORD):
    return client.post(LOGIN, {"email": "pia@town.example", "password": password}, content_type="application/json")


def test_everybody_is_seen_as_who_they_are(owner):
    driver, order = uuid7(), uuid7()
    for client, expected in (
        (signed_in(owner), {"kind": "person", "role": "owner"}),
        (bearing(a_key(owner, "orders:read")), {"kind": "key", "role": None}),
        (bearing(a_phone(owner, driver)), {"kind": "driver", "role": "driver", "driver_id": str(driver)}),
        (bearing(a_tracker(owner, uuid7())), {"kind": "device"}),
        (bearing(a_link(owner, order)), {"kind": "link", "order_id": str(order)}),
    ):
        answer = client.get(ME)
        if expected["kind"] == "key":
            assert answer.status_code == 403, "no key is let in where none is declared"
            continue
        assert answer.status_code == 200, answer.content
        assert expected.items() <= answer.json().items()
        assert answer.json()["organization_id"] == str(owner.organization_id)


@pytest.mark.parametrize(
    "header", ["Bearer hsk_" + "0" * 48, "Bearer hst_" + "f" * 64, "Bearer nonsense", "Basic eDp5", "Bearer "]
)
def test_a_credential_that_opens_nothing_is_nobody(db, client, header):
    answer = client.get(ME, headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "auth.unauthenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_bad_credential_is_not_helped_by_a_good_session(owner):
    answer = signed_in(owner).get(ME, headers={"Authorization": "Bearer hsk_" + "0" * 48})
    assert answer.status_code == 401


def test_an_entry_lets_in_whom_it_names_and_nobody_else():
    def actor(kind, role=None, scopes=(), merchant=None):
        return Actor(kind, uuid7(), uuid7(), role, frozenset(scopes), merchant_id=merchant)

    shop = uuid7()
    people = {role: actor(Kind.PERSON, role, merchant=shop if role is Role.MERCHANT else None) for role in Role}
    key, shop_key = actor(Kind.KEY, scopes=["orders:read"]), actor(Kind.KEY, scopes=["orders:read"], merchant=shop)
    devices = [actor(Kind.DRIVER, Role.DRIVER), actor(Kind.DEVICE), actor(Kind.LINK)]
    everybody = [*people.values(), key, shop_key, *devices, actor(Kind.SYSTEM)]

    def let_in(who: Entry) -> list[Actor]:
        return [asker for asker in everybody if who.lets_in(asker)]

    staff = [people[Role.OWNER], people[Role.DISPATCHER], people[Role.VIEWER]]
    assert let_in(READ("orders")) == [*staff, key]
    assert let_in(READ("orders", merchant=True)) == [*staff, people[Role.MERCHANT], key, shop_key]
    assert let_in(WRITE("orders")) == staff[:2], "the scope orders:read is not orders:write"
    assert let_in(entry.OWN("orders")) == staff[:1]
    assert let_in(entry.DRIVER) == devices[:1]
    assert let_in(entry.TRACKER) == devices[1:2]
    assert let_in(entry.LINK) == devices[2:]
    assert let_in(Entry()) == []
    with pytest.raises(ValueError, match="no area"):
        READ("secrets")


def test_a_role_that_may_not_is_refused_and_logged(owner, caplog):
    viewer = a_member_of(owner, "viewer")
    with caplog.at_level(logging.WARNING, logger="homestretch.denied"):
        answer = signed_in(viewer).patch(ORGANIZATION, {"attempts": 3}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.forbidden")
    [line] = [record for record in caplog.records if record.name == "homestretch.denied"]
    assert (line.code, line.asker, line.request_id) == ("auth.forbidden", str(viewer), answer["X-Request-ID"])


def a_member_of(owner: Actor, role: str) -> Actor:
    with scope(owner):
        from homestretch.accounts import queries

        organization = queries.organization()
    return a_member(organization, role)


def test_a_change_by_cookie_needs_the_forms_token(owner):
    client = signed_in(owner, enforce_csrf_checks=True)
    answer = client.patch(ORGANIZATION, {"attempts": 3}, content_type="application/json", headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf.forbidden")
    client.get("/accounts/password/reset/")
    token = client.cookies["csrf"].value
    headers = {"If-Match": '"1"', "X-CSRFToken": token}
    assert (
        client.patch(ORGANIZATION, {"attempts": 3}, content_type="application/json", headers=headers).status_code == 200
    )


def test_a_key_is_marked_as_used(owner):
    entry._touched.clear()
    secret = a_key(owner, "organization:read")
    assert bearing(secret).get(ORGANIZATION).status_code == 200
    with scope(owner):
        assert ApiKey.objects.get().last_used_at is not None


def test_an_app_signs_in_by_password_and_shows_its_session(with_password):
    client = Client()
    assert log_in(client, "wrong").status_code == 400
    token = log_in(client).json()["meta"]["session_token"]
    me = Client(headers={"X-Session-Token": token})
    assert me.get(ME).json()["id"] == str(with_password.id)
    change = me.patch(ORGANIZATION, {"attempts": 4}, content_type="application/json", headers={"If-Match": '"1"'})
    assert change.status_code == 200, "a session's token in a header needs no form's token"
    assert Client(headers={"X-Session-Token": token + "x"}).get(ME).status_code == 401


def test_the_second_factor_is_not_skipped(with_password, settings):
    user = User.objects.get(email="pia@town.example")
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client = Client()
    first = log_in(client)
    assert first.status_code == 401
    assert "mfa_authenticate" in [flow["id"] for flow in first.json()["data"]["flows"] if flow.get("is_pending")]
    token = first.json()["meta"]["session_token"]
    half = Client(headers={"X-Session-Token": token})
    assert half.get(ME).status_code == 401, "the password alone opens nothing"
    assert client.get(ME).status_code == 401
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    second = half.post("/_allauth/app/v1/auth/2fa/authenticate", {"code": code}, content_type="application/json")
    assert second.status_code == 200, second.content
    token = second.json()["meta"].get("session_token", token)
    assert Client(headers={"X-Session-Token": token}).get(ME).status_code == 200


def test_where_it_is_required_staff_without_a_second_factor_stay_out(with_password, settings):
    settings.HOMESTRETCH_SECOND_FACTOR = True
    client = signed_in(with_password)
    assert (client.get(ME).status_code, client.get(ME).json()["code"]) == (403, "second_factor.forbidden")
    TOTP.activate(User.objects.get(email="pia@town.example"), generate_totp_secret())
    assert client.get(ME).status_code == 200


def test_nobody_signs_up(db, client):
    form = {"email": "new@town.example", "password": PASSWORD}
    for base in ("app", "browser"):
        answer = client.post(f"/_allauth/{base}/v1/auth/signup", form, content_type="application/json")
        assert answer.status_code == 403
    client.post("/accounts/signup/", {"email": "new@town.example", "password1": PASSWORD})
    assert not User.objects.filter(email="new@town.example").exists()


def test_a_person_of_several_organizations_says_which(db):
    ours, theirs = an_organization(), an_organization("Next Door")
    actor = a_member(ours, "viewer")
    _, token = actions.invite(email_of(actor), "dispatcher", by=owner_of(theirs), at=AT)
    actions.accept_invitation(token, PASSWORD, "Eve", at=AT)
    client = signed_in(actor)
    session = client.session
    del session["organization"]
    session.save()
    assert (client.get(ME).status_code, client.get(ME).json()["code"]) == (409, "organization.conflict")
    for organization, role in ((ours, "viewer"), (theirs, "dispatcher")):
        answer = client.get(ME, headers={"X-Organization": str(organization.id)})
        assert (answer.json()["organization_id"], answer.json()["role"]) == (str(organization.id), role)
    stranger = an_organization("Far Away")
    for wanted in (stranger.id, uuid7(), "nonsense"):
        assert client.get(ME, headers={"X-Organization": str(wanted)}).status_code == 403
    choose = "/api/v1/auth/organization"
    body = {"organization_id": str(stranger.id)}
    assert client.put(choose, body, content_type="application/json").status_code == 403
    assert client.put(choose, {"organization_id": str(theirs.id)}, content_type="application/json").status_code == 200
    assert client.get(ME).json()["organization_id"] == str(theirs.id)


def test_a_merchants_person_sees_one_merchant(owner):
    shop, other = a_merchant(owner), a_merchant(owner, "Other")
    with scope(owner):
        from homestretch.accounts import queries

        organization = queries.organization()
    client = signed_in(a_member(organization, "merchant", shop.id))
    assert [item["id"] for item in client.get("/api/v1/merchants").json()["items"]] == [str(shop.id)]
    foreign, missing = (client.get(f"/api/v1/merchants/{ident}") for ident in (other.id, uuid7()))
    assert foreign.status_code == missing.status_code == 404
    said = [{**answer.json(), "request_id": ""} for answer in (foreign, missing)]
    assert said[0] == said[1]
