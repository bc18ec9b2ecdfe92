"""Matrices with one place more. They are made with room to spare, so that a place a minute costs no copy of all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from homestretch.planner.coordinates import whole
from homestretch.planner.travel import Cells, Matrix, Profile, Slots, Travel

SPARE = 64  # places that a matrix has room for when it has been copied, or a tenth of what it has
FREE = -1  # in the first cell of a row that nobody has taken


@dataclass(frozen=True, slots=True)
class Legs:
    """Ways between a new place and each known one, in the order of the matrices: seconds and meters to it, and from it.

    They hold at every hour, also where travel depends on the slot of the day.
    """

    seconds_to: Sequence[int]
    meters_to: Sequence[int]
    seconds_from: Sequence[int]
    meters_from: Sequence[int]


def grown(travel: Travel, rows: Mapping[str, Legs]) -> Travel:
    """Travel with one place more, the last one; `rows` has an entry for each profile. Raises `ValueError`."""
    if set(rows) != set(travel.profiles):
        raise ValueError(f"a new place needs legs in each of the profiles {sorted(travel.profiles)}")
    return Travel({name: _profile(profile, rows[name]) for name, profile in travel.profiles.items()})


def _profile(profile: Profile, legs: Legs) -> Profile:
    if isinstance(profile, Slots):
        return Slots(profile.starts, tuple(_matrix(matrix, legs) for matrix in profile.matrices))
    if not isinstance(profile, Matrix):
        profile = Matrix(whole(profile.durations), whole(profile.distances), profile.rung)
    return _matrix(profile, legs)


def _matrix(matrix: Matrix, legs: Legs) -> Matrix:
    made = object.__new__(Matrix)
    object.__setattr__(made, "durations", _longer(matrix.durations, legs.seconds_to, legs.seconds_from))
    object.__setattr__(made, "distances", _longer(matrix.distances, legs.meters_to, legs.meters_from))
    object.__setattr__(made, "rung", matrix.rung)
    return made


def _longer(cells: Cells, to: Sequence[int], back: Sequence[int]) -> Cells:
    """A row and a column more: in the room behind the cells if it is free, else in a copy with room."""
    size = len(cells)
    column, row = (np.asarray(given, dtype=np.int32) for given in (to, back))
    if column.shape != (size,) or row.shape != (size,):
        raise ValueError(f"a new place needs a leg to and from each of the {size} places")
    room = cells.base
    if not isinstance(room, np.ndarray) or len(room) <= size or room[size, 0] != FREE:
        spare = max(SPARE, size // 10)
        room = np.full((size + spare, size + spare), FREE, dtype=np.int32)
        room[:size, :size] = cells
    room[size, :size] = row
    room[:size, size] = column
    room[size, size] = 0
    view = room[: size + 1, : size + 1]
    view.setflags(write=False)
    return view
