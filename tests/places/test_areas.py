"""Zones and service areas: brought in whole or not at all; a place outside waits for a person, and its orders wait."""

from __future__ import annotations

from typing import Any

import pytest

from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.fleet import queries as fleet
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point, offset
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries as orders
from homestretch.places import actions, queries, rules
from homestretch.places.models import ServiceArea, Zone
from homestretch.places.values import AreaData, Correction, Found, ZoneData
from tests.orders.facts import facts_of
from tests.town.fleet import a_depot
from tests.town.orders import an_order
from tests.town.orders import orders as the_orders
from tests.town.places import AT, SQUARE, a_place
from tests.town.zones import box, collection, feature, polygon
from tests.work import run_jobs, waiting

FAR = offset(SQUARE, 20_000, 0)


def a_zone(us: Actor, name: str = "Center", **changes: Any) -> Zone:
    return actions.save_zone(ZoneData(**{"name": name, "geometry": polygon(), **changes}), by=us, at=AT)


def an_area(us: Actor, name: str = "Town", *, half_m: float = 5000, center: Point = SQUARE) -> ServiceArea:
    return actions.save_service_area(AreaData(name, polygon(box(half_m=half_m, center=center))), by=us, at=AT)


def refused(code: str) -> Any:
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def stands(us: Actor, place: Any) -> tuple[str, str]:
    """State and review of a place."""
    with scope(us):
        found = queries.place(place.id)
    return found.state, found.review


def state_of(us: Actor, order: Any) -> str:
    with scope(us):
        return orders.get_order(order.id).state


def test_a_zone_is_drawn_changed_and_taken_away(us: Actor) -> None:
    zone = a_zone(us, priority=2)
    same = actions.save_zone(ZoneData("Center", polygon(), priority=2), ident=zone.id, by=us, at=AT)
    assert same.version == 1
    wider = polygon(box(half_m=2000))
    changed = actions.save_zone(ZoneData("Center", wider, priority=2), ident=zone.id, version=1, by=us, at=AT)
    assert (changed.version, changed.geometry["type"]) == (2, "Polygon")
    with scope(us):
        assert queries.zones_of([offset(SQUARE, 1500, 0)]) == ["Center"]
    with refused("zone.stale"):
        actions.remove_zone(zone.id, version=1, by=us, at=AT)
    actions.remove_zone(zone.id, version=2, by=us, at=AT)
    with scope(us):
        events = history("zone", zone.id)
        assert queries.zones_of([SQUARE]) == [""]
    assert [event.type for event in events] == ["zone.changed", "zone.changed", "zone.removed"]
    assert events[1].data["fields"] == ["geometry"]


def test_zones_of_other_depots_do_not_count_in_a_depots_plan(us: Actor) -> None:
    north, south = uuid7(), uuid7()
    for name, depot in (("For all", None), ("North's", north), ("South's", south)):
        a_zone(us, name, depot_id=depot, priority=0 if depot is None else 1)
    with scope(us):
        assert queries.zones_of([SQUARE], [north]) == ["North's"]
        assert queries.zones_at([SQUARE], [south]) == [["South's", "For all"]]
        assert queries.zones_at([SQUARE]) == [["North's", "South's", "For all"]]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "area.name_invalid"),
        ({"name": "x" * 121}, "area.name_invalid"),
        ({"name": "Taken"}, "zone.name_taken"),
        ({"external_id": "Z-1"}, "zone.external_id_taken"),
        ({"external_id": ""}, "area.external_id_invalid"),
        ({"metadata": {"x": "y" * 8000}}, "area.metadata_too_large"),
        ({"priority": 101}, "zone.priority_invalid"),
        ({"geometry": polygon(box()[:-1])}, "area.ring_open"),
    ],
)
def test_a_zone_that_can_not_be_is_refused(us: Actor, changes: dict[str, Any], code: str) -> None:
    a_zone(us, "Taken", external_id="Z-1")
    with refused(code):
        a_zone(us, **changes)
    with scope(us):
        assert Zone.objects.count() == 1


def test_a_file_is_drawn_whole_or_not_at_all_and_every_refusal_is_listed(us: Actor) -> None:
    bad = feature("Bow", polygon([[6.0, 49.0], [6.1, 49.1], [6.1, 49.0], [6.0, 49.1], [6.0, 49.0]]))
    file = collection(feature("North"), bad, feature("North"), feature(""), feature("High", priority=999))
    with refused("area.features_refused") as raised:
        actions.import_zones(rules.read_zones(file), by=us, at=AT)
    listed = [(each["feature"], each["code"]) for each in raised.value.details["refusals"]]
    assert listed == [
        (1, "area.self_crossing"),
        (2, "area.feature_repeated"),
        (3, "area.name_invalid"),
        (4, "zone.priority_invalid"),
    ]
    assert raised.value.details["refusals"][0]["lat"] == 49.05
    assert raised.value.details["refusals"][0]["field"] == "features[1].geometry.coordinates"
    with scope(us):
        assert not Zone.objects.exists()


