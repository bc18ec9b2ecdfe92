"""Whereabouts, forecasts and traces over the API: the right key, the wrong one, next door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from homestretch.accounts import actions as accounts
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.ids import uuid7
from homestretch.tracking import actions
from tests.town.dispatch import a_road, an_owner
from tests.town.places import AT, SQUARE
from tests.town.tracking import bring, halt, on_duty


def asks(by: Actor, *scopes: str) -> Any:
    """A program of the organization: a function from address to answer."""
    _, secret = accounts.create_key("test", scopes, by=by, at=AT)
    return lambda path: Client().get(f"/api/v1/tracking{path}", headers={"authorization": f"Bearer {secret}"})


@pytest.fixture
def road(db: Any) -> Any:
    """A started route that was heard at a minute past."""
    made = a_road(an_owner())
    phone, _ = on_duty(made)
    made.start()
    by, at = system(made.by.organization_id), AT + timedelta(minutes=1)
    bring(made.by, phone, halt(SQUARE, AT, seconds=60), now=at)
    actions.follow(made.route_id, by=by, at=at)
    actions.reforecast(made.route_id, by=by, at=at)
    return made


def test_vehicles_forecasts_and_the_trace(road: Any) -> None:
    get = asks(road.by, "tracking:read")
    (vehicle,) = get("/vehicles").json()["items"]
    assert (vehicle["route_id"], vehicle["at"]) == (str(road.route_id), "2026-11-23T07:01:00Z")
    items = get(f"/routes/{road.route_id}/forecasts").json()["items"]
    assert [item["stop_id"] for item in items] == [str(stop.id) for stop in road.stops]
    assert all(item["p10"] <= item["p50"] <= item["p90"] for item in items)
    trace = get(f"/routes/{road.route_id}/positions").json()
    assert len(trace["items"]) == 13
    assert trace["driven_m"] == vehicle["driven_m"]
    later = get(f"/routes/{road.route_id}/positions?after=2026-11-23T07:00:50Z").json()["items"]
    assert [item["at"] for item in later] == ["2026-11-23T07:00:55Z", "2026-11-23T07:01:00Z"]


def test_next_door_finds_nothing_and_what_is_missing_looks_the_same(road: Any) -> None:
    get = asks(an_owner("Next Door"), "tracking:read")
    assert get("/vehicles").json() == {"items": []}
    for part in ("forecasts", "positions"):
        foreign, missing = get(f"/routes/{road.route_id}/{part}"), get(f"/routes/{uuid7()}/{part}")
        assert foreign.status_code == missing.status_code == 404
        assert foreign.json()["code"] == missing.json()["code"] == "route.not_found"


def test_another_scope_does_not_open(road: Any) -> None:
    assert asks(road.by, "orders:read")("/vehicles").status_code == 403
