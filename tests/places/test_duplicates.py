"""Two rows of one place are found, merged by a person, and stand apart again exactly as before."""

from __future__ import annotations

import time
from hashlib import sha256
from typing import Any

import pytest

from homestretch.dispatch.queries import stops_of
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point, offset
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries as orders
from homestretch.places import actions, queries, rules
from homestretch.places.models import Place
from homestretch.places.rules import Known
from homestretch.places.values import Correction, PlaceData, Service
from tests.orders.facts import facts_of
from tests.town.dispatch import a_road, an_owner
from tests.town.orders import DAY, an_order
from tests.town.places import AT, SQUARE, spot
from tests.work import run_jobs

LETTERS = str.maketrans("0123456789", "ghijklmnop")


def a_place(us: Actor, address: str, point: Point | None = SQUARE) -> Place:
    return actions.find_or_create(PlaceData(address, point), by=us, at=AT)


def proposed(us: Actor) -> list[tuple[str, str]]:
    """(survivor, merged) by their addresses."""
    with scope(us):
        return [(stays.address, goes.address) for _, stays, goes in queries.duplicates()]


def refused(code: str) -> Any:
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def rows_of(us: Actor) -> dict[Any, dict[str, Any]]:
    """All of all places but what counts the changes."""
    with scope(us):
        return {row.pop("id"): row for row in Place.objects.values() if row.pop("version")}


def state_of(us: Actor, order: Any) -> str:
    with scope(us):
        return orders.get_order(order.id).state


def test_spellings_of_one_address_near_each_other_are_proposed_the_confirmed_one_stays(us: Actor) -> None:
    a_place(us, "Hauptstr. 5, Vaduz")
    confirmed = a_place(us, "Vaduz, Hauptstrasse 5", offset(SQUARE, 20, 0))
    actions.confirm(confirmed.id, by=us, at=AT)
    a_place(us, "Hauptstrasse 7, Vaduz")
    assert proposed(us) == [("Vaduz, Hauptstrasse 5", "Hauptstr. 5, Vaduz")]


@pytest.mark.parametrize(
    ("one", "other", "meters", "both_confirmed", "found"),
    [
        ("Mill Lane 1, Town", "Mill Ln 1 Town", 10, False, True),
        ("Mill Lane 1, Town", "Mill Lane 1", 10, False, True),
        ("Mill Lane 1, Town", "Mill Ln 1 Town", 150, False, True),
        ("Mill Lane 1, Town", "Mill Lane 1", 150, False, False),
        ("Mill Lane 1, Town", "Mill Ln 1 Town", 250, False, False),
        ("Mill Lane 1, Town", "Mill Ln 1 Town", 150, True, False),
        ("Mill Lane 1, Town", "Mill Ln 1 Town", 10, True, True),
        ("Mill Lane 1, Town", "Mill Lane 2, Town", 0, False, False),
        ("Mill Lane 1, Town", "High Street 1, Town", 0, False, False),
        ("Mill Lane 1, Town", "Mill Ln 1 Town", None, False, True),
        ("Mill Lane 1, Town", "Mill Lane 1", None, False, False),
    ],
)
def test_what_may_be_one(one: str, other: str, meters: int | None, both_confirmed: bool, found: bool) -> None:
    point = None if meters is None else offset(SQUARE, 0, meters)
    places = [Known(uuid7(), one, SQUARE, both_confirmed), Known(uuid7(), other, point, both_confirmed)]
    assert bool(rules.duplicates(places, ())) is found
    assert bool(rules.duplicates(places[::-1], ())) is found
    assert rules.duplicates(places, {frozenset(place.id for place in places)}) == []


def test_two_hundred_meters_are_seen_across_every_border_of_a_block() -> None:
    for number in range(200):
        here = Point(-60 + number * 0.6123457, -170 + number * 1.7123457)
        pair = [
            Known(uuid7(), "Mill Lane 1, Town", here, False),
            Known(uuid7(), "Town, Mill Ln 1", offset(here, 130, -130), False),
        ]
        assert len(rules.duplicates(pair, ())) == 1, here


def test_many_places_at_one_spot_are_looked_through_in_a_moment() -> None:
    doors = [
        f"Mill Lane 5 {sha256(str(number).encode()).hexdigest().translate(LETTERS)[:24]}" for number in range(3000)
    ]
    houses = [f"Mill Lane {number}, Town" for number in range(6, 17_000)]
    places = [Known(uuid7(), address, SQUARE, False) for address in [*doors, *houses]]
    began = time.process_time()
    assert rules.duplicates(places, ()) == []
    assert time.process_time() - began < 20


def test_new_orders_come_to_the_survivor_by_address_and_by_id_and_undo_is_exact(us: Actor) -> None:
    survivor, place = a_place(us, "Mill Lane 1, Town"), a_place(us, "Mill Ln 1, Town", offset(SQUARE, 15, 0))
    actions.correct(place.id, Correction(access_notes="Bell 7", gate_code="1"), by=us, at=AT)
    before = rows_of(us)
    merged = actions.merge(place.id, survivor.id, by=us, at=AT)
    assert merged.merged_into_id == survivor.id
    assert a_place(us, "mill ln 1 town", None).id == survivor.id
    assert a_place(us, "mill ln 1 town", offset(SQUARE, 9000, 0)).id == survivor.id, "a person said where it is"
    with scope(us):
        assert queries.places_by_id([place.id])[place.id].id == survivor.id
    assert proposed(us) == []
    actions.unmerge(place.id, by=us, at=AT)
    assert rows_of(us) == before
    assert a_place(us, "mill ln 1 town", None).id == place.id
    assert facts_of(us, place.id) == ["place.corrected", "place.merged", "place.unmerged"]
    assert proposed(us) == [], "a person has said that they are two"


