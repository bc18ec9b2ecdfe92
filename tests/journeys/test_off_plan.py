"""A day goes off plan, from the event to the driver's acknowledged route and one message to each recipient concerned.

All through the doors: the office's API, the drivers' phones, the recipients' links.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from homestretch.accounts.actions import update_organization
from tests.journeys.offplan import Off, a_day_off_plan, orders_on, two_roads
from tests.town.dispatch import a_road
from tests.town.fleet import a_depot
from tests.town.orders import an_order, raw_order
from tests.town.places import AT

pytestmark = pytest.mark.timeout(600)  # a second of search each, and whatever else the machine does


@pytest.fixture
def day(committed: Any, tmp_path: Path) -> Iterator[Off]:
    """Nothing has happened yet."""
    with a_day_off_plan(tmp_path) as day:
        yield day


def test_a_new_order_comes_in(day: Off) -> None:
    two_roads(day)
    new = day.posts(day.office, "/orders", raw_order(8))
    day.works()
    proposal = day.proposed("insert")
    told = day.accepts(proposal)
    route = proposal["hunks"][0]["to_route_id"]
    (number,) = [n for n, road in enumerate(day.roads) if str(road.route_id) == route]
    stops = day.seen(number)
    assert new["id"] in orders_on(stops)
    assert any(not stop["tasks"] for stop in stops), "the driver is told where to take it up"
    assert told == day.late(proposal) + Counter([new["id"]])


def test_an_order_is_called_off(day: Off) -> None:
    road, _ = two_roads(day)
    gone = str(road.orders[1].id)
    before = day.told()
    day.posts(day.office, f"/orders/{gone}/cancel", {"reason": "merchant_wish"})
    day.works()
    assert gone not in orders_on(day.seen(0))
    assert day.told() - before == Counter([gone])
    assert day.gets("/recovery/proposals")["items"] == [], "nobody waits longer by it"


def test_a_recipient_takes_another_time_of_the_day(day: Off) -> None:
    choice = {"choice_days": 2, "choice_cutoff_s": 0, "choice_windows": [["08:00", "12:00"], ["12:00", "16:00"]]}
    update_organization({**choice, "booking": True}, by=day.by, at=AT)
    road, _ = two_roads(day)
    order = road.orders[2]
    link = day.recipient(order)
    slots = link.get("/api/v1/track").json()["slots"]
    later = next(slot for slot in slots if slot["start"].startswith("2026-11-23T11"))
    day.posts(link, "/track/slot", {"start": later["start"]})
    assert str(order.id) not in orders_on(day.seen(0)), "it has left the route at once"
    before = day.told()
    day.works()
    proposal = day.proposed("insert")
    assert day.told() == before, "who chose it need not be told that it was chosen"
    told = day.accepts(proposal)
    (number,) = [n for n, r in enumerate(day.roads) if str(r.route_id) == proposal["hunks"][0]["to_route_id"]]
    (stop,) = [stop for stop in day.seen(number) if str(order.id) in orders_on([stop])]
    assert stop["planned_leave"] > later["start"]
    assert told == day.late(proposal) + Counter([str(order.id)])


def test_nobody_is_at_a_door(day: Off) -> None:
    road, _ = two_roads(day)
    day.works(25)
    day.taps_on(0, ("fail", {"stop_id": str(road.stops[0].id), "reason": "recipient_absent"}))
    day.works()
    proposal = day.proposed("retry", road.route_id)
    told = day.accepts(proposal)
    assert str(road.orders[0].id) in orders_on(day.seen(0))
    assert told == day.late(proposal) + Counter([str(road.orders[0].id)])
    assert [item["state"] for item in day.gets("/exceptions?kind=attempt_failed&state=resolved")["items"]] == [
        "resolved"
    ]


def test_a_driver_is_late(day: Off) -> None:
    """Half an hour goes by before the first of three collections; another van is near and has little to do."""
    depot = a_depot(day.by)
    collections = [an_order(day.by, number, task={"kind": "collect", "service_s": 1500}) for number in (1, 2, 3)]
    road = a_road(day.by, orders=collections, depot=depot)
    day.drives(road, a_road(day.by, 1, first_number=5, depot=depot))
    day.works()
    for number, one in enumerate(day.roads):
        day.taps_on(number, ("start_route", {"route_id": str(one.route_id)}))
    day.waits(70)
    day.taps_on(0, ("arrive", {"stop_id": str(road.stops[0].id)}))
    day.works()
    proposal = day.proposed("late", road.route_id)
    told = day.accepts(proposal)
    moved = set(orders_on(day.seen(1))) & {str(order.id) for order in collections}
    assert moved, "the other van takes some of them"
    assert not moved & set(orders_on(day.seen(0)))
    assert told == day.late(proposal)


def test_a_van_breaks_down(day: Off) -> None:
    road, _ = two_roads(day)
    day.works(40)
    day.taps_on(0, ("fail", {"stop_id": str(road.stops[0].id), "reason": "vehicle_breakdown"}))
    day.works()
    proposal = day.proposed("vehicle_down", road.route_id)
    told = day.accepts(proposal)
    assert orders_on(day.seen(0)) == []
    stops = day.seen(1)
    assert {str(order.id) for order in road.orders[1:]} <= set(orders_on(stops))
    assert any(not stop["tasks"] for stop in stops), "goods are taken over where the van stands"
    (said,) = day.posts(day.phones[1], "/driver/sync", {})["sheet"]["messages"]
    assert said["take_over"] == {"pieces": 2, "stops": 2, "vehicle": "Van 1"}
    assert told == day.late(proposal)


def test_a_driver_is_ill_and_gives_the_route_back(day: Off) -> None:
    depot = a_depot(day.by)
    ill = a_road(day.by, 3, depot=depot)
    other = a_road(day.by, 2, first_number=5, depot=depot)
    day.drives(ill, other)
    day.works()
    day.taps_on(0, ("reject_route", {"route_id": str(ill.route_id), "reason": "driver_unavailable"}))
    day.works()
    proposal = day.proposed("given_back", ill.route_id)
    told = day.accepts(proposal)
    assert {str(order.id) for order in ill.orders} <= set(orders_on(day.seen(1)))
    assert told == day.late(proposal)
    assert day.gets("/exceptions?state=open")["items"] == []
