"""Against the oracle: no plan is better than the best, nearly all are as good, and times are the canonical ones.

Families of rules that the engine refuses (`engine.unsupported`) are skipped. `HOMESTRETCH_ORACLE_SEEDS` says how many
problems of each family are tried (in `make prove` `PROOF`); misses are listed.
"""

from __future__ import annotations

import os
from random import Random

import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.planner import Iterations, Plan, Problem, check, plan_cost, route_cost, schedule, solve
from homestretch.planner.terms import refuse_unsupported
from tests.planner.oracle import best
from tests.planner.oracle.plans import Rank, missing_of
from tests.planner.oracle.routes import option_of
from tests.planner.random_problems import a_problem, a_route, some_families
from tests.planner.random_rules import FAMILIES

SEEDS = int(os.environ.get("HOMESTRETCH_ORACLE_SEEDS", "6"))
PROOF = int(os.environ.get("HOMESTRETCH_ORACLE_SEEDS", "10000"))
ROUNDS = 40
EQUAL = 0.995


def asked(name: str, seed: int) -> Problem:
    return a_problem(seed, some_families(seed) if name == "mixed" else [name])


def supported(name: str, seeds: range) -> list[tuple[int, Problem]]:
    """The problems that the engine takes on; skips the test where there is none."""
    found = []
    for seed in seeds:
        problem = asked(name, seed)
        try:
            refuse_unsupported(problem)
        except Refusal:
            continue
        found.append((seed, problem))
    if not found:
        pytest.skip(f"engine.unsupported: {name}")
    return found


def rank(problem: Problem, plan: Plan) -> Rank:
    """The oracle's measure of a plan that the engine made."""
    served = {name for route in plan.routes for name in route.visits}
    routes = sum(bool(route.visits) for route in plan.routes) if problem.goals.vehicles_first else 0
    return missing_of(problem, served), routes, plan_cost(problem, plan)


def unbroken(problem: Problem, plan: Plan) -> None:
    """The plan breaks no rule, but for what it leaves out."""
    left_out = set(plan.unassigned)
    times = [schedule(problem, route) for route in plan.routes]
    for found in (check(problem, plan), check(problem, plan, times)):
        assert [b for b in found if b.visit not in left_out] == []


def misses(name: str, seeds: range) -> list[str]:
    """Seeds whose plan is worse than the best, with both ranks; fails where one is better, or breaks a rule."""
    worse = []
    for seed, problem in supported(name, seeds):
        plan = solve(problem, seed=seed, until=Iterations(ROUNDS))
        unbroken(problem, plan)
        ours, least = rank(problem, plan), best(problem).rank
        assert ours >= least, f"{name} {seed}: {ours} is better than the best, {least}"
        if ours > least:
            worse.append(f"{name} {seed}: {ours}, not {least}")
    return worse


@pytest.mark.parametrize("name", [*FAMILIES, "mixed"])
def test_no_plan_is_better_than_the_best_and_few_are_worse(name: str) -> None:
    worse = misses(name, range(SEEDS))
    print(*worse, sep="\n")
    assert len(worse) <= 1 + SEEDS * (1 - EQUAL)


@pytest.mark.parametrize("name", [*FAMILIES, "mixed"])
def test_times_are_the_canonical_ones(name: str) -> None:
    """Departure, finish and cost of random routes that can keep every rule."""
    for seed in range(5000, 5000 + 4 * SEEDS):
        problem = asked(name, seed)
        for turn in range(10):
            route = a_route(problem, Random(f"{seed} {turn}"))
            kept = option_of(problem, route)
            if kept is None:
                continue
            times = schedule(problem, route)
            canonical = (kept.timed.times.depart, kept.timed.times.finish, kept.paid)
            assert (times.depart, times.finish, times.paid) == canonical, (name, seed, route)
            assert route_cost(problem, times) == kept.cost, (name, seed, route)


@pytest.mark.prove
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", [*FAMILIES, "mixed"])
def test_of_ten_thousand_plans_nearly_all_are_the_best(name: str) -> None:
    worse = misses(name, range(100_000, 100_000 + PROOF))
    print(*worse, sep="\n")
    assert len(worse) <= PROOF * (1 - EQUAL)
