"""A recipient's own order as JSON: the link is the credential, and opens the own order alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from homestretch.accounts.actions import revoke_link
from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.values import StopOutcome
from tests.town.accounts import a_link, bearing, signed_in
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.messaging import a_post
from tests.town.places import AT

JSON = "application/json"


@pytest.fixture
def road(db: Any, tmp_path: Path) -> Any:
    with a_post(tmp_path):
        yield a_road(an_owner("Greengrocer Vans"), 2)


@pytest.fixture
def rosa(road: Road) -> Any:
    """The first recipient's program."""
    return bearing(a_link(road.by, road.orders[0].id, at=AT))


def say(client: Any, path: str, key: str = "k-1", **body: Any) -> Any:
    return client.post(f"/api/v1/track{path}", body, content_type=JSON, headers={"Idempotency-Key": key})


def test_the_own_order_and_no_other(road: Road, rosa: Any) -> None:
    shown = rosa.get("/api/v1/track").json()
    assert shown["order_id"] == str(road.orders[0].id)
    assert shown["status"] == "scheduled"
    assert shown["promised"] == {"start": "2026-11-23T07:00:00Z", "end": "2026-11-23T08:30:00Z"}
    assert [step["name"] for step in shown["steps"] if step["done"]] == ["received", "scheduled"]
    assert shown["channels"] == {"sms": True, "email": True}
    assert (shown["may_instruct"], shown["may_rate"], shown["van"]) == (True, False, None)


def test_instructions_rating_and_channels(road: Road, rosa: Any) -> None:
    assert say(rosa, "/instructions", text="Ring twice").json() == {"text": "Ring twice"}
    again = say(rosa, "/instructions", text="Ring twice")
    assert again["Idempotency-Replayed"] == "true"
    assert say(rosa, "/rating", "k-2", score=5).json()["code"] == "survey.too_early"
    road.start()
    dispatch.complete_stop(road.stops[0].id, StopOutcome(left_with="neighbor"), by=road.driver, at=AT)
    assert say(rosa, "/rating", "k-3", score=6).json()["code"] == "request.invalid"
    made = say(rosa, "/rating", "k-4", score=5, comment="Kind")
    assert (made.status_code, made.json()["score"]) == (201, 5)
    assert say(rosa, "/rating", "k-5", score=1).json()["code"] == "survey.submitted_already"
    assert say(rosa, "/channels", "k-6", sms=False).json() == {"channels": {"sms": False, "email": True}}
    assert rosa.get("/api/v1/track").json()["status"] == "completed"


def test_a_closed_link_and_other_people_are_kept_out(road: Road, rosa: Any) -> None:
    assert signed_in(road.by).get("/api/v1/track").status_code == 403
    revoke_link(road.orders[0].id, by=road.by, at=AT)
    assert rosa.get("/api/v1/track").status_code == 401
    assert bearing("hst_" + "0" * 64).get("/api/v1/track").status_code == 401


def test_a_link_opens_nothing_else(road: Road, rosa: Any) -> None:
    assert rosa.get("/api/v1/messages").status_code == 403
