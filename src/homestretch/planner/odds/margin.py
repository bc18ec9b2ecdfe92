"""Planning on times that hold on a chosen share of days, rather than on those that are usual.

A slow day is slow all day: what a route ends late by is mostly the pace of the day and of the route, so it is that pace
whose quantile the times are stretched to. What single ways and services vary beyond it evens out along a route.
"""

from dataclasses import dataclass, replace
from math import ceil, exp, hypot, log
from statistics import NormalDist

import numpy as np

from homestretch.planner.coordinates import Globe, Plane
from homestretch.planner.odds.doubt import Doubt, Spread
from homestretch.planner.problem import Problem
from homestretch.planner.travel import UNREACHABLE, Cells, Matrix, Profile, Slots, Travel

LEAST, MOST = 500, 4_000  # thousandths: whatever was learned, a plan is neither twice as fast nor four times as slow


@dataclass(frozen=True, slots=True)
class Margin:
    """By how much times are stretched so that they hold on `quantile` percent of days: thousandths of what ways and
    services take by themselves."""

    quantile: int
    ways: int = 1_000
    services: int = 1_000

    def __post_init__(self) -> None:
        if not 0 < self.quantile < 100:
            raise ValueError("a Margin's quantile must be 1 to 99 percent")
        if self.ways <= 0 or self.services <= 0:
            raise ValueError("a Margin must leave some time")


def margin_of(doubt: Doubt, quantile: int) -> Margin:
    """The margin with which times hold on `quantile` percent of days. Raises `ValueError` for 0, 100 and beyond."""
    sure = NormalDist().inv_cdf(quantile / 100) if 0 < quantile < 100 else 0.0
    return Margin(quantile, _stretch(doubt.ways, sure), _stretch(doubt.services, sure))


def _stretch(spread: Spread, sure: float) -> int:
    return min(MOST, max(LEAST, ceil(1000 * exp(spread.middle + sure * hypot(spread.day_sd, spread.route_sd)))))


def stretched(problem: Problem, margin: Margin) -> Problem:
    """The same question on times with a margin, whole seconds rounded up. Breaks, loading and reloads keep theirs."""
    visits = tuple(
        replace(
            visit,
            service=_more(visit.service, margin.services),
            service_by={name: _more(seconds, margin.services) for name, seconds in visit.service_by.items()},
        )
        for visit in problem.visits
    )
    done: dict[int, Cells] = {}
    profiles = {name: _slower(profile, margin.ways, done) for name, profile in problem.travel.profiles.items()}
    return replace(problem, visits=visits, travel=Travel(profiles))


def beyond(doubt: Doubt, margin: Margin) -> Doubt:
    """What is in doubt still of times that have the margin in them."""
    return Doubt(_less(doubt.ways, margin.ways), _less(doubt.services, margin.services))


def _less(spread: Spread, by: int) -> Spread:
    off = log(by / 1000)
    return replace(spread, low=spread.low - off, middle=spread.middle - off, high=spread.high - off)


def _more(seconds: int, by: int) -> int:
    return -(-seconds * by // 1000)


def _slower(profile: Profile, by: int, done: dict[int, Cells]) -> Profile:
    if isinstance(profile, Slots):
        return Slots(profile.starts, tuple(_matrix(matrix, by, done) for matrix in profile.matrices))
    if isinstance(profile, Plane):
        return replace(profile, seconds_per_unit=profile.seconds_per_unit * by / 1000)
    if isinstance(profile, Globe):
        return replace(profile, speed_mh=max(1, profile.speed_mh * 1000 // by))
    return _matrix(profile, by, done)


def _matrix(matrix: Matrix, by: int, done: dict[int, Cells]) -> Matrix:
    """With each table that several slots share made once."""
    known = done.get(id(matrix.durations))
    if known is None:
        seconds = matrix.durations.astype(np.int64)
        longer = np.minimum((seconds * by + 999) // 1000, UNREACHABLE - 1)
        known = done[id(matrix.durations)] = np.where(seconds >= UNREACHABLE, seconds, longer).astype(np.int32)
        known.setflags(write=False)
    return Matrix(known, matrix.distances, matrix.rung)
