"""From what lies ahead and what was driven today to honest quantiles: one way, for live routes and for replays. Pure.

All routes of a call are told together, for those of one depot's day share their pace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from homestretch.tracking.rules.composing import DRAWS, SEED, Ahead, arrivals
from homestretch.tracking.rules.conformal import corrected, in_turn
from homestretch.tracking.rules.pace import Evidence, Pace, Seen, evidence, noise, paces
from homestretch.travel.rules.timing import Part, Times

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Today:
    """What was driven and served today by the routes of a call. `group`: of each route the index of its depot's day.

    Further routes of those days may follow those that are asked for: they tell of the day, too.
    """

    legs: Evidence
    services: Evidence
    group: Whole

    @classmethod
    def nothing(cls, routes: int) -> Today:
        """In the morning, each route for itself."""
        none = Evidence(np.zeros(routes), np.zeros(routes))
        return cls(none, none, np.arange(routes))


def seen(route: Whole, taken_s: Real, plan_s: Real, quantiles: Real) -> Seen:
    """What was taken, held against the learned median. `quantiles` (3, n) are what the model says of the rows."""
    low, middle, high = quantiles
    known = (taken_s > 0) & (plan_s > 0)
    residual = np.log(taken_s[known] / plan_s[known]) - middle[known]
    return Seen(route[known], residual, noise((middle - low)[known], (high - middle)[known]))


def told_by(part: Part, done: Seen, routes: int) -> Evidence:
    """What is seen, added up by route."""
    return evidence(done, routes, part.day_sd + part.route_sd)


def pace_of(part: Part, done: Evidence, group: Whole) -> Pace:
    """Each route's pace of today, of legs or of services."""
    return paces(done, group, part.day_sd, part.route_sd)


def raw(times: Times, ahead: Ahead, today: Today, *, draws: int = DRAWS, seed: int = SEED) -> Real:
    """(10 %, 50 %, 90 %) of the seconds until each stop is reached, as the model says, not yet corrected: (3, R, S)."""
    routes = len(ahead.count)
    legs = pace_of(times.legs, today.legs, today.group).first(routes)
    services = pace_of(times.services, today.services, today.group).first(routes)
    return arrivals(ahead, legs, services, draws=draws, seed=seed)


def foretold(
    times: Times, ahead: Ahead, today: Today, *, wider: Mapping[int, Real | float] | None = None, draws: int = DRAWS
) -> Real:
    """The same, corrected by horizon. `wider` as `corrected` takes it."""
    said = raw(times, ahead, today, draws=draws)
    flat = said.reshape(3, -1)
    known = ~np.isnan(flat[1])
    answer = flat.copy()
    answer[:, known] = corrected(flat[:, known], times.corrected, wider)
    return in_turn(answer.reshape(said.shape))


def around(told: Real, plan_s: Real) -> Real:
    """The same widths around the plan's own seconds, (R, S): where nothing was learned yet the plan is the middle."""
    return in_turn(np.maximum(0.0, told + (plan_s - told[1])[None]))
