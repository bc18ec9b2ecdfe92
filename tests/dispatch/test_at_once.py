"""Several at once, really committed: one release wins, one outbox is applied, taps and changes wait for each other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import connections

from homestretch.dispatch import actions
from homestretch.dispatch.actions.release import put_on_road
from homestretch.dispatch.models import Intent, Route
from homestretch.dispatch.values import Terms
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.plans import actions as plans
from homestretch.plans import queries as plans_queries
from tests.dispatch.phones import Phone
from tests.town.dispatch import a_road, an_owner, draft_of
from tests.town.fleet import DAY, a_fleet, a_shift
from tests.town.orders import an_order
from tests.town.places import AT
from tests.work import run_jobs

ANYWAY = Terms(accept_breaches=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Their results, or the codes of their refusals."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Refusal as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(run, call) for call in calls]]


def test_of_two_releases_of_a_plan_one_is_refused(committed):
    by = an_owner()
    a_fleet(by, vehicles=1)
    an_order(by)
    plan = plans.ask(DAY, [], options={"seconds": 1}, by=by, at=AT)
    run_jobs()
    results = at_once(*[lambda: actions.release(plan.id, 1, by=by, at=AT)] * 4)
    assert results.count("plan.already_released") == 3
    with scope(by):
        assert Route.objects.count() == 1


def test_of_two_routes_for_a_shift_one_is_refused(committed):
    by = an_owner()
    shift = a_shift(by)
    drafts = [draft_of(by, shift, [an_order(by, number)]) for number in (1, 2, 3)]

    def release(draft):
        with scope(by):
            return put_on_road([draft], None, 1, by=by, at=AT)

    results = at_once(*[lambda draft=draft: release(draft) for draft in drafts])
    assert results.count("shift.has_route") == 2


def test_the_same_outbox_twice_at_once_is_applied_once(committed):
    road = a_road(an_owner())
    phone = Phone(road)
    taps = phone.day(road.stops)
    results = at_once(*[lambda: phone.send(*taps)] * 3)
    assert results[0] == results[1] == results[2]
    assert {result.outcome for result in results[0]} == {"applied"}
    with scope(road.by):
        assert Intent.objects.count() == len(taps)
        assert [e.type for e in history("stop", road.stops[0].id)].count("stop.completed") == 1


def test_taps_and_changes_of_one_route_wait_for_each_other(committed):
    road = a_road(an_owner(), 6).start()
    phone = Phone(road)
    ids = [stop.id for stop in road.stops]
    taps = [phone.tap("complete", stop_id=ident) for ident in ids[:3]]
    with scope(road.by):
        task = an_order(road.by, 12).tasks.get()

    def shuffle():
        for _ in range(3):
            rest = [stop.id for stop in road.stops if stop.state == "planned"]
            with suppress(Refusal):  # a stop was completed or added since they were read
                actions.resequence(road.route_id, rest[::-1], terms=ANYWAY, by=road.by, at=AT)

    soon = AT + timedelta(minutes=10)
    results = at_once(
        lambda: [phone.send(tap) for tap in taps],
        shuffle,
        lambda: actions.add_task(road.route_id, task.id, terms=ANYWAY, by=road.by, at=soon).id,
    )
    assert {outcome.outcome for (outcome,) in results[0]} == {"applied"}
    assert results[2] == road.route_id
    states = [stop.state for stop in road.stops]
    assert (states.count("completed"), states.count("planned")) == (3, 4)
    with scope(road.by):
        sequences = [event.subject_seq for event in history("route", road.route_id)]
    assert sequences == list(range(1, len(sequences) + 1))


def test_of_two_plans_of_a_day_one_is_released_and_the_other_superseded(committed):
    by = an_owner()
    a_fleet(by, vehicles=1)
    an_order(by)
    drafts = [plans.ask(DAY, [], options={"seconds": 1}, by=by, at=AT) for _ in range(2)]
    run_jobs()
    results = at_once(*[lambda draft=draft: actions.release(draft.id, 1, by=by, at=AT) for draft in drafts])
    assert results.count("plan.state_conflict") == 1
    with scope(by):
        assert Route.objects.count() == 1
        assert sorted(plans_queries.plans().values_list("state", flat=True)) == ["released", "superseded"]
