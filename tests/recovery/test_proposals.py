"""Proposals on a running day: a van breaks down, an order comes in, a door stays shut, a driver is late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch import queries as routes
from homestretch.dispatch.values import StopOutcome
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries as orders
from homestretch.recovery import actions, queries
from homestretch.recovery.models import Proposal
from homestretch.recovery.values import Wanted, Wish
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.fleet import a_depot
from tests.town.orders import an_order
from tests.town.places import AT, spot
from tests.work import run_jobs

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of jobs stands, and a search takes a second."""
    monkeypatch.setattr("homestretch.recovery.jobs.now", lambda: NOW)


@pytest.fixture
def roads() -> tuple[Road, Road]:
    """Two routes of one depot under way, and a policy that searches for a second."""
    by = an_owner()
    actions.set_policy({"seconds": 1}, by=by, at=AT)
    depot = a_depot(by)
    return a_road(by, 3, depot=depot).start(), a_road(by, 3, first_number=4, depot=depot).start()


def proposed(by: Any, wish: Wish) -> Proposal:
    """Asked for, and looked for."""
    row = actions.ask(wish, by=by, at=NOW)
    run_jobs()
    with scope(by):
        return queries.proposal(row.id)


def hunks(by: Any, row: Proposal) -> list[Any]:
    with scope(by):
        return list(row.hunks.order_by("number"))


def tasks_on(road: Road) -> list[UUID]:
    """The tasks that wait on a route, in their order; none for a halt to take goods over."""
    with scope(road.by):
        stops = routes.open_stops(road.route_id)
        return [work.task_id for stop in stops for work in stop.works.all() if work.live]


def refused(code: str) -> Any:
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def test_a_vehicle_breaks_down_and_another_takes_its_stops_over_at_its_place(roads: tuple[Road, Road]) -> None:
    down, other = roads
    by = down.by
    before = tasks_on(down) + tasks_on(other)
    row = proposed(by, Wish("vehicle_down", route_id=down.route_id))
    assert (row.state, row.failure) == ("made", None)
    assert row.figures["left"] == 0
    assert row.figures["moved"] == row.figures["boxes"] == 3
    assert row.figures["cost_after"] < row.figures["cost_before"]
    assert row.figures["broken_after"] < row.figures["broken_before"]
    (part,) = [hunk for hunk in hunks(by, row) if hunk.kind == "move"]
    assert (part.from_route_id, part.to_route_id) == (down.route_id, other.route_id)
    assert "takes over 3 stops from Van 1" in part.words
    actions.accept(row.id, by=by, at=NOW)
    assert tasks_on(down) == []
    assert sorted(tasks_on(other)) == sorted(before)
    with scope(by):
        stops = routes.open_stops(other.route_id)
        (meeting,) = [stop for stop in stops if not stop.works.all()]
        (told,) = routes.driver_messages(other.route_id)
        assert history("route", other.route_id)[-2].data["change"] == "amended"
        assert [event.type for event in history("proposal", row.id)] == ["proposal.made", "proposal.accepted"]
    assert (told.stop_id, told.text) == (meeting.id, "Take over 3 pieces for 3 stops from Van 1 here.")
    moved = {work.task_id for stop in stops[stops.index(meeting) :] for work in stop.works.all()}
    assert set(before[:3]) <= moved, "goods are delivered after they were taken over"
    times = [stop.planned_arrive for stop in stops]
    assert times == sorted(times)
    done = dispatch.complete_stop(meeting.id, StopOutcome(), by=other.driver, at=NOW + timedelta(hours=1))
    assert done.state == "completed"


def test_some_of_it_is_accepted_and_the_rest_is_declined_by_that() -> None:
    by = an_owner()
    actions.set_policy({"seconds": 1}, by=by, at=AT)
    depot = a_depot(by)
    others = [a_road(by, 1, first_number=1 + n, depot=depot, max_stops=2).start() for n in range(2)]
    down = a_road(by, 2, first_number=4, depot=depot).start()
    row = proposed(by, Wish("vehicle_down", route_id=down.route_id))
    parts = hunks(by, row)
    moves = [hunk for hunk in parts if hunk.kind == "move"]
    assert {hunk.to_route_id for hunk in moves} == {road.route_id for road in others}
    with refused("hunk.none_chosen"):
        actions.accept(row.id, [], by=by, at=NOW)
    with refused("hunk.not_found"):
        actions.accept(row.id, [99], by=by, at=NOW)
    taken = actions.accept(row.id, [moves[0].number, *moves[0].needs], by=by, at=NOW)
    assert taken.state == "accepted"
    states = {hunk.number: hunk.state for hunk in hunks(by, row)}
    assert (states[moves[0].number], states[moves[1].number]) == ("accepted", "declined")
    assert len(tasks_on(down)) == 1
    with refused("proposal.settled"):
        actions.accept(row.id, by=by, at=NOW)


