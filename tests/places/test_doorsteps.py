"""Where phones stand at a place's stops becomes its entrance; a person's word stands; the next plan drives there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point, distance_m, offset
from homestretch.kernel.ids import uuid7
from homestretch.orders import queries as orders
from homestretch.places import actions, queries, rules
from homestretch.places.values import Correction, Service
from tests.orders.facts import facts_of
from tests.town.orders import DAY, an_order
from tests.town.places import AT, a_place, spot

PIN = spot(1)
DOOR = offset(PIN, 0, 60)


def stand(us: Actor, place: Any, *points: Point, days: int = 1) -> Any:
    """Phones at completed stops, `days` apart; the place as it stands after them."""
    for number, point in enumerate(points):
        at = AT + timedelta(days=days * number, minutes=number)
        actions.remember_service(place.id, Service(uuid7(), 60, point, at), by=us, at=at)
    with scope(us):
        return queries.place(place.id)


def near(point: Point, count: int) -> list[Point]:
    """As many phones around a point, some meters apart."""
    return [offset(point, (7 * n) % 11 - 5, (5 * n) % 13 - 6) for n in range(count)]


def test_where_phones_stand_on_three_days_is_the_entrance_drawn_a_little_to_the_pin(us: Actor) -> None:
    place = a_place(us, 1)
    found = stand(us, place, *near(DOOR, 2))
    assert found.entrance_lat is None, "two visits are none"
    found = stand(us, place, *[offset(DOOR, n, 0) for n in (0, 2, 4, 6)])
    entrance = Point(found.entrance_lat, found.entrance_lon)
    assert (found.entrance_source, found.entrance_visits) == ("proofs", 5), "the sixth moved it by less than 5 m"
    assert 45 < distance_m(PIN, entrance) < 56
    assert facts_of(us, place.id)[-1] == "place.entrance_learned"
    assert found.halt_at == entrance


def test_one_day_is_not_enough_nor_is_a_door_far_away_nor_one_at_the_pin(us: Actor) -> None:
    assert stand(us, a_place(us, 1), *near(DOOR, 6), days=0).entrance_lat is None
    assert stand(us, a_place(us, 2), *near(offset(spot(2), 400, 0), 6)).entrance_lat is None
    assert stand(us, a_place(us, 3), *near(offset(spot(3), 4, 0), 6)).entrance_lat is None


def test_who_tells_outcomes_elsewhere_moves_no_door() -> None:
    days = [AT.date() + timedelta(days=n) for n in range(8)]
    stood = [*near(DOOR, 5), *(offset(PIN, 900 * n, 0) for n in range(1, 4))]
    door = rules.doorstep(list(zip(stood, days, strict=True)), PIN)
    assert door is not None
    assert distance_m(door.point, DOOR) < 20
    assert rules.doorstep(list(zip(stood[:1] + stood[5:], days[:4], strict=True)), PIN) is None


def test_a_persons_entrance_is_never_changed(us: Actor) -> None:
    place = a_place(us, 1)
    said = offset(PIN, 30, 0)
    actions.correct(place.id, Correction(entrance=said), by=us, at=AT)
    found = stand(us, place, *near(DOOR, 6))
    assert (found.entrance_lat, found.entrance_source) == (said.lat, "person")


def test_a_learned_entrance_that_a_person_takes_away_is_not_learned_again(us: Actor) -> None:
    place = a_place(us, 1)
    assert stand(us, place, *near(DOOR, 4)).entrance_source == "proofs"
    actions.correct(place.id, Correction(without=frozenset({"entrance"})), by=us, at=AT)
    found = stand(us, place, *near(DOOR, 4))
    assert (found.entrance_lat, found.entrance_source, found.entrance_unlearned) == (None, "", True)
    assert found.halt_at == PIN


def test_the_next_plan_drives_to_the_door(us: Actor) -> None:
    order = an_order(us, 1)
    with scope(us):
        (view,) = orders.ready_for(DAY)
        place = queries.place(view.place_id)
    assert order.id == view.order_id
    pin = Point(view.lat, view.lon)
    found = stand(us, place, *near(offset(pin, 0, 60), 4))
    with scope(us):
        (view,) = orders.ready_for(DAY)
    assert (view.lat, view.lon) == (found.entrance_lat, found.entrance_lon)
    assert distance_m(pin, Point(view.lat, view.lon)) > 40
