"""PyVRP with its own default parameters, on the numbers of the file.

Loads are scaled as its own reader scales them: its price of a load too much is bounded, so beside costs in thousandths
it needs loads in thousandths.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyvrp
from pyvrp.constants import MAX_VALUE

from bench.instances import Case, Van
from bench.peers import Answer, Budget, Tour

FAR = int(np.iinfo(np.int64).max)


def run(case: Case, budget: Budget, seed: int) -> Answer:
    """Variant 0: where fewest vehicles come first, each costs more than all distances. Variant 1: PyVRP's own
    `minimise_fleet` has half of the time, the rest is for the distance."""
    vans = case.vans()
    data = _data(case, vans)
    trace: list[tuple[float, int]] = []
    if budget.variant == 1:
        half = budget.seconds / 2
        fewest = pyvrp.minimise_fleet(data, lambda best: budget.used() >= half, seed)  # noqa: ARG005
        data = data.replace(vehicle_types=[fewest])

    def stop(best: int) -> bool:
        if best < FAR and (not trace or best < trace[-1][1]):
            trace.append((budget.used(), int(best)))
        return budget.over()

    best = pyvrp.solve(data, stop, seed, collect_stats=False).best
    return Answer(_tours(case, vans, best) if best.is_feasible() else None, lambda: trace)


def _data(case: Case, vans: list[Van]) -> pyvrp.ProblemData:
    instance = case.instance
    meters, seconds = case.matrices()
    if instance.backhauls_last:
        meters = seconds = _one_way(case, meters)
    profiles = list(dict.fromkeys(van.barred for van in vans))
    longest, last, timed = int(meters.max()), max(van.closes for van in vans), instance.windows is not None
    dear = int(meters.max()) * 2 * len(instance) if case.vehicles_first else 0
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0)] * len(instance),
        clients=_clients(case),
        depots=[pyvrp.Depot(place) for place in range(instance.depots)],
        vehicle_types=[_vehicle_type(van, profiles.index(van.barred), dear, case.scale) for van in vans],
        distance_matrices=[_without(meters, barred, 2 * longest if timed else MAX_VALUE) for barred in profiles],
        duration_matrices=[_without(seconds, barred, 2 * last if timed else MAX_VALUE) for barred in profiles],
        groups=[
            pyvrp.ClientGroup([place - instance.depots for place in group], required=True) for group in instance.groups
        ],
        shipments=_shipments(case),
    )


def _one_way(case: Case, matrix: Any) -> Any:
    """As PyVRP's own reader forbids what a backhaul must not follow."""
    back = np.array(case.instance.collect) > 0
    first = np.array(case.instance.demand) > 0
    matrix = matrix.copy()
    matrix[0, back] = MAX_VALUE
    matrix[np.ix_(back, first)] = MAX_VALUE
    return matrix


def _without(matrix: Any, barred: frozenset[int], far: int) -> Any:
    """Ways to and from places that may not be served are `far`. Where a window is missed by it, no farther than that:
    with PyVRP's own largest value its first descent does not end on files of windows."""
    if not barred:
        return matrix
    matrix = matrix.copy()
    places = list(barred)
    matrix[:, places] = matrix[places, :] = far
    np.fill_diagonal(matrix, 0)
    return matrix


def _clients(case: Case) -> list[pyvrp.Client]:
    instance = case.instance
    if instance.pairs:
        return []
    service, windows, release, prizes = case.service(), case.windows(), case.release(), case.prizes()
    group_of = {place: number for number, group in enumerate(instance.groups) for place in group}
    return [
        pyvrp.Client(
            place,
            delivery=[case.scale * instance.demand[place]],
            pickup=[case.scale * instance.collect[place] if instance.collect else 0],
            service_duration=service[place],
            tw_early=windows[place][0] if windows else 0,
            tw_late=windows[place][1] if windows else FAR,
            release_time=release[place],
            prize=prizes[place],
            required=not prizes[place] and place not in group_of,
            group=group_of.get(place),
        )
        for place in range(instance.depots, len(instance))
    ]


def _shipments(case: Case) -> list[pyvrp.Shipment]:
    instance, service, windows = case.instance, case.service(), case.windows()
    spans = windows or [(0, FAR)] * len(instance)
    return [
        pyvrp.Shipment(a, b, *spans[a], service[a], *spans[b], service[b], [case.scale * instance.demand[a]])
        for a, b in instance.pairs
    ]


def _vehicle_type(van: Van, profile: int, dear: int, scale: int) -> pyvrp.VehicleType:
    limits = {"shift_duration": van.longest, "max_distance": van.farthest, "max_reloads": van.max_reloads}
    return pyvrp.VehicleType(
        num_available=len(van.numbers),
        capacity=[FAR if van.capacity is None else scale * van.capacity],
        start_depot=van.depot,
        end_depot=van.depot,
        fixed_cost=van.fixed + dear,
        tw_early=van.opens,
        tw_late=van.closes,
        unit_distance_cost=van.rate,
        profile=profile,
        reload_depots=list(van.reloads),
        **{name: limit for name, limit in limits.items() if limit is not None},
    )


def _tours(case: Case, vans: list[Van], best: pyvrp.Solution) -> tuple[Tour, ...]:
    free = [iter(van.numbers) for van in vans]
    found = []
    for route in best.routes():
        trips: list[list[int]] = [[]]
        for activity in route.schedule():
            if activity.is_client():
                trips[-1].append(activity.idx + case.instance.depots)
            elif activity.is_shipment():
                trips[-1].append(case.instance.pairs[activity.idx][int(activity.is_delivery())])
            elif trips[-1]:
                trips.append([])
        found.append(Tour(next(free[route.vehicle_type()]), tuple(tuple(trip) for trip in trips if trip)))
    return tuple(found)
