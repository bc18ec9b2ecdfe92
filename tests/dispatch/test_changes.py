"""Changes of a route under way: times derived anew, judged, versioned; breaches are refused unless accepted."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from homestretch.dispatch import actions, queries
from homestretch.dispatch.values import StopOutcome, Terms
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from tests.town.dispatch import FIRST, a_road, an_owner
from tests.town.fleet import a_driver
from tests.town.orders import an_order, raw_task
from tests.town.places import AT

SOON = AT + timedelta(minutes=10)
ANYWAY = Terms(accept_breaches=True)


@pytest.fixture
def road(db):
    return a_road(an_owner()).start()


def refused(code):
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def ids(road):
    return [stop.id for stop in road.stops]


def last_change(road):
    with scope(road.by):
        event = history("route", road.route_id)[-1]
    return event.type, event.data["change"], event.data["version"]


def test_another_order_gives_other_times(road):
    first, second, third = ids(road)
    actions.resequence(road.route_id, [third, first, second], by=road.by, at=SOON)
    stops = road.stops
    assert [stop.id for stop in stops] == [third, first, second]
    assert stops[0].planned_arrive >= SOON
    assert all(a.planned_leave <= b.planned_arrive for a, b in pairwise(stops))
    assert stops[-1].planned_leave < road.route.planned_end
    assert last_change(road) == ("route.updated", "resequenced", 3)


def test_times_begin_where_the_last_stop_was_served(road):
    first, second, third = ids(road)
    actions.complete_stop(first, StopOutcome(), by=road.driver, at=SOON)
    with scope(road.by):
        asked = queries.running(road.route, at=SOON)
        place = road.stops[0].place
    assert (asked.span.here.lat, asked.span.here.lon) == (place.lat, place.lon)
    actions.resequence(road.route_id, [third, second], by=road.by, at=SOON)
    assert [(stop.id, stop.position) for stop in road.stops] == [(first, 1), (third, 2), (second, 3)]


def test_a_stop_that_is_served_stays_first(road):
    first, second, third = ids(road)
    actions.arrive_stop(first, by=road.driver, at=SOON)
    with refused("route.stop_in_service"):
        actions.resequence(road.route_id, [second, first, third], by=road.by, at=SOON)
    actions.resequence(road.route_id, [first, third, second], by=road.by, at=SOON)
    served = road.stops[0]
    assert served.planned_arrive == SOON
    assert served.planned_leave == SOON + timedelta(seconds=served.service_s)


def test_a_sequence_names_each_open_stop_once(road):
    first, second, third = ids(road)
    for wrong in ([first, second], [first, second, second], [first, second, third, road.route_id]):
        with refused("route.sequence_incomplete"):
            actions.resequence(road.route_id, wrong, by=road.by, at=SOON)


def test_a_change_from_an_old_version_is_refused(road):
    with refused("route.stale"):
        actions.resequence(road.route_id, ids(road), terms=Terms(version=1), by=road.by, at=SOON)


def test_a_broken_window_is_refused_unless_accepted(db):
    by = an_owner()
    window = {"start": "2026-11-23T07:00:00Z", "end": "2026-11-23T07:20:00Z"}
    hurried = an_order(by, 1, task={"windows": [window]})
    far = an_order(by, 20, task={"service_s": 1800})
    road = a_road(by, orders=[hurried, far]).start()
    first, second = ids(road)
    with pytest.raises(Refusal) as refusal:
        actions.resequence(road.route_id, [second, first], by=by, at=SOON)
    assert refusal.value.code == "route.has_breaches"
    assert refusal.value.details["breaches"][0]["code"] == "time_window"
    assert ids(road) == [first, second]
    actions.resequence(road.route_id, [second, first], terms=ANYWAY, by=by, at=SOON)
    assert ids(road) == [second, first]
    # What is late already forbids no other change.
    actions.resequence(road.route_id, [second, first], by=by, at=SOON + timedelta(hours=1))


def test_a_task_is_added_where_it_fits(road):
    order = an_order(road.by, 11)
    with scope(road.by):
        task = order.tasks.get()
    actions.add_task(road.route_id, task.id, by=road.by, at=SOON)
    stops = road.stops
    assert len(stops) == 4
    assert sorted(stop.position for stop in stops) == [1, 2, 3, 4]
    assert last_change(road)[1] == "task_added"
    with scope(road.by):
        order.refresh_from_db()
    assert order.state == "scheduled"
    with refused("task.not_ready"):
        actions.add_task(road.route_id, task.id, by=road.by, at=SOON)


def test_a_task_is_added_where_it_is_wanted(road):
    with scope(road.by):
        task = an_order(road.by, 11).tasks.get()
    actions.add_task(road.route_id, task.id, 1, by=road.by, at=SOON)
    with scope(road.by):
        assert [work.task_id for work in road.stops[1].works.all()] == [task.id]


def test_an_overload_is_refused_and_leaves_nothing(road):
    order = an_order(road.by, 11, task={"loads": {"pieces": 39}})
    with scope(road.by):
        task = order.tasks.get()
    with refused("route.has_breaches"):
        actions.add_task(road.route_id, task.id, by=road.by, at=SOON)
    assert len(road.stops) == 3
    with scope(road.by):
        order.refresh_from_db()
        task.refresh_from_db()
    assert (order.state, task.route_id) == ("ready", None)


def test_a_removed_task_can_be_planned_again(road):
    with scope(road.by):
        task_id = road.stops[0].works.get().task_id
    actions.remove_task(road.route_id, task_id, by=road.by, at=SOON)
    assert sorted(stop.state for stop in road.stops) == ["cancelled", "planned", "planned"]
    assert road.order(0).state == "ready"
    with refused("task.not_found"):
        actions.remove_task(road.route_id, task_id, by=road.by, at=SOON)


def test_both_ends_of_a_pair_go_together(db):
    by = an_owner()
    pair = [raw_task(1, kind="collect", pair="p"), raw_task(2, pair="p")]
    road = a_road(by, orders=[an_order(by, tasks=pair), an_order(by, 3)]).start()
    with scope(by):
        collect, deliver, _ = [stop.works.get().task_id for stop in road.stops]
    with refused("route.has_breaches"):
        first, second, third = ids(road)
        actions.resequence(road.route_id, [second, first, third], by=by, at=SOON)
    actions.remove_task(road.route_id, deliver, by=by, at=SOON)
    assert [stop.state for stop in road.stops].count("cancelled") == 2
    assert collect != deliver


def test_goods_on_board_stay_on_their_route(db):
    by = an_owner()
    pair = [raw_task(1, kind="collect", pair="p"), raw_task(2, pair="p")]
    road = a_road(by, orders=[an_order(by, tasks=pair)]).start()
    actions.complete_stop(ids(road)[0], StopOutcome(), by=road.driver, at=SOON)
    with scope(by):
        deliver = road.stops[1].works.get().task_id
    with refused("task.pair_on_board"):
        actions.remove_task(road.route_id, deliver, by=by, at=SOON)


def test_another_driver_takes_the_route_over(road):
    dan = a_driver(road.by, name="Dan", phone="+352621999888")
    actions.reassign(road.route_id, dan.id, by=road.by, at=SOON)
    assert (road.route.driver_id, road.route.acknowledged) == (dan.id, 0)
    with scope(road.by):
        assert road.route.shift.driver_id == dan.id
    with refused("stop.not_found"):
        actions.complete_stop(ids(road)[0], StopOutcome(), by=road.driver, at=SOON)
    assert last_change(road)[1] == "reassigned"


def test_a_driver_without_the_skill_is_refused(db):
    by = an_owner()
    skilled = an_order(by, 1, task={"skills": ["cold"]})
    road = a_road(by, orders=[skilled])
    with scope(by):
        road.route.driver.__class__.objects.filter(id=road.shift.driver_id).update(skills=["cold"])
    dan = a_driver(by, name="Dan", phone="+352621999888")
    with refused("route.has_breaches"):
        actions.reassign(road.route_id, dan.id, by=by, at=SOON)
    actions.reassign(road.route_id, dan.id, terms=ANYWAY, by=by, at=SOON)


def test_nothing_changes_on_a_route_that_is_over(road):
    actions.finish_route(road.route_id, by=road.driver, at=FIRST)
    with refused("route.over"):
        actions.resequence(road.route_id, [], by=road.by, at=FIRST)
