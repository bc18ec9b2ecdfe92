"""The board of a day in one answer: what is planned, what runs, what is left; as many queries whatever its size."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from homestretch.accounts import queries as accounts
from homestretch.dispatch import actions as dispatch
from homestretch.doors.api.board.shown import BoardOut, BoardRoutesOut
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.plans import actions as plans
from tests.town.accounts import a_key, a_member, an_organization, bearing, owner_of, signed_in
from tests.town.dispatch import a_road
from tests.town.fleet import DAY, a_fleet
from tests.town.orders import an_order, orders
from tests.town.places import AT
from tests.work import run_jobs

pytestmark = pytest.mark.django_db


def a_town(count: int = 6, vehicles: int = 2) -> tuple[Actor, Client]:
    """An owner with orders and vehicles, and a program that may plan."""
    owner = owner_of(an_organization())
    a_fleet(owner, vehicles=vehicles)
    orders(owner, count)
    return owner, bearing(a_key(owner, "plans:read", "plans:write", "routes:read", "routes:write"))


def organization_of(by: Actor) -> Any:
    """The organization of somebody."""
    with scope(by):
        return accounts.organization()


def board(client: Client, **more: Any) -> dict[str, Any]:
    """The board of the day, held against its own schema."""
    answer = client.get("/api/v1/board", {"day": DAY.isoformat(), **more})
    assert answer.status_code == 200, answer.content
    BoardOut.model_validate_json(answer.content)
    return dict(answer.json())


def solved(by: Actor) -> str:
    """The id of a plan of the day, solved."""
    plan = plans.ask(DAY, [], options={"seconds": 1}, by=by, at=AT)
    run_jobs()
    return str(plan.id)


def test_a_day_without_a_plan_shows_who_works_and_what_waits() -> None:
    _, program = a_town()
    shown = board(program)
    assert (shown["plan"], shown["routes"], shown["stops"]) == (None, [], [])
    assert (len(shown["shifts"]), len(shown["unassigned"]), len(shown["depots"])) == (2, 6, 1)
    assert {left["visit"] for left in shown["unassigned"]} == {None}
    assert shown["unassigned"][0]["orders"][0].startswith("A-")


def test_a_plan_is_shown_with_its_times_places_and_names() -> None:
    owner, program = a_town()
    plan = solved(owner)
    an_order(owner, 7)  # after the plan was asked for
    shown = board(program)
    revision = program.get(f"/api/v1/plans/{plan}/revision").json()
    stops = {stop["id"]: stop for stop in shown["stops"]}
    assert shown["plan"]["id"] == plan
    assert {r["shift_id"]: r["stops"] for r in shown["routes"]} == {
        r["shift_id"]: [s["visit"] for s in r["stops"]] for r in revision["routes"]
    }
    for route in revision["routes"]:
        for stop in route["stops"]:
            assert [stops[stop["visit"]][key] for key in ("arrive", "start", "leave", "late_s")] == [
                stop[key] for key in ("arrive", "start", "leave", "late_s")
            ]
    assert {order for stop in stops.values() for order in stop["orders"]} == {f"A-{n}" for n in range(1, 7)}
    assert [left["orders"] for left in shown["unassigned"]] == [["A-7"]]
    assert stops[shown["routes"][0]["stops"][0]]["address"].startswith("Mill Lane")


def test_what_is_on_the_road_is_shown_as_it_drives() -> None:
    owner, program = a_town(0)
    road = a_road(owner, 3).start()
    shown = board(program)
    (route,) = shown["routes"]
    assert (route["route_id"], route["state"], route["driven"]) == (
        str(road.route_id),
        "started",
        {"done": 0, "failed": 0, "total": 3},
    )
    assert route["stops"] == [str(stop.id) for stop in road.stops]
    assert all(stop["promise"] is None or len(stop["promise"]) == 2 for stop in shown["stops"])
    assert all(stop["tasks"][0]["order"] for stop in shown["stops"])


def test_a_foreign_plan_is_not_found_and_nobody_sees_the_neighbors_day() -> None:
    owner, _ = a_town()
    plan = solved(owner)
    stranger = bearing(a_key(owner_of(an_organization("Next Door")), "plans:read"))
    for ident in (plan, str(uuid7())):
        answer = stranger.get("/api/v1/board", {"day": DAY.isoformat(), "plan_id": ident})
        assert (answer.status_code, answer.json()["code"]) == (404, "plan.not_found")
    assert board(stranger)["shifts"] == []


def queries_of(count: int, vehicles: int) -> int:
    """How many queries the board of a day takes, planned and with one route on the road."""
    owner, program = a_town(count, vehicles)
    solved(owner)
    a_road(owner, count // 3, first_number=count + 1).start()
    board(program)  # what is read once and kept
    with CaptureQueriesContext(
        connection,
    ) as caught:
        board(program)
    return len(caught)


def test_a_larger_day_takes_as_many_queries_as_a_small_one() -> None:
    assert queries_of(3, 1) == queries_of(15, 3)


def test_what_has_not_changed_is_not_sent_again_and_takes_few_queries() -> None:
    owner, program = a_town()
    solved(owner)
    road = a_road(owner, 2, first_number=8).start()
    first = program.get("/api/v1/board", {"day": DAY.isoformat()})
    seen = {"HTTP_IF_NONE_MATCH": first["ETag"]}
    program.get("/api/v1/board", {"day": DAY.isoformat()}, **seen)
    with CaptureQueriesContext(connection) as caught:
        again = program.get("/api/v1/board", {"day": DAY.isoformat()}, **seen)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert len(caught) <= 14  # most of them of the door, none of a stop
    dispatch.arrive_stop(road.stops[0].id, by=road.driver, at=AT)
    changed = program.get("/api/v1/board", {"day": DAY.isoformat()}, **seen)
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    another = bearing(a_key(owner, "plans:read")).get("/api/v1/board", {"day": DAY.isoformat()}, **seen)
    assert another.status_code == 200  # what is mine is another's for them


def test_it_is_packed_for_who_takes_that() -> None:
    _, program = a_town()
    packed = program.get("/api/v1/board", {"day": DAY.isoformat()}, HTTP_ACCEPT_ENCODING="gzip, br")
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert json.loads(gzip.decompress(packed.content)) | {"now": None} == board(program) | {"now": None}


def test_a_route_read_by_itself_is_as_the_board_has_it() -> None:
    owner, program = a_town()
    one, other = (a_road(owner, 2, first_number=number).start() for number in (8, 11))
    whole = board(program)
    answer = program.get("/api/v1/board/routes", {"day": DAY.isoformat(), "route_id": [str(one.route_id)]})
    BoardRoutesOut.model_validate_json(answer.content)
    part = answer.json()
    assert part["routes"] == [route for route in whole["routes"] if route["route_id"] == str(one.route_id)]
    assert part["stops"] == [stop for stop in whole["stops"] if stop["id"] in part["routes"][0]["stops"]]
    both = {"day": DAY.isoformat(), "route_id": [str(one.route_id), str(other.route_id)]}
    assert len(program.get("/api/v1/board/routes", both).json()["routes"]) == 2
    stranger = bearing(a_key(owner_of(an_organization("Next Door")), "plans:read"))
    assert stranger.get("/api/v1/board/routes", both).json()["routes"] == []


def test_who_else_looks_is_seen_with_what_they_hold() -> None:
    owner, program = a_town(1)
    anna = signed_in(a_member(organization_of(owner), "dispatcher"))
    tab, chosen = str(uuid7()), str(uuid7())
    body = {"tab": tab, "day": DAY.isoformat(), "selected": [chosen]}
    said = anna.put("/api/v1/board/presence", body, content_type="application/json")
    assert [(one["name"], one["me"]) for one in said.json()["people"]] == [("Dispatcher", True)]
    (person,) = board(program)["people"]
    assert (person["name"], person["me"], person["selected"]) == ("Dispatcher", False, [chosen])
    assert program.delete(f"/api/v1/board/presence/{tab}").status_code == 204
    assert len(board(program)["people"]) == 1  # nobody closes another's tab
    assert anna.delete(f"/api/v1/board/presence/{tab}").status_code == 204
    assert board(program)["people"] == []
