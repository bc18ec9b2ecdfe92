"""An order that can't wait: offered to the best shift, accepted in time, or passed on."""

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
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window
from homestretch.orders import actions as promising
from homestretch.orders import queries as orders
from homestretch.recovery import actions, gather, jobs, queries
from homestretch.recovery.models import Offer
from homestretch.recovery.values import Wanted
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.fleet import a_depot, a_driver
from tests.town.orders import an_order, raw_task
from tests.town.places import AT
from tests.work import due, run_jobs

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(minutes=5)
SOON, LATE = NOW + timedelta(seconds=20), NOW + timedelta(seconds=45)


@pytest.fixture
def roads(monkeypatch: pytest.MonkeyPatch) -> tuple[Road, Road]:
    """Two routes of one depot under way; jobs run at the offer's deadline."""
    monkeypatch.setattr("homestretch.recovery.jobs.now", lambda: LATE)
    monkeypatch.setattr("homestretch.events.later.now", lambda: NOW)
    by = an_owner()
    depot = a_depot(by)
    return a_road(by, 2, depot=depot).start(), a_road(by, 2, first_number=14, depot=depot).start()


def urgent(by: Any, number: int = 6, **changes: Any) -> Any:
    """What is collected: no goods of a depot."""
    return an_order(by, number, priority=9, task={"kind": "collect", **changes})


def stands_on(road: Road) -> list[UUID]:
    """The orders that wait on a route, in their order."""
    with scope(road.by):
        return [work.order_id for stop in routes.open_stops(road.route_id) for work in stop.works.all() if work.live]


def of(road: Road, roads: tuple[Road, Road]) -> Road:
    return roads[1] if road is roads[0] else roads[0]


def asked(row: Offer, roads: tuple[Road, Road]) -> Road:
    return next(road for road in roads if road.route_id == row.route_id)


def all_of(by: Any, order: Any) -> list[Offer]:
    with scope(by):
        return list(queries.offers(order_id=order.id).order_by("asked_at", "id"))


def refused(code: str) -> Any:
    return pytest.raises(Refusal, check=lambda refusal: refusal.code == code)