def test_a_route_that_has_changed_since_overtakes_it_and_nothing_happens(roads: tuple[Road, Road]) -> None:
    down, other = roads
    by = down.by
    row = proposed(by, Wish("vehicle_down", route_id=down.route_id))
    stood = tasks_on(down)
    with scope(by):
        order = [stop.id for stop in routes.open_stops(other.route_id)]
    dispatch.resequence(other.route_id, order[::-1], by=by, at=NOW)
    with refused("proposal.overtaken"):
        actions.accept(row.id, by=by, at=NOW)
    assert tasks_on(down) == stood
    run_jobs()  # the fact expires it
    with scope(by):
        assert queries.proposal(row.id).state == "expired"
    assert {hunk.state for hunk in hunks(by, row)} == {"expired"}
    again = actions.ask(Wish("vehicle_down", route_id=down.route_id), by=by, at=NOW)
    assert again.id != row.id


def test_a_stop_that_was_served_meanwhile_can_not_be_moved(roads: tuple[Road, Road]) -> None:
    down, _ = roads
    row = proposed(down.by, Wish("vehicle_down", route_id=down.route_id))
    dispatch.complete_stop(down.stops[0].id, StopOutcome(), by=down.driver, at=NOW)
    with refused("proposal.overtaken"):
        actions.accept(row.id, by=down.by, at=NOW)


def test_what_the_taking_route_has_served_meanwhile_drops_out(roads: tuple[Road, Road]) -> None:
    down, other = roads
    row = proposed(down.by, Wish("vehicle_down", route_id=down.route_id))
    dispatch.complete_stop(other.stops[0].id, StopOutcome(), by=other.driver, at=NOW)
    actions.accept(row.id, by=down.by, at=NOW)
    assert len(tasks_on(other)) == 5


def test_it_waits_half_an_hour_and_no_longer(roads: tuple[Road, Road]) -> None:
    down, _ = roads
    row = proposed(down.by, Wish("vehicle_down", route_id=down.route_id))
    with refused("proposal.overtaken"):
        actions.accept(row.id, by=down.by, at=NOW + timedelta(minutes=31))


def test_one_is_asked_for_a_cause_at_a_time(roads: tuple[Road, Road]) -> None:
    down, _ = roads
    wish = Wish("vehicle_down", route_id=down.route_id)
    first = actions.ask(wish, by=down.by, at=NOW)
    with refused("proposal.not_ready"):
        actions.accept(first.id, by=down.by, at=NOW)
    assert actions.ask(wish, by=down.by, at=NOW).id == first.id
    run_jobs()
    assert actions.ask(wish, by=down.by, at=NOW).id == first.id
    actions.decline(first.id, "the van runs again", by=down.by, at=NOW)
    with scope(down.by):
        assert history("proposal", first.id)[-1].data["reason"] == "the van runs again"
    assert actions.ask(wish, by=down.by, at=NOW).id != first.id


def test_what_finds_no_place_stays_and_has_an_exception_with_an_owner() -> None:
    by = an_owner()
    actions.set_policy({"seconds": 1}, by=by, at=AT)
    depot = a_depot(by)
    a_road(by, 1, depot=depot, max_stops=2).start()
    down = a_road(by, 3, first_number=4, depot=depot).start()
    row = proposed(by, Wish("vehicle_down", route_id=down.route_id))
    assert row.figures["left"] == 2
    actions.accept(row.id, by=by, at=NOW)
    left = tasks_on(down)
    with scope(by):
        raised = list(queries.exceptions(Wanted(state="open", kind="unassigned")))
        assert {each.order_id for each in raised} == {orders.task(task).order_id for task in left}
    assert {(each.reason, each.assigned_to_id) for each in raised} == {("max_stops", by.id)}


def test_an_order_comes_in_and_is_put_between_with_a_promise() -> None:
    by = an_owner()
    actions.set_policy({"seconds": 1}, by=by, at=AT)
    road = a_road(by, 3)
    new = an_order(by, 5, task={"kind": "collect"})
    row = proposed(by, Wish("insert", order_id=new.id))
    assert [(hunk.kind, hunk.to_route_id) for hunk in hunks(by, row)] == [("insert", road.route_id)]
    was = tasks_on(road)
    actions.accept(row.id, by=by, at=NOW)
    now = tasks_on(road)
    assert [task for task in now if task in was] == was, "the others keep their order"
    (task,) = set(now) - set(was)
    with scope(by):
        promise = orders.current_promise(task)
        stop = next(s for s in routes.open_stops(road.route_id) if s.works.filter(task_id=task))
        assert promise is not None
        assert promise.start <= stop.planned_arrive <= promise.end
    with refused("proposal.nothing_to_place"):
        actions.ask(Wish("insert", order_id=new.id), by=by, at=NOW)


