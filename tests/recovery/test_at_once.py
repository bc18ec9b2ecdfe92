"""A yes and a change of the same route at one moment, really committed: one of them waits, and never half happens."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch import queries as routes
from homestretch.dispatch.models import StopTask
from homestretch.events.scope import scope
from homestretch.recovery import actions, queries
from homestretch.recovery.models import Offer
from homestretch.recovery.values import Wish
from tests.dispatch.test_at_once import at_once
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.fleet import a_depot
from tests.town.orders import an_order
from tests.town.places import AT
from tests.work import run_jobs

NOW = AT + timedelta(minutes=5)


@pytest.fixture
def roads(committed: None, monkeypatch: pytest.MonkeyPatch) -> tuple[Road, Road]:
    monkeypatch.setattr("homestretch.recovery.jobs.now", lambda: NOW)
    by = an_owner()
    actions.set_policy({"seconds": 1}, by=by, at=AT)
    depot = a_depot(by)
    return a_road(by, 2, depot=depot).start(), a_road(by, 2, first_number=4, depot=depot).start()


def test_a_route_that_changes_while_a_proposal_is_accepted_makes_one_of_the_two_wait_and_fail(
    roads: tuple[Road, Road],
) -> None:
    down, other = roads
    by = down.by
    row = actions.ask(Wish("vehicle_down", route_id=down.route_id), by=by, at=NOW)
    run_jobs()
    with scope(by):
        order = [stop.id for stop in routes.open_stops(other.route_id)][::-1]
    results = at_once(
        lambda: actions.accept(row.id, by=by, at=NOW).state,
        lambda: dispatch.resequence(other.route_id, order, by=by, at=NOW).id,
    )
    won = "accepted" in results
    assert ("route.sequence_incomplete" in results) if won else ("proposal.overtaken" in results)
    with scope(by):
        assert queries.proposal(row.id).state == ("accepted" if won else "made")
        live = StopTask.objects.filter(live=True)
        assert live.filter(stop__route_id=down.route_id).count() == (0 if won else 2)
        assert live.count() == 4


def test_of_two_who_say_yes_one_is_told_that_it_is_settled(roads: tuple[Road, Road]) -> None:
    down, _ = roads
    row = actions.ask(Wish("vehicle_down", route_id=down.route_id), by=down.by, at=NOW)
    run_jobs()
    results = at_once(*[lambda: actions.accept(row.id, by=down.by, at=NOW).state] * 2)
    assert sorted(results) == ["accepted", "proposal.settled"]


def offered(roads: tuple[Road, Road]) -> tuple[Offer, Road]:
    by = roads[0].by
    order = an_order(by, 6, priority=9, task={"kind": "collect"})
    row = actions.offer(order.id, by=by, at=NOW)
    return row, next(road for road in roads if road.route_id == row.route_id)


def test_a_yes_that_is_sent_many_times_at_once_puts_the_order_on_the_route_once(roads: tuple[Road, Road]) -> None:
    row, road = offered(roads)
    results = at_once(*[lambda: actions.accept_offer(row.id, by=road.driver, at=NOW).state] * 4)
    assert results == ["accepted"] * 4
    with scope(road.by):
        assert StopTask.objects.filter(order_id=row.order_id).count() == 1


def test_of_a_yes_and_the_end_of_the_time_one_wins(roads: tuple[Road, Road]) -> None:
    row, road = offered(roads)
    results = at_once(
        lambda: actions.accept_offer(row.id, by=road.driver, at=NOW).state,
        lambda: actions.lapse(by=road.by, at=row.deadline),
    )
    with scope(road.by):
        state, placed = queries.offer(row.id).state, StopTask.objects.filter(order_id=row.order_id).exists()
    assert (results, placed) in ((["accepted", 0], True), (["offer.over", 1], False))
    assert state == ("accepted" if placed else "lapsed")


def test_of_a_drivers_yes_and_an_office_that_puts_it_elsewhere_one_wins(roads: tuple[Road, Road]) -> None:
    row, road = offered(roads)
    other = next(each for each in roads if each is not road)
    (task,) = row.tasks
    results = at_once(
        lambda: actions.accept_offer(row.id, by=road.driver, at=NOW).state,
        lambda: dispatch.add_task(other.route_id, UUID(task), by=road.by, at=NOW).id,
    )
    assert ("accepted" in results) != (other.route_id in results)
    assert {"offer.overtaken", "task.on_another_route"} & set(results)
    with scope(road.by):
        (work,) = StopTask.objects.filter(order_id=row.order_id, live=True).select_related("stop")
    assert work.stop.route_id == (road.route_id if "accepted" in results else other.route_id)


def test_two_who_offer_one_order_at_once_ask_one_driver(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    order = an_order(by, 6, priority=9, task={"kind": "collect"})
    results = at_once(*[lambda: actions.offer(order.id, by=by, at=NOW).id] * 3)
    assert len(set(results)) == 1
    with scope(by):
        assert Offer.objects.count() == 1