def test_merges_of_merges_lead_to_the_last_and_come_apart_one_by_one(us: Actor) -> None:
    a, b, c = (a_place(us, f"Mill Lane 1{suffix}, Town") for suffix in ("", " door", " gate"))
    actions.merge(a.id, b.id, by=us, at=AT)
    actions.merge(b.id, c.id, by=us, at=AT)
    assert {a_place(us, p.address).id for p in (a, b, c)} == {c.id}
    with refused("place.merged_already"):
        actions.merge(a.id, c.id, by=us, at=AT)
    with refused("place.merged_already"):
        actions.merge(c.id, a.id, by=us, at=AT)
    with refused("place.merged_already"):
        actions.correct(a.id, Correction(label="x"), by=us, at=AT)
    actions.unmerge(b.id, by=us, at=AT)
    assert [a_place(us, p.address).id for p in (a, b, c)] == [b.id, b.id, c.id]
    actions.unmerge(a.id, by=us, at=AT)
    assert [a_place(us, p.address).id for p in (a, b, c)] == [a.id, b.id, c.id]
    with refused("place.not_merged"):
        actions.unmerge(a.id, by=us, at=AT)


def test_merges_may_be_undone_in_the_order_they_were_made_too(us: Actor) -> None:
    a, b, c = (a_place(us, f"Mill Lane 1{suffix}, Town") for suffix in ("", " door", " gate"))
    actions.merge(a.id, b.id, by=us, at=AT)
    actions.merge(b.id, c.id, by=us, at=AT)
    actions.unmerge(a.id, by=us, at=AT)
    assert [a_place(us, p.address).id for p in (a, b, c)] == [a.id, c.id, c.id]
    actions.unmerge(b.id, by=us, at=AT)
    assert [a_place(us, p.address).id for p in (a, b, c)] == [a.id, b.id, c.id]


def test_what_can_not_be_merged_is_refused(us: Actor, stranger: Actor) -> None:
    located, waiting = a_place(us, "Mill Lane 1"), a_place(us, "Mill Ln 1", None)
    theirs = a_place(stranger, "Mill Lane 1")
    for place, survivor, code in [
        (located.id, located.id, "place.merged_into_itself"),
        (located.id, waiting.id, "place.survivor_has_no_pin"),
        (located.id, theirs.id, "place.not_found"),
        (theirs.id, located.id, "place.not_found"),
    ]:
        with refused(code):
            actions.merge(place, survivor, by=us, at=AT)
    with refused("place.stale"):
        actions.merge(waiting.id, located.id, version=9, by=us, at=AT)
    actions.merge(waiting.id, located.id, by=us, at=AT)
    with refused("place.merged_already"):
        actions.keep_apart(located.id, waiting.id, by=us, at=AT)


def test_who_turns_a_proposal_down_does_not_see_it_again(us: Actor) -> None:
    one, other = a_place(us, "Mill Lane 1, Town"), a_place(us, "Mill Ln 1, Town")
    assert len(proposed(us)) == 1
    actions.keep_apart(other.id, one.id, by=us, at=AT)
    assert proposed(us) == []
    actions.merge(one.id, other.id, by=us, at=AT)
    actions.unmerge(one.id, by=us, at=AT)
    assert proposed(us) == []


def test_an_order_that_waited_for_the_merged_place_is_planned_at_the_survivor_and_waits_again(us: Actor) -> None:
    survivor = a_place(us, "Mill Lane 1, Town", spot(1))
    waiting = an_order(us, 2, task={"place": {"address": "Nowhere Lane 1"}})
    run_jobs()
    with scope(us):
        place_id = orders.get_order(waiting.id).tasks.get().place_id
    assert state_of(us, waiting) == "staged"
    actions.merge(place_id, survivor.id, by=us, at=AT)
    run_jobs()
    assert state_of(us, waiting) == "ready"
    with scope(us):
        (view,) = orders.ready_for(DAY)
        assert (view.place_id, view.lat) == (survivor.id, survivor.lat)
        assert orders.get_order(waiting.id).tasks.get().place_id == place_id
        assert queries.places(rules.TO_FIX).count() == 0
    actions.unmerge(place_id, by=us, at=AT)
    run_jobs()
    assert state_of(us, waiting) == "staged"
    with scope(us):
        assert orders.ready_for(DAY) == []


def test_an_order_at_the_merged_place_is_ready_when_the_survivor_gets_its_pin(us: Actor) -> None:
    survivor = a_place(us, "Nowhere Lane 2", None)
    waiting = an_order(us, 2, task={"place": {"address": "Nowhere Lane 1"}})
    with scope(us):
        place_id = orders.get_order(waiting.id).tasks.get().place_id
    actions.merge(place_id, survivor.id, by=us, at=AT)
    run_jobs()
    assert state_of(us, waiting) == "staged"
    actions.correct(survivor.id, Correction(point=SQUARE), by=us, at=AT)
    run_jobs()
    assert state_of(us, waiting) == "ready"


def test_a_route_under_way_is_not_changed_and_its_halt_is_remembered_by_the_survivor(db: Any) -> None:
    road = a_road(an_owner(), 1).start()
    (stop,) = road.stops
    survivor = a_place(road.by, "Mill Lane One, Town", offset(SQUARE, 20, 0))
    actions.merge(stop.place_id, survivor.id, by=road.by, at=AT)
    with scope(road.by):
        (same,) = stops_of(road.route_id)
    assert (same.place_id, same.version) == (stop.place_id, stop.version)
    actions.remember_service(stop.place_id, Service(stop.id, 60, None, AT), by=road.by, at=AT)
    with scope(road.by):
        assert [row.seconds for row in queries.services(survivor.id)] == [60]
