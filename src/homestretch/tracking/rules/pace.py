"""How fast today goes, estimated from what was driven today. Pure.

The logarithm of (time taken / learned median) of a leg or service is the depot's pace of the day, plus the route's own,
plus noise. All three are normal with known variances, so the posterior is closed: empirical Bayes in a two-level
hierarchy (Lindley and Smith 1972; Efron and Morris 1975). Without anything driven it is the prior: no pace, full doubt.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
WILDEST = 2.5  # deviations: what is wilder counts as this much, a tap that was forgotten moves no route


@dataclass(frozen=True, eq=False)
class Pace:
    """Of each route: what its logarithms are above the median for today (`mean`), and how sure that is (`sd`)."""

    mean: Real
    sd: Real

    def first(self, routes: int) -> Pace:
        """Of the first so many routes."""
        return Pace(self.mean[:routes], self.sd[:routes])


def noise(low: Real, high: Real) -> Real:
    """The standard deviation of a two-piece normal whose 10 % and 90 % lie `low` below and `high` above its middle."""
    return np.asarray((low + high) / (2 * 1.2815515655446004), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Seen:
    """What was driven so far: one entry a leg (or service), of `route` (an index); `residual` is above the learned
    median, `sd` its noise."""

    route: Whole
    residual: Real
    sd: Real


@dataclass(frozen=True, eq=False)
class Evidence:
    """What each route's legs (or services) come to: the sum of their weights 1 / noise², and of weight * residual."""

    weight: Real
    summed: Real


def evidence(seen: Seen, routes: int, most: float) -> Evidence:
    """Added up by route; residuals wilder than `WILDEST` deviations and `most` count as that."""
    weight = 1.0 / np.maximum(seen.sd, 1e-3) ** 2
    residual = np.clip(seen.residual, -WILDEST * seen.sd - most, WILDEST * seen.sd + most)
    sums = (np.bincount(seen.route, weights=of, minlength=routes) for of in (weight, weight * residual))
    total, summed = (np.asarray(one, dtype=np.float64) for one in sums)
    return Evidence(total, summed)


def paces(found: Evidence, group: Whole, day_sd: float, route_sd: float) -> Pace:
    """The posterior of each route's pace. `group`: of each route, the index of its depot's day.

    With W the weight of a route and e its weighted mean: the day's pace has the precision 1/day² + sum 1/(route² + 1/W)
    over its routes; the route's own is drawn to it by W / (W + 1/route²).
    """
    total, routes = found.weight, len(group)
    own = np.divide(found.summed, total, out=np.zeros(routes), where=total > 0)
    tau_day, tau_route = max(day_sd, 1e-4) ** 2, max(route_sd, 1e-4) ** 2
    tells = np.where(total > 0, 1.0 / (tau_route + 1.0 / np.maximum(total, 1e-12)), 0.0)
    days = int(group.max()) + 1 if routes else 0
    precision = 1.0 / tau_day + np.bincount(group, weights=tells, minlength=days)
    day = np.bincount(group, weights=tells * own, minlength=days) / precision
    drawn = total / (total + 1.0 / tau_route)
    mean = day[group] + drawn * (own - day[group])
    variance = 1.0 / (total + 1.0 / tau_route) + (1.0 - drawn) ** 2 / precision[group]
    return Pace(mean, np.sqrt(variance))


def spreads(residual: Real, route: Whole, group_of_route: Whole) -> tuple[float, float]:
    """(day_sd, route_sd) from residuals of many days: moments of an unbalanced nested design, never below 0.

    `residual` of each entry, `route` its route, `group_of_route` each route's depot and day.
    """
    count = np.bincount(route).astype(np.float64)
    mean = np.bincount(route, weights=residual) / np.maximum(count, 1)
    kept = count > 1
    within = np.bincount(route, weights=(residual - mean[route]) ** 2)
    noise_2 = float(within[kept].sum() / max(1.0, (count[kept] - 1).sum()))
    kept = count > 0
    groups, group = np.unique(group_of_route[kept], return_inverse=True)
    error = noise_2 / count[kept]
    routes = np.bincount(group).astype(np.float64)
    middle = np.bincount(group, weights=mean[kept]) / routes
    apart = np.bincount(group, weights=(mean[kept] - middle[group]) ** 2)
    several = routes > 1
    between = float(apart[several].sum() / max(1.0, (routes[several] - 1).sum())) - float(error.mean())
    route_2 = max(0.0, between)
    day_2 = float(np.var(middle)) - float(np.mean((route_2 + error.mean()) / routes)) if len(groups) > 1 else 0.0
    return float(np.sqrt(max(0.0, day_2))), float(np.sqrt(route_2))
