"""Keys, links, devices: shown once, stored as hashes, nobody once revoked; four functions look past the scope."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models.functions import Now

from homestretch.accounts import actions
from homestretch.accounts.models import ApiKey, Device, TrackingLink
from homestretch.accounts.principals import who_is_device, who_is_key, who_is_link
from homestretch.events.scope import scope
from homestretch.kernel.actor import Kind, Role, system
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from tests.town.accounts import AT, a_key, a_link, a_merchant, a_phone, a_tracker, actor_of, an_organization, owner_of


@pytest.fixture
def owner(db):
    return owner_of(an_organization())


def refused(code: str) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == code)


def test_a_key_is_known_by_its_hash_until_it_is_revoked(owner):
    key, secret = actions.create_key("Shop", ["orders:read", "orders:write"], by=owner, at=AT)
    with scope(owner):
        row = ApiKey.objects.get(id=key.id)
    assert secret.startswith(row.prefix)
    assert secret not in str(row.__dict__)
    actor = who_is_key(secret)
    assert (actor.kind, actor.id, actor.scopes) == (Kind.KEY, key.id, {"orders:read", "orders:write"})
    for _ in range(2):
        assert actions.revoke_key(key.id, by=owner, at=AT).version == 2
    assert who_is_key(secret) is None


def test_a_key_ends_when_it_says(owner):
    with refused("key.expiry_passed"):
        actions.create_key("Old", ["orders:read"], None, AT, by=owner, at=AT)
    _, secret = actions.create_key(
        "Brief", ["orders:read"], None, AT - timedelta(days=30), by=owner, at=AT - timedelta(60)
    )
    assert who_is_key(secret) is None
    for scopes in ([], ["orders:all"]):
        with refused("key.scope_unknown"):
            actions.create_key("Odd", scopes, by=owner, at=AT)


def test_a_merchants_key_is_the_merchants(owner):
    shop = a_merchant(owner)
    secret = a_key(owner, "orders:read", merchant_id=shop.id)
    assert (actor_of(secret).merchant_id, actor_of(secret).role) == (shop.id, Role.MERCHANT)
    actions.change_merchant(shop.id, {"active": False}, by=owner, at=AT)
    assert actor_of(secret) is None


def test_a_link_is_the_same_whenever_it_is_shown_and_another_after_it_was_revoked(owner):
    order = uuid7()
    token = a_link(owner, order)
    assert token == a_link(owner, order)
    assert len(token) == len("hst_") + 64
    assert actor_of(token).order_id == order
    actions.revoke_link(order, by=owner, at=AT)
    assert who_is_link(token) is None
    again = a_link(owner, order)
    assert again != token
    assert who_is_link(token) is None
    assert actor_of(again).order_id == order
    with scope(owner):
        link = TrackingLink.objects.get(order_id=order)
        link.expires_at = AT - timedelta(days=400)
        link.save()
    assert who_is_link(again) is None
    with refused("link.not_found"):
        actions.revoke_link(uuid7(), by=owner, at=AT)


def test_a_code_is_good_once_and_for_fifteen_minutes(owner):
    driver = uuid7()
    device, code = actions.pair_device("phone", driver_id=driver, by=owner, at=AT)
    claimed, token = actions.claim_device(code.lower().replace("0", "o").replace("-", " "), at=AT)
    assert claimed.id == device.id
    asks = actor_of(token)
    assert (asks.kind, asks.driver_id, asks.device_id) == (Kind.DRIVER, driver, device.id)
    with refused("device.code_invalid"):
        actions.claim_device(code, at=AT)
    _, late = actions.pair_device("phone", driver_id=driver, by=owner, at=AT)
    with scope(owner):
        Device.objects.exclude(pairing_hash=None).update(pairing_expires_at=Now() - timedelta(seconds=1))
    with refused("device.code_invalid"):
        actions.claim_device(late, at=AT)
    actions.revoke_device(device.id, by=owner, at=AT)
    assert who_is_device(token) is None


def test_a_code_opens_nothing_by_itself(owner):
    _, code = actions.pair_device("phone", driver_id=uuid7(), by=owner, at=AT)
    assert who_is_device(code) is None


def test_a_phone_is_a_drivers_a_tracker_a_vehicles(owner):
    for kind, driver, vehicle in (("phone", None, uuid7()), ("tracker", uuid7(), None), ("phone", uuid7(), uuid7())):
        with refused("device.owner_mismatch"):
            actions.pair_device(kind, driver_id=driver, vehicle_id=vehicle, by=owner, at=AT)
    assert actor_of(a_phone(owner, uuid7())).kind is Kind.DRIVER
    assert actor_of(a_tracker(owner, uuid7())).kind is Kind.DEVICE


def test_what_is_the_neighbors_is_missing(owner):
    neighbor = owner_of(an_organization("Next Door"))
    key, _ = actions.create_key("Theirs", ["orders:read"], by=neighbor, at=AT)
    device, _ = actions.pair_device("phone", driver_id=uuid7(), by=neighbor, at=AT)
    for verb, ident, kind in ((actions.revoke_key, key.id, "key"), (actions.revoke_device, device.id, "device")):
        said = []
        for candidate in (ident, uuid7()):
            with refused(f"{kind}.not_found") as caught:
                verb(candidate, by=owner, at=AT)
            said.append((str(caught.value), caught.value.remedy, caught.value.details))
        assert said[0] == said[1]


def test_four_functions_and_no_more_look_past_the_scope(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.proname, p.proconfig, has_function_privilege('public', p.oid, 'execute')"
            " from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
            " where p.prosecdef and n.nspname = 'public' and p.proname like 'who\\_is\\_%' order by 1"
        )
        rows = cursor.fetchall()
    assert [name for name, _, _ in rows] == ["who_is_device", "who_is_email", "who_is_key", "who_is_link"]
    for _, settings, public in rows:
        assert settings == ["search_path=pg_catalog, public, pg_temp"]
        assert not public


def test_no_principal_can_be_listed(db):
    by = owner_of(an_organization())
    a_key(by)
    a_link(by, uuid7())
    a_tracker(by, uuid7())
    for table in ("accounts_apikey", "accounts_device", "accounts_trackinglink", "accounts_membership"):
        with pytest.raises(Exception, match="no scope"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"select * from {table}")
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("alter function who_is_key(bytea) security invoker")


def test_the_systems_actor_sees_no_neighbors_link(owner):
    order = uuid7()
    a_link(owner, order)
    neighbor = an_organization("Next Door")
    with scope(system(neighbor.id)):
        assert TrackingLink.objects.count() == 0
