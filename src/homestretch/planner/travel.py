"""How long it takes and how far it is, by profile: a matrix over places, one a slot of the day, or coordinates.

Integers only: seconds and meters. Wrong types and shapes raise at construction; wrong values are `validate`'s.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from homestretch.planner.coordinates import Globe, Plane
from homestretch.planner.typed import tuple_of

NOWHERE = -1
"""The place of a visit that has no coordinates yet: it can be on no route (`not_located`)."""

UNREACHABLE = 2**31 - 1
"""In a matrix: there is no way. Any entry at or above it means the same."""

Cells = npt.NDArray[np.int32]
Rows = npt.NDArray[np.integer[Any]] | Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Seconds and meters from row to column, which may differ by direction. `rung` names the source of the times.

    Takes lists of lists or integer arrays; keeps read-only int32 arrays, and one that is that already as it is. Raises
    `TypeError` for fractions, `ValueError` for what is not two-dimensional.
    """

    durations: Cells
    distances: Cells
    rung: str = "given"

    def __init__(self, durations: Rows, distances: Rows, rung: str = "given") -> None:
        seconds = _square(durations, "durations")
        object.__setattr__(self, "durations", seconds)
        object.__setattr__(self, "distances", seconds if distances is durations else _square(distances, "distances"))
        object.__setattr__(self, "rung", rung)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Matrix):
            return NotImplemented
        same = np.array_equal(self.durations, other.durations) and np.array_equal(self.distances, other.distances)
        return bool(same and self.rung == other.rung)

    def __hash__(self) -> int:
        return hash((self.rung, self.durations.shape))

    def __len__(self) -> int:
        return len(self.durations)


@dataclass(frozen=True, slots=True)
class Slots:
    """Travel that depends on when it begins: matrix k is for departures in [starts[k], starts[k + 1]), the last one
    for ever, the first one also before.

    Seconds are linear in the departure between the midpoints of neighboring slots; one that leaves later never arrives
    sooner; the arrival is rounded up to a whole second. Meters are those of the slot of the departure. The exact
    meaning is on the page of the docs on rules. `durations`, `distances` are entry by entry the least of all slots, a
    bound for every departure.
    """

    starts: tuple[int, ...]
    matrices: tuple[Matrix, ...]
    durations: Cells = field(init=False, repr=False, compare=False)
    distances: Cells = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        tuple_of(self, "starts", int)
        tuple_of(self, "matrices", Matrix)
        if not self.matrices or len(self.starts) != len(self.matrices):
            raise ValueError(f"Slots needs one matrix a start: {len(self.starts)} starts, {len(self.matrices)} given")
        if len({matrix.durations.shape for matrix in self.matrices}) > 1:
            raise ValueError("Slots.matrices must all be over the same places")
        if len({matrix.distances.shape for matrix in self.matrices}) > 1:
            raise ValueError("Slots.matrices must all be over the same places")
        object.__setattr__(self, "durations", _least([matrix.durations for matrix in self.matrices]))
        object.__setattr__(self, "distances", _least([matrix.distances for matrix in self.matrices]))

    @property
    def rung(self) -> str:
        """The source of the first slot's times."""
        return self.matrices[0].rung

    def __len__(self) -> int:
        return len(self.durations)


Profile = Matrix | Slots | Plane | Globe


@dataclass(frozen=True, slots=True)
class Travel:
    """One matrix, one a slot of the day, or coordinates, per profile, all of the same places."""

    profiles: Mapping[str, Profile] = field(hash=False)

    def leg(self, profile: str, start: int, end: int) -> tuple[int, int]:
        """(seconds, meters) from one place to another; UNREACHABLE twice where there is no way or no place.

        Of `Slots`, the least of any.
        """
        if start < 0 or end < 0:
            return UNREACHABLE, UNREACHABLE
        matrix = self.profiles[profile]
        seconds, meters = int(matrix.durations[start, end]), int(matrix.distances[start, end])
        if seconds >= UNREACHABLE or meters >= UNREACHABLE:
            return UNREACHABLE, UNREACHABLE
        return seconds, meters

    def matrices(self) -> Iterator[tuple[str, Matrix]]:
        """(profile, matrix) of every matrix, slot by slot; coordinates have none."""
        for name, profile in self.profiles.items():
            if isinstance(profile, Matrix):
                yield name, profile
            elif isinstance(profile, Slots):
                yield from ((name, matrix) for matrix in profile.matrices)

    @property
    def places(self) -> int:
        """How many places the matrices span (the first profile's, should they disagree)."""
        return next((len(matrix) for matrix in self.profiles.values()), 0)


def changed(profile: Matrix | Slots, change: Callable[[Matrix], Matrix], later_s: int = 0) -> Matrix | Slots:
    """The profile with each matrix changed, once where slots share one; slots start `later_s` seconds later."""
    if isinstance(profile, Matrix):
        return change(profile)
    made: dict[int, Matrix] = {}
    for matrix in profile.matrices:
        if id(matrix) not in made:
            made[id(matrix)] = change(matrix)
    starts = tuple(start + later_s for start in profile.starts)
    return Slots(starts, tuple(made[id(matrix)] for matrix in profile.matrices))


def _least(arrays: list[Cells]) -> Cells:
    least: Cells = reduce(np.minimum, arrays)
    if len(arrays) > 1:
        least.setflags(write=False)
    return least


def _square(rows: Rows, name: str) -> Cells:
    """What 32 bits do not hold becomes the nearest that they do: no way, or (as `validate` says) less than none."""
    array = np.asarray(rows)
    if array.size == 0:
        array = np.zeros((0, 0), dtype=np.int32)
    if array.dtype.kind not in "iu":
        raise TypeError(f"Matrix.{name} must hold whole numbers, not {array.dtype}")
    if array.ndim != 2:
        raise ValueError(f"Matrix.{name} must have two dimensions, not {array.ndim}")
    if array.dtype == np.int32 and array.flags.c_contiguous and not array.flags.writeable:
        return array
    if array.dtype.itemsize > 4 or array.dtype == np.uint32:
        array = np.clip(array, -UNREACHABLE, UNREACHABLE)
    kept = np.array(array, dtype=np.int32, order="C")
    kept.setflags(write=False)
    return kept
