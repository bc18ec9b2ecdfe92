"""How a benchmark counts: distances and times of a file as integers, and the problem that the planner then solves.

| convention | one leg of Euclidean length d | unit of cost |
|---|---|---|
| dimacs | floor(10 d), times 10 times the file's | a tenth, distance only |
| exact | round(1000 d), times 1000 times the file's | a thousandth |
| round | d to the nearest integer, a half up (TSPLIB 95) | one |
| sintef | d itself, a double | a thousandth of the sum of all d, rounded once; fewest vehicles come first |

Explicit matrices are scaled the same way. An integer engine cannot hold the real times of `sintef`: for it, times are
rounded up to a thousandth, so that what fits its clock fits the real one.
"""

from math import floor

import numpy as np
import numpy.typing as npt

from homestretch.planner.formats.instance import Floats, Form, Instance, Vehicle
from homestretch.planner.formats.text import Number, refuse
from homestretch.planner.problem import (
    Costs,
    Goals,
    Group,
    Matrix,
    Pair,
    Plane,
    Problem,
    Shift,
    Travel,
    Visit,
    Window,
)

CONVENTIONS = ("dimacs", "exact", "round", "sintef")
DEFAULT: dict[Form, str] = {"solomon": "dimacs", "vrplib": "round", "lilim": "sintef"}
SCALE = {"dimacs": 10, "exact": 1000, "round": 1, "sintef": 1000}

FOREVER = 2**40
"""Seconds: the end of a shift where the file sets none."""

LONGEST_LEG = 2**29

MAX_PROBLEM_NODES = 13_000
"""Of an explicit matrix: beyond it the matrices of problem and engine together pass about 6 GB."""

MATRIX_NODES = 3000
"""Nodes with coordinates beyond which there is no matrix of all: legs are computed as they are needed."""

ROUNDING = {"dimacs": "down", "exact": "nearest", "round": "nearest", "sintef": "nearest"}

DIMENSION = "load"

Ints = npt.NDArray[np.int64]


def convention_of(instance: Instance, wanted: str | None) -> str:
    """`wanted`, or the usual one of the file's form. Refuses `convention.unknown`."""
    name = wanted or DEFAULT[instance.form]
    if name not in CONVENTIONS:
        raise refuse("convention_unknown", f"there is no convention {name!r}", f"choose of {', '.join(CONVENTIONS)}")
    return name


def to_problem(instance: Instance, convention: str) -> Problem:
    """The planner's question; ids of visits are the file's node ids as text, shifts are "1", "2", ...

    A file that limits no fleet gets as many shifts as an optimal plan can need. Refuses `format.too_large`.
    """
    scale = SCALE[convention]
    names = instance.ids
    return Problem(
        visits=_visits(instance, scale),
        shifts=_shifts(instance, scale),
        travel=Travel({"van": _travel(instance, convention)}),
        goals=Goals(vehicles_first=convention == "sintef"),
        pairs=tuple(Pair(str(names[a]), str(names[b]), {DIMENSION: instance.demand[a]}) for a, b in instance.pairs),
        groups=tuple(Group(tuple(str(names[place]) for place in group)) for group in instance.groups),
        dimensions=(DIMENSION,),
    )


def _travel(instance: Instance, convention: str) -> Matrix | Plane:
    scale, rung = SCALE[convention], f"benchmark, {convention}"
    if len(instance) > MATRIX_NODES and instance.coords is not None and not instance.backhauls_last:
        x, y = instance.coords.T
        up = "up" if convention == "sintef" else ROUNDING[convention]
        plane = Plane(x, y, scale, scale, ROUNDING[convention], up, rung)
        _refuse_long(plane.durations.longest(), scale)
        return plane
    if len(instance) > MAX_PROBLEM_NODES:
        raise refuse("too_large", f"{len(instance)} nodes", f"at most {MAX_PROBLEM_NODES} can be solved here")
    distances = distances_of(instance, convention)
    durations = durations_of(instance, convention, distances)
    _refuse_long(int(durations.max()), scale)
    if instance.backhauls_last:
        distances = _none_begins_with_a_backhaul(instance, distances)
    return Matrix(durations, distances, rung)


def _refuse_long(longest: int, scale: int) -> None:
    if longest > LONGEST_LEG:
        cause = f"a leg of {longest / scale:.0f}"
        raise refuse("number_too_large", cause, f"no leg may be over {LONGEST_LEG // scale}")


