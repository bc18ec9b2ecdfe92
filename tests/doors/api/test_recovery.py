"""Proposals and the policy over the API: the right person, the wrong role, the stranger, the same key twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from homestretch.accounts import queries as accounts
from homestretch.events.scope import scope
from homestretch.kernel.ids import uuid7
from homestretch.recovery import actions
from tests.town.accounts import a_member, a_merchant, signed_in
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.fleet import a_depot
from tests.town.orders import an_order
from tests.town.places import AT
from tests.work import run_jobs

API = "/api/v1/recovery"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_eight")]


@pytest.fixture
def roads() -> tuple[Road, Road]:
    by = an_owner()
    actions.set_policy({"seconds": 1}, by=by, at=AT)
    depot = a_depot(by)
    return a_road(by, 2, depot=depot).start(), a_road(by, 2, first_number=4, depot=depot).start()


def organization_of(by: Any) -> Any:
    with scope(by):
        return accounts.organization()


def post(client: Client, path: str, body: Any = None, key: str | None = None) -> Any:
    headers = {"Idempotency-Key": key or str(uuid7())}
    return client.post(f"{API}{path}", body or {}, content_type="application/json", headers=headers)


def test_a_proposal_is_asked_read_and_accepted(roads: tuple[Road, Road]) -> None:
    down, other = roads
    office = signed_in(down.by)
    asked, key = {"kind": "vehicle_down", "route_id": str(down.route_id)}, str(uuid7())
    first = post(office, "/proposals", asked, key)
    assert (first.status_code, first.json()["state"], first.json()["figures"]) == (201, "asked", None)
    assert post(office, "/proposals", asked, key).json() == first.json()
    path = f"/proposals/{first.json()['id']}"
    assert post(office, f"{path}/accept").json()["code"] == "proposal.not_ready"
    run_jobs()
    made = office.get(f"{API}{path}").json()
    assert (made["state"], made["figures"]["moved"]) == ("made", 2)
    assert made["hunks"][0]["to_route_id"] == str(other.route_id)
    assert [item["id"] for item in office.get(f"{API}/proposals?state=made").json()["items"]] == [made["id"]]
    stale = post(office, f"{path}/accept", {"version": 99})
    assert (stale.status_code, stale.json()["code"]) == (412, "proposal.stale")
    done = post(office, f"{path}/accept", {"version": made["version"]})
    assert (done.status_code, done.json()["state"]) == (200, "accepted")
    again = post(office, f"{path}/decline", {"reason": "no"})
    assert (again.status_code, again.json()["code"]) == (409, "proposal.settled")


def test_a_proposal_is_declined(roads: tuple[Road, Road]) -> None:
    office = signed_in(roads[0].by)
    row = post(office, "/proposals", {"kind": "vehicle_down", "route_id": str(roads[0].route_id)}).json()
    run_jobs()
    said = post(office, f"/proposals/{row['id']}/decline", {"reason": "it runs again"}).json()
    assert (said["state"], {hunk["state"] for hunk in said["hunks"]}) == ("declined", {"declined"})


def test_strangers_and_merchants_see_no_proposal(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    row = post(signed_in(by), "/proposals", {"kind": "vehicle_down", "route_id": str(roads[0].route_id)}).json()
    stranger = signed_in(an_owner("Next Door"))
    assert stranger.get(f"{API}/proposals/{row['id']}").status_code == 404
    assert post(stranger, f"/proposals/{row['id']}/accept").status_code == 404
    assert post(stranger, "/proposals", {"kind": "late", "route_id": str(roads[0].route_id)}).status_code == 404
    shop = signed_in(a_member(organization_of(by), "merchant", a_merchant(by, "Bloom & Co").id))
    assert shop.get(f"{API}/proposals").status_code == 403


def test_the_policy_is_read_and_changed_by_its_version(roads: tuple[Road, Road]) -> None:
    office = signed_in(roads[0].by)
    was = office.get(f"{API}/policy")
    assert (was.json()["per_late_minute"], was.json()["version"]) == (200, 1)
    body = {"per_late_minute": 80}
    assert office.patch(f"{API}/policy", body, content_type="application/json").status_code == 428
    changed = office.patch(
        f"{API}/policy", body, content_type="application/json", headers={"If-Match": was["ETag"]}
    ).json()
    assert (changed["per_late_minute"], changed["seconds"], changed["version"]) == (80, 1, 2)


def test_an_order_is_offered_read_and_withdrawn(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    office, order = signed_in(by), an_order(by, 6, task={"kind": "collect"})
    asked, key = {"order_id": str(order.id)}, str(uuid7())
    first = post(office, "/offers", asked, key)
    made = first.json()
    assert (first.status_code, made["state"], made["round"], made["by_hand"]) == (201, "open", 1, False)
    assert post(office, "/offers", asked, key).json() == made
    assert office.get(f"{API}/offers/{made['id']}").json() == made
    for query in ("state=open", f"order_id={order.id}", f"route_id={made['route_id']}"):
        assert [item["id"] for item in office.get(f"{API}/offers?{query}").json()["items"]] == [made["id"]]
    assert office.get(f"{API}/offers?state=lapsed").json()["items"] == []
    (other,) = (road for road in roads if str(road.route_id) != made["route_id"])
    busy = post(office, "/offers", {**asked, "route_id": str(other.route_id)})
    assert (busy.status_code, busy.json()["code"]) == (409, "offer.running")
    stale = post(office, f"/offers/{made['id']}/withdraw", {"version": 9})
    assert (stale.status_code, stale.json()["code"]) == (412, "offer.stale")
    gone = post(office, f"/offers/{made['id']}/withdraw", {"reason": "it waits", "version": made["version"]}).json()
    assert (gone["state"], gone["reason"]) == ("withdrawn", "it waits")
    again = post(office, f"/offers/{made['id']}/withdraw")
    assert (again.status_code, again.json()["code"]) == (409, "offer.settled")
    chosen = post(office, "/offers", {**asked, "route_id": str(other.route_id)}).json()
    assert (chosen["by_hand"], chosen["route_id"], chosen["round"]) == (True, str(other.route_id), 2)
    placed = post(office, "/offers", {**asked, "route_id": made["route_id"], "ask": False}).json()
    assert (placed["state"], placed["route_id"], placed["round"]) == ("accepted", made["route_id"], 3)


def test_strangers_and_merchants_see_no_offer(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    order = an_order(by, 6, task={"kind": "collect"})
    made = post(signed_in(by), "/offers", {"order_id": str(order.id)}).json()
    stranger = signed_in(an_owner("Next Door"))
    assert stranger.get(f"{API}/offers/{made['id']}").status_code == 404
    assert post(stranger, f"/offers/{made['id']}/withdraw").status_code == 404
    assert post(stranger, "/offers", {"order_id": str(order.id)}).status_code == 404
    shop = signed_in(a_member(organization_of(by), "merchant", a_merchant(by, "Bloom & Co").id))
    assert shop.get(f"{API}/offers").status_code == 403
