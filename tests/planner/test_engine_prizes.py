"""Prizes far above any detour must leave out as little as possible, and never drown the search."""

from __future__ import annotations

import pytest

from homestretch.planner.problem import Costs, Matrix, Problem, Shift, Travel, Visit
from homestretch.planner.search.engine import solve
from homestretch.planner.stopping import Iterations

WAYS = [[0, 100, 200, 300], [100, 0, 100, 200], [200, 100, 0, 100], [300, 200, 100, 0]]


@pytest.mark.parametrize("prize", [1_000_000, 10_000_000, 1_000_000_000])
def test_what_fits_is_served_and_the_dearest_first(prize: int) -> None:
    visits = tuple(
        Visit(id=f"v{n}", place=n, service=120, deliver={"pieces": 30}, prize=prize * (2 if n == 3 else 1))
        for n in (1, 2, 3)
    )
    van = Shift("van", 0, 0, 0, 36_000, capacity={"pieces": 40}, costs=Costs(0, 3000, 40))
    problem = Problem(visits, (van,), Travel({"van": Matrix(WAYS, WAYS)}), dimensions=("pieces",))
    plan = solve(problem, seed=1, until=Iterations(300))
    assert [route.visits for route in plan.routes] == [("v3",)]
    assert set(plan.unassigned) == {"v1", "v2"}