def fleet_size(instance: Instance) -> int:
    """Vehicles of the file; where it limits none, at least what an optimum needs.

    Without windows and by the triangle inequality, two routes that fit one vehicle are never longer when joined, so
    all routes of some optimum but one are more than half full.
    """
    if instance.fleet is not None:
        return len(instance.fleet)
    customers = len(instance) - instance.depots
    if instance.vehicles is not None:
        return min(instance.vehicles, customers)
    timed = instance.windows is not None or instance.max_duration is not None
    if instance.capacity and not timed and not instance.collect and instance.coords is not None:
        return min(customers, 2 * (sum(instance.demand) // instance.capacity) + 1)
    return customers


def scaled(value: Number, scale: int) -> int:
    """A time of the file in the convention's integers, cut off below."""
    return floor(value * scale)


def _raw(instance: Instance) -> Floats:
    if instance.matrix is not None:
        return instance.matrix
    if instance.coords is None:
        raise ValueError("an instance has coordinates or a matrix")
    east, north = (axis[:, None] - axis[None, :] for axis in instance.coords.T)
    whole = np.array_equal(instance.coords, np.rint(instance.coords))  # then the square root is exact, and quicker
    lengths: Floats = np.sqrt(east * east + north * north) if whole else np.hypot(east, north)
    return lengths


def distances_of(instance: Instance, convention: str) -> Ints:
    """Between all nodes, in the convention's integers."""
    raw = _raw(instance)
    if convention == "dimacs":
        return np.floor(10 * raw).astype(np.int64)
    if convention == "round":
        return np.floor(raw + 0.5).astype(np.int64)
    return np.rint(SCALE[convention] * raw).astype(np.int64)


def durations_of(instance: Instance, convention: str, distances: Ints) -> Ints:
    """Between all nodes; the `distances` themselves but for `sintef`, whose times are rounded up."""
    if convention != "sintef":
        return distances
    return np.ceil(np.round(1000 * _raw(instance), 6)).astype(np.int64)  # 6 digits: 5.0 may come as 5.000000000001


def _none_begins_with_a_backhaul(instance: Instance, distances: Ints) -> Ints:
    """A way from a depot to a backhaul, which a shift has no rule against, costs more than all others together."""
    back = [place for place, amount in enumerate(instance.collect or ()) if amount]
    dear = distances.copy()
    dear[np.ix_(range(instance.depots), back)] = min(LONGEST_LEG, 2 * len(instance) * int(distances.max()))
    return dear


def _visits(instance: Instance, scale: int) -> tuple[Visit, ...]:
    paired = {place for pair in instance.pairs for place in pair}
    skills = _skills(instance)
    return tuple(
        Visit(
            id=str(instance.ids[place]),
            place=place,
            windows=() if instance.windows is None else (_window(instance.windows[place], scale),),
            service=scaled(instance.service[place], scale),
            deliver=_load(0 if place in paired else instance.demand[place]),
            collect=_load(instance.collect[place] if instance.collect else 0),
            skills=frozenset(skill for skill, (places, _) in skills.items() if place in places),
            prize=scaled(instance.prizes[place], scale) or None if instance.prizes else None,
            release=scaled(instance.release[place], scale) if instance.release else 0,
        )
        for place in range(instance.depots, len(instance))
    )


def _window(window: tuple[Number, Number], scale: int) -> Window:
    return Window(scaled(window[0], scale), scaled(window[1], scale))


def _load(amount: int | None) -> dict[str, int]:
    return {DIMENSION: amount} if amount else {}


def _skills(instance: Instance) -> dict[str, tuple[frozenset[int], frozenset[int]]]:
    """By name: the places that ask for it, and the vehicles, from 1, that have it: all that none of the places bars."""
    fleet = instance.fleet or ()
    barring: dict[int, set[int]] = {}
    for barred in {one.barred for one in fleet}:
        numbers = {number for number, one in enumerate(fleet, 1) if one.barred == barred}
        for place in barred:
            barring.setdefault(place, set()).update(numbers)
    places: dict[frozenset[int], set[int]] = {}
    for place, numbers in barring.items():
        places.setdefault(frozenset(numbers), set()).add(place)
    every = frozenset(range(1, len(fleet) + 1))
    found = sorted(places.items(), key=lambda item: min(item[1]))
    return {f"access {name}": (frozenset(asking), every - without) for name, (without, asking) in enumerate(found, 1)}


def _shifts(instance: Instance, scale: int) -> tuple[Shift, ...]:
    same = Vehicle(capacity=instance.capacity)
    fleet = instance.fleet or (same,) * fleet_size(instance)
    skills = _skills(instance)
    limit = None if instance.max_duration is None else scaled(instance.max_duration, scale)
    shifts = []
    for number, one in enumerate(fleet, 1):
        span = Window(0, FOREVER) if instance.windows is None else _window(instance.windows[one.depot], scale)
        shifts.append(
            Shift(
                id=str(number),
                start_place=one.depot,
                end_place=one.depot,
                start=span.start,
                end=span.end,
                capacity={} if one.capacity is None else {DIMENSION: one.capacity},
                skills=frozenset(skill for skill, (_, having) in skills.items() if number in having),
                costs=Costs(fixed=scaled(one.fixed, scale), per_meter=one.rate),
                max_distance=None if one.max_distance is None else scaled(one.max_distance, scale),
                max_duration=limit if one.max_duration is None else scaled(one.max_duration, scale),
                reload=one.reloads[0] if one.reloads else None,
                max_trips=None if one.max_reloads is None else one.max_reloads + 1,
                backhauls_last=instance.backhauls_last,
            )
        )
    return tuple(shifts)
