"""Routes, stops and exceptions over the API: the right person, the wrong role, the stranger, the same key twice."""

from __future__ import annotations

import pytest
from django.test import Client

from homestretch.dispatch import actions
from homestretch.dispatch.values import StopOutcome
from homestretch.kernel.ids import uuid7
from homestretch.plans import actions as plans
from homestretch.recovery import actions as recovery
from homestretch.recovery.values import Cause
from tests.town.accounts import a_key, a_member, a_merchant, a_phone, bearing, signed_in
from tests.town.accounts import an_organization as organization_of
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.fleet import DAY, a_driver, a_fleet
from tests.town.orders import an_order
from tests.town.places import AT
from tests.work import run_jobs

API = "/api/v1"


@pytest.fixture
def road(db) -> Road:
    return a_road(an_owner())


@pytest.fixture
def office(road) -> Client:
    return signed_in(road.by)


def post(client: Client, path: str, body=None, key=None, **headers):
    headers = {"Idempotency-Key": key or str(uuid7()), **headers}
    return client.post(f"{API}{path}", body or {}, content_type="application/json", headers=headers)


def test_a_plan_is_released_over_the_api_and_the_key_gives_the_same_answer_twice(db):
    by = an_owner()
    a_fleet(by, vehicles=1)
    an_order(by)
    plan = plans.ask(DAY, [], options={"seconds": 1}, by=by, at=AT)
    run_jobs()
    office = signed_in(by)
    body, key = {"plan_id": str(plan.id), "revision": 1}, str(uuid7())
    first = post(office, "/routes/release", body, key)
    assert first.status_code == 201
    (route,) = first.json()["items"]
    assert (route["state"], route["stops_total"], route["stops_open"]) == ("released", 1, 1)
    again = post(office, "/routes/release", body, key)
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    second = post(office, "/routes/release", body)
    assert (second.status_code, second.json()["code"]) == (409, "plan.already_released")
    assert office.post(f"{API}/routes/release", body, content_type="application/json").status_code == 400


def test_routes_are_listed_by_page(road, office):
    others = [a_road(road.by, 1, first_number=number) for number in (8, 9)]
    first = office.get(f"{API}/routes?day={DAY}&limit=2").json()
    rest = office.get(f"{API}/routes?day={DAY}&limit=2&cursor={first['next']}").json()
    found = [route["id"] for route in first["items"] + rest["items"]]
    assert sorted(found) == sorted(str(one.route_id) for one in [road, *others])
    assert rest["next"] is None
    assert office.get(f"{API}/routes?state=started").json()["items"] == []
    assert office.get(f"{API}/routes?cursor=x").json()["code"] == "page.cursor_invalid"


def test_a_route_and_its_stops_are_shown(road, office):
    answer = office.get(f"{API}/routes/{road.route_id}")
    assert answer["ETag"] == '"1"'
    assert answer.json()["driver"].startswith("Driver")
    stops = office.get(f"{API}/routes/{road.route_id}/stops").json()["items"]
    assert [stop["position"] for stop in stops] == [1, 2, 3]
    assert stops[0]["tasks"][0]["order_external_id"] == "A-1"
    by_order = office.get(f"{API}/stops?order_id={road.orders[0].id}").json()["items"]
    assert [stop["id"] for stop in by_order] == [stops[0]["id"]]
    balance = office.get(f"{API}/routes/{road.route_id}/packages").json()
    assert balance["balanced"] is True


def test_a_stranger_gets_what_is_missing(road):
    stranger = signed_in(an_owner("Next Door"))
    paths = [f"/routes/{road.route_id}", f"/routes/{road.route_id}/stops", f"/stops/{road.stops[0].id}"]
    for path in paths:
        foreign, missing = stranger.get(API + path), stranger.get(API + path.replace(path.split("/")[2], str(uuid7())))
        assert foreign.status_code == missing.status_code == 404
        assert foreign.json()["code"] == missing.json()["code"]
    assert post(stranger, f"/routes/{road.route_id}/recall").status_code == 404


def test_who_may_only_look_changes_nothing(road):
    assert post(bearing(a_key(road.by, "routes:read")), f"/routes/{road.route_id}/recall").status_code == 403
    assert post(Client(), f"/routes/{road.route_id}/recall").status_code == 401
    phone = bearing(a_phone(road.by, road.shift.driver_id))
    assert phone.get(f"{API}/routes").status_code in {401, 403}
    assert bearing(a_key(road.by, "orders:read")).get(f"{API}/routes").status_code == 403
    viewer = signed_in(a_member(organization_of("Lookers"), "viewer"))
    assert viewer.get(f"{API}/routes").json()["items"] == []
    assert road.route.state == "released"


