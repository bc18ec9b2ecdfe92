"""When a stop is expected, and when that is worth saying again.

The quantiles come from `foretelling`; here stand the thresholds: what is stale, near, shifted, drifted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from homestretch.kernel.geo import Point, distance_m
from homestretch.travel.rules.timing import HORIZONS

REFRESH = timedelta(minutes=5)  # a running route's forecasts are made anew at least so often
STALE = 2 * REFRESH  # an older one is shown with its age, or not at all
SHIFT = timedelta(minutes=5)  # `eta.shifted` says only what moved this far since it was last said
DRIFT = timedelta(minutes=2)  # a vehicle this far off its forecast has it made anew
NEAR = timedelta(minutes=10)  # `stop.approaching`: the next stop, this soon,
NEAR_M = 1_000  # or this near
GRAVER_S = (900, 3600)  # a promise that is forecast so late is at a greater risk
UNSEEN = timedelta(minutes=2)  # a position older than this: it drove on where nobody saw it


@dataclass(frozen=True, slots=True)
class Expected:
    """When a stop is expected."""

    stop_id: UUID
    p10: datetime
    p50: datetime
    p90: datetime


class Owed(Protocol):
    """A promise, as far as a forecast is held against it. `attempt` counts the failed ones before it."""

    id: UUID
    attempt: int
    supersedes_id: UUID | None
    end: datetime


def horizon_of(p50: datetime, now: datetime) -> int | None:
    """The horizon that a forecast made now counts for: the longest of `HORIZONS` (minutes) that it is ahead."""
    ahead = (p50 - now).total_seconds() / 60
    return next((minutes for minutes in HORIZONS if ahead >= minutes), None)


def grade_of(late_s: int) -> int:
    """How grave it is that a promise is forecast so late: 0 for not at all, one more from each of `GRAVER_S` on."""
    return 0 if late_s <= 0 else 1 + sum(late_s >= seconds for seconds in GRAVER_S)


def is_safe(late_s: int) -> bool:
    """Whether a promise that was at risk is so no more, rather than by a hair."""
    return late_s <= -int(DRIFT.total_seconds())


def departs(last: datetime | None, now: datetime) -> datetime:
    """From when the rest of the route is reckoned: now, or when the vehicle was last seen, for it drove on since."""
    if last is None or last >= now - UNSEEN:
        return now
    return last


def has_shifted(p50: datetime, told: datetime) -> bool:
    """Whether a forecast moved far enough from what was said last to be said again."""
    return abs(p50 - told) >= SHIFT


def has_drifted(reached: datetime, p50: datetime) -> bool:
    """Whether a vehicle is off its forecast."""
    return abs(reached - p50) >= DRIFT


def is_near(p50: datetime, now: datetime, vehicle: Point | None, stop: Point) -> bool:
    """Whether the next stop is soon enough, or close enough, to be announced."""
    return p50 - now <= NEAR or (vehicle is not None and distance_m(vehicle, stop) <= NEAR_M)


def is_stale(made_at: datetime, now: datetime) -> bool:
    """Whether a forecast is too old to be shown without its age."""
    return now - made_at > STALE


def standing(promises: Sequence[Owed]) -> Owed | None:
    """Of a task's promises the one that stands: of the latest attempt, superseded by none."""
    latest = max((promise.attempt for promise in promises), default=0)
    superseded = {promise.supersedes_id for promise in promises}
    return next((p for p in promises if p.attempt == latest and p.id not in superseded), None)


def next_refresh(now: datetime) -> datetime:
    """The next instant of a grid that all routes share, so that a simulated clock makes few steps."""
    seconds = int(REFRESH.total_seconds())
    return now + timedelta(seconds=seconds - int(now.timestamp()) % seconds, microseconds=-now.microsecond)


def arrives(seen: datetime, leg_s: int, now: datetime) -> datetime:
    """When a vehicle that was `seen` then reaches a place `leg_s` away."""
    return max(now, departs(seen, now) + timedelta(seconds=leg_s))
