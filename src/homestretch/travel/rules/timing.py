"""Learned times: how long drives and services take against the plan's own, as quantiles, and how days differ. Pure.

What is predicted is the logarithm of (time taken / plan's own time). Its median comes from the trees; around it stand
quantiles of what is left once the day's and the route's own pace is known (two outputs more: 10 % and 90 %). The pace
itself is no column: nobody can read it in the morning. Its spread between days and between routes of a day is kept, and
the forecast estimates it from what was driven today (`tracking.rules.pace`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from homestretch.travel.rules.trees import Columns, Forest

Real = npt.NDArray[np.float64]
Table = dict[str, npt.NDArray[np.generic]]
Z90 = 1.2815515655446004  # the normal's 90 % quantile
LEAST_SPREAD = 0.02  # nobody is surer than 2 %
HORIZONS = (240, 120, 60, 30, 15, 5)  # minutes ahead; a forecast counts for the longest that it is ahead

LEG_CATEGORIES = ("cell_from", "cell_to", "driver", "weather", "weekday", "profile")
LEG_NUMBERS = ("log_plan", "log_m", "hour")
SERVICE_CATEGORIES = ("kind", "driver", "weekday", "weather", "skills")
SERVICE_NUMBERS = ("log_plan", "items", "pieces", "floors", "access_s", "place_mean", "place_seen", "hour")


@dataclass(frozen=True, eq=False)
class Part:
    """One of the two things that take time. Without a forest: `usual` (10 %, 50 %, 90 %) for all rows.

    `day_sd`, `route_sd`: how much the pace differs between days of a depot, and between routes of one, as logarithms.
    """

    usual: tuple[float, float, float]
    day_sd: float
    route_sd: float
    columns: Columns | None = None
    forest: Forest | None = None

    def quantiles(self, table: Table, rows: int) -> Real:
        """(10 %, 50 %, 90 %) of the logarithm of the ratio at a usual pace, shape (3, rows); never crossing."""
        if self.forest is None or self.columns is None:
            return np.repeat(np.array(self.usual)[:, None], rows, axis=1)
        middle, low, high = self.forest.predict(self.columns.codes(table, rows))
        return np.stack([middle + np.minimum(low, -LEAST_SPREAD), middle, middle + np.maximum(high, LEAST_SPREAD)])


@dataclass(frozen=True, slots=True)
class Corrected:
    """What forecasts of one horizon were found to want, on days that the trees had not seen: the middle moved by
    `shift` of the (10 % to 90 %) width, and each side `low`, `high` times as wide."""

    shift: float = 0.0
    low: float = 1.0
    high: float = 1.0


@dataclass(frozen=True, eq=False)
class Times:
    """A model of times. `places`: mean logarithm and count of the services at places seen before; `version` 0: built
    in, for an organization that has no history yet."""

    legs: Part
    services: Part
    corrected: Mapping[int, Corrected] = field(default_factory=dict)
    places: Mapping[str, tuple[float, int]] = field(default_factory=dict)
    version: int = 0


def built_in() -> Times:
    """Without history: the plan's own times, and spreads wide enough for most towns. In eight of ten cases a drive
    takes a quarter less to half as much again, a service half to more than twice as long; days and routes differ by
    a fifth: also a plan that is wrong for a whole town is inside."""
    return Times(Part((-0.28, 0.0, 0.42), 0.22, 0.20), Part((-0.70, 0.0, 0.85), 0.22, 0.25))


def leg_table(
    plan_s: Real, meters: Real, hour: Real, weekday: npt.NDArray[np.int64], names: Mapping[str, npt.NDArray[np.generic]]
) -> Table:
    """The columns of legs. `names`: those of `LEG_CATEGORIES` that are known, as texts."""
    return {
        "log_plan": np.log(np.maximum(plan_s, 1.0)),
        "log_m": np.log(np.maximum(meters, 1.0)),
        "hour": hour,
        "weekday": weekday.astype(np.str_),
        **names,
    }


def service_table(
    plan_s: Real, hour: Real, weekday: npt.NDArray[np.int64], more: Mapping[str, npt.NDArray[np.generic]]
) -> Table:
    """The columns of services. `more`: names as texts, numbers with NaN where they are not known."""
    return {
        "log_plan": np.log(np.maximum(plan_s, 1.0)),
        "hour": hour,
        "weekday": weekday.astype(np.str_),
        **more,
    }


def memories(places: Mapping[str, tuple[float, int]], asked: npt.NDArray[np.generic]) -> tuple[Real, Real]:
    """(mean logarithm, times seen) of each place that is asked; (NaN, 0) where nobody was yet."""
    found = [places.get(str(place), (float("nan"), 0)) for place in asked.tolist()]
    made = np.array(found, dtype=np.float64).reshape(-1, 2)
    return made[:, 0], made[:, 1]


def horizon_of(ahead_s: Real) -> npt.NDArray[np.int64]:
    """The horizon (minutes) that forecasts so many seconds ahead count for; 0 below the shortest."""
    rising = np.array((0, *sorted(HORIZONS)))
    return np.asarray(rising[np.searchsorted(rising[1:] * 60, ahead_s, side="right")], dtype=np.int64)
