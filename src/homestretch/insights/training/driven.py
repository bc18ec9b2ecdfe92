"""What was driven, as arrays: one row a route, one column a halt, in the order in which they were reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from homestretch.travel.rules.timing import Table, leg_table, memories, service_table

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Names = npt.NDArray[np.str_]
Bits = npt.NDArray[np.bool_]
LEG_NAMES = ("cell_from", "cell_to", "weather")
SERVICE_NAMES = ("kind", "skills", "weather")
SERVICE_NUMBERS = ("items", "pieces", "floors", "access_s")


@dataclass(frozen=True, eq=False)
class Driven:
    """R routes of at most S halts; instants are UTC seconds, NaN beyond a route's `count`.

    Of a route: `day` (ordinal), `depot`, `driver`, `profile`, `offset_s` (of the local clock). Of a halt: the leg that
    led to it from `left` to `arrived`, `leg_plan_s` and `leg_m` as the plan has it; `service_plan_s`, `service_s`
    without the wait for a window, `gone` when it was over; `opens`, `closes` (R, S, W); `place`; further `names` and
    `numbers`.
    """

    count: Whole
    day: Whole
    depot: Names
    driver: Names
    profile: Names
    offset_s: Real
    left: Real
    arrived: Real
    gone: Real
    leg_plan_s: Real
    leg_m: Real
    service_plan_s: Real
    service_s: Real
    opens: Real
    closes: Real
    place: Names
    names: Mapping[str, Names]
    numbers: Mapping[str, Real]

    @property
    def there(self) -> Bits:
        """Which columns are halts, shape (R, S)."""
        return np.asarray(np.arange(self.left.shape[1])[None, :] < self.count[:, None])

    def some(self, chosen: Bits) -> Driven:
        """Those routes alone."""
        changed: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            changed[field.name] = (
                {name: array[chosen] for name, array in value.items()} if isinstance(value, Mapping) else value[chosen]
            )
        return Driven(**changed)

    def local(self, instants: Real) -> tuple[Real, Whole]:
        """(hour with its fraction, weekday with Monday 0) of instants, shape (R, ...)."""
        offset = self.offset_s.reshape(-1, *(1,) * (instants.ndim - 1))
        seconds = np.nan_to_num(instants + offset)
        return (seconds % 86_400) / 3_600, (seconds // 86_400 + 3).astype(np.int64) % 7

    def spread(self, names: Names) -> Names:
        """A name of each route as one of each halt."""
        return np.broadcast_to(names[:, None], self.left.shape)


def legs_of(driven: Driven, departs: Real, chosen: Bits) -> Table:
    """The columns of the chosen legs, where they begin at `departs`."""
    hour, weekday = driven.local(departs)
    names = {name: driven.names[name][chosen] for name in LEG_NAMES}
    names |= {"driver": driven.spread(driven.driver)[chosen], "profile": driven.spread(driven.profile)[chosen]}
    return leg_table(driven.leg_plan_s[chosen], driven.leg_m[chosen], hour[chosen], weekday[chosen], names)


def services_of(driven: Driven, begins: Real, chosen: Bits, remembered: tuple[Real, Real]) -> Table:
    """The columns of the chosen services; `remembered`: mean and count of former ones at each place, (R, S)."""
    hour, weekday = driven.local(begins)
    more: dict[str, npt.NDArray[np.generic]] = {name: driven.names[name][chosen] for name in SERVICE_NAMES}
    more |= {name: driven.numbers[name][chosen] for name in SERVICE_NUMBERS}
    more |= {"driver": driven.spread(driven.driver)[chosen]}
    more |= {"place_mean": remembered[0][chosen], "place_seen": remembered[1][chosen]}
    return service_table(driven.service_plan_s[chosen], hour[chosen], weekday[chosen], more)


PRIOR_VISITS = 3  # a place is believed as far as it was visited more often than this


def remembered(places: Mapping[str, tuple[float, int]], asked: Names) -> tuple[Real, Real]:
    """What is known of places, drawn to nothing where they were seldom visited. Shapes as asked."""
    mean, count = memories(places, asked.reshape(-1))
    mean = mean * count / (count + PRIOR_VISITS)
    return mean.reshape(asked.shape), count.reshape(asked.shape)


def memory_of(driven: Driven, chosen: Bits) -> dict[str, tuple[float, int]]:
    """Mean logarithm and count of the services at each place."""
    names = driven.place[chosen]
    known, which = np.unique(names, return_inverse=True)
    ratio = np.log(driven.service_s[chosen] / driven.service_plan_s[chosen])
    count = np.bincount(which)
    mean = np.bincount(which, weights=ratio) / np.maximum(count, 1)
    return {str(name): (float(m), int(c)) for name, m, c in zip(known, mean, count, strict=True) if name}


def memory_before(driven: Driven, chosen: Bits) -> tuple[Real, Real]:
    """Of each chosen halt what was known of its place in that morning: only former days count. Shapes (R, S)."""
    mean, count = np.full(chosen.shape, np.nan), np.zeros(chosen.shape)
    sums: dict[str, tuple[float, int]] = {}
    ratio = np.full(chosen.shape, np.nan)
    ratio[chosen] = np.log(driven.service_s[chosen] / driven.service_plan_s[chosen])
    for day in np.unique(driven.day).tolist():
        rows, halts = np.nonzero((driven.day == day)[:, None] & chosen)
        names = driven.place[rows, halts].tolist()
        for row, halt, name in zip(rows.tolist(), halts.tolist(), names, strict=True):
            total, seen = sums.get(name, (0.0, 0))
            if seen:
                mean[row, halt], count[row, halt] = total / (seen + PRIOR_VISITS), seen
        for row, halt, name in zip(rows.tolist(), halts.tolist(), names, strict=True):
            total, seen = sums.get(name, (0.0, 0))
            sums[name] = (total + float(ratio[row, halt]), seen + 1)
    return mean, count
