"""Release: every check in one transaction, all or nothing; promises for what has none; the second one is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from homestretch.dispatch import actions, queries
from homestretch.dispatch.actions.release import put_on_road
from homestretch.dispatch.models import Route, Stop, StopTask
from homestretch.dispatch.rules.releasing import promise
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.fleet import actions as fleet
from homestretch.fleet.values import ShiftChange
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window
from homestretch.orders import actions as orders_actions
from homestretch.orders import queries as orders
from homestretch.plans import actions as plans
from tests.town.dispatch import APART, FIRST, a_road, an_owner, draft_of
from tests.town.fleet import DAY, a_fleet, a_shift
from tests.town.orders import an_order
from tests.town.places import AT
from tests.work import run_jobs


def release(by, *drafts):
    with scope(by):
        return put_on_road(list(drafts), None, 1, by=by, at=AT)


def refused(code):
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


@pytest.fixture
def by(db):
    return an_owner()


def test_a_solved_plan_goes_on_the_road_once(by):
    shifts = a_fleet(by, vehicles=2)
    wanted = [an_order(by, number) for number in range(1, 5)]
    plan = plans.ask(DAY, [], options={"seconds": 1}, by=by, at=AT)
    run_jobs()
    made = actions.release(plan.id, 1, by=by, at=AT)
    with scope(by):
        assert {route.shift_id for route in made} <= {shift.id for shift in shifts}
        stops = [stop for route in made for stop in queries.stops_of(route.id)]
        assert all(stop.planned_arrive < stop.planned_leave for stop in stops)
        assert {work.order_id for stop in stops for work in stop.works.all()} == {order.id for order in wanted}
        assert {orders.get_order(order.id).state for order in wanted} == {"scheduled"}
        assert all(len(orders.promises_of(order.id)) == 1 for order in wanted)
        assert [e.type for e in history("route", made[0].id)] == ["route.released"]
        assert [e.type for e in history("plan", plan.id)][-1] == "plan.released"
    with refused("plan.already_released"):
        actions.release(plan.id, 1, by=by, at=AT)
    with scope(by):
        assert Route.objects.count() == len(made)


def test_a_plan_with_breaches_stays_a_draft(by):
    a_fleet(by, vehicles=1)
    order = an_order(by, task={"windows": [{"start": "2026-11-23T08:00:00Z", "end": "2026-11-23T08:05:00Z"}]})
    plan = plans.ask(DAY, [], options={"seconds": 1}, by=by, at=AT)
    run_jobs()
    with scope(by):
        from homestretch.plans.models import Revision

        Revision.objects.filter(plan=plan).update(breaches=[{"code": "time_window", "text": "late"}])
    with refused("plan.has_breaches"):
        actions.release(plan.id, 1, by=by, at=AT)
    with scope(by):
        assert not Route.objects.exists()
        assert orders.get_order(order.id).state == "ready"
        plan.refresh_from_db()
        assert plan.state == "ready"


def test_a_shift_without_a_driver_takes_no_route(by):
    with refused("shift.no_driver"):
        release(by, draft_of(by, a_shift(by, driver=False), [an_order(by)]))


def test_a_shift_that_is_off_takes_no_route(by):
    shift = a_shift(by)
    fleet.change_shift(shift.id, ShiftChange(off=True), by=by, at=AT)
    with refused("shift.off"):
        release(by, draft_of(by, shift, [an_order(by)]))


def test_a_shift_drives_one_route_at_a_time(by):
    road = a_road(by, 1)
    second = an_order(by, 5)
    with refused("shift.has_route"):
        release(by, draft_of(by, road.shift, [second]))
    actions.recall(road.route_id, by=by, at=AT)
    assert len(release(by, draft_of(by, road.shift, [second]))) == 1


def test_nothing_half_done_when_one_task_is_not_open_any_more(by):
    first, second = an_order(by, 1), an_order(by, 2)
    draft, other = draft_of(by, a_shift(by), [first]), draft_of(by, a_shift(by), [second])
    orders_actions.cancel_order(second.id, "gone", by=by, at=AT)
    with refused("task.not_open"):
        release(by, draft, other)
    with scope(by):
        assert not Route.objects.exists()
        assert not Stop.objects.exists()
        assert orders.get_order(first.id).state == "ready"
        assert orders.promises_of(first.id) == []


def test_an_order_that_was_put_on_hold_since_it_was_planned_is_named(by):
    order = an_order(by, 1)
    draft = draft_of(by, a_shift(by), [order])
    orders_actions.hold_order(order.id, "waits for payment", by=by, at=AT)
    with pytest.raises(Refusal, match=r"order\.held: A-1 is on hold"):
        release(by, draft)


def test_a_task_on_a_live_route_is_on_no_other(by):
    road = a_road(by, 1)
    with pytest.raises(Refusal, match=r"task\.(not_ready|on_another_route)"):
        release(by, draft_of(by, a_shift(by), road.orders))


def test_the_database_has_the_last_word_on_live_routes_and_tasks(by):
    road = a_road(by, 1)
    with scope(by):
        route, work = road.route, StopTask.objects.get()
        with pytest.raises(IntegrityError, match="one_live_route"), transaction.atomic():
            Route.objects.create(
                shift_id=route.shift_id, vehicle_id=route.vehicle_id, driver_id=route.driver_id, day=DAY,
                state="released", planned_start=AT, planned_end=AT,
            )  # fmt: skip
        with pytest.raises(IntegrityError, match="one_live_task"), transaction.atomic():
            StopTask.objects.create(stop_id=work.stop_id, task_id=work.task_id, order_id=work.order_id)


def test_a_task_named_twice_is_refused(by):
    draft = draft_of(by, a_shift(by), [an_order(by)])
    with refused("task.twice"):
        release(by, replace(draft, stops=draft.stops * 2))


def test_a_promise_that_stands_is_left_alone(by):
    order = an_order(by)
    with scope(by):
        task_id = order.tasks.get().id
    booked = Window(FIRST, FIRST + timedelta(hours=2))
    orders_actions.make_promises([(task_id, booked)], "booking", by=by, at=AT)
    a_road(by, orders=[order])
    with scope(by):
        (standing,) = orders.promises_of(order.id)
    assert (standing.start, standing.end, standing.source) == (booked.start, booked.end, "booking")


def test_a_second_attempt_gets_a_promise_of_its_own(by):
    from homestretch.dispatch.values import StopOutcome

    road = a_road(by, 1).start()
    actions.fail_stop(road.stops[0].id, StopOutcome("recipient_absent"), by=road.driver, at=FIRST)
    actions.finish_route(road.route_id, by=road.driver, at=FIRST + APART)
    with scope(by):
        order = orders.get_order(road.orders[0].id)
    again = a_road(by, orders=[order])
    with scope(by):
        assert len(orders.promises_of(order.id)) == 2
    assert again.order().state == "scheduled"


def test_a_promise_is_wide_by_the_rule_and_clipped_to_the_window():
    nine = datetime(2026, 11, 23, 9, tzinfo=UTC)
    hour = timedelta(hours=1)
    assert promise(nine, (), 1800, 3600) == Window(nine - hour / 2, nine + hour)
    narrow = Window(nine - hour / 4, nine + hour / 2)
    assert promise(nine, (narrow,), 1800, 3600) == narrow
    other = Window(nine + 3 * hour, nine + 4 * hour)
    assert promise(nine, (narrow, other), 1800, 3600) == narrow
    assert promise(nine, (other,), 1800, 3600) == Window(nine - hour / 2, nine + hour)
