"""Several live routes changed together: all of it or nothing, and no open stop is left over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from homestretch.dispatch import actions, queries
from homestretch.dispatch.values import Amended, Halting
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries as orders
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.fleet import a_depot
from tests.town.orders import an_order, raw_task
from tests.town.places import AT, a_place

pytestmark = pytest.mark.django_db


@pytest.fixture
def roads() -> tuple[Road, Road]:
    """Two routes of one depot, on the road."""
    by = an_owner()
    depot = a_depot(by)
    return a_road(by, 2, depot=depot).start(), a_road(by, 2, first_number=4, depot=depot).start()


def waits(road: Road) -> list[UUID]:
    with scope(road.by):
        return [stop.id for stop in queries.open_stops(road.route_id)]


def tasks(road: Road) -> list[UUID]:
    with scope(road.by):
        return [w.task_id for s in queries.open_stops(road.route_id) for w in s.works.all() if w.live]


def halts(*stops: UUID) -> tuple[Halting, ...]:
    return tuple(Halting(stop_id=stop) for stop in stops)


def refused(code: str) -> Any:
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def test_stops_change_routes_both_ways_at_once(roads: tuple[Road, Road]) -> None:
    here, there = roads
    mine, theirs = waits(here), waits(there)
    owed = tasks(here), tasks(there)
    versions = here.route.version, there.route.version
    wanted = [
        Amended(here.route_id, halts(theirs[1], mine[0]), versions[0]),
        Amended(there.route_id, halts(theirs[0], mine[1]), versions[1]),
    ]
    made = actions.amend(wanted, by=here.by, at=AT)
    assert tasks(here) == [owed[1][1], owed[0][0]]
    assert tasks(there) == [owed[1][0], owed[0][1]]
    assert [[stop.id for stop in stops] for stops in made] == [waits(here), waits(there)]
    with scope(here.by):
        assert all(orders.task(task).route_id == here.route_id for task in tasks(here))
        assert queries.stop(mine[1]).state == "cancelled"
        changes = [event.data for event in history("route", here.route_id) if event.type == "route.updated"]
    assert [change["change"] for change in changes] == ["amended"]
    assert (here.route.version, there.route.version) == (versions[0] + 1, versions[1] + 1)


def test_each_open_stop_is_named_once(roads: tuple[Road, Road]) -> None:
    here, _ = roads
    mine = waits(here)
    for wrong in (halts(mine[0]), halts(*mine, mine[0])):
        with refused("route.sequence_incomplete"):
            actions.amend([Amended(here.route_id, wrong)], by=here.by, at=AT)
    assert waits(here) == mine


def test_a_version_that_stands_no_more_changes_neither_route(roads: tuple[Road, Road]) -> None:
    here, there = roads
    stood = waits(here), waits(there)
    wanted = [
        Amended(here.route_id, (), here.route.version),
        Amended(there.route_id, halts(*stood[1], *stood[0]), there.route.version - 1),
    ]
    with refused("route.stale"):
        actions.amend(wanted, by=here.by, at=AT)
    assert (waits(here), waits(there)) == stood


def test_what_is_being_served_stays_first(roads: tuple[Road, Road]) -> None:
    here, there = roads
    mine, theirs = waits(here), waits(there)
    actions.arrive_stop(mine[0], by=here.driver, at=AT)
    for wrong in (
        [Amended(here.route_id, halts(*mine[::-1]))],
        [Amended(here.route_id, halts(mine[1])), Amended(there.route_id, halts(*theirs, mine[0]))],
    ):
        with refused("route.stop_in_service"):
            actions.amend(wrong, by=here.by, at=AT)


def test_both_ends_of_a_pair_move_together_or_stay() -> None:
    by = an_owner()
    depot = a_depot(by)
    both = [raw_task(n, kind=kind, pair="p") for n, kind in ((1, "collect"), (2, "deliver"))]
    here = a_road(by, orders=[an_order(by, 1, tasks=both)], depot=depot).start()
    there = a_road(by, 1, first_number=4, depot=depot).start()
    mine, theirs = waits(here), waits(there)
    torn = [Amended(here.route_id, halts(mine[0])), Amended(there.route_id, halts(*theirs, mine[1]))]
    with refused("task.paired"):
        actions.amend(torn, by=by, at=AT)
    together = [Amended(here.route_id, ()), Amended(there.route_id, halts(*theirs, *mine))]
    actions.amend(together, by=by, at=AT)
    assert len(tasks(there)) == 3


def test_a_task_and_a_halt_to_take_goods_over_come_in(roads: tuple[Road, Road]) -> None:
    here, _ = roads
    by, mine = here.by, waits(here)
    with scope(by):
        (task,) = an_order(by, 9).tasks.all()
    place = a_place(by, 8)
    wanted = (Halting(place_id=place.id, service_s=300), *halts(*mine), Halting(task_id=task.id))
    (made,) = actions.amend([Amended(here.route_id, wanted)], by=by, at=AT)
    assert [stop.id for stop in made][1:3] == mine
    with scope(by):
        assert (made[0].place_id, made[0].service_s, list(made[0].works.all())) == (place.id, 300, [])
        promise = orders.current_promise(task.id)
        assert promise is not None
        assert promise.start <= made[-1].planned_arrive <= promise.end
        with refused("task.not_ready"):
            again = (*halts(*(stop.id for stop in made)), Halting(task_id=task.id))
            actions.amend([Amended(here.route_id, again)], by=by, at=AT)