def test_what_is_taken_out_comes_in_again_unchanged(us: Actor) -> None:
    first = actions.import_zones(
        rules.read_zones(collection(feature("North", priority=4, color="red"), feature("South", external_id="S"))),
        by=us,
        at=AT,
    )
    with scope(us):
        out = queries.as_features(queries.zones().order_by("name"))
    again = actions.import_zones(rules.read_zones(out), by=us, at=AT)
    assert [(z.id, z.version, z.priority, z.metadata) for z in again] == [
        (first[0].id, 1, 4, {"color": "red"}),
        (first[1].id, 1, 0, {}),
    ]


def test_an_order_outside_every_service_area_is_taken_and_waits_for_a_person(us: Actor) -> None:
    an_area(us)
    inside = an_order(us, 1)
    outside = an_order(us, 2, task={"place": {"address": "Far Lane 1", "lat": FAR.lat, "lon": FAR.lon}})
    assert (state_of(us, inside), state_of(us, outside)) == ("ready", "staged")
    with scope(us):
        (place,) = queries.places(rules.TO_FIX)
    assert (place.state, place.review, place.lat) == ("needs_review", rules.OUTSIDE, FAR.lat)
    assert facts_of(us, place.id) == ["place.outside"]
    mended = actions.correct(place.id, Correction(serve_anyway=True), by=us, at=AT)
    assert (mended.state, mended.review) == ("located", "")
    run_jobs()
    assert state_of(us, outside) == "ready"
    actions.correct(place.id, Correction(serve_anyway=False), by=us, at=AT)
    run_jobs()
    assert state_of(us, outside) == "staged"


def test_whoever_says_where_it_is_is_told_when_that_is_outside(us: Actor) -> None:
    an_area(us)
    place = a_place(us, 1, point=None)
    (lookup,) = actions.begin_lookups(by=us, at=AT)
    actions.finish_lookup(lookup, [Found(FAR.lat, FAR.lon, "Far", 0.99, "address")], by=us, at=AT)
    assert stands(us, place) == ("needs_review", rules.OUTSIDE)
    assert a_place(us, 1, point=offset(FAR, 50, 0)).id == place.id
    assert stands(us, place) == ("needs_review", rules.OUTSIDE), "a pin that was found is not moved by an order"
    actions.confirm(place.id, by=us, at=AT)
    assert stands(us, place) == ("needs_review", rules.OUTSIDE)
    actions.correct(place.id, Correction(point=SQUARE), by=us, at=AT)
    assert stands(us, place) == ("located", "")
    actions.correct(place.id, Correction(point=FAR), by=us, at=AT)
    assert facts_of(us, place.id) == [
        *("place.outside", "place.confirmed", "place.corrected", "place.corrected", "place.outside")
    ]


def test_service_areas_that_change_are_asked_of_all_places_again(us: Actor) -> None:
    near, far = an_order(us, 1), an_order(us, 2, task={"place": {"lat": FAR.lat, "lon": FAR.lon}})
    assert (state_of(us, near), state_of(us, far)) == ("ready", "ready")
    town = an_area(us)
    run_jobs()
    assert (state_of(us, near), state_of(us, far)) == ("ready", "staged")
    farm = an_area(us, "Farm", center=FAR)
    run_jobs()
    assert state_of(us, far) == "ready"
    actions.remove_service_area(farm.id, by=us, at=AT)
    run_jobs()
    assert state_of(us, far) == "staged"
    actions.remove_service_area(town.id, by=us, at=AT)
    run_jobs()
    assert state_of(us, far) == "ready"


def test_a_file_of_service_areas_is_judged_once(us: Actor) -> None:
    actions.import_service_areas(rules.read_service_areas(collection(feature("A"), feature("B"))), by=us, at=AT)
    assert [name for name, _ in waiting()] == ["places.judge_areas"]


def test_many_places_are_judged_page_by_page(us: Actor, monkeypatch: Any) -> None:
    from homestretch.places.actions import judging

    monkeypatch.setattr(judging, "PAGE", 2)
    placed = the_orders(us, 5)
    an_area(us, center=FAR)
    run_jobs()
    assert {state_of(us, order) for order in placed} == {"staged"}


def test_a_depot_may_stand_anywhere(us: Actor) -> None:
    an_area(us, center=FAR)
    depot = a_depot(us)
    run_jobs()
    with scope(us):
        place = fleet.depot(depot.id).place
    assert (place.state, place.serve_anyway) == ("located", True)


def test_what_the_neighbor_draws_is_not_ours(us: Actor, stranger: Actor) -> None:
    an_area(stranger, center=FAR)
    zone = a_zone(stranger)
    assert a_place(us, 1).state == "located"
    with scope(us):
        assert (queries.zones_of([SQUARE]), queries.is_served(SQUARE)) == ([""], True)
        with refused("zone.not_found"):
            queries.zone(zone.id)
    for change in (
        lambda: actions.save_zone(ZoneData("X", polygon()), ident=zone.id, by=us, at=AT),
        lambda: actions.remove_zone(zone.id, by=us, at=AT),
    ):
        with refused("zone.not_found"):
            change()
    assert a_zone(us).name == zone.name