def test_goods_of_an_order_that_comes_in_are_taken_up_at_the_depot_by_a_van_that_has_left_it(
    roads: tuple[Road, Road],
) -> None:
    by = roads[0].by
    row = proposed(by, Wish("insert", order_id=an_order(by, 8).id))
    (part,) = hunks(by, row)
    actions.accept(row.id, by=by, at=NOW)
    road = next(road for road in roads if road.route_id == part.to_route_id)
    with scope(by):
        stops = routes.open_stops(road.route_id)
        meeting = next(stop for stop in stops if not stop.works.all())
        depot = routes.route(road.route_id).shift.start_depot.place
        assert (meeting.place.lat, meeting.place.lon) == (depot.lat, depot.lon)
        assert routes.driver_messages(road.route_id)[0].text == "Take up 1 piece for 1 stop here."


def test_a_failed_stop_is_tried_again_today_by_the_van_that_has_the_goods(roads: tuple[Road, Road]) -> None:
    road = roads[0]
    failed = road.stops[0]
    dispatch.fail_stop(failed.id, StopOutcome("recipient_absent"), by=road.driver, at=NOW)
    row = proposed(road.by, Wish("retry", stop_id=failed.id))
    (part,) = hunks(road.by, row)
    assert part.to_route_id == road.route_id
    actions.accept(row.id, by=road.by, at=NOW)
    assert len(tasks_on(road)) == 3


def test_a_late_route_is_put_in_a_better_order() -> None:
    by = an_owner()
    actions.set_policy({"seconds": 1, "per_moved": 0, "per_drift_minute": 0}, by=by, at=AT)
    far, near = spot(40), spot(1)
    there = [{"place": {"address": f"Far {n}", "lat": far.lat, "lon": far.lon + n / 1e4}} for n in (1, 2)]
    here = [{"place": {"address": f"Near {n}", "lat": near.lat, "lon": near.lon + n / 1e4}} for n in (1, 2)]
    zigzag = [there[0], here[0], there[1], here[1]]
    road = a_road(by, orders=[an_order(by, 1 + n, task=task) for n, task in enumerate(zigzag)]).start()
    row = proposed(by, Wish("late", route_id=road.route_id))
    assert [hunk.kind for hunk in hunks(by, row)] == ["reorder"]
    was = tasks_on(road)
    actions.accept(row.id, by=by, at=NOW)
    assert tasks_on(road) != was
    again = proposed(by, Wish("late", route_id=road.route_id))
    assert (again.state, again.failure["code"]) == ("dropped", "proposal.nothing_better")


def test_the_policy_says_how_much_may_be_moved(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    actions.set_policy({"most_moved": 2}, by=by, at=AT)
    row = proposed(by, Wish("vehicle_down", route_id=roads[0].route_id))
    assert (row.state, row.failure["code"]) == ("dropped", "proposal.too_many_moved")
    with refused("policy.out_of_bounds"):
        actions.set_policy({"seconds": 0}, by=by, at=AT)
    with refused("policy.unknown"):
        actions.set_policy({"per_smile": 1}, by=by, at=AT)
    with scope(by):
        assert queries.policy()[0].most_moved == 2


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Wish("boredom"), "proposal.kind_unknown"),
        (Wish("late", scope="world"), "proposal.scope_unknown"),
        (Wish("insert", scope="route"), "proposal.scope_unfit"),
        (Wish("late"), "proposal.subject_missing"),
        (Wish("insert"), "proposal.subject_missing"),
        (Wish("retry"), "proposal.subject_missing"),
    ],
)
def test_what_can_not_be_asked_is_refused(wish: Wish, code: str) -> None:
    with refused(code):
        actions.ask(wish, by=an_owner(), at=NOW)


def test_nobody_is_there_to_take_over() -> None:
    by = an_owner()
    road = a_road(by, 2).start()
    row = proposed(by, Wish("vehicle_down", route_id=road.route_id))
    assert (row.state, row.failure["code"]) == ("dropped", "proposal.nothing_runs")


def test_no_stop_is_dropped_for_another() -> None:
    by = an_owner()
    actions.set_policy({"seconds": 1}, by=by, at=AT)
    depot = a_depot(by)
    full = a_road(by, 1, depot=depot, max_stops=1).start()
    down = a_road(by, 3, first_number=4, depot=depot).start()
    a_road(by, 1, first_number=8, depot=depot, max_stops=2).start()
    row = proposed(by, Wish("vehicle_down", route_id=down.route_id))
    actions.accept(row.id, by=by, at=NOW)
    assert (len(tasks_on(full)), len(tasks_on(down)), row.figures["left"]) == (1, 2, 2)
