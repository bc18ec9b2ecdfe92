"""What goes in and comes out of the roads: profiles, conditions, snapped places, distances. Plain and frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

PROFILES = ("van", "truck", "bike", "foot")
UNREACHABLE = 2**31 - 1  # seconds, meters or milliseconds: there is no way
SNAP_LIMIT_M = 1_000

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]
Bools = NDArray[np.bool_]
Day = Literal["work", "saturday", "sunday"]
Weather = Literal["clear", "rain", "snow", "storm"]


@dataclass(frozen=True, slots=True)
class Conditions:
    """What travel times depend on. `hour` 0 to 23 of the local day; `speeds` are (arc, mm per s) and `closed` arcs."""

    hour: int = 12
    day: Day = "work"
    weather: Weather = "clear"
    speeds: tuple[tuple[int, int], ...] = ()
    closed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Snap:
    """Places on roads; arrays have one element for each place.

    arc: the directed arc that the place lies on, -1: none; reverse: the arc of the other direction where that one may
    be used as well, else -1; share: 0 to 1, how far along `arc`; distance_m: from the place to the road; side: 1 to the
    right of `arc`, -1 to the left, 0 on it. faults: the places too far from any road, code `place.far_from_road`.
    """

    profile: str
    arc: Ints
    reverse: Ints
    share: Floats
    distance_m: Floats
    side: NDArray[np.int8]
    faults: tuple[SnapFault, ...] = ()

    def __len__(self) -> int:
        return len(self.arc)

    def only(self, place: int) -> Snap:
        """One place alone."""
        return self.some([place])

    def some(self, places: Sequence[int]) -> Snap:
        """These places, in this order; faults are left behind."""
        which = list(places)
        parts = (self.arc[which], self.reverse[which], self.share[which], self.distance_m[which], self.side[which])
        return Snap(self.profile, *parts)


@dataclass(frozen=True, slots=True)
class SnapFault:
    """A place that is on no road: its number among those that were asked for."""

    index: int
    code: str
    cause: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Distances:
    """Meters along the fastest paths, (n, m), UNREACHABLE where there is none; `exact` is false where ties are open."""

    meters: Ints
    exact: Bools
