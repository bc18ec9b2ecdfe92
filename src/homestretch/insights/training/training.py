"""A model of times from what was driven, corrected on days that its trees have not seen; and held against another."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from homestretch.insights.training.driven import Bits, Driven, legs_of, memory_before, memory_of, services_of
from homestretch.insights.training.fitting import WILDEST, fitted_part
from homestretch.insights.training.replaying import Foretold, replayed
from homestretch.tracking.rules.conformal import corrected, corrections
from homestretch.travel.rules.timing import (
    HORIZONS,
    LEG_CATEGORIES,
    LEG_NUMBERS,
    SERVICE_CATEGORIES,
    SERVICE_NUMBERS,
    Times,
    built_in,
)

Real = npt.NDArray[np.float64]
CORRECTING, JUDGING = 0.25, 0.15  # shares of the days, the latest ones: for the correction, and to judge both models
LEAST_DAYS = 10
SHARES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Judged:
    """How a model did on days held out: mean pinball loss in seconds over 10 %, 50 %, 90 %, mean absolute error of the
    middle, and by horizon the share of arrivals that p10 to p90 held."""

    pinball_s: float
    mae_s: float
    inside: dict[int, float]
    count: int


def trained(driven: Driven) -> Times | None:
    """A model from days: trees from the earlier ones, the correction from the last quarter. None: too little."""
    days = np.unique(driven.day)
    if len(days) < LEAST_DAYS:
        return None
    border = days[int(len(days) * (1 - CORRECTING))]
    earlier = driven.some(driven.day < border)
    times = _fitted(earlier)
    if times is None:
        return None
    return with_corrections(times, driven.some(driven.day >= border))


def with_corrections(times: Times, driven: Driven) -> Times:
    """The model, corrected by what its forecasts of these days wanted."""
    told = replayed(times, driven).last_of_each()
    return replace(times, corrected=corrections(told.said, told.came, told.horizon))


def split(driven: Driven) -> tuple[Driven, Driven]:
    """(days to learn from, later days held out to judge by)."""
    days = np.unique(driven.day)
    border = days[min(len(days) - 1, int(len(days) * (1 - JUDGING)))]
    return driven.some(driven.day < border), driven.some(driven.day >= border)


def judged(times: Times, driven: Driven) -> Judged:
    """How a model does on days."""
    return verdict(times, replayed(times, driven).last_of_each())


def verdict(times: Times, told: Foretold) -> Judged:
    """How forecasts did, corrected as the model says."""
    said = corrected(told.said, times.corrected)
    inside = (said[0] <= told.came) & (told.came <= said[2])
    by_horizon = {h: float(inside[told.horizon == h].mean()) for h in HORIZONS if (told.horizon == h).any()}
    return Judged(pinball(said, told.came), float(np.abs(said[1] - told.came).mean()), by_horizon, len(told.came))


def pinball(said: Real, came: Real) -> float:
    """The mean pinball loss of (10 %, 50 %, 90 %): what a forecast of a quantile costs (Koenker and Bassett 1978)."""
    losses = [
        np.where(came >= q, share * (came - q), (1 - share) * (q - came)) for share, q in zip(SHARES, said, strict=True)
    ]
    return float(np.mean(losses))


def _fitted(driven: Driven) -> Times | None:
    usual = built_in()
    known = driven.there
    drove = known & _sound(driven.arrived - driven.left, driven.leg_plan_s)
    served = known & _sound(driven.service_s, driven.service_plan_s)
    _, group = np.unique(np.char.add(driven.depot, driven.day.astype(np.str_)), return_inverse=True)
    legs = fitted_part(
        legs_of(driven, driven.left, drove),
        (LEG_CATEGORIES, LEG_NUMBERS),
        np.log((driven.arrived - driven.left)[drove] / driven.leg_plan_s[drove]),
        np.nonzero(drove)[0],
        group,
    )
    before = memory_before(driven, served)
    services = fitted_part(
        services_of(driven, driven.gone - driven.service_s, served, before),
        (SERVICE_CATEGORIES, SERVICE_NUMBERS),
        np.log(driven.service_s[served] / driven.service_plan_s[served]),
        np.nonzero(served)[0],
        group,
    )
    if legs is None and services is None:
        return None
    return Times(legs or usual.legs, services or usual.services, places=memory_of(driven, served))


def _sound(taken: Real, plan: Real) -> Bits:
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.abs(np.log(taken / plan))
    return np.asarray((taken > 0) & (plan > 0) & (ratio <= WILDEST))
