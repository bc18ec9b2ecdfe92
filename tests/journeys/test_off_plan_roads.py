"""A day goes off plan by the roads: a storm, a closed road, a jam; from there to the driver's acknowledged route."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from homestretch.dispatch.actions.release import put_on_road
from homestretch.events.scope import scope
from homestretch.kernel.geo import Point
from homestretch.kernel.windows import Window
from homestretch.places.values import PlaceData
from homestretch.travel import queries as travel
from tests.journeys.offplan import Off, a_day_off_plan, orders_on
from tests.town.dispatch import Road, a_road, as_driver, draft_of
from tests.town.fleet import a_depot, a_shift
from tests.town.orders import an_order
from tests.town.places import AT
from tests.town.roads import the_town
from tests.town.zones import box, polygon

pytestmark = pytest.mark.timeout(600)  # a second of search each, and whatever else the machine does
SLACK = timedelta(seconds=20)  # between what roads allow and what was promised
WAYS_OUT = {"suggest_late_s": 1, "per_late_minute": 100_000, "per_moved": 0, "per_changed": 0, "per_drift_minute": 0}


@pytest.fixture
def town_day(committed: Any, tmp_path: Path, settings: Any) -> Iterator[Off]:
    """The same on the roads of the invented town."""
    _, settings.HOMESTRETCH_HOME = the_town()
    with a_day_off_plan(tmp_path, **WAYS_OUT) as day:
        yield day


@pytest.mark.parametrize("event", ["storm", "closed", "jammed"])
def test_the_roads_are_not_what_they_were(town_day: Off, event: str, settings: Any, tmp_path: Path) -> None:
    """Weather, a closed road, traffic: a van with three collections comes too late to some; another has time."""
    day = town_day
    town, _ = the_town()
    step = len(town.addresses) // 4
    homes = [town.addresses[number * step] for number in (1, 2, 3)]
    house = town.depots[0]
    depot = a_depot(day.by, place=PlaceData(house.text, Point(house.lat, house.lon)))
    way = [Point(spot.lat, spot.lon) for spot in (house, *homes)]
    places = [{"address": home.text, "lat": home.lat, "lon": home.lon} for home in homes]
    wanted = [
        an_order(day.by, number, task={"kind": "collect", "place": place}) for number, place in enumerate(places, 1)
    ]
    road = _tight(day, depot, wanted, way)
    day.drives(road, a_road(day.by, orders=[an_order(day.by, 5, task={"place": places[0]})], depot=depot))
    day.works()
    if event == "jammed":
        recording = tmp_path / "traffic.json"
        recording.write_text(json.dumps([_jam(day, way)]))
        settings.HOMESTRETCH_PROVIDERS = {
            **settings.HOMESTRETCH_PROVIDERS,
            "traffic": ("fake", {"recording": recording}),
        }
    for number, one in enumerate(day.roads):
        day.taps_on(number, ("start_route", {"route_id": str(one.route_id)}))
    if event == "storm":
        hours = {"starts_at": AT.isoformat(), "ends_at": (AT + timedelta(hours=4)).isoformat()}
        day.posts(day.office, "/travel/weather", {"kind": "storm", **hours})
    elif event == "closed":
        day.posts(day.office, "/travel/closures", {"name": "Fire", "area": _around(_between(day, way))})
    day.works(1)
    proposal = day.proposed("late", road.route_id)
    told = day.accepts(proposal)
    moved = set(orders_on(day.seen(1))) & {str(order.id) for order in wanted}
    assert moved or proposal["hunks"][0]["kind"] == "reorder"
    assert sorted([*orders_on(day.seen(0)), *moved]) == sorted(str(order.id) for order in wanted)
    assert told == day.late(proposal)


def _tight(day: Off, depot: Any, orders: list[Any], way: list[Point]) -> Road:
    """A route whose times are the roads' own, with hardly a minute to lose."""
    shift = a_shift(day.by, depot=depot)
    draft, at, stops = draft_of(day.by, shift, orders), AT, []
    with scope(day.by):
        for stop, (here, there) in zip(draft.stops, pairwise(way), strict=True):
            at += timedelta(seconds=travel.leg(here, there, Window(at, at + timedelta(hours=1)), "van")[0]) + SLACK
            stops.append(replace(stop, arrive=at, start=at, leave=at + timedelta(seconds=stop.service_s)))
            at = stops[-1].leave
        (route,) = put_on_road([replace(draft, stops=tuple(stops), end=at)], None, 1, by=day.by, at=AT)
    return Road(day.by, as_driver(day.by, shift.driver_id), shift, orders, route.id)


def _points(day: Off, way: list[Point]) -> list[Point]:
    """The road from the first house to the second."""
    with scope(day.by):
        return list(travel.path(way[1:3], AT, "van").legs[0].points)


def _between(day: Off, way: list[Point]) -> Point:
    points = _points(day, way)
    return points[len(points) // 2]


def _around(point: Point) -> dict[str, Any]:
    """Forty meters about it."""
    return polygon(box(0, 0, 40, center=point))


def _jam(day: Off, way: list[Point]) -> dict[str, Any]:
    """The fake service's word for a road on which one walks faster."""
    points = [{"lat": point.lat, "lon": point.lon} for point in _points(day, way)[1:-1]]
    return {"points": points, "speed_mh": 3_000, "free_speed_mh": 50_000}
