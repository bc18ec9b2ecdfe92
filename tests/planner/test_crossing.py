"""Plans made of two: no visit twice, each route from one of them; a search that crosses tells of none that is worse."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homestretch.planner.check import check
from homestretch.planner.cost import plan_cost
from homestretch.planner.problem import Balance, Costs, Goals, Problem, Travel
from homestretch.planner.search import engine, pieces
from homestretch.planner.search.crossing import Route, crossed
from homestretch.planner.stopping import Iterations, Progress
from tests.planner.town import HOUR, line, shift, town, visit

ENOUGH = 2 * 12 * engine.TO_CROSS // pieces.ROUND


@st.composite
def plans(draw: st.DrawFn) -> list[Route]:
    """Some of 12 visits on up to four routes."""
    order = draw(st.permutations(range(12)))
    cuts = sorted(draw(st.lists(st.integers(0, 12), max_size=4)))
    parts = [list(order[a:b]) for a, b in zip([0, *cuts], cuts, strict=False) if a < b]
    return [(number % 2, part) for number, part in enumerate(parts)]


def _visits(routes: Sequence[Route]) -> list[int]:
    return [stop for _, stops in routes for stop in stops]


@given(plans(), plans(), st.integers(0, 2**32))
def test_no_visit_is_twice_on_a_plan_of_two(one: list[Route], other: list[Route], seed: int) -> None:
    made = crossed(np.random.default_rng(seed), one, other)
    assert len(set(_visits(made))) == len(_visits(made))
    assert set(_visits(made)) <= {*_visits(one), *_visits(other)}
    for _, stops in made:
        assert stops
        assert any(_in_order(stops, old) for _, old in (*one, *other))


def _in_order(stops: Sequence[int], old: Sequence[int]) -> bool:
    left = iter(old)
    return all(stop in left for stop in stops)


def _spread_out() -> Problem:
    visits = [visit(f"v{n}", 1 + 7 * n % 12, (n % 3 * HOUR, 8 * HOUR), deliver={"kg": 1 + n % 3}) for n in range(12)]
    vans = [shift(f"van {n}", capacity={"kg": 8}, costs=Costs(per_km=1000)) for n in range(4)]
    return town(visits, vans, travel=Travel({"van": line(14)}), dimensions=("kg",))


def test_a_long_search_crosses_plans_and_tells_only_of_better_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    crossings = []

    def counted(*given: object) -> list[Route]:
        crossings.append(given)
        return crossed(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "crossed", counted)
    problem, told = _spread_out(), []

    def watch(progress: Progress) -> None:
        told.append(plan_cost(problem, progress.plan))

    plans = [engine.solve(problem, seed=3, until=Iterations(ENOUGH), watch=watch) for _ in range(2)]
    assert crossings
    assert plans[0] == plans[1]
    assert check(problem, plans[0]) == []
    first = told[: told.index(min(told)) + 1]
    assert first == sorted(first, reverse=True)
    assert plan_cost(problem, plans[0]) == min(told)


@pytest.mark.parametrize("goals", [Goals(vehicles_first=True), Goals(balance=Balance("stops", 5))])
def test_a_search_with_other_goals_crosses_nothing(goals: Goals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "crossed", None)
    engine.solve(replace(_spread_out(), goals=goals), seed=3, until=Iterations(ENOUGH))


def test_a_short_search_crosses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "crossed", None)
    engine.solve(_spread_out(), seed=3, until=Iterations(60))
