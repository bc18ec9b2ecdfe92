"""Offers in the console: who is asked stands on the order's page and on Today; taken back, or put there unasked."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from homestretch.accounts import queries as accounts
from homestretch.events.scope import scope
from homestretch.recovery import actions, queries
from homestretch.recovery.models import Offer
from tests.town.accounts import a_member, signed_in
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.fleet import a_depot
from tests.town.orders import an_order
from tests.town.places import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_eight")]


@pytest.fixture
def roads(at_eight: None) -> tuple[Road, Road]:
    by = an_owner()
    depot = a_depot(by)
    return a_road(by, 2, depot=depot).start(), a_road(by, 2, first_number=14, depot=depot).start()


@pytest.fixture
def order(roads: tuple[Road, Road]) -> Any:
    return an_order(roads[0].by, 6, priority=9, task={"kind": "collect"})


def offers_of(by: Any, order: Any) -> list[Offer]:
    with scope(by):
        return list(queries.offers(order_id=order.id).order_by("asked_at", "id"))


def page(client: Client, order: Any) -> str:
    return client.get(f"/orders/{order.id}").content.decode()


def test_the_best_is_asked_seen_on_both_pages_and_taken_back(roads: tuple[Road, Road], order: Any) -> None:
    by, office = roads[0].by, signed_in(roads[0].by)
    assert "Offer it" in page(office, order)
    sent = {"route_id": "", "how": "ask", "nonce": "n1"}
    assert office.post(f"/orders/{order.id}/offer", sent)["Location"] == f"/orders/{order.id}"
    office.post(f"/orders/{order.id}/offer", sent)
    (row,) = offers_of(by, order)
    shown = page(office, order)
    assert "Is asked" in shown
    assert "45 s left" in shown
    today = office.get("/").content.decode()
    assert "Being offered" in today
    assert f"A-6: {row.driver.name} is asked" in today
    office.post(f"/proposals/offers/{row.id}/withdraw", {"reason": "it waits", "nonce": "n2"})
    assert offers_of(by, order)[0].state == "withdrawn"
    shown = page(office, order)
    assert "Taken back" in shown
    assert "It waits" in shown
    assert "Being offered" not in office.get("/").content.decode()


def test_a_driver_is_chosen_and_the_order_put_there_unasked(roads: tuple[Road, Road], order: Any) -> None:
    by, office = roads[0].by, signed_in(roads[0].by)
    for how, state in (("ask", "open"), ("outright", "accepted")):
        office.post(f"/orders/{order.id}/offer", {"route_id": str(roads[1].route_id), "how": how})
        row = offers_of(by, order)[-1]
        assert (row.state, row.route_id, row.by_hand) == (state, roads[1].route_id, True)
    shown = page(office, order)
    assert "Put there" in shown
    assert "Offer it" not in shown


def test_what_is_refused_is_said_and_a_viewer_may_only_look(roads: tuple[Road, Road], order: Any) -> None:
    by, office = roads[0].by, signed_in(roads[0].by)
    actions.offer(order.id, roads[0].route_id, by=by, at=AT)
    answer = office.post(f"/orders/{order.id}/offer", {"route_id": str(roads[1].route_id)}, follow=True)
    assert "(offer.running)" in answer.content.decode()
    with scope(by):
        organization = accounts.organization()
    viewer = signed_in(a_member(organization, "viewer"))
    assert "Offer it" not in page(viewer, order)
    assert "Is asked" in page(viewer, order)
    (row,) = offers_of(by, order)
    assert viewer.post(f"/proposals/offers/{row.id}/withdraw").status_code == 403
    stranger = signed_in(an_owner("Next Door"))
    assert stranger.post(f"/proposals/offers/{row.id}/withdraw").status_code == 404
    assert stranger.post(f"/orders/{order.id}/offer").status_code == 404
