"""Plans through the API: asked, solved, looked at, changed by hand with a key, refused on an old revision."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from tests.town.accounts import a_key, an_organization, bearing, owner_of
from tests.town.fleet import DAY, a_fleet
from tests.town.orders import orders
from tests.work import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Actor:
    """The owner of a town with six orders and two vehicles."""
    owner = owner_of(an_organization())
    a_fleet(owner, vehicles=2)
    orders(owner, 6)
    return owner


@pytest.fixture
def program(by: Actor) -> Client:
    """A program that may plan."""
    return bearing(a_key(by, "plans:read", "plans:write"))


def post(client: Client, path: str, body: dict[str, Any] | None = None, key: str | None = None) -> Any:
    """A keyed POST."""
    headers = {"Idempotency-Key": key or str(uuid7())}
    return client.post(f"/api/v1/plans{path}", body or {}, content_type="application/json", headers=headers)


def a_plan(program: Client) -> str:
    """The id of a solved plan."""
    made = post(program, "", {"day": DAY.isoformat(), "seconds": 1})
    assert made.status_code == 201, made.content
    run_jobs()
    return str(made.json()["id"])


def test_a_plan_is_asked_for_once_however_often_the_request_comes(program: Client) -> None:
    key, body = str(uuid7()), {"day": DAY.isoformat(), "seconds": 1}
    first, second = post(program, "", body, key), post(program, "", body, key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true"
    assert len(program.get("/api/v1/plans").json()["items"]) == 1


def test_its_revision_shows_routes_with_times(program: Client) -> None:
    plan = a_plan(program)
    shown = program.get(f"/api/v1/plans/{plan}").json()
    assert (shown["state"], shown["search"]["state"]) == ("ready", "done")
    revision = program.get(f"/api/v1/plans/{plan}/revision").json()
    assert sum(len(route["stops"]) for route in revision["routes"]) == 6
    assert revision["rung"] == "great_circle"


def test_a_plan_says_how_sure_it_is(program: Client) -> None:
    plan = a_plan(program)
    said = program.get(f"/api/v1/plans/{plan}/odds").json()
    revision = program.get(f"/api/v1/plans/{plan}/revision").json()
    planned = {stop["visit"] for route in revision["routes"] for stop in route["stops"]}
    assert {stop["visit"] for route in said["routes"] for stop in route["stops"]} == planned
    assert said["stops"] == 6
    assert said["kept"] == pytest.approx(sum(stop["on_time"] for route in said["routes"] for stop in route["stops"]))
    assert program.get(f"/api/v1/plans/{plan}/odds", {"number": 9}).status_code == 404
    stranger = bearing(a_key(owner_of(an_organization("Next door")), "plans:read"))
    assert stranger.get(f"/api/v1/plans/{plan}/odds").status_code == 404


def test_a_plan_is_asked_for_on_times_that_hold_on_more_days(program: Client) -> None:
    made = post(program, "", {"day": DAY.isoformat(), "seconds": 1, "quantile": 80})
    run_jobs()
    revision = program.get(f"/api/v1/plans/{made.json()['id']}/revision").json()
    assert revision["margin"]["quantile"] == 80
    assert revision["margin"]["ways"] > 1_000 < revision["margin"]["services"]
    assert program.get(f"/api/v1/plans/{a_plan(program)}/revision").json()["margin"] is None
    for quantile, code in ((30, "plan.quantile_invalid"), (96, "request.invalid")):
        said = post(program, "", {"day": DAY.isoformat(), "quantile": quantile})
        assert (said.status_code, said.json()["code"], said.json()["field"]) == (422, code, "quantile")


def test_a_stop_is_taken_off_offered_places_and_put_back(program: Client) -> None:
    plan = a_plan(program)
    route = program.get(f"/api/v1/plans/{plan}/revision").json()["routes"][0]
    visit = route["stops"][0]["visit"]
    off = post(program, f"/{plan}/move", {"revision": 1, "visit": visit, "shift_id": None})
    assert [left["visit"] for left in off.json()["unassigned"]] == [visit]
    why = program.get(f"/api/v1/plans/{plan}/why", {"visit": visit}).json()
    assert (why["reasons"][0]["code"], why["relaxations"], why["elsewhere"]) == ("lower_priority", [], None)
    options = program.get(f"/api/v1/plans/{plan}/insertions", {"visit": visit}).json()["options"]
    best = options[0]
    place = {"shift_id": best["shift"], "position": best["position"]}
    back = post(program, f"/{plan}/move", {"revision": 2, "visit": visit, **place})
    assert back.json()["unassigned"] == []
    undone = post(program, f"/{plan}/undo", {"revision": 3})
    assert undone.json()["revision"] == 4
    assert [left["visit"] for left in undone.json()["unassigned"]] == [visit]
    assert post(program, f"/{plan}/redo", {"revision": 4}).json()["assigned"] == [visit]


def test_an_old_revision_is_a_conflict(program: Client) -> None:
    plan = a_plan(program)
    answer = post(program, f"/{plan}/undo", {"revision": 7})
    assert answer.status_code == 409
    assert answer.json()["code"] == "plan.revision_conflict"
    assert answer["Content-Type"] == "application/problem+json"


def test_a_key_that_may_only_read_does_not_plan(by: Actor) -> None:
    reader = bearing(a_key(by, "plans:read"))
    assert post(reader, "", {"day": DAY.isoformat()}).status_code == 403


def test_a_day_without_shifts_is_refused_with_a_remedy() -> None:
    owner = owner_of(an_organization())
    program = bearing(a_key(owner, "plans:write"))
    answer = post(program, "", {"day": DAY.isoformat()})
    assert answer.status_code == 422
    assert answer.json()["code"] == "plan.no_shifts"
    assert answer.json()["remedy"]
