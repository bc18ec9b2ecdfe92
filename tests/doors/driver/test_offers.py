"""What a phone is offered, and its answers: in time, too late, twice, by another driver."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from homestretch.events.clock import set_clock
from homestretch.events.scope import scope
from homestretch.recovery import actions, queries
from tests.doors.driver.test_sync import sync, tap
from tests.town.accounts import a_phone, bearing
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.fleet import a_depot
from tests.town.orders import an_order
from tests.town.places import AT

pytestmark = pytest.mark.usefixtures("in_the_morning")
NOW = AT + timedelta(minutes=5)


@pytest.fixture
def roads(in_the_morning: None) -> tuple[Road, Road]:
    by = an_owner()
    depot = a_depot(by)
    set_clock(NOW)
    return a_road(by, 2, depot=depot).start(), a_road(by, 2, first_number=14, depot=depot).start()


def phone_of(road: Road) -> Client:
    return bearing(a_phone(road.by, road.shift.driver_id, at=NOW))


def offered(roads: tuple[Road, Road]) -> tuple[Any, Road, Road]:
    """An order that is offered, the road that is asked, and the other."""
    by = roads[0].by
    order = an_order(by, 6, priority=9, task={"kind": "collect", "place": {**WHERE, "label": "Bakery"}})
    row = actions.offer(order.id, by=by, at=NOW)
    road = next(road for road in roads if road.route_id == row.route_id)
    return row, road, next(each for each in roads if each is not road)


WHERE = {"address": "Mill Lane 6, Town", "lat": 49.6117, "lon": 6.1203}


def test_a_phone_shows_what_its_driver_is_offered_and_takes_it(roads: tuple[Road, Road]) -> None:
    row, road, other = offered(roads)
    phone = phone_of(road)
    first = sync(phone).json()
    (shown,) = first["offers"]
    assert (shown["offer_id"], shown["deadline"], first["again_s"]) == (str(row.id), "2026-11-23T07:05:45Z", 10)
    assert [(place["kind"], place["label"]) for place in shown["places"]] == [("collect", "Bakery")]
    assert shown["minutes"] == round(row.seconds / 60)
    assert sync(phone_of(other)).json()["offers"] == []
    yes = tap("accept_offer", 1, offer_id=str(row.id))
    answer = sync(phone, yes).json()
    assert (answer["outcomes"], answer["offers"]) == ([{"id": yes["id"], "outcome": "applied", "refusal": None}], [])
    works = [task["order_id"] for stop in answer["sheet"]["stops"] for task in stop["tasks"]]
    assert str(row.order_id) in works
    version = answer["route_version"]
    again = sync(phone, yes).json()
    assert (again["outcomes"], again["route_version"]) == (answer["outcomes"], version)


def test_an_answer_that_was_tapped_in_time_and_comes_too_late_is_refused(roads: tuple[Road, Road]) -> None:
    row, road, _ = offered(roads)
    set_clock(row.deadline)
    answer = sync(phone_of(road), tap("accept_offer", 1, offer_id=str(row.id))).json()
    (outcome,) = answer["outcomes"]
    assert (outcome["outcome"], outcome["refusal"]["code"], answer["offers"]) == ("refused", "offer.over", [])
    assert len(road.stops) == 2


def test_a_no_is_taken_beside_other_taps_and_each_has_its_outcome(roads: tuple[Road, Road]) -> None:
    row, road, other = offered(roads)
    taps = [
        tap("decline_offer", 2, offer_id=str(row.id)),
        tap("note", 1, stop_id=str(road.stops[0].id), text="a dog"),
        tap("accept_offer", 3),
    ]
    outcomes = sync(phone_of(road), *taps).json()["outcomes"]
    assert [(one["id"], one["outcome"]) for one in outcomes] == [
        (taps[0]["id"], "applied"),
        (taps[1]["id"], "applied"),
        (taps[2]["id"], "refused"),
    ]
    assert outcomes[2]["refusal"]["code"] == "intent.malformed"
    foreign = sync(phone_of(other), tap("accept_offer", 1, offer_id=str(row.id))).json()["outcomes"][0]
    assert foreign["refusal"]["code"] == "offer.not_found"
    with scope(road.by):
        assert queries.offer(row.id).state == "declined"


def test_a_phone_looks_more_often_where_orders_are_offered_by_themselves(roads: tuple[Road, Road]) -> None:
    phone = phone_of(roads[0])
    assert sync(phone).json()["again_s"] is None
    actions.set_policy({"offer_priority": 5}, by=roads[0].by, at=NOW)
    assert sync(phone).json()["again_s"] == 10
