"""What a benchmark file says, in its own units, before any convention of rounding."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from homestretch.planner.formats.text import Number

Form = Literal["solomon", "vrplib", "lilim"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One vehicle of a file that tells them apart. Places are positions in the instance's `ids`; None = no limit.

    It starts and ends at `depot`, costs `fixed` when it is used and `rate` for each unit of distance. It may set down
    and take up goods at `reloads` up to `max_reloads` times, and drives to no place of `barred`. `max_duration` is from
    departure to return, waiting included.
    """

    depot: int = 0
    capacity: int | None = None
    fixed: Number = 0
    rate: int = 1
    max_distance: Number | None = None
    max_duration: Number | None = None
    reloads: tuple[int, ...] = ()
    max_reloads: int | None = None
    barred: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A file. All sequences run over the nodes in the file's order, `depots` of them first: one, but for rich files.

    `ids` are the file's node ids. `coords` is (n, 2), `matrix` (n, n); exactly one is given. `windows[0]` is the
    depot's: no route leaves before, none is back after. None = no limit. `pairs` are (pickup, delivery) as positions
    in `ids`; then `demand` is negative at deliveries. `max_duration` is travel plus service of one route.

    A rich file has a `fleet` of vehicles told apart (then `capacity`, `vehicles` and `max_duration` are None).
    `collect` is what is taken up at a node and rides to the end; with `backhauls_last` no route begins with a node
    that collects, nor goes from one to a node that is delivered. A `prizes` entry of 0 is a required node. Of each of
    `groups` (positions) exactly one node is served.
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
    depots: int = 1
    fleet: tuple[Vehicle, ...] | None = None
    collect: tuple[int, ...] | None = None
    release: tuple[Number, ...] | None = None
    prizes: tuple[Number, ...] | None = None
    groups: tuple[tuple[int, ...], ...] = ()
    backhauls_last: bool = False

    def __len__(self) -> int:
        return len(self.ids)
