"""Arrivals of all stops of all routes at once, as quantiles: the plan's recursion, driven many times over. Pure.

Drives and services are drawn as logarithms around the learned median: the day's pace, the same for a whole route, and
each one's own noise, a two-piece normal through the learned 10 % and 90 %. What has begun is drawn on the condition
that it lasts at least as long as it has lasted. The draws are stratified (McKay, Beckman and Conover 1979) and
the same for all routes and calls (common random numbers): the same state has the same forecast, and a change of it
is not hidden by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from homestretch.tracking.rules.pace import Pace
from homestretch.travel.rules.timing import Z90

Real = npt.NDArray[np.float64]
Bits = npt.NDArray[np.bool_]
DRAWS, SEED = 256, 11
SHARES = (0.1, 0.5, 0.9)
LONGEST = 4.0  # deviations: no draw is further out


@dataclass(frozen=True, eq=False)
class Ahead:
    """What lies ahead of R routes, of at most S stops each; seconds from now. Beyond `count` stops nothing counts.

    `leg_s`, `service_s` (R, S): the plan's own time of the leg that leads to a stop, and of its service. `leg_log`,
    `service_log` (3, R, S): 10 %, 50 %, 90 % of the logarithm of what they take against it. `driven_s` (R): how long
    the first leg has lasted; `at_door` (R): the first stop is reached, and its service has lasted `served_s`.
    `opens`, `closes` (R, S, W): windows, in order; none is -inf, inf, what is filled up is inf, inf. `rests`
    (R, S, 2, 2): a break before and after the service, its seconds and its earliest begin. `waits` (R): the route
    does not drive off before.
    """

    count: npt.NDArray[np.int64]
    leg_s: Real
    leg_log: Real
    service_s: Real
    service_log: Real
    driven_s: Real
    at_door: Bits
    served_s: Real
    opens: Real
    closes: Real
    rests: Real | None = None
    waits: Real | None = None


def arrivals(ahead: Ahead, legs: Pace, services: Pace, *, draws: int = DRAWS, seed: int = SEED) -> Real:
    """(10 %, 50 %, 90 %) of the seconds until each stop is reached, shape (3, R, S); rising along a route.

    NaN beyond a route's last stop; 0 for a stop that is reached.
    """
    routes, stops = ahead.leg_s.shape
    if not routes or not stops:
        return np.full((3, routes, stops), np.nan)
    samples = sampled(ahead, legs, services, draws=draws, seed=seed)
    answer = np.quantile(samples, SHARES, axis=2)
    answer[:, np.arange(stops)[None, :] >= ahead.count[:, None]] = np.nan
    return np.asarray(answer, dtype=np.float64)


def sampled(ahead: Ahead, legs: Pace, services: Pace, *, draws: int = DRAWS, seed: int = SEED) -> Real:
    """Seconds until each stop is reached in each draw, shape (R, S, draws)."""
    routes, stops = ahead.leg_s.shape
    noise = _strata(2 * stops + 2, draws, seed)
    pace_leg = legs.mean[:, None] + legs.sd[:, None] * noise[0]
    pace_service = services.mean[:, None] + services.sd[:, None] * noise[1]
    clock = np.zeros((routes, draws)) if ahead.waits is None else np.repeat(ahead.waits[:, None], draws, axis=1)
    made = np.empty((routes, stops, draws))
    for stop in range(stops):
        lasts = _drawn(ahead.leg_s[:, stop], ahead.leg_log[:, :, stop], pace_leg, noise[2 + stop])
        if stop == 0:
            lasts = _first_leg(ahead, lasts, pace_leg, noise[2])
        clock = clock + lasts
        made[:, stop] = clock
        z = noise[2 + stops + stop]
        served = _drawn(ahead.service_s[:, stop], ahead.service_log[:, :, stop], pace_service, z)
        if stop == 0:
            served = _first_service(ahead, served, pace_service, z)
        clock = _served(ahead, stop, clock, served)
    return made


def _first_leg(ahead: Ahead, lasts: Real, pace: Real, z: Real) -> Real:
    left = _lasting(ahead.leg_s[:, 0], ahead.leg_log[:, :, 0], pace, z, ahead.driven_s)
    lasts = np.where((ahead.driven_s > 0)[:, None], left, lasts)
    return np.where(ahead.at_door[:, None], 0.0, lasts)


def _first_service(ahead: Ahead, served: Real, pace: Real, z: Real) -> Real:
    left = _lasting(ahead.service_s[:, 0], ahead.service_log[:, :, 0], pace, z, ahead.served_s)
    return np.where((ahead.at_door & (ahead.served_s > 0))[:, None], left, served)


def _served(ahead: Ahead, stop: int, clock: Real, served: Real) -> Real:
    """When the stop is left: a break, the window, the service, a break."""
    clock = _rested(ahead, stop, 0, clock)
    begins = clock
    undecided = np.ones(clock.shape, dtype=np.bool_)
    for window in range(ahead.opens.shape[2]):
        fits = undecided & (clock <= ahead.closes[:, stop, window, None])
        begins = np.where(fits, np.maximum(clock, ahead.opens[:, stop, window, None]), begins)
        undecided &= ~fits
    if stop == 0:
        begins = np.where(ahead.at_door[:, None] & (ahead.served_s > 0)[:, None], clock, begins)
    begins = np.where(np.isfinite(begins), begins, clock)
    return _rested(ahead, stop, 1, begins + served)


def _rested(ahead: Ahead, stop: int, which: int, clock: Real) -> Real:
    if ahead.rests is None:
        return clock
    lasts, earliest = ahead.rests[:, stop, which, 0, None], ahead.rests[:, stop, which, 1, None]
    return np.where(lasts > 0, np.maximum(clock, earliest) + lasts, clock)


def _scale(log: Real, z: Real) -> Real:
    low, middle, high = log[0], log[1], log[2]
    return np.asarray(np.where(z > 0, ((high - middle) / Z90)[:, None], ((middle - low) / Z90)[:, None]) * z)


def _drawn(plan_s: Real, log: Real, pace: Real, z: Real) -> Real:
    """Seconds in each draw, shape (R, draws)."""
    return np.asarray(plan_s[:, None] * np.exp(log[1][:, None] + pace + _scale(log, z)))


def _lasting(plan_s: Real, log: Real, pace: Real, z: Real, lasted: Real) -> Real:
    """Seconds that are left of what has lasted so long already."""
    middle = log[1]
    low, high = (np.maximum(width, 1e-3) / Z90 for width in (middle - log[0], log[2] - middle))
    far = np.log(np.maximum(lasted, 1e-3) / np.maximum(plan_s, 1.0))[:, None] - middle[:, None] - pace
    reached = ndtr(np.where(far > 0, far / high[:, None], far / low[:, None]))
    beyond = np.minimum(ndtri(reached + (1 - reached) * ndtr(z)[None, :]), LONGEST + 2)
    total = np.maximum(plan_s, 1.0)[:, None] * np.exp(middle[:, None] + pace + _scale(log, beyond))
    return np.asarray(np.maximum(0.0, total - lasted[:, None]))


def _strata(rows: int, draws: int, seed: int) -> Real:
    """Standard normals, each row one from each of `draws` strata of equal share, in an order of its own."""
    random = np.random.default_rng(seed)
    middle = np.clip(ndtri((np.arange(draws) + 0.5) / draws), -LONGEST, LONGEST)
    return np.stack([random.permutation(middle) for _ in range(rows)])
