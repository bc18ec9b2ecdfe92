"""Travel times and road distances between many places, and the way between two, from a service outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from homestretch.kernel.geo import Point

UNREACHABLE = 2**31 - 1  # in a table: there is no way
Profile = Literal["van", "truck", "bike", "foot"]


@dataclass(frozen=True, eq=False)
class Table:
    """From every origin (row) to every destination (column): int32 of shape (origins, destinations).

    `durations` are whole seconds, rounded up; `distances` whole meters of the fastest way; both UNREACHABLE where there
    is no way, both 0 where origin and destination are the same coordinate. `as_of` is when the service answered, by its
    own clock (of several answers the oldest), None where it does not say. `source` is the adapter's name.
    """

    durations: NDArray[np.int32]
    distances: NDArray[np.int32]
    as_of: datetime | None
    source: str


@dataclass(frozen=True)
class Way:
    """The fastest way between two places: whole seconds and meters, and its line; the rest as in `Table`."""

    seconds: int
    meters: int
    points: tuple[Point, ...]
    as_of: datetime | None
    source: str


class Matrix(Protocol):
    """`depart` is an instant with a zone, None for now; a service that knows no hours ignores it, and one that knows
    no past refuses what lies there.

    Both raise `ProviderError`, never `unknown`: `permanent` where the same question is refused again (`too_large`,
    `profile_unsupported`, `place_far_from_road`, `refused`), `deferred` for everything else.
    """

    def durations_and_distances(
        self, origins: Sequence[Point], destinations: Sequence[Point], *, depart: datetime | None, profile: Profile
    ) -> Table:
        """The whole table or none of it, in as many requests as the service's limits ask for."""
        ...

    def path(self, origin: Point, destination: Point, *, depart: datetime | None, profile: Profile) -> Way | None:
        """The way and its line; None where there is no way."""
        ...
