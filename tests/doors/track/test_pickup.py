"""A recipient takes the goods at the depot instead: promised with consent, told once, handed over there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from homestretch.accounts.actions import update_organization
from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.values import StopOutcome
from homestretch.events.scope import scope
from homestretch.orders import actions
from homestretch.orders import queries as orders
from homestretch.recovery import queries as recovery
from homestretch.recovery.values import Wanted
from tests.doors.track.test_page import get, nonce_of, send
from tests.orders.facts import facts_of
from tests.town.accounts import a_link, signed_in
from tests.town.dispatch import Road
from tests.town.messaging import Post, it_is, said
from tests.town.orders import DAY
from tests.town.places import AT
from tests.work import run_due

HOUR = timedelta(hours=1)
ENDS = AT + 12 * HOUR  # eight in the evening, where the depot stands


@pytest.fixture
def road(road: Road) -> Road:
    """Goods may be taken at the depot from four to eight."""
    update_organization({"choice_days": 2, "pickup_windows": [["16:00", "20:00"]]}, by=road.by, at=AT)
    return road


def offered(token: str) -> list[str]:
    return re.findall(r'name="end" value="([^"]+)"', get(token).content.decode())


def choose(token: str, **more: str) -> Any:
    return send(token, "pickup", **{"end": ENDS.isoformat(), **more})


def test_what_is_chosen_leaves_its_route_and_is_promised_with_consent(road: Road, token: str) -> None:
    assert offered(token) == [ENDS.isoformat()]
    nonce = nonce_of(get(token), "pickup")
    for _ in range(2):  # a second click, or one from offline
        assert choose(token, nonce=nonce).status_code == 302
    order = road.order()
    assert (order.state, order.day, order.pickup_depot_id) == ("awaiting_pickup", DAY, road.shift.start_depot_id)
    assert [stop.state for stop in road.stops] == ["cancelled", "planned", "planned", "planned"]
    with scope(road.by):
        chain = orders.promises_of(order.id)
        assert orders.placeable(order.id) == []
    assert [(one.source, one.consented) for one in chain] == [("release", False), ("pickup", True)]
    assert (chain[1].start, chain[1].end) == (AT + 8 * HOUR, ENDS)
    assert facts_of(road.by, order.id).count("order.awaiting_pickup") == 1
    page = get(token).content.decode()
    for words in ("It waits for you", "16:00 – 20:00", "Depot Street 1, Town"):
        assert words in page
    for gone in ('id="instructions"', 'id="pickup"'):  # no driver comes, and there is no other time today
        assert gone not in page


@pytest.mark.parametrize(
    ("number", "words"), [(0, "waits for you"), (1, "à retirer"), (2, "liegt bereit"), (3, "ينتظرك")]
)
def test_it_is_told_once_in_the_recipients_language(road: Road, post: Post, number: int, words: str) -> None:
    token = a_link(road.by, road.orders[number].id, at=AT)
    for nonce in ("1", "2"):
        assert choose(token, nonce=nonce).status_code == 302
        run_due()
    (told,) = [row for row in said(road.by, order_id=road.orders[number].id) if row.kind == "pickup"]
    assert told.state == "sent"
    (sms,) = [entry for entry in post.taken(kind="sms") if words in entry["text"]]
    assert "Depot Street 1" in sms["text"]
    with scope(road.by):
        assert orders.tellings(orders.promises_of(road.orders[number].id)[1].id)


def test_it_is_not_offered_where_the_organization_does_not_allow_it_nor_once_a_driver_has_it(
    road: Road, token: str
) -> None:
    update_organization({"pickup_windows": []}, by=road.by, at=AT)
    assert offered(token) == []
    refused = choose(token, nonce="1")
    assert (refused.status_code, "pickup.not_offered" in refused.content.decode()) == (422, True)
    update_organization({"pickup_windows": [["16:00", "20:00"]]}, by=road.by, at=AT)
    refused = choose(token, nonce="2", end=(ENDS + HOUR).isoformat())
    assert (refused.status_code, "pickup.taken" in refused.content.decode()) == (409, True)
    road.start()
    assert offered(token) == []
    refused = choose(token, nonce="3")
    assert (refused.status_code, "pickup.too_late" in refused.content.decode()) == (422, True)
    assert "left already" in refused.content.decode()
    assert road.order().state == "scheduled"


def test_goods_of_a_failed_attempt_can_be_taken_once_they_are_back(road: Road, token: str) -> None:
    road.start()
    dispatch.fail_stop(road.stops[0].id, StopOutcome(reason="recipient_absent"), by=road.driver, at=AT + HOUR)
    it_is(AT + HOUR)
    assert offered(token) == []  # they are in the van
    for stop in road.stops[1:]:
        dispatch.complete_stop(stop.id, StopOutcome(), by=road.driver, at=AT + HOUR)
    dispatch.finish_route(road.route_id, by=road.driver, at=AT + 2 * HOUR)
    it_is(AT + 9 * HOUR + timedelta(minutes=30))  # half past five in the evening
    assert "18:00 – 20:00" in get(token).content.decode()
    assert choose(token).status_code == 302
    assert road.order().state == "awaiting_pickup"


def test_by_api_it_is_the_same(road: Road, token: str) -> None:
    rosa = Client(headers={"Authorization": f"Bearer {token}"})
    shown = rosa.get("/api/v1/track").json()
    assert shown["may_pick_up"]
    assert shown["offered_at"]["address"] == "Depot Street 1, Town"
    end = shown["pickups"][0]["end"]
    asked = {"content_type": "application/json", "headers": {"Idempotency-Key": "1"}}
    taken = [rosa.post("/api/v1/track/pickup", {"end": end}, **asked) for _ in range(2)][1]
    assert (taken.status_code, taken.json()["end"]) == (200, end)
    shown = rosa.get("/api/v1/track").json()
    assert (shown["status"], shown["pickup"]["name"]) == ("awaiting_pickup", "Depot")
    assert [step["name"] for step in shown["steps"]] == ["received", "done"]


def test_the_depot_hands_it_over_and_the_promise_is_kept(road: Road, token: str) -> None:
    choose(token)
    at = ENDS - HOUR
    for _ in range(2):
        order = actions.hand_over(road.orders[0].id, "Rosa", by=road.by, at=at)
    assert (order.state, order.picked_up_by) == ("completed", "Rosa")
    with scope(road.by):
        task = order.tasks.get()
        settled = orders.settlement_of(task.id)
    assert (task.state, settled.kept, settled.arrived_at) == ("completed", True, at)
    assert facts_of(road.by, order.id)[-2:] == ["order.picked_up", "order.completed"]
    it_is(at)
    assert "Picked up" in get(token).content.decode()


def test_who_does_not_come_is_somebodys_to_ask(road: Road, token: str) -> None:
    choose(token)
    run_due()
    it_is(ENDS - HOUR)
    with scope(road.by):
        assert not recovery.exceptions(Wanted(kind="not_picked_up")).exists()
    it_is(ENDS)
    with scope(road.by):
        (row,) = recovery.exceptions(Wanted(kind="not_picked_up"))
    assert (row.state, row.order_id, row.assigned_to_id) == ("open", road.orders[0].id, road.by.id)
    actions.deliver_after_all(road.orders[0].id, by=road.by, at=ENDS)
    run_due()
    with scope(road.by):
        row.refresh_from_db()
        (left,) = recovery.exceptions(Wanted(kind="unassigned"))
    assert (row.state, road.order().state) == ("resolved", "ready")
    assert (left.reason, left.assigned_to_id) == ("pickup_dropped", road.by.id)  # until it is on a route again


def test_the_console_shows_where_it_waits_and_hands_it_over(road: Road, token: str) -> None:
    choose(token)
    client, order_id = signed_in(road.by), road.orders[0].id
    assert "waits at Depot" in client.get(f"/orders/{order_id}").content.decode()
    assert "A-1" in client.get(f"/load/{road.shift.start_depot_id}").content.decode().split("To be picked up here")[1]
    assert "A-1" in client.get("/orders?state=pickup").content.decode()
    nobody = client.post(f"/orders/{order_id}/hand-over", {"taken_by": "", "nonce": "1"})
    assert "pickup.name_missing" in nobody.content.decode()
    for _ in range(2):
        done = client.post(f"/orders/{order_id}/hand-over", {"taken_by": "Rosa", "nonce": "2"}, follow=True)
    assert "at Depot, by Rosa" in done.content.decode()
    assert road.order().state == "completed"
    again = client.post(f"/orders/{order_id}/deliver", {"nonce": "3"})
    assert "pickup.not_open" in again.content.decode()


def test_one_who_chose_so_may_still_have_it_brought(road: Road, token: str) -> None:
    choose(token, end=ENDS.isoformat())
    update_organization({"choice_cutoff_s": 0}, by=road.by, at=AT)
    page = get(token).content.decode()
    start = re.findall(r'name="start" value="([^"]+)"', page)[0]
    assert send(token, "slot", start=start).status_code == 302
    order = road.order()
    assert (order.state, order.pickup_depot_id) == ("ready", None)
    with scope(road.by):
        assert [one.source for one in orders.promises_of(order.id)] == ["release", "pickup", "recipient"]


def test_forms_are_refused_without_a_time(token: str, road: Road) -> None:
    answer = Client().post(f"/t/{token}/pickup", {"end": "soon"}, headers={"Accept": "text/html"})
    assert (answer.status_code, "pickup.taken" in answer.content.decode()) == (409, True)
