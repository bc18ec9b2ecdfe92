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

from homestretch.planner.formats.instance import Floats, Form, Instance
from homestretch.planner.formats.text import Number, refuse
from homestretch.planner.problem import Costs, Goals, Matrix, Pair, Problem, Shift, Travel, Visit, Window

CONVENTIONS = ("dimacs", "exact", "round", "sintef")
DEFAULT: dict[Form, str] = {"solomon": "dimacs", "vrplib": "round", "lilim": "sintef"}
SCALE = {"dimacs": 10, "exact": 1000, "round": 1, "sintef": 1000}

FOREVER = 2**40
"""Seconds: the end of a shift where the file sets none."""

LONGEST_LEG = 2**30

MAX_PROBLEM_NODES = 13_000
"""Beyond it the matrices of problem and engine together pass about 6 GB."""

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
    if len(instance) > MAX_PROBLEM_NODES:
        raise refuse("too_large", f"{len(instance)} nodes", f"at most {MAX_PROBLEM_NODES} can be solved here")
    scale = SCALE[convention]
    distances = _distances(instance, convention)
    durations = _durations(instance, convention, distances)
    if durations.max() > LONGEST_LEG:
        longest = durations.max() / scale
        raise refuse("number_too_large", f"a leg of {longest:.0f}", f"no leg may be over {LONGEST_LEG // scale}")
    paired = {place for pair in instance.pairs for place in pair}
    visits = tuple(_visit(instance, place, scale, paired=place in paired) for place in range(1, len(instance)))
    pairs = tuple(
        Pair(str(instance.ids[a]), str(instance.ids[b]), {DIMENSION: instance.demand[a]}) for a, b in instance.pairs
    )
    return Problem(
        visits=visits,
        shifts=_shifts(instance, scale),
        travel=Travel({"van": Matrix(durations, distances, f"benchmark, {convention}")}),
        goals=Goals(vehicles_first=convention == "sintef"),
        pairs=pairs,
        dimensions=(DIMENSION,),
    )


def fleet_size(instance: Instance) -> int:
    """Vehicles of the file; where it limits none, at least what an optimum needs.

    Without windows and by the triangle inequality, two routes that fit one vehicle are never longer when joined, so
    all routes of some optimum but one are more than half full.
    """
    customers = len(instance) - 1
    if instance.vehicles is not None:
        return min(instance.vehicles, customers)
    if instance.capacity and instance.windows is None and instance.max_duration is None and instance.coords is not None:
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
    x, y = instance.coords.T
    lengths: Floats = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :])
    return lengths


def _distances(instance: Instance, convention: str) -> Ints:
    raw = _raw(instance)
    if convention == "dimacs":
        return np.floor(10 * raw).astype(np.int64)
    if convention == "round":
        return np.floor(raw + 0.5).astype(np.int64)
    return np.rint(SCALE[convention] * raw).astype(np.int64)


def _durations(instance: Instance, convention: str, distances: Ints) -> Ints:
    if convention != "sintef":
        return distances
    return np.ceil(np.round(1000 * _raw(instance), 6)).astype(np.int64)  # 6 digits: 5.0 may come as 5.000000000001


def _visit(instance: Instance, place: int, scale: int, *, paired: bool) -> Visit:
    windows: tuple[Window, ...] = ()
    if instance.windows is not None:
        ready, due = instance.windows[place]
        windows = (Window(scaled(ready, scale), scaled(due, scale)),)
    demand = instance.demand[place]
    return Visit(
        id=str(instance.ids[place]),
        place=place,
        windows=windows,
        service=scaled(instance.service[place], scale),
        deliver={} if paired or not demand else {DIMENSION: demand},
    )


def _shifts(instance: Instance, scale: int) -> tuple[Shift, ...]:
    opens, closes = (0, FOREVER)
    if instance.windows is not None:
        opens, closes = (scaled(value, scale) for value in instance.windows[0])
    limit = None if instance.max_duration is None else scaled(instance.max_duration, scale)
    capacity = {} if instance.capacity is None else {DIMENSION: instance.capacity}
    return tuple(
        Shift(
            id=str(number),
            start_place=0,
            end_place=0,
            start=opens,
            end=closes,
            capacity=capacity,
            costs=Costs(per_meter=1),
            max_duration=limit,
        )
        for number in range(1, fleet_size(instance) + 1)
    )
