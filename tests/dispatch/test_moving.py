"""Stops that change routes on the road: with their goods, their promise and clear refusals; places for one more."""

from __future__ import annotations

from typing import Any

import pytest

from homestretch.dispatch import actions, queries
from homestretch.dispatch.values import Terms
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries as orders
from tests.town.accounts import a_key, bearing
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.fleet import a_depot
from tests.town.orders import an_order
from tests.town.places import AT, place_data

pytestmark = pytest.mark.django_db


@pytest.fixture
def roads() -> tuple[Road, Road]:
    """Two routes of one depot, on the road."""
    by = an_owner()
    depot = a_depot(by)
    return a_road(by, 3, depot=depot).start(), a_road(by, 3, first_number=4, depot=depot).start()


def open_tasks(road: Road) -> list[list[Any]]:
    """The tasks of the stops that wait, in order."""
    with scope(road.by):
        stops = queries.open_stops(road.route_id)
        return [[work.task_id for work in stop.works.all() if work.live] for stop in stops]


def test_a_stop_moves_to_another_route_with_all_that_is_owed_there(roads: tuple[Road, Road]) -> None:
    here, there = roads
    stop, versions = here.stops[1], (here.route.version, there.route.version)
    (task,) = open_tasks(here)[1]
    with scope(here.by):
        promise = orders.current_promise(task)
    made = actions.move_stop(
        stop.id, there.route_id, 0, terms=Terms(version=versions[0], to_version=versions[1]), by=here.by, at=AT
    )
    assert (open_tasks(there)[0], len(open_tasks(here))) == ([task], 2)
    with scope(here.by):
        assert orders.task(task).route_id == there.route_id
        assert orders.current_promise(task) == promise
        assert queries.stop(stop.id).state == "cancelled"
        assert history("route", there.route_id)[-1].data["change"] == "stop_moved_in"
    assert made.route_id == there.route_id
    assert (here.route.version, there.route.version) == (versions[0] + 1, versions[1] + 1)


def test_a_stop_moves_within_its_route(roads: tuple[Road, Road]) -> None:
    here, _ = roads
    was = open_tasks(here)
    actions.move_stop(here.stops[0].id, here.route_id, 2, by=here.by, at=AT)
    assert open_tasks(here) == [was[1], was[2], was[0]]
    with pytest.raises(Refusal, match=r"route\.stale"):
        actions.move_stop(here.stops[0].id, here.route_id, 0, terms=Terms(version=1), by=here.by, at=AT)


def test_what_is_being_served_stays_and_nothing_goes_before_it(roads: tuple[Road, Road]) -> None:
    here, there = roads
    actions.arrive_stop(there.stops[0].id, by=there.driver, at=AT)
    with pytest.raises(Refusal, match=r"route\.stop_in_service"):
        actions.move_stop(there.stops[0].id, here.route_id, by=here.by, at=AT)
    served = open_tasks(there)[0]
    actions.move_stop(here.stops[0].id, there.route_id, 0, by=here.by, at=AT)
    assert open_tasks(there)[0] == served


def test_goods_do_not_move_where_they_are_not(roads: tuple[Road, Road]) -> None:
    here, _ = roads
    by = here.by
    south = a_depot(by, name="South", place=place_data(21))
    with scope(by):
        north = here.route.shift.start_depot_id
    bound = a_road(by, orders=[an_order(by, 9, depot_id=north)], depot=south).start()
    free = an_order(by, 10, depot_id=north)
    other = a_road(by, 1, first_number=11, depot=south).start()
    with pytest.raises(Refusal, match=r"task\.goods_elsewhere") as refusal:
        actions.move_stop(bound.stops[0].id, other.route_id, by=by, at=AT)
    assert refusal.value.details["depot_id"] == str(north)
    with scope(by):
        task = free.tasks.first().id
    with pytest.raises(Refusal, match=r"task\.goods_elsewhere"):
        actions.add_task(other.route_id, task, by=by, at=AT)
    actions.move_stop(bound.stops[0].id, other.route_id, terms=Terms(accept_breaches=True), by=by, at=AT)
    assert len(open_tasks(other)) == 2


def test_a_package_that_was_loaded_rides_where_it_is(roads: tuple[Road, Road]) -> None:
    here, there = roads
    by = here.by
    with scope(by):
        depot = queries.route(here.route_id).shift.start_depot
    loaded = a_road(by, orders=[an_order(by, 9, task={"packages": ["P-9"]})], depot=depot).start()
    with scope(by):
        (task,) = open_tasks(loaded)[0]
        (package,) = orders.packages_of_tasks([task])
        package.state = "on_board"
        package.save()
    with pytest.raises(Refusal, match=r"task\.goods_on_board"):
        actions.move_stop(loaded.stops[0].id, there.route_id, by=by, at=AT)


def test_a_route_that_is_called_home_keeps_what_is_being_served(roads: tuple[Road, Road]) -> None:
    here, _ = roads
    actions.arrive_stop(here.stops[0].id, by=here.driver, at=AT)
    actions.return_to_depot(here.route_id, by=here.by, at=AT)
    assert len(open_tasks(here)) == 1
    assert [here.order(number).state for number in range(3)] == ["in_progress", "ready", "ready"]
    with pytest.raises(Refusal, match=r"route\.nothing_open"):
        actions.return_to_depot(here.route_id, by=here.by, at=AT)


def test_the_best_places_for_one_more_say_what_they_cost_and_whom_they_touch(roads: tuple[Road, Road]) -> None:
    here, there = roads
    by = here.by
    with scope(by):
        task = an_order(by, 7).tasks.first().id
        found = queries.places_for(task, at=AT)
        assert queries.places_for(task, at=AT) == found
        with pytest.raises(Refusal) as foreign:
            queries.places_for(uuid7(), at=AT)
    assert foreign.value.code == "task.not_found"
    assert {place.route.id for place in found} == {here.route_id, there.route_id}
    best = found[0]
    changed = actions.add_task(best.route.id, task, best.position, by=by, at=AT)
    with scope(by):
        stop = next(s for s in queries.open_stops(changed.id) if any(w.task_id == task for w in s.works.all()))
    assert stop.planned_arrive == best.arrive


def test_places_moves_skips_and_returns_by_the_api(in_the_morning: None, roads: tuple[Road, Road]) -> None:
    here, there = roads
    program = bearing(a_key(here.by, "routes:read", "routes:write", "plans:read"))
    with scope(here.by):
        task = an_order(here.by, 7).tasks.first().id
    shown = program.get("/api/v1/board/places", {"task_id": str(task)}).json()["items"]
    assert {place["route_id"] for place in shown} == {str(here.route_id), str(there.route_id)}
    assert all(place["version"] and place["minutes"] >= 0 for place in shown)

    def post(path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Idempotency-Key": str(uuid7())}
        return program.post(f"/api/v1{path}", body or {}, content_type="application/json", headers=headers)

    moved = post(f"/stops/{here.stops[0].id}/move", {"route_id": str(there.route_id), "position": 1})
    assert (moved.status_code, moved.json()["route_id"]) == (200, str(there.route_id))
    stale = post(f"/stops/{here.stops[1].id}/move", {"route_id": str(there.route_id), "to_version": 1})
    assert (stale.status_code, stale.json()["code"]) == (412, "route.stale")
    assert post(f"/stops/{moved.json()['id']}/skip").json()["state"] == "skipped"
    assert post(f"/routes/{there.route_id}/return").json()["stops_open"] == 0
