"""An act on many orders is done behind its page, by a job: each order once, as whoever asked, from where it stopped."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from homestretch.accounts import actions as accounts
from homestretch.accounts import queries as members
from homestretch.doors.console.orders import many
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions, queries
from homestretch.orders.actions import bulk
from homestretch.orders.rules.bulk import move
from homestretch.orders.values import Act
from tests.town.accounts import a_member, signed_in
from tests.town.dispatch import a_road, an_owner
from tests.town.orders import an_order
from tests.town.places import AT
from tests.work import run_jobs

TO = date(2026, 11, 25)


@pytest.fixture
def by(db: Any) -> Actor:
    return an_owner()


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if these were many."""
    monkeypatch.setattr(many, "AT_ONCE", 3)
    monkeypatch.setattr(bulk, "CHUNK", 2)


def days(by: Actor, orders: list[Any]) -> list[date | None]:
    with scope(by):
        return [queries.get_order(order.id).day for order in orders]


def test_many_are_moved_behind_the_page_and_what_was_refused_is_told(by: Actor) -> None:
    free, road = [an_order(by, number) for number in range(50, 56)], a_road(by, 1)
    form = {"act": "move", "order": [order.id for order in (*free, *road.orders)], "day": str(TO), "nonce": "once"}
    client = signed_in(by)
    sent = [client.post("/orders/bulk", {**form, "query": "state=todo"}) for _ in range(2)]
    where = sent[0].headers["Location"]
    assert where.startswith("/orders/bulk/")
    page = client.get(where).content.decode()
    assert "7 orders are being moved to 25 November" in page
    assert "0 of 7 orders" in client.get(where.replace("?", "/progress?")).content.decode()
    assert days(by, free) == [free[0].day] * 6
    assert run_jobs().count("orders.bulk") == 1
    assert days(by, free) == [TO] * 6
    page = client.get(where).content.decode()
    assert "6 of 7 orders moved to 25 November" in page
    assert ("order.day_fixed" in page, road.orders[0].external_id in page) == (True, True)
    assert client.get(where.replace("?", "/progress?")).headers["HX-Refresh"] == "true"
    with scope(by):
        assert history("order", free[0].id)[-1].actor == str(by)
    assert signed_in(an_owner("Next Door")).get(where).status_code == 404


def test_a_job_that_was_lost_goes_on_where_it_stopped(by: Actor) -> None:
    orders = [an_order(by, number) for number in range(5)]
    row = actions.ask_bulk(Act("cancel", {"reason": "merchant_wish"}), [order.id for order in orders], by=by, at=AT)
    ours = system(by.organization_id)
    first = bulk.begin_bulk(row.id, by=ours, at=AT)
    assert first is not None
    assert bulk.take_some(row.id, first[0], by=first[1], at=AT)
    second = bulk.begin_bulk(row.id, by=ours, at=AT)
    assert second is not None
    assert not bulk.take_some(row.id, first[0], by=first[1], at=AT), "its fence is gone"
    run_jobs()
    with scope(by):
        row = queries.bulk_act(row.id)
        assert (row.state, row.done, row.refused) == ("done", 5, 0)
        facts = [[event.type for event in history("order", order.id)] for order in orders]
    assert all(found.count("order.cancelled") == 1 for found in facts)


def test_an_act_of_somebody_who_may_no_longer_act_stops(by: Actor) -> None:
    with scope(by):
        organization = members.organization()
    other = a_member(organization, "dispatcher")
    orders = [an_order(by, number) for number in range(4)]
    row = actions.ask_bulk(move(TO, None), [order.id for order in orders], by=other, at=AT)
    accounts.change_member(other.id, role="viewer", by=by, at=AT)
    run_jobs()
    assert days(by, orders) == [order.day for order in orders]
    page = signed_in(by).get(f"/orders/bulk/{row.id}").content.decode()
    assert "It was stopped after 0 orders" in page


def test_more_than_the_most_are_refused(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("homestretch.orders.rules.bulk.MOST", 2)
    with pytest.raises(Refusal, match="more than 2"):
        actions.ask_bulk(Act("release"), [an_order(by, number).id for number in range(3)], by=by, at=AT)
