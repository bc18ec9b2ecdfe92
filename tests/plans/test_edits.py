"""Edits by hand on PostgreSQL: kept as revisions, laid on what others did, taken back, locked, searched on from."""

from __future__ import annotations

from typing import Any

import pytest

from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.planner.cost import plan_cost
from homestretch.plans import actions, queries, standing
from homestretch.plans.judging import judged
from homestretch.plans.models import Optimization, Plan, Revision
from homestretch.plans.store import problem_of
from tests.plans.test_plans import solved
from tests.town.accounts import a_member, owner_of
from tests.town.accounts import an_organization as a_company
from tests.town.fleet import a_fleet
from tests.town.orders import an_order, orders
from tests.town.places import AT
from tests.work import run_jobs, waiting

pytestmark = pytest.mark.django_db
ANNA = "Dispatcher"


@pytest.fixture
def us() -> Actor:
    """The owner of a town with twelve orders and three vehicles."""
    by = owner_of(a_company())
    a_fleet(by)
    orders(by)
    return by


@pytest.fixture
def anna(us: Actor) -> Actor:
    """A second dispatcher."""
    from homestretch.accounts import queries as accounts

    with scope(us):
        organization = accounts.organization()
    return a_member(organization, "dispatcher")


def state(by: Actor, plan: Plan, number: int | None = None) -> standing.State:
    """A revision's state, read anew."""
    with scope(by):
        row = queries.revision_row(plan, number or queries.plan(plan.id).head)
        return standing.state_of(row)


def shift_of(routes: Any, visit: str) -> str:
    return next(shift for shift, visits in routes.items() if visit in visits)


def move(visit: str, shift: str | None, position: int | None = 0) -> dict[str, Any]:
    return {"op": "move", "visit": visit, "shift": shift, "position": position}


