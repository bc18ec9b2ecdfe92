"""Forecasts made honest: what they were found to want on days that no model has seen. Pure.

Split conformal prediction, each side for itself: of conformalized quantile regression (Romano, Patterson and Candès,
Conformalized Quantile Regression, NeurIPS 2019) the asymmetric form, with scores divided by the width that the model
claims (Lei et al., Distribution-Free Predictive Inference for Regression, JASA 2018); for each horizon its own. Days
that go on to differ are followed by a depot's own factor, moved a little by each day's misses (Gibbs and Candès,
Adaptive Conformal Inference Under Distribution Shift, NeurIPS 2021).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil

import numpy as np
import numpy.typing as npt

from homestretch.travel.rules.timing import HORIZONS, Corrected, horizon_of

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
TAIL = 0.1  # beyond p90, and before p10
LEAST = 60  # arrivals of a horizon, below which it is not corrected
STEP = 0.25  # how far a day that misses all its arrivals widens the next
MOST_WIDER = 1.2  # as a logarithm, either way


def corrections(foretold: Real, arrived: Real, horizon_min: Whole) -> dict[int, Corrected]:
    """What each horizon wants. `foretold` (3, n) seconds ahead as p10, p50, p90; `arrived` (n) what it was."""
    made: dict[int, Corrected] = {}
    for horizon in (0, *HORIZONS):
        mine = horizon_min == horizon
        if int(mine.sum()) >= LEAST:
            made[horizon] = correction(foretold[:, mine], arrived[mine])
    return made


def correction(foretold: Real, arrived: Real) -> Corrected:
    """What these forecasts, taken together, want."""
    low, middle, high = foretold
    width = np.maximum(high - low, 1.0)
    shift = float(np.median((arrived - middle) / width))
    moved = middle + shift * width
    early = (moved - arrived) / np.maximum(middle - low, 1.0)
    late = (arrived - moved) / np.maximum(high - middle, 1.0)
    return Corrected(shift, max(0.05, quantile(early, 1 - TAIL)), max(0.05, quantile(late, 1 - TAIL)))


def quantile(scores: Real, share: float) -> float:
    """The conformal quantile: of n scores the one of rank ceil((n + 1) * share), the last where there is none."""
    rank = min(len(scores), ceil((len(scores) + 1) * share))
    return float(np.sort(scores)[rank - 1])


def corrected(
    foretold: Real, by_horizon: Mapping[int, Corrected], wider: Mapping[int, Real | float] | None = None
) -> Real:
    """Forecasts (3, n) in seconds ahead as corrected for the horizon of each, none below 0 and none crossing.

    `wider`: by horizon, the logarithm by which a depot's days turned out wider than that, one or one for each.
    """
    low, middle, high = foretold
    horizon = horizon_of(np.nan_to_num(middle))
    answer = foretold.copy()
    for minutes in np.unique(horizon).tolist():
        mine, said = horizon == minutes, by_horizon.get(minutes, Corrected())
        extra = 0.0 if wider is None else wider.get(minutes, 0.0)
        factor = np.exp(extra[mine] if isinstance(extra, np.ndarray) else np.full(int(mine.sum()), extra))
        centre = middle[mine] + said.shift * np.maximum(high[mine] - low[mine], 1.0)
        answer[1, mine] = centre
        answer[0, mine] = centre - factor * said.low * np.maximum(middle[mine] - low[mine], 1.0)
        answer[2, mine] = centre + factor * said.high * np.maximum(high[mine] - middle[mine], 1.0)
    return np.maximum(answer, 0.0)


def in_turn(foretold: Real) -> Real:
    """Forecasts (3, R, S) of routes, rising along each: corrections of two horizons must not overtake each other."""
    return np.asarray(np.fmax.accumulate(foretold, axis=2), dtype=np.float64)


def widened(wider: float, days: Iterable[tuple[int, int]]) -> float:
    """A depot's factor (a logarithm) after more days, each (arrivals forecast, of which inside): wider by a day's
    misses beyond a fifth, narrower by what it missed less."""
    for count, inside in days:
        if count:
            wider += STEP * ((1 - inside / count) - 2 * TAIL) * min(1.0, count / 30)
    return max(-MOST_WIDER, min(MOST_WIDER, wider))
