"""Nothing that was on a released route is left over in silence (I16), whatever is done to the routes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from homestretch.accounts import queries as accounts
from homestretch.dispatch import actions as dispatch
from homestretch.dispatch import queries as routes_now
from homestretch.dispatch.values import Amended, Halting, StopOutcome, Terms
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions as orders
from homestretch.orders import queries as owed
from homestretch.recovery import actions, queries
from homestretch.recovery.values import Cause, Wanted
from homestretch.wiring.doctor.left import i16
from homestretch.wiring.doctor.look import Look
from tests.recovery.test_recovery import hear, open_rows, tell
from tests.town.accounts import a_member, an_organization, owner_of
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.fleet import DAY
from tests.town.orders import an_order, raw_task
from tests.town.places import AT
from tests.work import run_jobs

ANYHOW = Terms(accept_breaches=True)
TWO_TASKS = [raw_task(9), raw_task(10, kind="collect")]


def silent(by: Actor) -> list[tuple[str, str]]:
    """What the doctor finds."""
    with scope(by):
        return list(i16(Look(by.organization_id, AT, working=False)))


class Town:
    """Two routes and what stands on them; one order has two tasks."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.by, self.at = chance, an_owner(), AT
        wide = an_order(self.by, 9, tasks=TWO_TASKS)
        self.roads = [a_road(self.by, 3), a_road(self.by, orders=[an_order(self.by, 5), wide])]
        self.orders = [order for road in self.roads for order in road.orders]

    def act(self) -> None:
        """Something, to something; a rule may say no."""
        self.at += timedelta(minutes=1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("homestretch.recovery.jobs.now", lambda: self.at)
            try:
                self.chance.choice(ACTS)(self, self.chance.choice(self.roads))
            except Refusal:
                return
            run_jobs()

    def stop(self, road: Road) -> Any:
        return self.chance.choice(road.stops)

    def task(self) -> Any:
        with scope(self.by):
            return self.chance.choice([task for order in self.orders for task in order.tasks.all()])

    def in_silence(self) -> list[Any]:
        """By the ledger of works alone: what is owed, is on no route, and nobody has in charge."""
        with scope(self.by):
            rows = queries.exceptions(Wanted(state="open", kind="unassigned"))
            had = {row.order_id for row in rows if row.reason and row.assigned_to_id}
            lost = []
            for order in self.orders:
                works = {
                    work.task_id: work for stop in routes_now.stops_for_order(order.id) for work in stop.works.all()
                }
                left = [work for work in works.values() if work.outcome in ("removed", "cancelled")]
                waits = [work for work in left if work.task_id in owed.placeable(order.id)]
                lost += [work.order_id for work in waits if work.order_id not in had]
            return lost


def amended(town: Town, road: Road) -> None:
    """Both routes are given their stops anew, shared out by chance."""
    with scope(town.by):
        waiting = {road.route_id: [stop.id for stop in routes_now.open_stops(road.route_id)] for road in town.roads}
    stops = [stop for found in waiting.values() for stop in found]
    town.chance.shuffle(stops)
    cut = town.chance.randrange(len(stops) + 1)
    shared = zip(waiting, (stops[:cut], stops[cut:]), strict=True)
    wanted = [Amended(route, tuple(Halting(stop_id=stop) for stop in found)) for route, found in shared]
    dispatch.amend(wanted, by=town.by, at=town.at)


Act = Callable[[Town, Road], Any]
ACTS: list[Act] = [
    amended,
    lambda town, road: dispatch.start_route(road.route_id, by=road.driver, at=town.at),
    lambda town, road: dispatch.recall(road.route_id, by=town.by, at=town.at),
    lambda town, road: dispatch.reject_route(road.route_id, "other", by=road.driver, at=town.at),
    lambda town, road: dispatch.finish_route(road.route_id, by=road.driver, at=town.at),
    lambda town, road: dispatch.return_to_depot(road.route_id, by=town.by, at=town.at),
    lambda town, road: dispatch.remove_task(road.route_id, town.task().id, by=town.by, at=town.at),
    lambda town, road: dispatch.remove_task(road.route_id, town.task().id, by=town.by, at=town.at),
    lambda town, road: dispatch.add_task(road.route_id, town.task().id, terms=ANYHOW, by=town.by, at=town.at),
    lambda town, road: dispatch.add_task(road.route_id, town.task().id, terms=ANYHOW, by=town.by, at=town.at),
    lambda town, road: dispatch.move_stop(
        town.stop(road).id, town.chance.choice(town.roads).route_id, terms=ANYHOW, by=town.by, at=town.at
    ),
    lambda town, road: dispatch.complete_stop(town.stop(road).id, StopOutcome(), by=road.driver, at=town.at),
    lambda town, road: dispatch.fail_stop(
        town.stop(road).id, StopOutcome("recipient_absent"), by=road.driver, at=town.at
    ),
    lambda town, road: orders.cancel_order(town.chance.choice(town.orders).id, "no", by=town.by, at=town.at),
]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_done_nothing_is_left_over_in_silence(db: None, seed: int) -> None:
    town = Town(Random(seed))
    for _ in range(12):
        town.act()
        assert town.in_silence() == []
        assert silent(town.by) == []


@pytest.mark.parametrize("shared", [False, True])
def test_one_of_an_orders_two_tasks_is_not_forgotten(db: None, shared: bool) -> None:
    """Whether each has a stop, or both have one, which then stays."""
    by = an_owner()
    road = a_road(by, orders=[an_order(by, 1, tasks=TWO_TASKS)])
    with scope(by):
        first, second = (stop.works.get() for stop in road.stops)
        if shared:
            first.stop_id = second.stop_id
            first.save()
    task = first.task_id
    dispatch.remove_task(road.route_id, task, by=by, at=AT)
    run_jobs()
    assert road.order().state == "scheduled", "the other one stands on its route"
    assert [(row.kind, row.reason, row.assigned_to_id) for row in open_rows(by)] == [("unassigned", "removed", by.id)]
    dispatch.add_task(road.route_id, task, terms=ANYHOW, by=by, at=AT)
    run_jobs()
    assert open_rows(by) == []


def test_what_its_driver_gave_back_is_the_organizations_first_owners(db: None) -> None:
    ours = an_organization()
    by = owner_of(ours)
    a_member(ours, "owner")
    road = a_road(by, 1)
    dispatch.reject_route(road.route_id, "driver_unavailable", by=road.driver, at=AT)
    hear("recovery.consider", tell(by, "stop", road.stops[0].id, "stop.cancelled"))
    assert [(row.reason, row.assigned_to_id) for row in open_rows(by)] == [("rejected", by.id)]


def test_what_is_for_a_later_day_waits_for_that_days_plan(db: None) -> None:
    road = a_road(an_owner(), 1)
    with scope(road.by):
        dispatch.remove_task(road.route_id, road.stops[0].works.get().task_id, by=road.by, at=AT)
        order = road.order()
        order.day = DAY + timedelta(days=1)
        order.save()
    run_jobs()
    assert open_rows(road.by) == []
    assert silent(road.by) == []


def test_one_that_was_settled_before_it_left_its_route_is_no_excuse(db: None) -> None:
    by = an_owner()
    road = a_road(by, 1)
    with scope(by):
        owner = accounts.members().get(id=by.id)
    cause = Cause("unassigned", f"unassigned:{road.orders[0].id}", "medium", "time_window", road.orders[0].id)
    row = actions.raise_(cause, by=by, at=AT)
    assert row.assigned_to_id == owner.id
    actions.resolve(row.id, "placed", by=by, at=AT)
    dispatch.recall(road.route_id, by=by, at=AT + timedelta(hours=1))
    assert silent(by) == [], "the job that will say so was deferred with it"
    hear_nothing(by, road)
    assert len(silent(by)) == 1


def hear_nothing(by: Actor, road: Road) -> None:
    """The facts are marked as heard, and nothing came of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("homestretch.recovery.jobs._CAUSES", {"stop.cancelled": lambda event: []})
        hear("recovery.consider", tell(by, "stop", road.stops[0].id, "stop.cancelled"))
