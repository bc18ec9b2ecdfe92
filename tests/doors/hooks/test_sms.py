"""An SMS company is believed by its signature, over the very address it was told; what it repeats counts once."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client, override_settings

from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.messaging import queries
from homestretch.web import entry
from homestretch.web.limits import Limit
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.messaging import SECRET, Post, a_post, it_is, said
from tests.town.orders import an_order
from tests.town.places import AT

HOST = "https://vans.example.com"
ROSA = {"name": "Rosa", "phone": "+352621000009", "consent": {"sms": True}}


@pytest.fixture
def post(db: Any, tmp_path: Path) -> Iterator[Post]:
    with a_post(tmp_path) as post:
        yield post


@pytest.fixture
def us(post: Post) -> Actor:
    return an_owner("Greengrocer Vans")


@pytest.fixture
def road(us: Actor, post: Post) -> Road:
    """A route whose only recipient was told of it by SMS."""
    road = a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    it_is(AT)
    return road


def calls(path: str, secret: str = SECRET, signed_for: str | None = None, **form: str) -> Any:
    """The fake company posts a form."""
    url = HOST + (signed_for or path)
    lines = [url, *(f"{name}={value}" for name, value in form.items())]
    signature = hmac.new(secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()
    return Client(enforce_csrf_checks=True).post(
        path,
        urlencode(form),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Fake-Signature": signature},
    )


def text(sender: str, words: str, ident: str = "in-1") -> dict[str, str]:
    return {"id": ident, "from": sender, "to": "+352621000000", "text": words}


def test_a_report_finds_its_message_by_the_companys_id(road: Road) -> None:
    (row,) = said(road.by)
    assert calls("/hooks/sms/fake", id=row.provider_id, state="delivered").status_code == 204
    assert said(road.by)[0].state == "delivered"
    assert calls("/hooks/sms/fake", id=row.provider_id, state="delivered").status_code == 204


def test_a_report_finds_a_message_whose_answer_was_lost_by_its_own_address(us: Actor, post: Post) -> None:
    post.faults(sms=[{"match": "*", "outcome": "unknown"}])
    a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    it_is(AT)
    (row,), (entry,) = said(us), post.taken()
    path = f"/hooks/sms/fake/{us.organization_id}/{entry['key']}"
    assert row.state == "unknown"
    assert calls(path, id=entry["provider_id"], state="failed", code="30003").status_code == 204
    assert (said(us)[0].state, said(us)[0].why) == ("failed", "30003")


def test_stop_by_the_common_address_and_by_the_organizations_own(road: Road) -> None:
    assert calls("/hooks/sms/fake/", **text(ROSA["phone"], "STOP")).status_code == 204
    path = f"/hooks/sms/fake/{road.by.organization_id}"
    assert calls(path, **text(ROSA["phone"], "START", "in-2")).status_code == 204
    with scope(road.by):
        assert [row.meaning for row in queries.heard().order_by("id")] == ["stop", "start"]


def test_a_stop_to_a_number_that_two_share_is_heard_by_both(road: Road) -> None:
    other = an_owner("Next Door Vans")
    an_order(other, 1, recipient=ROSA)
    calls("/hooks/sms/fake", **text(ROSA["phone"], "STOP"))
    for by in (road.by, other):
        with scope(by):
            assert queries.heard().count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "a guess"},
        {"secret": ""},
        {"signed_for": "/hooks/sms/fake/elsewhere"},
    ],
)
def test_what_is_not_signed_is_not_believed(road: Road, wrong: dict[str, str]) -> None:
    answer = calls("/hooks/sms/fake", **wrong, **text(ROSA["phone"], "STOP"))
    assert answer.status_code == 403
    assert answer.json()["code"] == "callback.forbidden"
    with scope(road.by):
        assert queries.heard().count() == 0


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/hooks/sms/fake", {"state": "sent"}, 400),
        ("/hooks/sms/fake", {"id": "x", "state": "eaten"}, 400),
        ("/hooks/sms/twilio", {"id": "x", "state": "sent"}, 404),
        (f"/hooks/sms/fake/{uuid7()}", {"id": "x", "state": "sent"}, 204),
    ],
)
def test_what_is_not_understood(us: Actor, path: str, form: dict[str, str], status: int) -> None:
    assert calls(path, **form).status_code == status


def test_only_posts_are_taken(us: Actor) -> None:
    assert Client().get("/hooks/sms/fake").status_code == 405


def test_a_report_as_twilio_signs_it(us: Actor, post: Post) -> None:
    a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    it_is(AT)
    (row,) = said(us)
    path = f"/hooks/sms/twilio/{us.organization_id}/{row.id}"
    form = {"MessageSid": row.provider_id, "MessageStatus": "delivered", "To": ROSA["phone"]}
    signed = HOST + path + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.new(b"token", signed.encode(), hashlib.sha1).digest()).decode()
    options = {"account_sid": "AC1", "auth_token": "token", "sender": "+352621000000", "status_callback": ""}
    with override_settings(HOMESTRETCH_PROVIDERS={**post.providers(), "sms": ("twilio", options)}):
        answer = Client().post(
            path,
            urlencode(form),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature},
        )
    assert answer.status_code == 204
    assert said(us)[0].state == "delivered"


def test_only_what_is_not_signed_is_limited(us: Actor, monkeypatch: Any) -> None:
    monkeypatch.setattr(entry, "PER_ADDRESS", Limit("address", 0.01, 60))  # a simulated clock widens it 600 times
    monkeypatch.setattr(entry, "FAILED", Limit("failed", 0.005, 60))
    report = {"id": "nobody's", "state": "delivered"}
    assert [calls("/hooks/sms/fake", **report).status_code for _ in range(20)] == [204] * 20
    guesses = [calls("/hooks/sms/fake", secret="a guess", **report) for _ in range(4)]
    assert [answer.status_code for answer in guesses] == [403, 403, 403, 429]
    assert int(guesses[3]["Retry-After"]) > 0
    assert calls("/hooks/sms/fake", **report).status_code == 204
