"""What happens at the stops: the change, the fact, the refusal, and what it means for order, promise and goods."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homestretch.dispatch import actions
from homestretch.dispatch.models import StopTask
from homestretch.dispatch.values import StopOutcome, TaskOutcome
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions as orders_actions
from homestretch.orders import queries as orders
from tests.town.dispatch import FIRST, a_road, an_owner
from tests.town.orders import an_order, raw_task
from tests.town.places import AT

LATER = AT + timedelta(minutes=5)


@pytest.fixture
def road(db):
    return a_road(an_owner()).start()


def told(road, subject, ident):
    with scope(road.by):
        return [event.type for event in history(subject, ident)]


def refused(code):
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def test_setting_out_starts_the_order(road):
    stop = road.stops[0]
    actions.begin_stop(stop.id, by=road.driver, at=LATER)
    assert road.stops[0].state == "en_route"
    assert road.stops[0].set_out_at == LATER
    assert road.order().state == "in_progress"
    assert told(road, "stop", stop.id) == ["stop.en_route"]


def test_who_sets_out_elsewhere_puts_the_first_stop_off(road):
    first, second, _ = road.stops
    actions.begin_stop(first.id, by=road.driver, at=LATER)
    actions.begin_stop(second.id, by=road.driver, at=LATER + timedelta(minutes=1))
    assert [stop.state for stop in road.stops] == ["skipped", "en_route", "planned"]
    actions.begin_stop(first.id, by=road.driver, at=LATER + timedelta(minutes=2))
    assert [stop.state for stop in road.stops] == ["en_route", "skipped", "planned"]


def test_an_older_tap_does_not_put_off_a_newer_one(road):
    first, second, _ = road.stops
    actions.begin_stop(second.id, by=road.driver, at=LATER)
    with refused("stop.superseded"):
        actions.begin_stop(first.id, by=road.driver, at=LATER - timedelta(minutes=1))


def test_the_geofence_fills_in_the_missing_tap(road):
    stop = road.stops[0]
    actions.arrive_stop(stop.id, seen_by="geofence", by=road.driver, at=LATER)
    assert told(road, "stop", stop.id) == ["stop.en_route", "stop.arrived"]
    with scope(road.by):
        assert history("stop", stop.id)[-1].data["seen_by"] == "geofence"
    assert road.stops[0].arrived_at == LATER


def test_completing_ends_task_order_and_promise(road):
    stop = road.stops[0]
    actions.arrive_stop(stop.id, by=road.driver, at=FIRST)
    done = FIRST + timedelta(minutes=3)
    actions.complete_stop(stop.id, StopOutcome(left_with="neighbor", lat=49.6, lon=6.1), by=road.driver, at=done)
    ended = road.stops[0]
    (work,) = ended.works.all()
    assert (ended.state, ended.ended_at) == ("completed", done)
    assert (work.live, work.outcome, work.left_with, work.lat) == (False, "completed", "neighbor", 49.6)
    assert road.order().state == "completed"
    with scope(road.by):
        promise = orders.current_promise(work.task_id)
    assert told(road, "promise", promise.id) == ["promise.made", "promise.kept"]
    actions.depart_stop(stop.id, by=road.driver, at=done)
    assert told(road, "stop", stop.id)[-2:] == ["stop.completed", "stop.departed"]
    with refused("stop.departed_already"):
        actions.depart_stop(stop.id, by=road.driver, at=done)


def test_a_tap_may_be_missing_before_the_outcome(road):
    actions.complete_stop(road.stops[1].id, StopOutcome(), by=road.driver, at=LATER)
    assert road.stops[1].state == "completed"


def test_arriving_after_the_promise_breaks_it(road):
    stop = road.stops[0]
    late = FIRST + timedelta(seconds=3601)
    actions.arrive_stop(stop.id, by=road.driver, at=late)
    actions.complete_stop(stop.id, StopOutcome(), by=road.driver, at=late)
    with scope(road.by):
        promise = orders.current_promise(stop.works.all()[0].task_id)
        assert history("promise", promise.id)[-1].data["late_s"] == 1


def test_an_outcome_stands(road):
    stop = road.stops[0]
    actions.complete_stop(stop.id, StopOutcome(), by=road.driver, at=LATER)
    for verb in (actions.begin_stop, actions.arrive_stop, actions.skip_stop):
        with refused("stop.not_open"):
            verb(stop.id, by=road.driver, at=LATER)
    with refused("stop.not_open"):
        actions.fail_stop(stop.id, StopOutcome("refused"), by=road.driver, at=LATER)


def test_nothing_happens_at_a_stop_before_the_route_starts(db):
    road = a_road(an_owner())
    with refused("route.not_started"):
        actions.complete_stop(road.stops[0].id, StopOutcome(), by=road.driver, at=LATER)


def test_a_failed_attempt_leaves_the_order_ready_and_its_goods_on_the_way_back(road):
    stop = road.stops[0]
    actions.fail_stop(stop.id, StopOutcome("recipient_absent"), by=road.driver, at=LATER)
    assert road.stops[0].state == "failed"
    assert (road.order().state, road.order().attempts) == ("ready", 1)
    with scope(road.by):
        (event,) = [e for e in history("stop", stop.id) if e.type == "stop.failed"]
        assert event.data["reason"] == "recipient_absent"
        assert event.data["order_ids"] == [str(road.orders[0].id)]


@pytest.mark.parametrize(("reason", "code"), [("", "stop.reason_missing"), ("bad mood", "stop.reason_unknown")])
def test_a_failure_needs_a_reason_of_the_list(road, reason, code):
    with refused(code):
        actions.fail_stop(road.stops[0].id, StopOutcome(reason), by=road.driver, at=LATER)
    assert road.stops[0].state == "planned"


def test_one_of_two_tasks_may_fail(db):
    by = an_owner()
    order = an_order(by, tasks=[raw_task(1), raw_task(2)])
    road = a_road(by, orders=[order]).start()
    first, second = road.stops
    named = (TaskOutcome(second.works.all()[0].task_id, "failed", "damaged"),)
    with scope(by):
        StopTask.objects.filter(stop=second).update(stop=first)
    actions.partial_stop(first.id, StopOutcome(tasks=named), by=road.driver, at=LATER)
    outcomes = {work.outcome for work in road.stops[0].works.all()}
    assert outcomes == {"completed", "failed"}
    assert road.order().state == "ready"


def test_a_partial_stop_says_what_is_missing(road):
    stop = road.stops[0]
    task_id = stop.works.all()[0].task_id
    with refused("stop.nothing_missing"):
        actions.partial_stop(stop.id, StopOutcome(tasks=(TaskOutcome(task_id, "completed"),)), by=road.driver, at=LATER)
    with refused("stop.task_unknown"):
        actions.partial_stop(
            stop.id, StopOutcome("damaged", tasks=(TaskOutcome(stop.id, "failed"),)), by=road.driver, at=LATER
        )
    actions.partial_stop(stop.id, StopOutcome("item_missing"), by=road.driver, at=LATER)
    assert road.order().state == "partially_completed"


def test_what_was_cancelled_meanwhile_is_not_delivered(road):
    stop = road.stops[0]
    orders_actions.cancel_order(road.orders[0].id, "changed their mind", by=road.by, at=LATER)
    actions.complete_stop(stop.id, StopOutcome(), by=road.driver, at=LATER)
    assert road.stops[0].state == "cancelled"
    assert road.order().state == "cancelled"


def test_goods_that_were_not_collected_are_not_delivered(db):
    by = an_owner()
    pair = [raw_task(1, kind="collect", pair="p"), raw_task(2, pair="p")]
    road = a_road(by, orders=[an_order(by, tasks=pair)]).start()
    actions.fail_stop(road.stops[0].id, StopOutcome("business_closed"), by=road.driver, at=LATER)
    assert [stop.state for stop in road.stops] == ["failed", "cancelled"]
    assert road.stops[1].works.all()[0].reason == "previous_stop"
    assert road.order().state == "ready"


def test_a_stranger_finds_nothing(road):
    stranger = an_owner("Next Door")
    with refused("stop.not_found"):
        actions.complete_stop(road.stops[0].id, StopOutcome(), by=stranger, at=LATER)


def test_another_driver_finds_nothing(road):
    other = a_road(road.by, first_number=7, depot=None)
    with refused("stop.not_found"):
        actions.complete_stop(road.stops[0].id, StopOutcome(), by=other.driver, at=LATER)
