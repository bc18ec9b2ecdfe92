"""A place learns from the stops served there; the driver of an open stop sees what is noted of its door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from homestretch.dispatch import actions, queries
from homestretch.dispatch.values import StopOutcome
from homestretch.events.scope import scope
from homestretch.orders import actions as orders
from homestretch.places import actions as places
from homestretch.places import queries as remembered
from homestretch.places.values import Correction
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.orders import an_order
from tests.town.places import AT, SQUARE
from tests.work import run_jobs

HERE = StopOutcome(left_with="recipient", lat=SQUARE.lat, lon=SQUARE.lon)


@pytest.fixture
def road(db: Any) -> Road:
    return a_road(an_owner(), 2).start()


def served(road: Road) -> list[tuple[int | None, float | None]]:
    """What the first stop's place remembers."""
    run_jobs()
    with scope(road.by):
        return [(row.seconds, row.lat) for row in remembered.services(road.stops[0].place_id)]


def test_a_served_stop_tells_its_place_how_long_it_took_and_leaving_mends_it(road: Road) -> None:
    stop = road.stops[0]
    actions.arrive_stop(stop.id, by=road.driver, at=AT)
    actions.complete_stop(stop.id, HERE, by=road.driver, at=AT + timedelta(seconds=90))
    assert served(road) == [(90, SQUARE.lat)]
    actions.depart_stop(stop.id, by=road.driver, at=AT + timedelta(seconds=150))
    assert served(road) == [(150, SQUARE.lat)]


def test_a_failed_stop_says_nothing_and_one_without_an_arrival_only_where(road: Road) -> None:
    actions.fail_stop(road.stops[1].id, StopOutcome("recipient_absent", lat=1.0, lon=1.0), by=road.driver, at=AT)
    actions.complete_stop(road.stops[0].id, HERE, by=road.driver, at=AT)
    assert served(road) == [(None, SQUARE.lat)]
    with scope(road.by):
        assert remembered.services(road.stops[1].place_id) == []


def test_the_driver_sees_the_door_and_the_gate_code_while_the_stop_is_open(road: Road) -> None:
    stop = road.stops[0]
    change = Correction(entrance=SQUARE, parking_notes="Yard", side="left", gate_code="4711#")
    places.correct(stop.place_id, change, by=road.by, at=AT)

    def place() -> Any:
        with scope(road.driver):
            sheet = queries.route_sheet(road.driver.driver_id)
        assert sheet is not None
        return sheet["stops"][0]["place"]

    assert place()["gate_code"] == "4711#"
    assert (place()["entrance"], place()["side"]) == ({"lat": SQUARE.lat, "lon": SQUARE.lon}, "left")
    assert (place()["parking"], place()["parking_notes"]) == (None, "Yard")
    actions.complete_stop(stop.id, HERE, by=road.driver, at=AT)
    assert (place()["gate_code"], place()["parking_notes"]) == ("", "Yard")


def test_who_is_erased_is_forgotten_at_the_door_also_when_the_stop_is_heard_of_later(road: Road) -> None:
    stop, order = road.stops[0], road.order()
    places.correct(stop.place_id, Correction(gate_code="4711#", access_notes="Bell Rosa"), by=road.by, at=AT)
    actions.complete_stop(stop.id, HERE, by=road.driver, at=AT)
    orders.erase_recipient(order.recipient_id, by=road.by, at=AT)
    with scope(road.by):
        place = remembered.place(stop.place_id)
    assert (place.gate_code, place.access_notes) == ("", "")
    assert served(road) == []


def test_notes_of_a_house_where_others_are_served_stay(road: Road) -> None:
    stop, order = road.stops[0], road.order()
    an_order(road.by, 9, task={"place": None, "place_id": str(stop.place_id)})
    places.correct(stop.place_id, Correction(gate_code="4711#", access_notes="Second yard"), by=road.by, at=AT)
    actions.complete_stop(stop.id, HERE, by=road.driver, at=AT)
    assert served(road) == [(None, SQUARE.lat)]
    orders.erase_recipient(order.recipient_id, by=road.by, at=AT)
    assert served(road) == [(None, None)]
    with scope(road.by):
        place = remembered.place(stop.place_id)
    assert (place.gate_code, place.access_notes) == ("", "Second yard")
