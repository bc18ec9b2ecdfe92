"""Webhooks by API: an owner or dispatcher lets a program listen; its secret is shown once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings
from standardwebhooks import Webhook

from homestretch.events.clock import set_clock
from homestretch.events.log import history
from homestretch.events.models import IdempotencyKey
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.ids import uuid7
from homestretch.webhooks.actions import relay
from tests.providers.listener import listening
from tests.town.accounts import a_key, bearing, signed_in
from tests.town.dispatch import an_owner
from tests.town.orders import an_order
from tests.town.places import AT
from tests.work import run_jobs

JSON = "application/json"
PATH = "/api/v1/webhooks"


@pytest.fixture
def us(db: Any) -> Iterator[Actor]:
    with override_settings(HOMESTRETCH_SIMULATED_CLOCK=True, HOMESTRETCH_WEBHOOK_LOOPBACK=True):
        set_clock(AT)
        yield an_owner("Greengrocer Vans")


def post(client: Any, path: str = "", key: str = "k-1", **body: Any) -> Any:
    return client.post(f"{PATH}{path}", body, content_type=JSON, headers={"Idempotency-Key": key})


def test_an_endpoint_from_its_making_to_its_log(us: Actor) -> None:
    client = signed_in(us)
    with listening() as listener:
        made = post(client, url=listener.url, types=["order.created"])
        assert (made.status_code, made.json()["state"]) == (201, "on")
        path, secret = f"/{made.json()['id']}", made.json()["secret"]
        with scope(system(us.organization_id)):
            relay(history("order", an_order(us).id), at=AT)
        run_jobs()
        assert post(
            client, f"{path}/replay", "k-2", since="2026-11-23T06:00:00Z", until="2026-11-24T00:00:00Z"
        ).json() == {"events": 1}
        run_jobs()
        bodies = [Webhook(secret).verify(got.body, dict(got.headers)) for got in listener.received]
    assert [body["type"] for body in bodies] == ["order.created"] * 2
    log = client.get(f"{PATH}{path}/deliveries").json()["items"]
    assert [(row["replay"], row["state"], row["status"]) for row in log] == [
        (1, "delivered", 200),
        (0, "delivered", 200),
    ]
    assert client.get(f"{PATH}{path}/deliveries", {"state": "failed"}).json()["items"] == []
    assert client.get(f"{PATH}{path}/deliveries", {"state": "eaten"}).status_code == 422


def test_the_secret_is_shown_once_and_kept_nowhere(us: Actor) -> None:
    client = signed_in(us)
    made = post(client, url="https://example.com/hook")
    again = post(client, url="https://example.com/hook")
    assert again["Idempotency-Replayed"] == "true"
    assert (again.json()["id"], again.json()["secret"]) == (made.json()["id"], None)
    assert client.get(f"{PATH}/{made.json()['id']}").json()["secret"] is None
    rotated = post(client, f"/{made.json()['id']}/secret", "k-2")
    assert rotated.json()["secret"] not in (None, made.json()["secret"])
    with scope(us):
        kept = str(list(IdempotencyKey.objects.values_list("answer", flat=True)))
    assert "whsec_" not in kept


def test_a_change_says_which_version_it_saw(us: Actor) -> None:
    client = signed_in(us)
    made = post(client, url="https://example.com/hook").json()
    path = f"{PATH}/{made['id']}"
    assert client.patch(path, {"state": "off"}, content_type=JSON).status_code == 428
    assert client.patch(path, {"state": "off"}, content_type=JSON, headers={"If-Match": '"7"'}).status_code == 412
    changed = client.patch(path, {"state": "off"}, content_type=JSON, headers={"If-Match": '"1"'})
    assert (changed.json()["state"], changed["ETag"]) == ("off", '"2"')
    wrong = client.patch(path, {"state": "asleep"}, content_type=JSON, headers={"If-Match": '"2"'})
    assert wrong.json()["code"] == "endpoint.state_unknown"
    off = post(client, f"/{made['id']}/replay", "k-3", since="2026-11-23T06:00:00Z", until="2026-11-24T00:00:00Z")
    assert (off.status_code, off.json()["code"]) == (409, "endpoint.off_conflict")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "https://[::1/"}, "endpoint.url_invalid"),
        ({"url": "gopher://example.com"}, "endpoint.url_invalid"),
        ({"url": "https://example.com", "types": ["customer.made"]}, "endpoint.type_unknown"),
        ({}, "request.invalid"),
    ],
)
def test_wrong_endpoints_are_refused(us: Actor, body: dict[str, Any], code: str) -> None:
    answer = post(signed_in(us), **body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_time_without_a_zone_is_refused(us: Actor) -> None:
    client = signed_in(us)
    made = post(client, url="https://example.com/hook").json()
    span = {"since": "2026-11-23T06:00:00", "until": "2026-11-24T00:00:00"}
    assert post(client, f"/{made['id']}/replay", "k-2", **span).json()["code"] == "request.invalid"


def test_strangers_and_narrow_keys_stay_out(us: Actor) -> None:
    made = post(signed_in(us), url="https://example.com/hook").json()
    stranger = signed_in(an_owner("Next Door Vans"))
    assert stranger.get(f"{PATH}/{made['id']}").status_code == 404
    assert stranger.get(f"{PATH}/{made['id']}").json()["code"] == stranger.get(f"{PATH}/{uuid7()}").json()["code"]
    assert stranger.get(f"{PATH}/{made['id']}/deliveries").status_code == 404
    reader = bearing(a_key(us, "webhooks:read", at=AT))
    assert reader.get(PATH).status_code == 200
    assert post(reader, url="https://example.com/2").status_code == 403
    assert bearing(a_key(us, "orders:write", at=AT)).get(PATH).status_code == 403
