"""OR-Tools' routing library: guided local search from an insertion or a savings start, matrices kept in C++."""

from __future__ import annotations

from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp
from ortools.constraint_solver import routing_enums_pb2 as enums

from bench.instances import Case, Van
from bench.peers import Answer, Budget, Tour

STARTS = ("PARALLEL_CHEAPEST_INSERTION", "SAVINGS")
"""Better from the first on small files and from the second on large ones, so each is tried."""

FOREVER = 2**40


def run(case: Case, budget: Budget, seed: int) -> Answer:  # noqa: ARG001 - guided local search draws nothing at random
    """The limit is in wall seconds; what it found at each moment is told by its own count."""
    vans = [van for van in case.vans() for _ in van.numbers]
    numbers = [number for van in case.vans() for number in van.numbers]
    starts = [van.depot for van in vans]
    manager = pywrapcp.RoutingIndexManager(len(case.instance), len(vans), starts, starts)
    routing = pywrapcp.RoutingModel(manager)
    _model(case, vans, manager, routing)
    asked = pywrapcp.DefaultRoutingSearchParameters()
    start = "AUTOMATIC" if case.instance.pairs and budget.variant else STARTS[budget.variant]
    asked.first_solution_strategy = getattr(enums.FirstSolutionStrategy, start)
    asked.local_search_metaheuristic = enums.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    trace: list[tuple[float, int]] = []

    def found() -> None:
        value = int(routing.CostVar().Value())
        if not trace or value < trace[-1][1]:
            trace.append((budget.used(), value))

    routing.AddAtSolutionCallback(found)
    asked.time_limit.FromMilliseconds(max(1, round(1000 * budget.left())))
    solution = routing.SolveWithParameters(asked)
    return Answer(solution and _tours(manager, routing, solution, numbers), lambda: trace)


def _model(case: Case, vans: list[Van], manager: Any, routing: Any) -> None:
    meters, seconds = case.matrices()
    if case.instance.backhauls_last:
        back, first = np.array(case.instance.collect) > 0, np.array(case.instance.demand) > 0
        meters[0, back] = meters[np.ix_(back, first)] = int(meters.max()) * 100
    dear = int(meters.max()) * 100 if case.vehicles_first else 0
    by_rate = {rate: routing.RegisterTransitMatrix((rate * meters).tolist()) for rate in {van.rate for van in vans}}
    for number, van in enumerate(vans):
        routing.SetArcCostEvaluatorOfVehicle(by_rate[van.rate], number)
        routing.SetFixedCostOfVehicle(van.fixed + dear, number)
    if case.windows() is not None or any(van.longest is not None for van in vans):
        _times(case, vans, manager, routing, seconds)
    _loads(case, vans, routing)
    _choices(case, vans, manager, routing)


def _choices(case: Case, vans: list[Van], manager: Any, routing: Any) -> None:
    """Who may be left out, and by whom each may be served."""
    for place, prize in enumerate(case.prizes()):
        if prize:
            routing.AddDisjunction([manager.NodeToIndex(place)], prize)
    for group in case.instance.groups:
        routing.AddDisjunction([manager.NodeToIndex(place) for place in group])
    for place in range(case.instance.depots, len(case.instance)):
        allowed = [number for number, van in enumerate(vans) if place not in van.barred]
        if len(allowed) < len(vans):
            routing.VehicleVar(manager.NodeToIndex(place)).SetValues([-1, *allowed])


def _times(case: Case, vans: list[Van], manager: Any, routing: Any, seconds: Any) -> None:
    steps = routing.RegisterTransitMatrix((seconds + np.array(case.service())[:, None]).tolist())
    end = max(van.closes for van in vans)
    routing.AddDimension(steps, min(end, FOREVER), min(end, FOREVER), False, "time")
    time = routing.GetDimensionOrDie("time")
    for place, window in enumerate(case.windows() or ()):
        if place >= case.instance.depots:
            time.CumulVar(manager.NodeToIndex(place)).SetRange(*window)
    for number, van in enumerate(vans):
        for index in (routing.Start(number), routing.End(number)):
            time.CumulVar(index).SetRange(van.opens, van.closes)
        if van.longest is not None:
            time.SetSpanUpperBoundForVehicle(van.longest, number)
    for a, b in case.instance.pairs:
        pickup, delivery = manager.NodeToIndex(a), manager.NodeToIndex(b)
        routing.AddPickupAndDelivery(pickup, delivery)
        routing.solver().Add(routing.VehicleVar(pickup) == routing.VehicleVar(delivery))
        routing.solver().Add(time.CumulVar(pickup) <= time.CumulVar(delivery))


def _loads(case: Case, vans: list[Van], routing: Any) -> None:
    """Of what is delivered and of what is collected: with backhauls last, the two never meet."""
    for name, amounts in (("deliver", case.instance.demand), ("collect", case.instance.collect)):
        if amounts and any(van.capacity is not None for van in vans):
            steps = routing.RegisterUnaryTransitVector(list(amounts))
            most = [sum(map(abs, amounts)) if van.capacity is None else van.capacity for van in vans]
            routing.AddDimensionWithVehicleCapacity(steps, 0, most, True, name)


def _tours(manager: Any, routing: Any, solution: Any, numbers: list[int]) -> tuple[Tour, ...]:
    found = []
    for vehicle, number in enumerate(numbers):
        index, places = solution.Value(routing.NextVar(routing.Start(vehicle))), []
        while not routing.IsEnd(index):
            places.append(manager.IndexToNode(index))
            index = solution.Value(routing.NextVar(index))
        if places:
            found.append(Tour(number, (tuple(places),)))
    return tuple(found)
