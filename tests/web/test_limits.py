"""Rate limits count for every process, and Retry-After is true."""

from __future__ import annotations

import math

import pytest
from django.db import connection
from django.test import Client

from homestretch.accounts import actions as accounts
from homestretch.kernel.refusal import Refusal
from homestretch.web import limits
from homestretch.web.limits import Limit, take, used_up
from tests.town.accounts import a_key, an_organization, bearing, owner_of
from tests.town.fleet import a_driver
from tests.town.places import AT

THREE = Limit("three", 3, 60)


def let_pass(seconds: float) -> None:
    """As if so many seconds went by."""
    with connection.cursor() as cursor:
        cursor.execute("update web_allowance set free_at = free_at - %s * interval '1 second'", [seconds])


def test_the_fourth_of_three_waits_exactly_as_long_as_it_is_told(db):
    for _ in range(3):
        take(THREE, "caller")
    take(THREE, "another caller")
    assert used_up(THREE, "caller")
    assert not used_up(THREE, "another caller")
    with pytest.raises(Refusal) as caught:
        take(THREE, "caller")
    wait = caught.value.details["retry_after"]
    assert 19 <= wait <= 20
    let_pass(wait - 1.5)
    with pytest.raises(Refusal) as caught:
        take(THREE, "caller")
    assert caught.value.details["retry_after"] <= math.ceil(1.5)
    let_pass(1.5)
    take(THREE, "caller")
    with pytest.raises(Refusal):
        take(THREE, "caller")


def test_limits_of_one_caller_are_apart_and_a_factor_widens_them(db, settings):
    for _ in range(3):
        take(THREE, "caller")
    take(Limit("other", 3, 60), "caller")
    settings.HOMESTRETCH_RATE = 10
    for _ in range(30):
        take(THREE, "somebody")
    with pytest.raises(Refusal):
        take(THREE, "somebody")


def test_a_key_that_asks_too_often_is_told_when_to_ask_again(db, monkeypatch):
    monkeypatch.setattr(limits, "PER_PRINCIPAL", Limit("principal", 2, 60))
    owner = owner_of(an_organization())
    busy, calm = bearing(a_key(owner, "organization:read")), bearing(a_key(owner, "organization:read"))
    statuses = [busy.get("/api/v1/organization").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = busy.get("/api/v1/organization")
    assert refused.json()["code"] == "request.rate_limited"
    assert int(refused["Retry-After"]) == refused.json()["details"]["retry_after"] > 0
    assert calm.get("/api/v1/organization").status_code == 200


def test_a_guesser_is_shut_out_by_address_and_others_are_not(db, monkeypatch):
    monkeypatch.setattr(limits, "FAILED", Limit("failed", 2, 60))
    secret = a_key(owner_of(an_organization()), "organization:read")
    guess = {"Authorization": "Bearer hsk_" + "0" * 48}
    statuses = [Client(REMOTE_ADDR="10.1.1.1").get("/api/v1/organization", headers=guess).status_code for _ in range(3)]
    assert statuses == [401, 401, 429]
    right = {"Authorization": f"Bearer {secret}"}
    assert Client(REMOTE_ADDR="10.1.1.1").get("/api/v1/organization", headers=right).status_code == 429
    assert Client(REMOTE_ADDR="10.1.1.2").get("/api/v1/organization", headers=right).status_code == 200


def test_one_time_codes_cannot_be_tried_through(db, client):
    body = {"code": "AAAAA-AAAAA"}
    statuses = [
        client.post("/api/v1/devices/claim", body, content_type="application/json").status_code for _ in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_a_depots_drivers_pair_their_phones_behind_one_address(db, client):
    owner = owner_of(an_organization())

    def claim(code: str) -> int:
        body = {"code": code}
        return client.post("/api/v1/devices/claim", body, content_type="application/json").status_code

    codes = [accounts.pair_device("phone", driver_id=a_driver(owner).id, by=owner, at=AT)[1] for _ in range(25)]
    assert {claim(code) for code in codes[:24]} == {201}
    assert [claim("AAAAA-AAAAA") for _ in range(11)] == [422] * 10 + [429]
    assert claim(codes[24]) == 429, "who guessed too often is not heard, even with a right one"


def test_the_address_is_the_proxys_word_only_behind_an_own_proxy(rf, settings):
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "6.6.6.6, 7.7.7.7"})
    settings.HOMESTRETCH_TRUSTED_PROXY = False
    assert limits.address_of(request) == "10.0.0.1"
    settings.HOMESTRETCH_TRUSTED_PROXY = True
    assert limits.address_of(request) == "7.7.7.7"
