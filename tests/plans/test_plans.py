"""A day becomes a plan: asked, solved by a job, judged, changed by hand, taken back. On PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from homestretch.events.later import give_up
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.fleet.models import Depot, Shift
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries as orders_queries
from homestretch.orders.values import Filter
from homestretch.plans import actions, queries
from homestretch.plans.models import Optimization, Plan, Revision
from tests.town.fleet import DAY, a_depot, a_fleet, a_shift
from tests.town.orders import an_order, orders
from tests.town.organizations import an_organization
from tests.town.places import AT, place_data
from tests.work import run_jobs, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def us() -> Actor:
    """A town with twelve orders and three vehicles."""
    by = an_organization()
    a_fleet(by)
    orders(by)
    return by


def solved(by: Actor, **options: Any) -> Plan:
    """A plan of the day, solved."""
    plan = actions.ask(DAY, [], options={"seconds": 1, **options}, by=by, at=AT)
    run_jobs()
    with scope(by):
        return queries.plan(plan.id)


def test_a_day_is_planned_and_every_order_has_its_place(us: Actor) -> None:
    plan = solved(us)
    with scope(us):
        view = queries.revision(plan.id)
        types = [event.type for event in history("plan", plan.id)]
    assert plan.state == "ready"
    assert (len(view.breaches), len(view.unassigned)) == (0, 0)
    assert sum(len(stop.task_ids) for route in view.routes for stop in route.stops) == 12
    assert view.rung == "great_circle"
    assert types == ["plan.asked", "plan.solved"]


def test_times_are_in_order_within_the_shift(us: Actor) -> None:
    plan = solved(us)
    with scope(us):
        view = queries.revision(plan.id)
    for route in view.routes:
        moments = [route.start, *(t for stop in route.stops for t in (stop.arrive, stop.start, stop.leave)), route.end]
        assert moments == sorted(moments)
        assert route.meters > 0


def test_without_shifts_and_without_orders_a_plan_is_refused() -> None:
    by = an_organization()
    an_order(by)
    with pytest.raises(Refusal, match=r"plan\.no_shifts"):
        actions.ask(DAY, [], by=by, at=AT)
    empty = an_organization("Empty")
    a_fleet(empty, vehicles=1)
    with pytest.raises(Refusal, match=r"plan\.nothing_to_plan"):
        actions.ask(DAY, [], by=empty, at=AT)
    with pytest.raises(Refusal, match=r"depot\.not_found"):
        actions.ask(DAY, [uuid7()], by=by, at=AT)


def test_what_fits_nowhere_is_left_out_with_its_reasons(us: Actor) -> None:
    an_order(us, 13, task={"loads": {"pieces": 500}})
    plan = solved(us)
    with scope(us):
        (left,) = queries.revision(plan.id).unassigned
    assert {reason["code"] for reason in left.reasons} == {"load:pieces"}


def test_goods_of_a_depot_ride_on_its_own_vans_alone() -> None:
    by = an_organization()
    north, south, closed = (
        a_depot(by, name=name, place=place_data(n)) for n, name in ((0, "North"), (21, "South"), (4, "Old"))
    )
    shifts = {depot.id: a_shift(by, depot=depot) for depot in (north, south)}
    for number in range(1, 5):  # each nearer to the other depot, or as it comes
        an_order(by, number, depot_id=(south if number % 2 else north).id)
    an_order(by, 6)
    left = an_order(by, 7, depot_id=closed.id)
    plan = solved(by)
    with scope(by):
        view = queries.revision(plan.id)
        wanted = {order.id: order.depot_id for order in orders_queries.orders(Filter())}
        owner = {task.task_id: task.order_id for task in orders_queries.ready_for(DAY)}
    rides = {owner[task]: route.shift_id for route in view.routes for stop in route.stops for task in stop.task_ids}
    assert len(rides) == 5
    assert all(wanted[order] is None or shifts[wanted[order]].id == shift for order, shift in rides.items())
    (out,) = view.unassigned
    assert {owner[task] for task in out.task_ids} == {left.id}
    assert {reason["code"] for reason in out.reasons} == {"skill"}
    assert {reason["text"] for reason in out.reasons} == {"The shift lacks: goods of the depot Old."}


def test_tasks_at_one_place_with_meeting_windows_are_one_halt(us: Actor) -> None:
    an_order(us, 1, external_id="again")
    plan = solved(us)
    with scope(us):
        halts = [stop for route in queries.revision(plan.id).routes for stop in route.stops]
    assert len(halts) == 12
    assert sorted(len(stop.task_ids) for stop in halts)[-1] == 2


def test_a_visit_is_moved_by_hand_and_every_change_can_be_taken_back(us: Actor) -> None:
    plan = solved(us)
    with scope(us):
        before = queries.revision(plan.id)
    visit = before.routes[0].stops[0].visit
    moved = actions.move(plan.id, 1, visit, None, by=us, at=AT)
    with scope(us):
        off = queries.revision(plan.id)
    assert moved.number == 2
    assert [left.visit for left in off.unassigned] == [visit]
    undone = actions.undo(plan.id, 2, by=us, at=AT)
    with scope(us):
        assert queries.revision(plan.id).routes == before.routes
    assert (undone.number, undone.why, undone.of) == (3, "undone", 2)
    redone = actions.redo(plan.id, 3, by=us, at=AT)
    assert (redone.number, redone.of) == (4, 3)
    with scope(us):
        assert queries.revision(plan.id).routes == off.routes


def test_a_move_that_breaks_a_rule_is_kept_and_shows_what_it_breaks() -> None:
    by = an_organization()
    shifts = a_fleet(by, vehicles=1)
    an_order(by, 1, task={"loads": {"pieces": 30}})
    an_order(by, 2, task={"loads": {"pieces": 30}})
    plan = solved(by)
    with scope(by):
        (left,) = queries.revision(plan.id).unassigned
    actions.move(plan.id, 1, left.visit, (shifts[0].id, 0), by=by, at=AT)
    with scope(by):
        assert {breach["code"] for breach in queries.revision(plan.id).breaches} != set()
        with pytest.raises(Refusal, match=r"plan\.has_breaches"):
            queries.release_view(plan.id, 2)


def test_the_same_seed_gives_the_same_problem_and_undo_at_the_start_is_refused(us: Actor) -> None:
    plan = solved(us)
    again = solved(us)
    with scope(us):
        hashes = {bytes(Revision.objects.get(plan=p).question.sha256) for p in (plan, again)}
    assert len(hashes) == 1
    with pytest.raises(Refusal, match=r"plan\.nothing_to_undo"):
        actions.undo(plan.id, 1, by=us, at=AT)


def test_a_worker_that_lost_its_fence_changes_nothing(us: Actor) -> None:
    plan = actions.ask(DAY, [], options={"seconds": 1}, by=us, at=AT)
    with scope(us):
        run = Optimization.objects.get(plan=plan)
    stale, fresh = uuid7(), uuid7()
    assert actions.begin(run.id, stale, by=us, at=AT) is not None
    assert actions.begin(run.id, fresh, by=us, at=AT) is not None
    assert actions.report(run.id, stale, {}, by=us, at=AT) is False
    assert actions.report(run.id, fresh, {}, by=us, at=AT) is True
    assert actions.finish(run.id, stale, None, by=us, at=AT) is None  # type: ignore[arg-type]  it must not be looked at


def test_a_search_that_breaks_off_for_good_drops_its_plan_and_says_so(us: Actor) -> None:
    plan = actions.ask(DAY, [], by=us, at=AT)
    (job,) = [args for name, args in waiting() if name == "plans.solve"]
    for _ in range(2):  # said again, it changes nothing
        give_up("plans.solve", job)
    with scope(us):
        assert queries.plan(plan.id).state == "dropped"
        (run,) = queries.plan(plan.id).optimizations.all()
    assert (run.state, run.failure["code"]) == ("failed", "plan.search_failed")
    run_jobs()
    with scope(us):
        assert queries.plan(plan.id).state == "dropped"


def test_a_day_that_lost_its_shifts_before_the_search_began_says_so(us: Actor) -> None:
    plan = actions.ask(DAY, [], by=us, at=AT)
    with scope(us):
        Shift.objects.all().delete()
    run_jobs()
    with scope(us):
        (run,) = queries.plan(plan.id).optimizations.all()
    assert (run.state, run.failure["code"]) == ("failed", "plan.no_shifts")


def test_a_cancelled_search_ends_and_its_best_plan_stands(us: Actor) -> None:
    plan = actions.ask(DAY, [], options={"seconds": 600}, by=us, at=AT)
    actions.cancel(plan.id, by=us, at=AT)
    began = datetime.now(UTC)
    run_jobs()
    with scope(us):
        assert queries.plan(plan.id).state == "ready"
    assert datetime.now(UTC) - began < timedelta(seconds=60)


def test_a_plan_that_goes_on_the_road_supersedes_the_other_drafts_of_its_day_and_depots(us: Actor) -> None:
    with scope(us):
        (depot,) = Depot.objects.values_list("id", flat=True)
    whole, mine = solved(us), actions.ask(DAY, [depot], options={"seconds": 1}, by=us, at=AT)
    run_jobs()
    with scope(us):
        fields = {"day": DAY, "state": "ready", "head": 1, "created_at": AT}
        elsewhere = Plan.objects.create(depots=[uuid7()], **fields)
        tomorrow = Plan.objects.create(depots=[depot], **{**fields, "day": DAY + timedelta(days=1)})
    actions.mark_released(mine.id, 1, by=us, at=AT)
    with scope(us):
        states = {plan.id: plan.state for plan in Plan.objects.all()}
        last = history("plan", whole.id)[-1]
    assert (last.type, last.data["by_plan_id"]) == ("plan.superseded", str(mine.id))
    assert states == {mine.id: "released", whole.id: "superseded", elsewhere.id: "ready", tomorrow.id: "ready"}
    for verb in (actions.mark_released, actions.undo):
        with pytest.raises(Refusal, match=r"plan\.state_conflict"):
            verb(whole.id, 1, by=us, at=AT)


def test_a_stranger_finds_nothing(us: Actor) -> None:
    plan = solved(us)
    stranger = an_organization("Theirs")
    for missing in (plan.id, uuid7()):
        with scope(stranger), pytest.raises(Refusal, match=r"plan\.not_found"):
            queries.plan(missing)
        with pytest.raises(Refusal, match=r"plan\.not_found"):
            actions.drop(missing, by=stranger, at=AT)
