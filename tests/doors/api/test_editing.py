"""Plans edited through the API: looked at, kept, taken back, refused; what was missed is caught up with."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from homestretch.doors.api.editing import ChangesOut, ComparedOut
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from tests.doors.api.test_plans import a_plan, post
from tests.town.accounts import a_key, a_member, an_organization, bearing, owner_of, signed_in
from tests.town.fleet import DAY, a_fleet
from tests.town.orders import orders
from tests.work import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> tuple[Actor, Client, Client]:
    """An owner, a program of theirs and a dispatcher's browser."""
    organization = an_organization()
    owner = owner_of(organization)
    a_fleet(owner, vehicles=2)
    orders(owner, 6)
    return owner, bearing(a_key(owner, "plans:read", "plans:write")), signed_in(a_member(organization, "dispatcher"))


def sequences(client: Client) -> dict[str, list[str]]:
    """The routes that stand, by the board."""
    shown = client.get("/api/v1/board", {"day": DAY.isoformat()}).json()
    return {route["shift_id"]: route["stops"] for route in shown["routes"]} | {
        "": [left["visit"] for left in shown["unassigned"]]
    }


def test_a_change_is_looked_at_then_kept_then_taken_back(town: tuple[Actor, Client, Client]) -> None:
    _, program, _ = town
    plan, was = a_plan(program), sequences(program)
    shift, visits = next((shift, visits) for shift, visits in was.items() if visits)
    body = {"revision": 1, "edits": [{"op": "move", "visit": visits[0], "shift_id": None}]}
    looked = program.post(f"/api/v1/plans/{plan}/preview", body, content_type="application/json")
    assert looked.status_code == 200, looked.content
    assert sequences(program) == was
    kept = post(program, f"/{plan}/edits", {**body, "note": "not today"})
    assert kept.status_code == 200, kept.content
    for answer in (looked, kept):
        ChangesOut.model_validate_json(answer.content)
        (route,) = answer.json()["routes"]
        assert (route["shift_id"], route["before"]["stops"] - (route["after"] or {"stops": 0})["stops"]) == (shift, 1)
    assert looked.json()["cost"] == kept.json()["cost"]
    assert (kept.json()["undo"], kept.json()["steps"][0]["note"]) == (2, "not today")
    undone = post(program, f"/{plan}/undo", {"revision": 2}).json()
    assert (undone["assigned"], undone["undo"], undone["redo"]) == ([visits[0]], 0, 3)
    assert sequences(program) == was


def test_two_people_on_one_revision_and_the_answer_brings_both_up_to_date(town: tuple[Actor, Client, Client]) -> None:
    _, program, anna = town
    plan, was = a_plan(program), sequences(program)
    visits = [visit for stops in was.values() for visit in stops]
    off = [{"revision": 1, "edits": [{"op": "move", "visit": visit, "shift_id": None}]} for visit in visits[:2]]
    assert post(program, f"/{plan}/edits", off[0]).json()["revision"] == 2
    second = post(anna, f"/{plan}/edits", off[1]).json()
    assert (second["since"], second["revision"]) == (1, 3)
    assert {left["visit"] for left in second["unassigned"]} == set(visits[:2])
    caught_up = program.get(f"/api/v1/plans/{plan}/changes", {"since": 2}).json()
    assert [left["visit"] for left in caught_up["unassigned"]] == [visits[1]]
    refused = post(anna, f"/{plan}/edits", off[0])
    assert (refused.status_code, refused.json()["code"]) == (409, "plan.revision_conflict")
    assert refused.json()["details"]["revision"] == 2
    assert {"by", "at"} <= set(refused.json()["details"])
    compared = program.get(f"/api/v1/plans/{plan}/compare", {"from": 1, "to": 3})
    ComparedOut.model_validate_json(compared.content)
    assert sorted(v for hunk in compared.json()["hunks"] for v in hunk["visits"]) == sorted(visits[:2])


def test_locks_stand_on_the_board_with_who_set_them(town: tuple[Actor, Client, Client]) -> None:
    _, program, anna = town
    plan, was = a_plan(program), sequences(program)
    shift, visits = next((shift, visits) for shift, visits in was.items() if visits)
    locks = [
        {"op": "lock", "what": "route", "shift_id": shift},
        {"op": "lock", "what": "position", "visit": visits[0]},
    ]
    assert post(anna, f"/{plan}/edits", {"revision": 1, "edits": locks}).status_code == 200
    shown = program.get("/api/v1/board", {"day": DAY.isoformat()}).json()
    assert {(lock["kind"], lock["by"], lock["mine"]) for lock in shown["locks"]} == {
        ("route", "Dispatcher", False),
        ("position", "Dispatcher", False),
    }
    assert [s["locked"] for s in shown["shifts"] if s["id"] == shift] == ["route"]
    assert [s["id"] for s in shown["stops"] if s["lock"]] == [visits[0]]
    moved = {"revision": 2, "edits": [{"op": "move", "visit": visits[0], "shift_id": None}]}
    assert post(program, f"/{plan}/edits", moved).json()["code"] == "plan.locked_conflict"


def test_a_search_goes_on_and_says_so_on_the_board(town: tuple[Actor, Client, Client]) -> None:
    _, program, _ = town
    plan = a_plan(program)
    asked = post(program, f"/{plan}/optimize", {"revision": 1, "seconds": 1})
    assert asked.status_code == 200, asked.content
    shown = program.get("/api/v1/board", {"day": DAY.isoformat()}).json()
    assert (shown["plan"]["search"]["state"], shown["plan"]["search"]["base"]) == ("waiting", 1)
    assert post(program, f"/{plan}/optimize", {"revision": 1}).json()["code"] == "plan.search_running"
    run_jobs()
    assert program.get(f"/api/v1/plans/{plan}/best").json()["code"] == "search.not_found"


@pytest.mark.parametrize(
    "edit",
    [{"op": "fly"}, {"op": "move"}, {"op": "move", "visit": "x", "position": -1}, {"op": "lock", "what": "moon"}],
)
def test_what_is_no_edit_is_refused(town: tuple[Actor, Client, Client], edit: dict[str, Any]) -> None:
    _, program, _ = town
    plan = a_plan(program)
    answer = post(program, f"/{plan}/edits", {"revision": 1, "edits": [edit]})
    assert answer.status_code == 422
    assert answer.json()["code"] in {"request.invalid", "plan.edit_incomplete", "plan.visit_not_found"}


def test_who_may_only_read_may_look_and_not_keep(town: tuple[Actor, Client, Client]) -> None:
    owner, program, _ = town
    plan, was = a_plan(program), sequences(program)
    reader = bearing(a_key(owner, "plans:read"))
    visit = next(visit for visits in was.values() for visit in visits)
    body = {"revision": 1, "edits": [{"op": "move", "visit": visit, "shift_id": None}]}
    assert reader.post(f"/api/v1/plans/{plan}/preview", body, content_type="application/json").status_code == 200
    assert post(reader, f"/{plan}/edits", body, str(uuid7())).status_code == 403
