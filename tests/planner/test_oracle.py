"""The oracle, the judge and the goals agree, though none knows the others: what one finds best, the other lets pass."""

from __future__ import annotations

import os
from random import Random

import pytest

from homestretch.planner import Plan, Problem, check, validate
from homestretch.planner.goals import plan_goals
from tests.planner.oracle import best
from tests.planner.oracle.routes import option_of
from tests.planner.random_problems import a_problem, a_route, binds, some_families
from tests.planner.random_rules import FAMILIES

SEEDS = int(os.environ.get("HOMESTRETCH_ORACLE_SEEDS", "5"))
LEFT_OUT = {"visit_required", "visit_missing", "group_required"}


def judged(problem: Problem, plan: Plan, *times: object) -> list[str]:
    """Codes of what the judge finds, but for what is left out."""
    served = {name for route in plan.routes for name in route.visits}
    found = check(problem, plan, *times)  # type: ignore[arg-type]
    return [b.code for b in found if b.code not in LEFT_OUT and not (b.code == "lock" and b.visit not in served)]


def asked(name: str, seed: int) -> Problem:
    return a_problem(seed, some_families(seed) if name == "mixed" else [name])


def agree_on_the_best(problem: Problem) -> None:
    """The optimum breaks no rule, with its own times and with the judge's, and costs what the goals say."""
    found = best(problem)
    assert judged(problem, found.plan, found.times) == []
    assert judged(problem, found.plan) == []
    assert cost_of(problem, found.plan, found.times) == found.rank[2]


def cost_of(problem: Problem, plan: Plan, times: tuple[object, ...]) -> int:
    """Fixed, time and distance of the routes, prizes, and every goal."""
    total = sum(plan_goals(problem, plan, times).values())  # type: ignore[arg-type]
    for route in times:
        costs = problem.shift[route.shift].costs  # type: ignore[attr-defined]
        paid, meters = route.paid, route.meters  # type: ignore[attr-defined]
        total += costs.fixed + paid * costs.per_hour // 3600 + meters * costs.per_km // 1000
    return total + sum(problem.visit[name].prize or 0 for name in plan.unassigned)


def agree_on_a_route(problem: Problem, rng: Random) -> bool:
    """A random route keeps every rule for both, or for neither; whether it does."""
    route = a_route(problem, rng)
    kept = option_of(problem, route) is not None
    codes = judged(problem, Plan((route,)))
    assert kept == (not codes), f"{route}: the judge finds {codes}"
    return kept


@pytest.mark.parametrize("name", [*FAMILIES, "mixed"])
def test_the_optimum_passes_the_judge_and_costs_what_the_goals_say(name: str):
    for seed in range(SEEDS):
        problem = asked(name, seed)
        assert validate(problem) == []
        agree_on_the_best(problem)


@pytest.mark.parametrize("name", [*FAMILIES, "mixed"])
def test_a_random_route_is_kept_by_both_or_by_neither(name: str):
    kept = [
        agree_on_a_route(asked(name, seed), Random(f"{name} {seed} {turn}"))
        for seed in range(100, 100 + 2 * SEEDS)
        for turn in range(10)
    ]
    assert any(kept) and not all(kept)


@pytest.mark.prove
def test_thousands_of_random_combinations_are_judged_alike():
    for seed in range(1000, 4000):
        problem = asked("mixed", seed)
        assert validate(problem) == []
        agree_on_the_best(problem)
        for turn in range(10):
            agree_on_a_route(problem, Random(f"{seed} {turn}"))


@pytest.mark.prove
@pytest.mark.parametrize("name", FAMILIES)
def test_each_rule_changes_a_third_of_the_optima(name: str):
    seeds = range(60)
    share = sum(binds(a_problem(seed, [name]), name) for seed in seeds) / len(seeds)
    assert share >= 1 / 3, f"{name} changes only {share:.0%}"
