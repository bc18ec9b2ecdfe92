"""A route's own life: accepted or not, loaded, started, paused, finished, taken back; and goods that come home."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homestretch.dispatch import actions, queries
from homestretch.dispatch.jobs import take_off
from homestretch.dispatch.values import StopOutcome
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.actor import system
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions as orders_actions
from tests.town.dispatch import APART, FIRST, a_road, an_owner
from tests.town.orders import an_order
from tests.town.places import AT

NOON = AT + timedelta(hours=5)


@pytest.fixture
def road(db):
    return a_road(an_owner())


def told(road, subject, ident):
    with scope(road.by):
        return [event.type for event in history(subject, ident)]


def refused(code):
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def test_the_usual_day_is_told_step_by_step(road):
    for verb in (actions.accept_route, actions.start_loading, actions.start_route):
        verb(road.route_id, by=road.driver, at=AT)
    actions.finish_route(road.route_id, by=road.driver, at=NOON)
    steps = ["released", "accepted", "loading", "started", "finished"]
    assert told(road, "route", road.route_id) == [f"route.{step}" for step in steps]
    assert told(road, "shift", road.shift.id)[-2:] == ["shift.started", "shift.ended"]
    assert (road.route.started_at, road.route.finished_at) == (AT, NOON)


def test_forgotten_taps_are_filled_in(road):
    actions.start_route(road.route_id, by=road.driver, at=AT)
    assert told(road, "route", road.route_id)[1:] == ["route.accepted", "route.loading", "route.started"]


@pytest.mark.parametrize("verb", ["recall", "reject"])
def test_what_is_taken_back_before_the_start_can_be_planned_again(road, verb):
    if verb == "recall":
        actions.recall(road.route_id, by=road.by, at=AT)
    else:
        actions.reject_route(road.route_id, "ill", by=road.driver, at=AT)
    assert {stop.state for stop in road.stops} == {"cancelled"}
    assert {road.order(n).state for n in range(3)} == {"ready"}
    again = a_road(road.by, orders=[road.order(0)])
    assert again.order().state == "scheduled"


def test_nothing_is_taken_back_after_the_start(road):
    road.start()
    for verb in (actions.recall, actions.accept_route):
        with refused("route.bad_transition"):
            verb(road.route_id, by=road.driver, at=AT)
    with refused("route.bad_transition"):
        actions.reject_route(road.route_id, "", by=road.driver, at=AT)


def test_finishing_cancels_what_is_open_and_uses_up_no_attempt(road):
    road.start()
    actions.complete_stop(road.stops[0].id, StopOutcome(), by=road.driver, at=FIRST)
    actions.arrive_stop(road.stops[1].id, by=road.driver, at=FIRST + APART)
    actions.start_break(road.route_id, by=road.driver, at=NOON - APART)
    actions.finish_route(road.route_id, by=road.driver, at=NOON)
    assert [stop.state for stop in road.stops] == ["completed", "cancelled", "cancelled"]
    assert [(road.order(n).state, road.order(n).attempts) for n in (1, 2)] == [("ready", 0)] * 2
    with scope(road.by):
        assert history("stop", road.stops[2].id)[-1].data["reason"] == "out_of_time"
    assert road.route.breaks[0]["end"] == "2026-11-23T12:00:00Z"
    with refused("route.over"):
        actions.complete_stop(road.stops[2].id, StopOutcome(), by=road.driver, at=NOON)


def test_breaks_begin_and_end(road):
    with refused("route.not_started"):
        actions.start_break(road.route_id, by=road.driver, at=AT)
    road.start()
    with refused("route.not_on_break"):
        actions.end_break(road.route_id, by=road.driver, at=AT)
    actions.start_break(road.route_id, by=road.driver, at=AT)
    with refused("route.on_break"):
        actions.start_break(road.route_id, by=road.driver, at=AT)
    actions.end_break(road.route_id, by=road.driver, at=NOON)
    assert told(road, "shift", road.shift.id)[-2:] == ["shift.break_started", "shift.break_ended"]


def a_last_attempt(by, **changes):
    """A route with one order that has a single attempt, started."""
    return a_road(by, orders=[an_order(by, attempts_allowed=1, **changes)]).start()


def test_a_failed_order_without_packages_is_returned_with_its_route(db):
    road = a_last_attempt(an_owner())
    actions.fail_stop(road.stops[0].id, StopOutcome("refused"), by=road.driver, at=FIRST)
    assert road.order().state == "failed"
    actions.finish_route(road.route_id, by=road.driver, at=NOON)
    assert road.order().state == "returned"


def test_a_failed_order_is_returned_when_its_last_package_is_handed_back(db):
    by = an_owner()
    road = a_last_attempt(by, task={"packages": ["P1", "P2"]})
    for barcode in ("P1", "P2"):
        actions.scan(road.route_id, barcode, "load", by=road.driver, at=AT)
    actions.fail_stop(road.stops[0].id, StopOutcome("refused"), by=road.driver, at=FIRST)
    actions.finish_route(road.route_id, by=road.driver, at=NOON)
    assert road.order().state == "failed"
    actions.scan(road.route_id, "P1", "return", by=road.driver, at=NOON)
    assert road.order().state == "failed"
    actions.scan(road.route_id, "P2", "return", by=road.driver, at=NOON)
    assert road.order().state == "returned"


def test_scans_are_words_of_the_balance(db):
    by = an_owner()
    packages = ["P1", "P2", "P3", "P4"]
    road = a_last_attempt(by, task={"packages": packages})
    for barcode, what in (("P1", "load"), ("P2", "load"), ("P1", "deliver"), ("P3", "deliver"), ("P4", "missing")):
        actions.scan(road.route_id, barcode, what, by=road.driver, at=AT)
        actions.scan(road.route_id, barcode, what, by=road.driver, at=AT)
    with scope(by):
        counts = queries.package_balance(road.route_id)
    wanted = {"loaded": 3, "delivered": 2, "on_board": 1, "missing": 0}
    assert {name: counts[name] for name in wanted} == wanted
    with refused("package.bad_transition"):
        actions.scan(road.route_id, "P1", "load", by=road.driver, at=AT)
    with refused("package.not_found"):
        actions.scan(road.route_id, "P9", "load", by=road.driver, at=AT)
    with refused("package.scan_unknown"):
        actions.scan(road.route_id, "P1", "eat", by=road.driver, at=AT)


def test_a_cancelled_order_leaves_its_route(road):
    orders_actions.cancel_order(road.orders[1].id, "changed their mind", by=road.by, at=AT)
    by = system(road.by.organization_id)
    with scope(by):
        event = next(e for e in history("order", road.orders[1].id) if e.type == "order.cancelled")
        take_off(event)
        take_off(event)
    assert [stop.state for stop in road.stops] == ["planned", "cancelled", "planned"]
    assert road.route.version == 2
    assert told(road, "route", road.route_id)[-1] == "route.updated"


def test_what_the_driver_has_seen_is_kept(road):
    actions.acknowledge(road.route_id, 99, by=road.driver, at=AT)
    assert road.route.acknowledged == road.route.version == 1


def test_a_driver_does_first_what_has_started(road):
    with scope(road.by):
        assert queries.live_route_of_driver(road.shift.driver_id).id == road.route_id
        actions.recall(road.route_id, by=road.by, at=AT)
        assert queries.live_route_of_driver(road.shift.driver_id) is None


def test_the_sheet_holds_all_that_a_phone_needs_and_no_pin(db):
    by = an_owner()
    order = an_order(by, pin="4711", instructions="Ring twice", task={"packages": ["P1"]})
    road = a_road(by, orders=[order])
    other = a_road(by, 1, first_number=9)
    with scope(road.driver):
        sheet = queries.route_sheet(road.shift.driver_id)
        assert queries.route_sheet(other.shift.driver_id) is None
    (stop,) = sheet["stops"]
    (task,) = stop["tasks"]
    assert stop["place"]["address"] == "Mill Lane 1, Town"
    assert task["recipient"] == {"name": "Rosa 1", "phone": "+352621000001", "language": "en"}
    assert (task["instructions"], task["pin_required"]) == ("Ring twice", True)
    assert task["packages"][0]["barcode"] == "P1"
    assert task["promise"]["start"] < task["promise"]["end"]
    assert "4711" not in str(sheet)
    assert "refused" in sheet["reasons"]
