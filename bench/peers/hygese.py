"""HGS-CVRP by its Python binding, with the parameters of its paper. It counts CPU time itself."""

from __future__ import annotations

import hygese

from bench.instances import Case
from bench.peers import Answer, Budget, Tour


def run(case: Case, budget: Budget, seed: int) -> Answer:
    """Coordinates are moved to where none is negative, which its binding wants, and distances stay the same."""
    instance = case.instance
    assert instance.coords is not None
    x, y = (instance.coords - instance.coords.min(axis=0)).T
    data = {"x_coordinates": x, "y_coordinates": y, "demands": instance.demand, "vehicle_capacity": instance.capacity}
    parameters = hygese.AlgorithmParameters(seed=seed, timeLimit=budget.left())
    found = hygese.Solver(parameters=parameters, verbose=False).solve_cvrp(data, rounding=True)
    return Answer(tuple(Tour(number, (tuple(route),)) for number, route in enumerate(found.routes, 1) if route) or None)
