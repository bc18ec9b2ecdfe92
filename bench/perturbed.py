"""A file made unlike every published one, so that nobody's parameters were found on it."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, cos, floor, pi, sin
from random import Random
from typing import Any

import numpy as np

from homestretch.planner.formats.instance import Instance
from homestretch.planner.formats.text import Number

KEPT = 0.8
NARROW, WIDE = 0.7, 1.5


def perturbed(instance: Instance, seed: int) -> Instance:
    """A random 80 % of the customers, rotated about the depot by a random angle, every window 0.7 to 1.5 as wide.

    A pair or a group stays or goes as one, and windows of pairs are not narrowed. Customers keep their ids; the fleet
    stays as it is. A window keeps its middle, but never ends before a vehicle that leaves as the nearest depot opens
    can arrive, nor so late that none can be back. An explicit matrix is not rotated.
    """
    random = Random(seed)
    units = _units(instance)
    keep = sorted(place for unit in random.sample(units, max(1, round(KEPT * len(units)))) for place in unit)
    turned = _turned(instance, random.uniform(0, 2 * pi))
    chosen = _chosen(turned, [*range(instance.depots), *keep])
    return chosen if chosen.windows is None else replace(chosen, windows=_scaled(chosen, random))


def _units(instance: Instance) -> list[tuple[int, ...]]:
    """Customers that stay or go together."""
    bound = [*instance.pairs, *instance.groups]
    taken = {place for unit in bound for place in unit}
    return [*bound, *((place,) for place in range(instance.depots, len(instance)) if place not in taken)]


def _turned(instance: Instance, angle: float) -> Instance:
    if instance.coords is None:
        return instance
    turn = np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
    return replace(instance, coords=(instance.coords - instance.coords[0]) @ turn)


def _chosen(instance: Instance, places: list[int]) -> Instance:
    position = {place: number for number, place in enumerate(places)}

    def of(values: Any) -> Any:
        return None if values is None else tuple(values[place] for place in places)

    fleet = instance.fleet and tuple(
        replace(one, barred=frozenset(position[place] for place in one.barred if place in position))
        for one in instance.fleet
    )
    return replace(
        instance,
        ids=of(instance.ids),
        demand=of(instance.demand),
        service=of(instance.service),
        windows=of(instance.windows),
        coords=None if instance.coords is None else instance.coords[places],
        matrix=None if instance.matrix is None else instance.matrix[np.ix_(places, places)],
        pairs=_renamed(instance.pairs, position),
        groups=_renamed(instance.groups, position),
        fleet=fleet,
        collect=of(instance.collect),
        release=of(instance.release),
        prizes=of(instance.prizes),
    )


def _renamed(units: tuple[Any, ...], position: dict[int, int]) -> tuple[Any, ...]:
    return tuple(tuple(position[place] for place in unit) for unit in units if unit[0] in position)


def _scaled(instance: Instance, random: Random) -> tuple[tuple[Number, Number], ...]:
    windows = list(instance.windows or ())
    paired = {place for pair in instance.pairs for place in pair}
    for place in range(instance.depots, len(instance)):
        ready, due = windows[place]
        middle, half = (ready + due) / 2, (due - ready) / 2 * random.uniform(1 if place in paired else NARROW, WIDE)
        first, last = _reach(instance, place)
        latest = min(last, max(round(middle + half), first))
        earliest = max(min(0, ready), round(middle - half))
        windows[place] = (min(earliest, latest), latest)
    return tuple(windows)


def _reach(instance: Instance, place: int) -> tuple[int, int]:
    """When a vehicle from some depot can be there, and must be at the latest: one unit inside, for what is rounded."""
    spans = []
    for depot in range(instance.depots):
        opens, closes = (instance.windows or ())[depot]
        leaves = max(opens, instance.release[place] if instance.release else opens)
        back = closes - _leg(instance, place, depot) - instance.service[place]
        spans.append((ceil(leaves + _leg(instance, depot, place)) + 1, floor(back) - 1))
    return max(spans, key=lambda span: span[1] - span[0])


def _leg(instance: Instance, start: int, end: int) -> float:
    if instance.matrix is not None:
        return float(instance.matrix[start, end])
    assert instance.coords is not None
    return float(np.hypot(*(instance.coords[start] - instance.coords[end])))
