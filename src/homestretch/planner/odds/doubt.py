"""How far what is taken lies from what is planned, and the draws of it.

The logarithm of (taken / planned) is the pace of the day, the same for all routes, plus the route's own, plus the own
noise of each way or service: a two-piece normal through its 10 % and 90 %. Draws are stratified (McKay, Beckman and
Conover 1979, Technometrics 21:239) and depend on the seed, the route's number and the stop alone: what is changed about
a plan is not hidden by chance.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Z90 = NormalDist().inv_cdf(0.9)
FARTHEST = 3.0  # logarithms: nothing takes longer than 20 times what is planned


@dataclass(frozen=True, slots=True)
class Spread:
    """Of ways or of services: 10 %, 50 % and 90 % of the logarithm at a usual pace, and how much that pace differs
    between days and between routes of a day. All 0: everything takes what is planned."""

    low: float = 0.0
    middle: float = 0.0
    high: float = 0.0
    day_sd: float = 0.0
    route_sd: float = 0.0

    def __post_init__(self) -> None:
        if not self.low <= self.middle <= self.high:
            raise ValueError("a Spread's low, middle and high must rise")
        if not (self.day_sd >= 0 and self.route_sd >= 0):
            raise ValueError("a Spread's day_sd and route_sd must not be negative")

    def beyond(self, seconds: int, pace: tuple[Real, Real], own: Real) -> Whole:
        """Seconds more (or less) than planned in each draw; `pace` of the day and of the route."""
        side = np.where(own > 0, self.high - self.middle, self.middle - self.low) / Z90
        log = self.middle + self.day_sd * pace[0] + self.route_sd * pace[1] + side * own
        return np.asarray(np.rint(seconds * np.expm1(np.clip(log, -FARTHEST, FARTHEST))), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is not known of a day in the morning."""

    ways: Spread = Spread()
    services: Spread = Spread()


@dataclass(frozen=True, eq=False)
class Drawn:
    """Standard normals of one route, one column a draw: the paces (day, route) of ways and of services; `own` by stop:
    the way to it, the way to the reload place before it, its service; the last row's first is the way home."""

    ways: tuple[Real, Real]
    services: tuple[Real, Real]
    own: npt.NDArray[np.float64]

    def without(self, position: int) -> "Drawn":
        """As it is when the stop at a position is moved out."""
        return Drawn(self.ways, self.services, np.delete(self.own, position, axis=0))


def drawn(number: int, stops: int, *, samples: int, seed: int) -> Drawn:
    """The draws of the route with that number."""
    share = (np.arange(samples) + 0.5) / samples
    strata = np.array([NormalDist().inv_cdf(float(one)) for one in share])
    days = _shuffled(np.random.default_rng((seed, 0)), strata, 2)
    own = _shuffled(np.random.default_rng((seed, 1, number)), strata, 2 + 3 * (stops + 1))
    return Drawn((days[0], own[0]), (days[1], own[1]), own[2:].reshape(stops + 1, 3, samples))


def _shuffled(random: np.random.Generator, strata: Real, rows: int) -> Real:
    return random.permuted(np.tile(strata, (rows, 1)), axis=1)
