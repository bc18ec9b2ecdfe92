"""Under every rule of a real day: places can be driven and cost what is said, and a visit that has none has none.

The oracle's random problems, family by family; plans are the engine's, with some visits taken off again.
"""

from __future__ import annotations

import os
from random import Random

import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.planner import (
    Iterations,
    Live,
    Plan,
    Problem,
    Relaxation,
    Route,
    Shift,
    Steady,
    answers,
    check,
    move,
    plan_cost,
    relaxed,
    schedule,
    solve,
)
from homestretch.planner.edit import put_in, taken_off
from homestretch.planner.explain.relaxing import another
from homestretch.planner.goals import groups_cost
from tests.planner.random_problems import a_problem, some_families
from tests.planner.random_rules import FAMILIES

SEEDS = int(os.environ.get("HOMESTRETCH_LIVE_SEEDS", "3"))


def asked(name: str, seed: int) -> tuple[Problem, Plan]:
    """A problem of a family, and a sound plan that leaves out a visit or two more than it must."""
    rng = Random(seed)
    problem = a_problem(seed, some_families(seed) if name == "mixed" else [name])
    try:
        made = solve(problem, seed=1, until=Iterations(2))
    except Refusal:
        made = Plan((), tuple(visit.id for visit in problem.visits))
    served = [visit for route in made.routes for visit in route.visits]
    for visit in rng.sample(served, min(2, len(served))):
        pair = problem.pair_of.get(visit)
        for end in (pair.collect, pair.deliver) if pair else (visit,):
            made = move(problem, made, end, None) if end not in made.unassigned else made
    return problem, Plan(tuple(route for route in made.routes if route.visits), made.unassigned)


def breaches(problem: Problem, plan: Plan) -> dict[tuple[str, str, str], int]:
    times = [schedule(problem, route) for route in plan.routes if route.visits]
    found: dict[tuple[str, str, str], int] = {}
    for each in check(problem, plan, times):
        if each.visit in plan.unassigned and each.code in ("visit_required", "lock"):
            continue
        where = each.code, each.shift, "" if each.code.startswith("load:") else each.visit
        found[where] = max(found.get(where, 0), each.amount)
    return found


def worse(problem: Problem, before: Plan, after: Plan) -> list[str]:
    known = breaches(problem, before)
    return [where[0] for where, amount in breaches(problem, after).items() if amount > known.get(where, -1)]


def ways(problem: Problem, plan: Plan) -> int:
    """What a plan costs but for what is left out."""
    alone = (problem.visit[name] for name in plan.unassigned if name not in problem.group_of)
    return plan_cost(problem, plan) - sum(visit.prize or 0 for visit in alone) - groups_cost(problem, plan)


def with_route(plan: Plan, route: Route) -> Plan:
    others = tuple(each for each in plan.routes if each.shift != route.shift)
    return Plan((*others, route), tuple(name for name in plan.unassigned if name not in route.visits))


def between_places(shift: Shift) -> bool:
    return shift.begun is not None and shift.begun.first_leg is not None


@pytest.mark.parametrize("name", [*FAMILIES, "mixed"])
def test_places_are_true_and_none_is_overlooked(name: str):
    for seed in range(SEEDS):
        problem, made = asked(name, seed)
        live = Live(problem, made)
        for visit in made.unassigned:
            options = live.insert(visit, limit=99)
            for option in options:
                after = with_route(made, option.route)
                assert worse(problem, made, after) == []
                assert option.cost == ways(problem, after) - ways(problem, made)
            if options or visit in problem.pair_of:
                continue
            for shift in problem.shifts:
                room = len(made.route_of(shift.id).visits) + 1
                for position in range(1 if between_places(shift) else 0, room):
                    assert worse(problem, made, move(problem, made, visit, (shift.id, position)))


def applied(problem: Problem, made: Plan, visit: str, way: Relaxation) -> tuple[Problem, Plan]:
    """The relaxed problem, and the plan with the visit in."""
    route, left_out = made.route_of(way.shift), tuple(other for other in made.unassigned if other != visit)
    if way.code == "van":
        route = Route(another(problem.shift[way.shift]).id)
    if way.code == "without":
        route, left_out = taken_off(route, way.visit), (*left_out, way.visit)
    then = with_route(Plan(made.routes, left_out), put_in(route, visit, way.position))
    return relaxed(problem, visit, way), then


@pytest.mark.parametrize("name", [*FAMILIES, "mixed"])
def test_a_way_in_is_one_for_its_price(name: str):
    for seed in range(SEEDS):
        problem, made = asked(name, seed)
        for visit, found in answers(problem, made).relaxations.items():
            for way in found if visit not in problem.pair_of else ():
                after, then = applied(problem, made, visit, way)
                assert [where for where in breaches(after, then) if where[2] == visit] == [], way
                lost = problem.visit[way.visit].prize or 0 if way.code == "without" else 0
                assert way.cost == ways(after, then) - ways(problem, made) + lost, way


@pytest.mark.parametrize("name", [*FAMILIES, "mixed"])
def test_another_place_breaks_nothing_and_has_its_price(name: str):
    for seed in range(SEEDS):
        problem, made = asked(name, seed)
        for visit, place in answers(problem, made).elsewhere.items():
            if place is not None and visit not in problem.pair_of:
                after = move(problem, made, visit, (place.shift, place.position))
                assert worse(problem, made, after) == []
                assert place.cost == plan_cost(problem, after) - plan_cost(problem, made)


@pytest.mark.parametrize("name", [*FAMILIES, "mixed"])
def test_a_repair_breaks_nothing_and_has_its_price(name: str):
    for seed in range(SEEDS):
        problem, made = asked(name, seed)
        live = Live(problem, made)
        offer = live.repair(steady=Steady(100, 10, most_changed=9, steps=50))
        live.accept(offer)
        assert worse(problem, made, live.plan) == []
        assert offer.cost == ways(problem, live.plan) - ways(problem, made)
        assert set(offer.placed) == set(made.unassigned) - set(live.plan.unassigned)
