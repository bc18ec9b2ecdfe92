"""VROOM by its Python binding, one thread. Its limit is in wall seconds, and holds for the local search only."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import vroom

from bench.instances import Case, Van
from bench.peers import Answer, Budget, Tour

LEVELS = (0, 2, 5)
"""Of exploration: more starts that share the time, and deeper moves. Which is best depends on the time, so each is
tried; at the highest, short times end before the first of its 32 searches has settled."""

SCALE = 1000
"""Meters to a kilometer: its costs are per km and whole."""


def run(case: Case, budget: Budget, seed: int) -> Answer:  # noqa: ARG001 - it draws nothing at random
    """VROOM serves as many as it can: an answer that leaves somebody out is one, and is judged so."""
    vans = case.vans()
    asked = _input(case, vans)
    limit = timedelta(seconds=budget.left())
    solution = asked.solve(exploration_level=LEVELS[budget.variant], nb_threads=budget.threads, timeout=limit)
    frame = solution.routes
    steps = frame[frame["type"].isin(["job", "pickup", "delivery"])]
    found = tuple(
        Tour(int(vehicle), (tuple(int(place) for place in rows["location_index"]),))
        for vehicle, rows in steps.groupby("vehicle_id", sort=True)
        if len(rows)
    )
    return Answer(found, ended=budget.left() > 0.1 * budget.asked)


def _input(case: Case, vans: list[Van]) -> vroom.Input:
    asked = vroom.Input()
    meters, seconds = case.matrices()
    if case.instance.backhauls_last:
        back, first = np.array(case.instance.collect) > 0, np.array(case.instance.demand) > 0
        barred = int(meters.max()) * 100
        meters[0, back] = barred
        meters[np.ix_(back, first)] = barred
    asked.set_durations_matrix("car", seconds)
    if any(van.fixed or van.rate != 1 for van in vans):
        asked.set_distances_matrix("car", meters)
    elif not np.array_equal(meters, seconds):
        asked.set_costs_matrix("car", meters)
    dear = min(int(meters.max()) * 100, 10**8) if case.vehicles_first else 0
    for van in vans:
        asked.add_vehicle([_vehicle(van, number, dear) for number in van.numbers])
    _add_jobs(case, asked)
    return asked


def _vehicle(van: Van, number: int, dear: int) -> vroom.Vehicle:
    costs = vroom.VehicleCosts(fixed=dear)
    if van.fixed or van.rate != 1:
        costs = vroom.VehicleCosts(fixed=round(van.fixed / SCALE), per_hour=0, per_km=van.rate)
    return vroom.Vehicle(
        number,
        start=van.depot,
        end=van.depot,
        capacity=[] if van.capacity is None else [van.capacity],
        costs=costs,
        max_travel_time=van.longest,
        time_window=vroom.TimeWindow(van.opens, van.closes) if van.closes < 2**32 else None,
    )


def _add_jobs(case: Case, asked: vroom.Input) -> None:
    instance, service, windows = case.instance, case.service(), case.windows()
    spans = [[vroom.TimeWindow(*window)] for window in windows] if windows else [[]] * len(instance)
    for a, b in instance.pairs:
        begin = vroom.ShipmentStep(a, a, default_service=service[a], time_windows=spans[a])
        end = vroom.ShipmentStep(b, b, default_service=service[b], time_windows=spans[b])
        asked.add_job(vroom.Shipment(begin, end, amount=vroom.Amount([instance.demand[a]])))
    if instance.pairs:
        return
    goods = instance.collect or (0,) * len(instance)
    asked.add_job(
        [
            vroom.Job(place, place, default_service=service[place], time_windows=spans[place],
                      delivery=[instance.demand[place]], pickup=[goods[place]])
            for place in range(instance.depots, len(instance))
        ]
    )  # fmt: skip
