"""A plan made of two: routes of one stand in the place of those of the other that they have most visits in common with.

Selective route exchange, after Nagata, Bräysy and Dullaert (2010), "A penalty-based edge assembly memetic algorithm for
the vehicle routing problem with time windows". What is on no route of the made plan is for the search to put back.
"""

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np

Route = tuple[int, Sequence[int]]
"""In the core's words: a vehicle type, and visits."""


def crossed(random: np.random.Generator, one: Sequence[Route], other: Sequence[Route]) -> list[Route]:
    """`one` with some neighboring routes of `other`, half of the fewer at most; no visit is on two routes."""
    if not one or not other:
        return list(one or other)
    taken = _taken(random, one, other)
    visits = {visit for number in taken for visit in other[number][1]}
    common = [len(visits.intersection(stops)) / len(stops) for _, stops in one]
    gone = set(sorted(range(len(one)), key=lambda number: -common[number])[: len(taken)])
    kept = [route for number, route in enumerate(one) if number not in gone]
    came = [other[number] for number in taken]
    if random.random() < 0.5:
        came = _without(came, {visit for _, stops in kept for visit in stops})
    else:
        kept = _without(kept, visits)
    return kept + came


def _taken(random: np.random.Generator, one: Sequence[Route], other: Sequence[Route]) -> list[int]:
    """Routes of `other`, each next one with most visits on the routes of `one` that those before it touch."""
    route_of = {visit: number for number, (_, stops) in enumerate(one) for visit in stops}
    beside = {visit: number for number, (_, stops) in enumerate(other) for visit in stops}
    most = int(random.integers(1, 1 + max(1, min(len(one), len(other)) // 2)))
    taken = [int(random.integers(len(other)))]
    near: Counter[int] = Counter()
    touched: set[int] = set()
    while len(taken) < most:
        for number in {route_of[visit] for visit in other[taken[-1]][1] if visit in route_of} - touched:
            touched.add(number)
            near.update(beside[visit] for visit in one[number][1] if visit in beside)
        free = {number: count for number, count in near.items() if number not in taken}
        if not free:
            break
        largest = max(free.values())
        nearest = [number for number, count in free.items() if count == largest]
        taken.append(nearest[int(random.integers(len(nearest)))])
    return taken


def _without(routes: Sequence[Route], visits: Collection[int]) -> list[Route]:
    left: list[Route] = [(kind, [stop for stop in stops if stop not in visits]) for kind, stops in routes]
    return [(kind, stops) for kind, stops in left if stops]
