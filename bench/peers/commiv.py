"""commiv by its Python binding. It cools over a number of iterations, so it is given as many as fit its time."""

from __future__ import annotations

from typing import Any

import commiv
import numpy as np

from bench.instances import Case
from bench.peers import Answer, Budget, Tour

RATE = 50_000
"""Iterations to an asked second: a first guess, corrected by what the run before used."""

LATEST = 2**32 - 1


def run(case: Case, budget: Budget, seed: int) -> Answer:
    """Simulated annealing to the end of its schedule; where fewest vehicles come first, its own driver for that."""
    instance = case.instance
    seconds = case.matrices()[1].astype(np.uint32)
    windows = case.windows()
    more: dict[str, Any] = {"seed": seed}
    if case.vehicles_first:
        more |= {"fleet_min": True, "wall_ms": max(1, round(1000 * budget.left()))}
    else:
        more["iters"] = max(1000, round(RATE * budget.left()))
    capacity = instance.capacity or LATEST
    try:
        if windows is None:
            found = commiv.solve_cvrp(seconds, instance.demand, capacity, threads=budget.threads, **more)
        else:
            ready, due = ([min(value, LATEST) for value in ends] for ends in zip(*windows, strict=True))
            times = (ready, due, case.service())
            if instance.pairs:
                ends = [[pair[end] for pair in instance.pairs] for end in (0, 1)]
                amounts = [instance.demand[pair[0]] for pair in instance.pairs]
                found = commiv.solve_pdptw(seconds, *ends, amounts, capacity, *times, **more)
            else:
                found = commiv.solve_vrptw(seconds, instance.demand, capacity, *times, threads=budget.threads, **more)
    except commiv.InfeasibleError:
        return Answer(None)
    return Answer(tuple(Tour(number, (tuple(route),)) for number, route in enumerate(found.routes, 1) if route))
