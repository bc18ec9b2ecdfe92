"""The lowest rung of the ladder: great circle, a circuity, and speeds by the hour of the day. Pure.

A road is longer than the great circle by the circuity (1.27 was measured as the median over the legs of a hundred
driven routes in a North American city; 1.3 is our default for a van in towns of any plan). Speeds are a day's usual
course: free at night, slowest in the two rush hours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from homestretch.kernel.geo import EARTH_RADIUS_M, Point
from homestretch.kernel.refusal import Refusal

RUNG = "great_circle"
HOURS = 24
Whole = npt.NDArray[np.int64]

_DAY_SHAPE = (  # percent of the free speed, by local hour
    *(100, 100, 100, 100, 100, 97, 88, 74, 70, 78, 84, 85),
    *(83, 84, 83, 79, 73, 68, 72, 82, 90, 95, 98, 100),
)
_FREE_SPEED_MH = {"van": 42_000, "truck": 36_000, "bike": 16_000, "foot": 4_800}
_CIRCUITY_PCT = {"van": 130, "truck": 135, "bike": 125, "foot": 120}
_STEADY = {"bike", "foot"}  # traffic does not slow them


@dataclass(frozen=True, slots=True)
class SpeedModel:
    """How a profile moves: `circuity_pct` road meters per 100 great-circle meters; `speeds_mh` 24 meters per hour."""

    profile: str
    circuity_pct: int
    speeds_mh: tuple[int, ...]
    version: int = 0  # 0 = built in


def built_in(profile: str) -> SpeedModel:
    """The model of a profile for which none was adopted. Refuses `travel.profile_unknown`."""
    if profile not in _FREE_SPEED_MH:
        raise Refusal(
            "travel.profile_unknown",
            f"there is no profile {profile!r}",
            remedy=f"use one of {', '.join(_FREE_SPEED_MH)}, or adopt a model for it",
            field="profile",
        )
    free = _FREE_SPEED_MH[profile]
    shape = (100,) * HOURS if profile in _STEADY else _DAY_SHAPE
    return SpeedModel(profile, _CIRCUITY_PCT[profile], tuple(free * percent // 100 for percent in shape))


def read_model(profile: str, circuity_pct: int, speeds_mh: Sequence[int], version: int) -> SpeedModel:
    """A checked model. Refuses `travel.model_malformed`."""
    usable = 100 <= circuity_pct <= 400 and len(speeds_mh) == HOURS and all(500 <= s <= 200_000 for s in speeds_mh)
    if not usable:
        raise Refusal(
            "travel.model_malformed",
            "a model needs a circuity of 100 to 400 percent and 24 speeds of 500 to 200,000 meters per hour",
            remedy="check the units: meters per hour, one number per local hour",
            field="speeds_mh",
        )
    return SpeedModel(profile, circuity_pct, tuple(speeds_mh), version)


def mean_speed(model: SpeedModel, start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """Meters per hour over [start, end]: the harmonic mean by quarter hours, for it is time that adds up."""
    steps = max(1, round((end - start) / timedelta(minutes=15)))
    instants = [start + (end - start) * step / steps for step in range(steps)]
    hours_per_meter = sum(1 / model.speeds_mh[instant.astimezone(zone).hour] for instant in instants)
    return round(len(instants) / hours_per_meter)


def great_circle_m(origins: Sequence[Point], destinations: Sequence[Point]) -> npt.NDArray[np.float64]:
    """Great-circle meters, shape (origins, destinations), by haversine."""
    rows, columns = _radians(origins)[:, None, :], _radians(destinations)[None, :, :]
    turn = (columns - rows) / 2
    half = np.sin(turn[..., 0]) ** 2 + np.cos(rows[..., 0]) * np.cos(columns[..., 0]) * np.sin(turn[..., 1]) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(half))), dtype=np.float64)


def estimate(
    model: SpeedModel, speed_mh: int, origins: Sequence[Point], destinations: Sequence[Point]
) -> tuple[Whole, Whole]:
    """(seconds, meters) from each origin to each destination; a drive to another door takes at least a second."""
    meters = np.rint(great_circle_m(origins, destinations) * (model.circuity_pct / 100)).astype(np.int64)
    seconds = np.ceil(meters * (3600 / speed_mh)).astype(np.int64)
    return seconds, meters


def _radians(points: Sequence[Point]) -> npt.NDArray[np.float64]:
    return np.radians(np.array([(point.lat, point.lon) for point in points], dtype=np.float64).reshape(-1, 2))