def two_routes(by: Actor, plan: Plan) -> tuple[str, str, list[str], list[str]]:
    """Two shifts with six of the visits each, laid out by hand in a poor order: revision 2."""
    with scope(by):
        shifts = [shift.id for shift in problem_of(queries.head_row(queries.plan(plan.id)).question).shifts]
        visits = [v for route in state(by, plan).routes.values() for v in route]
    edits = [{"op": "place", "visits": [[visits[n * 5 % 12], shifts[n % 2], n // 2] for n in range(12)]}]
    actions.edit(plan.id, 1, edits, by=by, at=AT)
    routes = state(by, plan).routes
    return shifts[0], shifts[1], list(routes[shifts[0]]), list(routes[shifts[1]])


def test_many_edits_are_one_revision_judged_as_the_solver_s(us: Actor) -> None:
    plan = solved(us)
    one, other, visits, _ = two_routes(us, plan)
    edits = [move(visits[0], other, 2), move(visits[1], None), {"op": "swap", "visit": visits[2], "other": visits[3]}]
    row = actions.edit(plan.id, 2, edits, note="Anna's van is full", by=us, at=AT)
    with scope(us):
        problem = problem_of(queries.revision_row(plan, row.number).question)
        kept = state(us, plan, row.number)
        whole = judged(problem, kept.plan)
    assert (row.number, row.why, row.note, row.whole) == (3, "edited", "Anna's van is full", False)
    assert row.cost == whole.cost == plan_cost(problem, kept.plan)
    assert sorted(map(str, row.breaches)) == sorted(map(str, whole.breaches))
    assert kept.unassigned[visits[1]][0]["code"] == "by_hand"
    assert kept.routes[one][:2] == (visits[3], visits[2])
    with scope(us):
        assert history("plan", plan.id)[-1].data["shifts"] == [one, other]


def test_a_state_is_the_same_read_from_its_rows_as_it_was_made(us: Actor) -> None:
    plan = solved(us)
    one, other, visits, _ = two_routes(us, plan)
    for number in range(2, 140):
        visit = visits[number % len(visits)]
        target = (one, other, None)[number % 3]
        actions.edit(plan.id, number, [move(visit, target)], by=us, at=AT)
    known = {number: state(us, plan, number) for number in (3, 63, 64, 65, 130, 139)}
    standing._states._rows.clear()
    for number, was in known.items():
        again = state(us, plan, number)
        assert (again.routes, again.unassigned) == (dict(was.routes), dict(was.unassigned))
        standing._states._rows.clear()
    with scope(us):
        sizes = [len(str(row.routes)) for row in Revision.objects.filter(plan=plan, whole=False)]
    assert max(sizes) < 2_000  # what has changed, not the plan again


def test_two_hands_on_one_revision_keep_both_and_a_third_on_the_same_visit_hears_who(us: Actor, anna: Actor) -> None:
    plan = solved(us)
    one, other, visits, _ = two_routes(us, plan)
    actions.edit(plan.id, 2, [move(visits[0], other, 0)], by=us, at=AT)
    actions.edit(plan.id, 2, [move(visits[1], other, 3)], by=anna, at=AT)
    kept = state(us, plan).routes
    assert {shift_of(kept, visits[0]), shift_of(kept, visits[1])} == {other}
    with pytest.raises(Refusal, match=r"plan\.revision_conflict") as refusal:
        actions.edit(plan.id, 2, [move(visits[1], one, 0)], by=us, at=AT)
    assert refusal.value.status == 409
    assert (refusal.value.details["by"], refusal.value.details["revision"]) == (ANNA, 4)
    assert refusal.value.details["at"].startswith("2026-11-23T")


def test_a_visit_without_a_position_goes_where_it_costs_least(us: Actor) -> None:
    plan = solved(us)
    _, other, visits, _ = two_routes(us, plan)
    costs = {}
    with scope(us):
        for position in range(len(visits)):
            shown = queries.preview(plan.id, 2, [move(visits[0], other, position)], by=us, at=AT)
            costs[position] = shown["cost"]["after"]
        best = queries.preview(plan.id, 2, [move(visits[0], other, None)], by=us, at=AT)
    assert best["cost"]["after"] == min(costs.values())
    assert best["edits"][0]["position"] in costs
    with scope(us):
        assert queries.plan(plan.id).head == 2  # a preview keeps nothing


def test_everybody_takes_back_the_own_steps_a_hundred_deep(us: Actor, anna: Actor) -> None:
    plan = solved(us)
    one, other, mine, hers = two_routes(us, plan)
    begin = state(us, plan).routes
    for number in range(100):
        actions.edit(plan.id, 2, [move(mine[0], (other, one)[number % 2], 0)], by=us, at=AT)
    actions.edit(plan.id, 2, [move(hers[-1], one, 3)], by=anna, at=AT)
    for _ in range(100):
        actions.undo(plan.id, 2, by=us, at=AT)
    now = state(us, plan).routes
    assert now[one] == (*begin[one][:3], hers[-1], *begin[one][3:])
    with pytest.raises(Refusal, match=r"plan\.revision_conflict"):  # what laid out the routes named Anna's visit too
        actions.undo(plan.id, 2, by=us, at=AT)
    for _ in range(3):
        actions.redo(plan.id, 2, by=us, at=AT)
    actions.undo(plan.id, 2, by=anna, at=AT)
    assert hers[-1] in state(us, plan).routes[other]


def test_a_step_on_which_somebody_built_is_not_taken_back_from_below(us: Actor, anna: Actor) -> None:
    plan = solved(us)
    _, other, mine, _ = two_routes(us, plan)
    actions.edit(plan.id, 2, [move(mine[0], other, 0)], by=us, at=AT)
    actions.edit(plan.id, 3, [move(mine[0], None)], by=anna, at=AT)
    with pytest.raises(Refusal, match=r"plan\.revision_conflict") as refusal:
        actions.undo(plan.id, 4, by=us, at=AT)
    assert refusal.value.details["by"] == ANNA


def test_a_lock_holds_others_until_somebody_unlocks(us: Actor, anna: Actor) -> None:
    plan = solved(us)
    one, other, mine, _ = two_routes(us, plan)
    locking = {"op": "lock", "what": "route", "shift": one, "visit": None}
    actions.edit(plan.id, 2, [locking], by=anna, at=AT)
    with pytest.raises(Refusal, match=r"plan\.locked_conflict") as refusal:
        actions.edit(plan.id, 3, [move(mine[0], other, 0)], by=us, at=AT)
    assert (refusal.value.status, refusal.value.details["by"]) == (409, ANNA)
    actions.edit(plan.id, 3, [move(mine[0], other, 0)], by=anna, at=AT)
    actions.edit(plan.id, 4, [{**locking, "op": "unlock"}, move(mine[1], other, 0)], by=us, at=AT)
    with scope(us):
        assert queries.head_row(queries.plan(plan.id)).locks == []
    actions.undo(plan.id, 5, by=us, at=AT)
    with scope(us):
        (lock,) = queries.head_row(queries.plan(plan.id)).locks
    assert (lock["kind"], lock["shift"]) == ("route", one)


def test_a_search_goes_on_from_what_stands_under_its_locks_and_in_its_scope(us: Actor) -> None:
    plan = solved(us)
    one, other, mine, _ = two_routes(us, plan)
    actions.edit(plan.id, 2, [{"op": "lock", "what": "route", "shift": one, "visit": None}], by=us, at=AT)
    actions.optimize(plan.id, 3, options={"seconds": 1}, by=us, at=AT)
    with pytest.raises(Refusal, match=r"plan\.search_running"):
        actions.optimize(plan.id, 3, by=us, at=AT)
    run_jobs()
    with scope(us):
        head = queries.plan(plan.id)
        row = queries.revision_row(plan, head.head)
        before = queries.revision_row(plan, 3)
    assert (head.state, row.why, row.actor) == ("ready", "solved", str(us))
    assert row.cost < before.cost
    assert state(us, plan).routes[one] == tuple(mine)
    assert actions.undo(plan.id, row.number, by=us, at=AT).of == row.number
    assert state(us, plan).routes == state(us, plan, 3).routes
    with scope(us):
        third = next(s.id for s in problem_of(row.question).shifts if s.id not in {one, other})
    actions.optimize(plan.id, 3, options={"seconds": 1, "scope": [other, third]}, by=us, at=AT)
    run_jobs()
    assert state(us, plan).routes[one] == tuple(mine)
    with pytest.raises(Refusal, match=r"plan\.scope_invalid"):
        actions.optimize(plan.id, 3, options={"scope": [uuid7()]}, by=us, at=AT)


def test_what_people_do_while_a_search_runs_stays(us: Actor, anna: Actor) -> None:
    plan = solved(us)
    one, _, mine, hers = two_routes(us, plan)
    actions.optimize(plan.id, 2, options={"seconds": 1}, by=us, at=AT)
    actions.edit(plan.id, 2, [move(mine[0], None), move(hers[0], one, 0)], by=anna, at=AT)
    run_jobs()
    now = state(us, plan)
    assert mine[0] in now.unassigned
    assert shift_of(now.routes, hers[0]) == one
    with scope(us):
        assert queries.head_row(queries.plan(plan.id)).why == "solved"


def test_the_best_so_far_is_read_while_a_search_runs(us: Actor) -> None:
    plan = solved(us)
    one, other, mine, _ = two_routes(us, plan)
    actions.optimize(plan.id, 2, options={"seconds": 1}, by=us, at=AT)
    with pytest.raises(Refusal, match=r"search\.not_found"), scope(us):
        queries.best(plan.id, by=us)
    fence = uuid7()
    (job,) = [args for name, args in waiting() if name == "plans.solve"]
    run, asked = actions.begin(job["optimization_id"], fence, by=us, at=AT)
    assert asked is None
    with scope(us):
        again = actions.again_of(run)
    numbers = {visit.id: n for n, visit in enumerate(again.whole.visits)}
    shifts = {shift.id: n for n, shift in enumerate(again.whole.shifts)}
    best = [[shifts[one], [numbers[v] for v in [*mine[1:], mine[0]]]]]
    assert actions.report(run.id, fence, {"seconds": 1.0}, best, by=us, at=AT)
    with scope(us):
        shown = queries.best(plan.id, by=us)
        assert Optimization.objects.get(id=run.id).best == {"routes": best}
    changed = {route["shift_id"]: route for route in shown["routes"]}
    assert [stop["visit"] for stop in changed[one]["stops"]] == [*mine[1:], mine[0]]
    assert changed[other]["after"] is None
    assert len(shown["unassigned"]) == len(again.state.routes[other])


def test_two_revisions_are_compared_hunk_by_hunk(us: Actor, anna: Actor) -> None:
    plan = solved(us)
    one, other, mine, _ = two_routes(us, plan)
    actions.edit(plan.id, 2, [move(mine[0], other, 1), move(mine[-1], None)], note="full", by=anna, at=AT)
    with scope(us):
        shown = queries.compare(plan.id, 2, 3, by=us)
        back = queries.compare(plan.id, 3, 2, by=us)
    assert [(hunk["kind"], hunk["visits"]) for hunk in shown["hunks"]] == [
        ("moved", [mine[0]]),
        ("left_out", [mine[-1]]),
    ]
    assert shown["hunks"][0]["from"] == {"shift_id": one, "position": 0}
    assert {hunk["kind"] for hunk in back["hunks"]} == {"moved", "added"}
    assert [(step["revision"], step["by"], step["note"]) for step in shown["steps"]] == [(3, ANNA, "full")]
    changed = {route["shift_id"]: route for route in shown["routes"]}
    assert changed[one]["before"]["stops"] - changed[one]["after"]["stops"] == 2


def test_a_released_plan_is_edited_on_its_routes_alone(us: Actor) -> None:
    plan = solved(us)
    actions.mark_released(plan.id, 1, by=us, at=AT)
    with pytest.raises(Refusal, match=r"plan\.state_conflict"):
        actions.edit(plan.id, 1, [], by=us, at=AT)


def test_reasons_of_what_was_never_on_a_route_stay(us: Actor) -> None:
    an_order(us, 13, task={"loads": {"pieces": 500}})
    plan = solved(us)
    (left,) = state(us, plan).unassigned
    actions.edit(plan.id, 1, [move(next(iter(state(us, plan).routes.values()))[0], None)], by=us, at=AT)
    assert {reason["code"] for reason in state(us, plan).unassigned[left]} == {"load:pieces"}