def test_it_is_offered_accepted_and_promised(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    order = urgent(by)
    row = actions.offer(order.id, by=by, at=NOW)
    road = asked(row, roads)
    assert (row.state, row.deadline, row.round, row.actor) == ("open", LATE, 1, str(by))
    assert ("recovery.lapse", LATE) in due()
    assert actions.offer(order.id, by=by, at=SOON).id == row.id, "one at a time"
    assert order.id not in stands_on(road)
    done = actions.accept_offer(row.id, by=road.driver, at=SOON)
    assert (done.state, done.answered_by) == ("accepted", str(road.driver))
    assert order.id in stands_on(road)
    assert not [job for job, _ in due() if job == "recovery.lapse"]
    with scope(by):
        assert orders.get_order(order.id).state == "scheduled"
        promise = orders.current_promise(
            orders.placeable(order.id)[0] if orders.placeable(order.id) else order.tasks.first().id
        )
        stop = next(s for s in routes.open_stops(road.route_id) if s.works.filter(order_id=order.id))
        assert promise is not None
        assert promise.start <= stop.planned_arrive <= promise.end
        assert [event.type for event in history("offer", row.id)] == ["offer.made", "offer.accepted"]
    version = road.route.version
    assert actions.accept_offer(row.id, by=road.driver, at=LATE).state == "accepted", "twice is once"
    assert road.route.version == version


def test_its_place_is_computed_anew_when_it_is_accepted(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    order = urgent(by)
    row = actions.offer(order.id, by=by, at=NOW)
    road = asked(row, roads)
    dispatch.complete_stop(road.stops[0].id, StopOutcome(), by=road.driver, at=SOON)
    actions.accept_offer(row.id, by=road.driver, at=SOON)
    assert sorted(map(str, stands_on(road))) == sorted(map(str, [road.orders[1].id, order.id]))


def test_who_says_yes_has_read_what_the_yes_changes_and_nothing_else(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    row = actions.offer(urgent(by).id, by=by, at=NOW)
    road = asked(row, roads)
    actions.accept_offer(row.id, by=road.driver, at=SOON)
    with scope(by):
        assert routes.unread_since(road.route_id) is None
    actions.put_on(urgent(by, 7).id, road.route_id, by=by, at=SOON)
    more = actions.offer(urgent(by, 8).id, road.route_id, by=by, at=SOON)
    actions.accept_offer(more.id, by=road.driver, at=SOON)
    with scope(by):
        assert routes.unread_since(road.route_id) == SOON, "what the office put on it still waits to be read"


def test_a_no_goes_to_the_next_best_and_then_nobody_is_left(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    order = urgent(by)
    first = actions.offer(order.id, by=by, at=NOW)
    road = asked(first, roads)
    actions.decline_offer(first.id, by=road.driver, at=SOON)
    assert actions.decline_offer(first.id, by=road.driver, at=SOON).state == "declined"
    run_jobs()
    second = all_of(by, order)[-1]
    other = of(road, roads)
    assert (second.state, second.route_id, second.round) == ("open", other.route_id, 1)
    actions.lapse(by=by, at=second.deadline)
    run_jobs()
    assert [row.state for row in all_of(by, order)] == ["declined", "lapsed"]
    with scope(by):
        (raised,) = queries.exceptions(Wanted(state="open", kind="unassigned"))
        assert (raised.reason, raised.severity, raised.assigned_to_id) == ("no_taker", "high", by.id)
        assert [each["state"] for each in raised.details["offers"]] == ["declined", "lapsed"]
    again = actions.offer(order.id, by=by, at=second.deadline)
    assert (again.round, again.route_id) == (2, first.route_id), "a new round asks everybody anew"


def test_no_more_are_asked_than_the_policy_lets(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    actions.set_policy({"offer_drivers": 1, "offer_s": 20}, by=by, at=AT)
    order = urgent(by)
    row = actions.offer(order.id, by=by, at=NOW)
    assert row.deadline == SOON
    actions.decline_offer(row.id, by=asked(row, roads).driver, at=NOW)
    run_jobs()
    assert len(all_of(by, order)) == 1
    with scope(by):
        assert queries.exceptions(Wanted(state="open", kind="unassigned")).count() == 1


def test_an_answer_at_the_deadline_is_too_late_and_nothing_is_half_done(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    order = urgent(by)
    row = actions.offer(order.id, by=by, at=NOW)
    road = asked(row, roads)
    with refused("offer.over"):
        actions.accept_offer(row.id, by=road.driver, at=LATE)
    assert (all_of(by, order)[0].state, order.id in stands_on(road)) == ("open", False)
    assert (actions.lapse(by=by, at=SOON), actions.lapse(by=by, at=LATE), actions.lapse(by=by, at=LATE)) == (0, 1, 0)
    for answer in (actions.accept_offer, actions.decline_offer):
        with refused("offer.over"):
            answer(row.id, by=road.driver, at=SOON)


def test_another_driver_and_the_office_can_not_answer_for_who_is_asked(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    row = actions.offer(urgent(by).id, by=by, at=NOW)
    road = asked(row, roads)
    with refused("offer.not_found"):
        actions.accept_offer(row.id, by=of(road, roads).driver, at=SOON)
    with refused("offer.overtaken"):
        actions.accept_offer(row.id, by=by, at=SOON)
    dispatch.reassign(road.route_id, a_driver(by, name="Vera").id, by=by, at=SOON)
    with refused("offer.overtaken"):
        actions.accept_offer(row.id, by=road.driver, at=SOON)


def test_it_is_withdrawn_and_nobody_else_is_asked(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    order = urgent(by)
    row = actions.offer(order.id, by=by, at=NOW)
    with refused("offer.stale"):
        actions.withdraw_offer(row.id, version=9, by=by, at=SOON)
    gone = actions.withdraw_offer(row.id, "it waits after all", version=1, by=by, at=SOON)
    assert (gone.state, gone.reason) == ("withdrawn", "it waits after all")
    with refused("offer.settled"):
        actions.accept_offer(row.id, by=asked(row, roads).driver, at=SOON)
    assert actions.pass_on(order.id, by=by, at=LATE) is None
    assert len(all_of(by, order)) == 1


def test_an_order_that_goes_another_way_takes_its_offer_with_it(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    placed, cancelled = urgent(by), urgent(by, 7)
    rows = [actions.offer(order.id, by=by, at=NOW) for order in (placed, cancelled)]
    with scope(by):
        dispatch.add_task(roads[0].route_id, placed.tasks.first().id, by=by, at=NOW)
    with refused("offer.overtaken"):
        actions.accept_offer(rows[0].id, by=asked(rows[0], roads).driver, at=SOON)
    promising.cancel_order(cancelled.id, "not wanted", by=by, at=NOW)
    run_jobs()
    assert [all_of(by, order)[0].state for order in (placed, cancelled)] == ["withdrawn", "withdrawn"]
    assert all_of(by, cancelled)[0].reason == "order.cancelled"


def test_a_route_that_ends_while_it_is_asked_passes_the_order_on(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    order = urgent(by)
    row = actions.offer(order.id, by=by, at=NOW)
    road = asked(row, roads)
    for stop in road.stops:
        dispatch.complete_stop(stop.id, StopOutcome(), by=road.driver, at=SOON)
    dispatch.finish_route(road.route_id, by=road.driver, at=SOON)
    run_jobs()
    first, second = all_of(by, order)
    assert (first.state, first.reason) == ("lapsed", "route.finished")
    assert (second.state, second.route_id) == ("open", of(road, roads).route_id)


def test_nearest_is_not_asked_where_it_breaks_a_promise_unless_somebody_chooses_it(roads: tuple[Road, Road]) -> None:
    by, order = roads[0].by, urgent(roads[0].by)
    with scope(by):
        tasks = orders.placeable(order.id)
        first = min(gather.candidates(tasks, NOW), key=lambda one: one.cost)
    road = next(road for road in roads if road.route_id == first.route_id)
    assert actions.offer(order.id, by=by, at=NOW).route_id == road.route_id
    actions.withdraw_offer(all_of(by, order)[0].id, by=by, at=NOW)
    with scope(by):
        for stop in routes.open_stops(road.route_id):
            promise = orders.current_promise(stop.works.first().task_id)
            assert promise is not None
            foreseen = routes.places_for_all(tasks, ("started",), only=road.route_id, at=NOW)[0].before[stop.id]
            window = Window(NOW, max(foreseen, NOW) + timedelta(seconds=30))
            promising.supersede_promise(promise.id, window, consented=True, by=by, at=NOW)
    other = actions.offer(order.id, by=by, at=NOW)
    assert other.route_id == of(road, roads).route_id
    with refused("offer.running"):
        actions.offer(order.id, road.route_id, by=by, at=NOW)
    actions.withdraw_offer(other.id, by=by, at=NOW)
    chosen = actions.offer(order.id, road.route_id, by=by, at=NOW)
    assert (chosen.by_hand, bool(chosen.promises)) == (True, True)
    assert actions.accept_offer(chosen.id, by=road.driver, at=SOON).state == "accepted"


def test_goods_are_taken_up_at_the_depot_first_by_a_van_that_has_left_it(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    order = an_order(by, 6, priority=9)
    row = actions.offer(order.id, by=by, at=NOW)
    road = asked(row, roads)
    actions.accept_offer(row.id, by=road.driver, at=SOON)
    with scope(by):
        stops = routes.open_stops(road.route_id)
        (halt,) = [stop for stop in stops if not stop.works.all()]
        mine = next(stop for stop in stops if stop.works.filter(order_id=order.id))
        (told,) = routes.driver_messages(road.route_id)
    assert stops.index(halt) < stops.index(mine)
    assert (told.stop_id, told.text) == (halt.id, "Take up 1 piece for 1 stop here.")


def test_both_ends_of_a_pair_are_offered_together(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    ends = [raw_task(6, kind="collect", pair="meal"), raw_task(8, kind="deliver", pair="meal")]
    order = an_order(by, 6, priority=9, tasks=ends)
    row = actions.offer(order.id, by=by, at=NOW)
    road = asked(row, roads)
    actions.accept_offer(row.id, by=road.driver, at=SOON)
    with scope(by):
        kinds = [
            work.task.kind for stop in routes.open_stops(road.route_id) for work in stop.works.filter(order_id=order.id)
        ]
    assert kinds == ["collect", "deliver"]


def test_what_can_not_be_offered_is_refused(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    with refused("offer.nothing_to_place"):
        actions.offer(roads[0].orders[0].id, by=by, at=NOW)
    with refused("offer.several_tasks"):
        actions.offer(an_order(by, 9, tasks=[raw_task(9), raw_task(8)]).id, by=by, at=NOW)
    cold = an_order(by, 10, task={"kind": "collect", "skills": ["cold"]})
    with refused("offer.no_place"):
        actions.offer(cold.id, by=by, at=NOW)
    with refused("offer.no_place"):
        actions.offer(cold.id, roads[0].route_id, by=by, at=NOW)
    waiting = a_road(by, 1, first_number=20)
    with refused("offer.no_place"):
        actions.offer(urgent(by).id, waiting.route_id, by=by, at=NOW)
    with refused("route.not_found"):
        actions.offer(urgent(by, 7).id, uuid7(), by=by, at=NOW)
    with refused("offer.not_found"):
        actions.withdraw_offer(uuid7(), by=by, at=NOW)


def test_the_office_puts_it_on_a_route_and_asks_nobody(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    order = urgent(by)
    asked_first = actions.offer(order.id, by=by, at=NOW)
    done = actions.put_on(order.id, roads[1].route_id, by=by, at=SOON)
    assert (done.state, done.answered_by, done.round) == ("accepted", str(by), 2)
    assert order.id in stands_on(roads[1])
    assert all_of(by, order)[0].state == "withdrawn"
    with refused("offer.settled"):
        actions.accept_offer(asked_first.id, by=asked(asked_first, roads).driver, at=SOON)
    with refused("offer.nothing_to_place"):
        actions.put_on(order.id, by=by, at=SOON)
    with scope(by):
        assert orders.current_promise(order.tasks.first().id) is not None


def test_by_the_policy_an_urgent_order_for_today_is_offered_by_itself(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    order, calm, cold = urgent(by), an_order(by, 7, task={"kind": "collect"}), urgent(by, 8, skills=["cold"])
    told = [hear_ready(by, each.id) for each in (order, calm, cold)]
    jobs.place(told)
    assert all_of(by, order) == []
    actions.set_policy({"offer_priority": 9}, by=by, at=AT)
    jobs.place(told)
    assert [len(all_of(by, each)) for each in (order, calm, cold)] == [1, 0, 0]
    assert all_of(by, order)[0].actor == "system"
    with scope(by):
        (raised,) = queries.exceptions(Wanted(state="open", kind="unassigned"))
        assert (raised.order_id, raised.reason) == (cold.id, "no_place")


def hear_ready(by: Any, order_id: UUID) -> Any:
    with scope(by):
        return next(event for event in history("order", order_id) if event.type == "order.ready")


def test_a_lost_job_is_made_up_for_by_the_next(roads: tuple[Road, Road]) -> None:
    by = roads[0].by
    rows = [actions.offer(urgent(by, number).id, by=by, at=NOW) for number in (6, 7)]
    jobs.lapse(by.organization_id)
    with scope(by):
        assert {queries.offer(row.id).state for row in rows} == {"lapsed"}
    jobs.lapse_later(by.organization_id)
    assert ("recovery.lapse", LATE + timedelta(minutes=1)) in due()
    order = urgent(by, 8)
    jobs.nobody_asked(by.organization_id, order.id)
    with scope(by):
        assert queries.exceptions(Wanted(state="open", kind="unassigned", order_id=order.id)).count() == 1
