"""A place remembers pin, door and halts; a confirmed pin beats every geocoder; a person can be forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point, distance_m, offset
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.places import actions, queries, rules
from homestretch.places.models import GeocodeCache, ServiceTime
from homestretch.places.values import Correction, Found, PlaceData, Service
from tests.orders.facts import facts_of
from tests.town.places import AT, SQUARE, a_place, spot

LATER = AT + timedelta(days=1)


def stands(us: Actor, place: Any) -> Any:
    """The place as it stands."""
    with scope(us):
        return queries.place(place.id)


def remember(us: Actor, place: Any, *halts: tuple[int | None, Point | None]) -> None:
    """Halts at a place, a minute apart."""
    for number, (seconds, point) in enumerate(halts):
        at = AT + timedelta(minutes=number)
        actions.remember_service(place.id, Service(uuid7(), seconds, point, at), by=us, at=at)


def refused(code: str) -> Any:
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def test_a_pin_set_by_a_person_is_confirmed_and_says_by_whom_and_since_when(us: Actor) -> None:
    place = actions.correct(a_place(us, 1).id, Correction(point=SQUARE), by=us, at=LATER)
    assert (place.confirmed_at, place.confirmed_by, place.confirmed_from) == (LATER, str(us), "person")


def test_a_confirmed_pin_beats_the_geocoder_for_that_address_for_ever(us: Actor) -> None:
    place = a_place(us, 1, point=None)
    (lookup,) = actions.begin_lookups(by=us, at=AT)
    actions.correct(place.id, Correction(point=SQUARE), by=us, at=AT)
    actions.finish_lookup(lookup, [Found(48.0, 5.0, "elsewhere", 0.99, "address")], by=us, at=LATER)
    far = a_place(us, 1, point=offset(SQUARE, 9000, 0), at=LATER)
    assert far.id == place.id
    assert actions.correct(place.id, Correction(address="MILL LN. 1, Town"), by=us, at=LATER).state == "located"
    assert actions.begin_lookups(by=us, at=LATER) == []
    found = stands(us, place)
    assert ((found.lat, found.lon), found.confirmed_at) == ((SQUARE.lat, SQUARE.lon), AT)


def test_a_confirmation_ends_with_the_address_that_it_was_for(us: Actor) -> None:
    place = actions.correct(a_place(us, 1).id, Correction(point=SQUARE), by=us, at=AT)
    moved = actions.correct(place.id, Correction(address="Mill Lane 2, Town"), by=us, at=LATER)
    assert (moved.state, moved.confirmed_at, moved.confirmed_by, moved.confirmed_from) == ("queued", None, "", "")


def test_a_given_pin_is_confirmed_as_it_stands_and_orders_hear_of_one_that_was_in_doubt(us: Actor) -> None:
    place = actions.confirm(a_place(us, 1).id, by=us, at=AT)
    assert (place.source, place.lat, place.is_confirmed) == ("person", spot(1).lat, True)
    assert facts_of(us, place.id) == ["place.confirmed"]
    with refused("place.no_pin"):
        actions.confirm(a_place(us, 2, point=None).id, by=us, at=AT)
    with refused("place.confirmed_from_unknown"):
        actions.confirm(place.id, "hearsay", by=us, at=AT)
    with refused("place.stale"):
        actions.confirm(place.id, version=7, by=us, at=AT)


def test_a_pin_moves_to_where_phones_stood_together(us: Actor) -> None:
    place, door = a_place(us, 1, point=None), offset(SQUARE, 60, 10)
    with refused("place.proofs_too_few"):
        actions.confirm(place.id, "proofs", by=us, at=AT)
    far = offset(SQUARE, 900, 0)
    remember(us, place, *((90, offset(door, meters, 0)) for meters in (-6, 0, 6)), (90, far))
    confirmed = actions.confirm(place.id, "proofs", by=us, at=LATER)
    assert (confirmed.state, confirmed.source, confirmed.confirmed_from) == ("located", "proofs", "proofs")
    assert distance_m(Point(confirmed.lat, confirmed.lon), door) < 4
    assert facts_of(us, place.id) == ["place.confirmed", "place.located"]


def test_halts_are_measured_and_the_newest_are_kept(us: Actor) -> None:
    place = a_place(us, 1)
    remember(us, place, *((60 + number, None) for number in range(rules.KEPT_SERVICES + 5)))
    remember(us, place, (None, None), (0, None), (9 * 3600, None))
    with scope(us):
        kept = queries.services(place.id)
        assert [row.seconds for row in kept] == list(range(84, 64, -1))
        assert queries.median_service_s(queries.place(place.id)) == 74


def test_of_one_stop_the_later_word_counts(us: Actor) -> None:
    place, stop_id = a_place(us, 1), uuid7()
    for seconds in (60, 200):
        actions.remember_service(place.id, Service(stop_id, seconds, SQUARE, AT), by=us, at=AT)
    with scope(us):
        assert [(row.seconds, row.lat) for row in queries.services(place.id)] == [(200, SQUARE.lat)]


def test_the_door_has_its_own_point_and_what_is_noted_can_be_taken_away(us: Actor) -> None:
    entrance, parking = offset(SQUARE, 10, 0), offset(SQUARE, 0, 40)
    change = Correction(entrance=entrance, parking=parking, parking_notes="Yard", side="left", gate_code="4711#")
    place = actions.correct(a_place(us, 1).id, change, by=us, at=AT)
    assert (place.entrance_lat, place.parking_lon, place.side) == (entrance.lat, parking.lon, "left")
    assert (place.confirmed_at, place.source) == (None, "given")
    with scope(us):
        (event,) = history("place", place.id)
    assert event.data["fields"] == ["entrance", "gate_code", "parking", "parking_notes", "side"]
    assert "4711" not in str(event.data)
    bare = actions.correct(place.id, Correction(gate_code="", without=frozenset({"entrance"})), by=us, at=AT)
    assert (bare.entrance_lat, bare.gate_code, bare.parking_lat) == (None, "", parking.lat)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Correction(side="north"), "place.side_unknown"),
        (Correction(gate_code="1" * 41), "place.gate_code_too_long"),
        (Correction(parking_notes="x" * 2001), "place.too_long"),
        (Correction(entrance=Point(0, 0)), "place.coordinates_zero"),
    ],
)
def test_what_no_door_has_is_refused(us: Actor, change: Correction, code: str) -> None:
    with refused(code) as refusal:
        actions.correct(a_place(us, 1).id, change, by=us, at=AT)
    assert "111" not in str(refusal.value)


def test_what_a_geocoder_answered_is_given_again_until_it_is_too_old(us: Actor, stranger: Actor) -> None:
    found = [Found(49.0, 6.0, "here", 0.9, "address")]
    actions.keep_lookup("fake", "Mill Lane 1, Town", found, since=AT, by=us, at=AT)
    actions.keep_lookup("fake", "Nowhere 5", [], since=AT, by=us, at=AT)
    with scope(us):
        assert queries.cached_lookup("fake", "mill lane 1 TOWN", since=AT) == found
        assert queries.cached_lookup("fake", "Nowhere 5", since=AT) == []
        assert queries.cached_lookup("other", "Mill Lane 1, Town", since=AT) is None
        assert queries.cached_lookup("fake", "Mill Lane 1, Town", since=LATER) is None
    with scope(stranger):
        assert queries.cached_lookup("fake", "Mill Lane 1, Town", since=AT) is None
    actions.keep_lookup("fake", "Elsewhere 1", found, since=LATER, by=us, at=LATER)
    with scope(us):
        assert GeocodeCache.objects.count() == 1


def test_a_person_is_forgotten_at_the_door(us: Actor) -> None:
    alone, shared = (
        actions.correct(a_place(us, number, access_notes="Bell").id, Correction(gate_code="1"), by=us, at=AT)
        for number in (1, 2)
    )
    remember(us, alone, (60, SQUARE))
    with scope(us):
        (stop_id,) = ServiceTime.objects.values_list("stop_id", flat=True)
    assert len(actions.forget_notes([alone.id, shared.id], [alone.id], by=us, at=AT)) == 2
    actions.forget_halts([stop_id], by=us, at=AT)
    assert (stands(us, alone).gate_code, stands(us, alone).access_notes) == ("", "")
    assert (stands(us, shared).gate_code, stands(us, shared).access_notes) == ("", "Bell")
    with scope(us):
        assert [(row.seconds, row.lat, row.lon) for row in queries.services(alone.id)] == [(60, None, None)]
    assert facts_of(us, alone.id)[-1] == "place.forgotten"
    assert actions.forget_notes([alone.id], [alone.id], by=us, at=AT) == []


def test_what_is_of_the_stranger_is_not_remembered(us: Actor, stranger: Actor) -> None:
    theirs = a_place(stranger, 1)
    remember(us, theirs, (60, SQUARE))
    with refused("place.not_found"):
        actions.confirm(theirs.id, by=us, at=AT)
    with scope(stranger):
        assert queries.services(theirs.id) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Mill Lane 12, Town", "mill ln 12 town", True),
        ("Hauptstr. 5, Vaduz", "Vaduz, Hauptstraße 5", True),
        ("Rue de l'Église 3", "rue de l eglise 3", True),
        ("Mill Lane 12, Town", "Mill Lane 14, Town", False),
        ("Mill Lane 12, Town", "High Street 12, Town", False),
        ("Mill Lane 12", "Mill Lane 12a", False),
    ],
)
def test_one_address_is_known_in_two_spellings(one: str, other: str, same: bool) -> None:
    assert rules.is_respelled(one, other) is same
    assert rules.is_respelled(other, one) is same


@given(st.lists(st.tuples(st.integers(-200, 200), st.integers(-200, 200)), max_size=12))
def test_a_cluster_is_most_of_the_phones_and_small(meters: list[tuple[int, int]]) -> None:
    points = [offset(SQUARE, north, east) for north, east in meters]
    cluster = rules.cluster_of(points)
    if cluster is None:
        return
    assert cluster.count >= rules.NEEDED
    assert 2 * cluster.count > len(points)
    assert sum(distance_m(point, cluster.point) <= cluster.radius_m + 1 for point in points) >= cluster.count


def test_an_address_of_another_place_is_not_apart_once_it_is_confirmed(us: Actor) -> None:
    place = actions.confirm(a_place(us, 1).id, by=us, at=AT)
    assert actions.find_or_create(PlaceData(place.address, offset(SQUARE, 30_000, 0)), by=us, at=AT).id == place.id
