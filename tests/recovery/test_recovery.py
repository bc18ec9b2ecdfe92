"""What is off plan: one open row per cause, graver only, settled when the cause ends, given to people."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from homestretch.accounts import queries as accounts
from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.values import StopOutcome
from homestretch.events.later import known_jobs
from homestretch.events.log import history, record
from homestretch.events.scope import scope
from homestretch.kernel.actor import system
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries as orders
from homestretch.orders.events import PromiseAtRisk
from homestretch.plans import actions as plans
from homestretch.recovery import actions, queries, rules
from homestretch.recovery.values import Cause, Wanted
from homestretch.tracking.events import VehicleHeard, VehicleSilent
from tests.dispatch.phones import Phone
from tests.town.accounts import a_member, a_merchant, an_organization, owner_of
from tests.town.dispatch import FIRST, a_road, an_owner
from tests.town.fleet import DAY, a_driver, a_fleet
from tests.town.orders import an_order
from tests.town.places import AT
from tests.work import run_jobs


@pytest.fixture
def road(db):
    return a_road(an_owner()).start()


def hear(consumer, event):
    """Run a consumer on an event, as a worker would."""
    known_jobs()[consumer](organization_id=event.organization_id, event_id=event.id)


def tell(by, subject, ident, fact):
    """The newest fact of a type about a subject."""
    with scope(by):
        return [event for event in history(subject, ident) if event.type == fact][-1]


def said(by, fact, at=AT):
    """Record a fact and give back its event."""
    ours = system(by.organization_id)
    with scope(ours):
        record(fact, by=ours, at=at)
    return tell(by, fact.subject, fact.subject_id, fact.type)


def open_rows(by):
    with scope(by):
        return list(queries.exceptions(Wanted(state="open")).order_by("id"))


def refused(code):
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def fail(road, number=0):
    stop = road.stops[number]
    dispatch.fail_stop(stop.id, StopOutcome("recipient_absent"), by=road.driver, at=FIRST)
    return tell(road.by, "stop", stop.id, "stop.failed")


def test_a_failed_attempt_is_raised_once_and_settled_by_the_next_release(road):
    event = fail(road)
    hear("recovery.consider", event)
    hear("recovery.consider", event)
    (row,) = open_rows(road.by)
    assert (row.kind, row.severity, row.reason) == ("attempt_failed", "medium", "recipient_absent")
    assert (row.order_id, row.route_id) == (road.orders[0].id, road.route_id)
    with scope(road.by):
        order = orders.get_order(road.orders[0].id)
    a_road(road.by, orders=[order])
    hear("recovery.settle", tell(road.by, "order", order.id, "order.scheduled"))
    assert open_rows(road.by) == []
    with scope(road.by):
        assert queries.exception(row.id).resolution == "order.scheduled"
        assert [e.type for e in history("exception", row.id)] == ["exception.raised", "exception.resolved"]


def test_the_last_attempt_is_grave(db):
    by = an_owner()
    road = a_road(by, orders=[an_order(by, attempts_allowed=1)]).start()
    hear("recovery.consider", fail(road))
    assert open_rows(by)[0].severity == "high"


def test_a_job_that_comes_late_raises_nothing_that_is_settled(road):
    event = fail(road)
    with scope(road.by):
        order = orders.get_order(road.orders[0].id)
    a_road(road.by, orders=[order])
    hear("recovery.consider", event)
    assert open_rows(road.by) == []


def test_a_promise_at_risk_gets_graver_and_ends_with_the_promise(road):
    with scope(road.by):
        task_id = road.stops[0].works.get().task_id
        promise = orders.current_promise(task_id)
    for late_s, severity in ((300, "low"), (1200, "medium"), (60, "medium"), (4000, "high")):
        hear("recovery.consider", said(road.by, PromiseAtRisk(promise.id, promise.order_id, late_s)))
        # The order is only scheduled: a promise is at risk before anybody set out.
        (row,) = open_rows(road.by)
        assert (row.severity, row.details["late_s"]) == (severity, late_s)
    dispatch.complete_stop(road.stops[0].id, StopOutcome(), by=road.driver, at=FIRST)
    hear("recovery.settle", tell(road.by, "promise", promise.id, "promise.kept"))
    assert open_rows(road.by) == []
    hear("recovery.consider", said(road.by, PromiseAtRisk(promise.id, promise.order_id, 9)))
    assert open_rows(road.by) == []


def test_a_silent_vehicle_is_grave_until_it_is_heard(road):
    vehicle_id = road.route.vehicle_id
    silent = said(road.by, VehicleSilent(vehicle_id, road.route_id, None))
    hear("recovery.consider", silent)
    assert [(row.kind, row.severity) for row in open_rows(road.by)] == [("vehicle_silent", "high")]
    heard = said(road.by, VehicleHeard(vehicle_id, road.route_id))
    hear("recovery.settle", heard)
    assert open_rows(road.by) == []
    late = said(road.by, VehicleSilent(vehicle_id, road.route_id, AT))
    said(road.by, VehicleHeard(vehicle_id, road.route_id))
    hear("recovery.consider", late)
    assert open_rows(road.by) == []


def test_what_is_left_open_at_the_end_of_the_day_is_raised(road):
    dispatch.finish_route(road.route_id, by=road.driver, at=FIRST)
    for stop in road.stops:
        hear("recovery.consider", tell(road.by, "stop", stop.id, "stop.cancelled"))
    rows = open_rows(road.by)
    assert [(row.kind, row.reason) for row in rows] == [("unassigned", "out_of_time")] * 3


def test_what_a_dispatcher_took_off_is_the_dispatchers(db):
    ours = an_organization()
    road, colleague = a_road(owner_of(ours)), a_member(ours, "dispatcher")
    dispatch.recall(road.route_id, by=colleague, at=AT)
    hear("recovery.consider", tell(road.by, "stop", road.stops[0].id, "stop.cancelled"))
    (row,) = open_rows(road.by)
    assert (row.kind, row.reason, row.assigned_to_id) == ("unassigned", "recalled", colleague.id)
    with scope(road.by):
        assert [e.type for e in history("exception", row.id)] == ["exception.raised", "exception.assigned"]


def test_what_a_plan_could_not_place_is_raised_with_its_reason(db):
    by = an_owner()
    a_fleet(by, vehicles=1)
    an_order(by, 1)
    heavy = an_order(by, 2, priority=7, task={"loads": {"pieces": 99}})
    plan = plans.ask(DAY, [], options={"seconds": 1}, by=by, at=AT)
    run_jobs()
    hear("recovery.consider", tell(by, "plan", plan.id, "plan.solved"))
    (row,) = open_rows(by)
    assert (row.kind, row.order_id, row.severity) == ("unassigned", heavy.id, "high")
    assert row.reason == "load:pieces"


def test_a_late_report_that_contradicts_is_raised(road):
    stop = road.stops[0]
    tap = Phone(road).tap("complete", stop_id=stop.id)
    fail(road)
    Phone(road).send(tap)
    hear("recovery.consider", tell(road.by, "stop", stop.id, "stop.reported_late"))
    (row,) = open_rows(road.by)
    assert (row.kind, row.severity, row.details) == (
        "reported_late",
        "high",
        {"stands": "failed", "reported": "completed"},
    )


@pytest.mark.parametrize("outcome", ["completed", "en_route"])
def test_a_late_report_that_agrees_is_none(outcome):
    assert rules.reported_late(uuid7(), uuid7(), None, "completed", outcome) is None


def test_what_a_driver_did_on_a_route_of_another_by_then_is_raised(road):
    tap = Phone(road).tap("complete", stop_id=road.stops[0].id)
    dan = a_driver(road.by, name="Dan", phone="+352621999888")
    dispatch.reassign(road.route_id, dan.id, by=road.by, at=AT)
    (result,) = Phone(road).send(tap)
    assert result.refusal["code"] == "stop.not_found"
    hear("recovery.consider", tell(road.by, "driver", road.driver.id, "driver.report_refused"))
    (row,) = open_rows(road.by)
    assert (row.kind, row.details["outcome"], row.details["stop_id"]) == (
        "report_refused",
        "completed",
        str(road.stops[0].id),
    )


def raised(by, key="a"):
    return actions.raise_(Cause("recipient_problem", key, "low"), by=by, at=AT)


def test_a_person_takes_it_on_and_settles_it(db):
    by = an_owner()
    row = raised(by)
    assigned = actions.assign(row.id, by.id, version=1, by=by, at=AT)
    assert (assigned.assigned_to_id, assigned.version) == (by.id, 2)
    with refused("exception.stale"):
        actions.resolve(row.id, "called", version=1, by=by, at=AT)
    with refused("exception.resolution_missing"):
        actions.resolve(row.id, "  ", by=by, at=AT)
    done = actions.resolve(row.id, "called", by=by, at=AT + timedelta(hours=1))
    assert (done.state, done.resolution) == ("resolved", "called")
    with refused("exception.resolved"):
        actions.assign(row.id, by.id, by=by, at=AT)
    assert raised(by).id != row.id
    with scope(by):
        assert queries.open_count() == {"low": 1, "medium": 0, "high": 0}


def test_only_the_own_staff_takes_it_on(db):
    by, stranger = an_owner(), an_owner("Next Door")
    row = raised(by)
    assert stranger.id is not None
    with refused("member.not_found"):
        actions.assign(row.id, stranger.id, by=by, at=AT)
    with refused("exception.not_found"):
        actions.resolve(row.id, "mine", by=stranger, at=AT)
    merchant = a_merchant(by)
    with scope(by):
        member = accounts.members().get(id=by.id)
        member.role, member.merchant = "merchant", merchant
        member.save()
    with refused("exception.member_unfit"):
        actions.assign(row.id, UUID(str(by.id)), by=by, at=AT)
