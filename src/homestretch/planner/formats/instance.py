"""What a benchmark file says, in its own units, before any convention of rounding."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from homestretch.planner.formats.text import Number

Form = Literal["solomon", "vrplib", "lilim"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A file of one depot and identical vehicles. All sequences run over the nodes in the file's order, depot first.

    `ids` are the file's node ids. `coords` is (n, 2), `matrix` (n, n); exactly one is given. `windows[0]` is the
    depot's: no route leaves before, none is back after. None = no limit. `pairs` are (pickup, delivery) as positions
    in `ids`; then `demand` is negative at deliveries. `max_duration` is travel plus service of one route.
    """

    name: str
    form: Form
    ids: tuple[int, ...]
    demand: tuple[int, ...]
    service: tuple[Number, ...]
    windows: tuple[tuple[Number, Number], ...] | None
    capacity: int | None
    vehicles: int | None
    coords: Floats | None = None
    matrix: Floats | None = None
    pairs: tuple[tuple[int, int], ...] = ()
    max_duration: Number | None = None

    def __len__(self) -> int:
        return len(self.ids)