def test_a_running_route_is_changed(in_the_morning, road, office):
    order = [str(stop.id) for stop in reversed(road.stops)]
    answer = post(office, f"/routes/{road.route_id}/resequence", {"stop_ids": order, "version": 1})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    stale = post(office, f"/routes/{road.route_id}/resequence", {"stop_ids": order, "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (412, "route.stale")
    dan = a_driver(road.by, name="Dan", phone="+352621999888")
    assert post(office, f"/routes/{road.route_id}/reassign", {"driver_id": str(dan.id)}).json()["driver"] == "Dan"
    task = office.get(f"{API}/stops/{order[0]}").json()["tasks"][0]["task_id"]
    path = f"{API}/routes/{road.route_id}/tasks/{task}"
    assert office.delete(path).status_code == 428
    assert office.delete(path, headers={"If-Match": '"1"'}).status_code == 412
    assert office.delete(path, headers={"If-Match": '"3"'}).json()["stops_open"] == 2
    assert post(office, f"/routes/{road.route_id}/tasks", {"task_id": task, "position": 0}).json()["stops_open"] == 3
    assert post(office, f"/routes/{road.route_id}/recall").json()["state"] == "recalled"


def test_a_dispatcher_tells_an_outcome_for_the_driver(road, office):
    road.start()
    path = f"/stops/{road.stops[0].id}/outcome"
    key = str(uuid7())
    first = post(office, path, {"state": "failed", "reason": "no_access", "note": "called"}, key)
    assert first.json()["tasks"][0]["reason_code"] == "B8"
    assert post(office, path, {"state": "failed", "reason": "no_access", "note": "called"}, key).json() == first.json()
    assert post(office, path, {"state": "completed"}).json()["code"] == "stop.not_open"
    assert post(office, path, {"state": "eaten"}).status_code == 422


def test_a_dispatcher_ends_a_route_for_a_silent_phone(road, office):
    assert post(office, f"/routes/{road.route_id}/finish").json()["code"] == "route.not_started"
    road.start()
    answer = post(office, f"/routes/{road.route_id}/finish").json()
    assert (answer["state"], answer["stops_open"]) == ("finished", 0)


def test_a_merchant_sees_the_own_stops_alone(db):
    by = an_owner()
    merchant, rival = a_merchant(by), a_merchant(by, "Rival")
    mine, theirs = an_order(by, 1, merchant_id=str(merchant.id)), an_order(by, 2, merchant_id=str(rival.id))
    road = a_road(by, orders=[mine, theirs])
    shop = bearing(a_key(by, "routes:read", merchant_id=merchant.id))
    assert len(shop.get(f"{API}/stops?order_id={mine.id}").json()["items"]) == 1
    assert shop.get(f"{API}/stops?order_id={theirs.id}").json()["items"] == []
    assert shop.get(f"{API}/stops/{road.stops[0].id}").status_code == 200
    assert shop.get(f"{API}/stops/{road.stops[1].id}").status_code == 404
    assert shop.get(f"{API}/routes/{road.route_id}").status_code == 403


def test_reasons_are_told_to_whoever_tells_outcomes(road):
    phone = bearing(a_phone(road.by, road.shift.driver_id))
    words = phone.get(f"{API}/routes/reasons").json()
    assert {"reason": "recipient_absent", "code": "AQ"} in words["reasons"]
    assert "neighbor" in words["left_with"]


def test_exceptions_are_listed_given_and_settled(road, office):
    rows = [recovery.raise_(Cause("recipient_problem", str(n), "low"), by=road.by, at=AT) for n in range(3)]
    page = office.get(f"{API}/exceptions?limit=2").json()
    assert [item["id"] for item in page["items"]] == [str(rows[2].id), str(rows[1].id)]
    assert page["next"]
    path = f"{API}/exceptions/{rows[0].id}"
    body = {"assigned_to": str(road.by.id)}
    assert office.patch(path, body, content_type="application/json").status_code == 428
    given = office.patch(path, body, content_type="application/json", headers={"If-Match": office.get(path)["ETag"]})
    assert (given.json()["assigned_to"], given["ETag"]) == (str(road.by.id), '"2"')
    told = {"resolution": "called"}
    stale = post(office, f"/exceptions/{rows[0].id}/resolve", {**told, "version": 9})
    assert (stale.status_code, stale.json()["code"]) == (412, "exception.stale")
    done = post(office, f"/exceptions/{rows[0].id}/resolve", {**told, "version": 2})
    assert (done.json()["state"], done.json()["resolution"]) == ("resolved", "called")
    assert len(office.get(f"{API}/exceptions").json()["items"]) == 2
    assert len(office.get(f"{API}/exceptions?state=").json()["items"]) == 3
    stranger = signed_in(an_owner("Next Door"))
    assert stranger.get(path).status_code == 404
    assert stranger.get(f"{API}/exceptions").json()["items"] == []


def test_a_failed_attempt_reaches_the_list_by_itself(at_eight, road, office):
    road.start()
    actions.fail_stop(road.stops[0].id, StopOutcome("refused"), by=road.driver, at=AT)
    run_jobs()
    (row,) = office.get(f"{API}/exceptions").json()["items"]
    assert (row["kind"], row["order_id"]) == ("attempt_failed", str(road.orders[0].id))
