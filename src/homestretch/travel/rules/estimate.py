"""The lowest rung of the ladder: great circle and a power of the kilometers, by the hour of the day. Pure.

Seconds are `a * km^b`, km by great circle: a drive across town is faster by the kilometer than one round the corner.
For a van, 200 seconds and a power of 0.75 were measured over road networks of four European cities, and a road 1.4
times as long as the great circle, 1.6 times under a kilometer. Hours follow a day's usual course: free at night,
slowest in the two rush hours. `calibrated` fits the same numbers to an organization's own drives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from homestretch.kernel.geo import EARTH_RADIUS_M, Point
from homestretch.kernel.refusal import Refusal

RUNG = "great_circle"
HOURS = 24
NEAR_M, NEAR_PCT = 1_000, 20  # the first kilometer's road is longer by so many percent of it
CELL_DEG = 0.03  # the side of a cell, in degrees of latitude: about 3 km
Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]

_DAY_SHAPE = (  # percent of the mean working hour's time, by local hour
    *(78, 78, 78, 78, 78, 80, 88, 105, 111, 100, 93, 92),
    *(94, 94, 94, 99, 107, 115, 108, 95, 87, 82, 80, 78),
)
_STEADY = {"bike", "foot"}  # traffic does not slow them
_BUILT_IN = {"van": (200, 750, 140), "truck": (235, 760, 145), "bike": (270, 920, 130), "foot": (940, 1_000, 125)}


@dataclass(frozen=True, slots=True)
class Estimate:
    """How a profile moves where no road is known.

    `km_s` seconds for a great-circle kilometer, `power_milli` thousandths of the exponent, `circuity_pct` road meters
    per 100 great-circle meters, `hours_pct` 24 percentages of the time by local hour, `cells_pct` percentages of the
    time from one cell to another (`cell_of`), where own drives differ.
    """

    profile: str
    km_s: int
    power_milli: int
    circuity_pct: int
    hours_pct: tuple[int, ...]
    cells_pct: Mapping[tuple[str, str], int] = field(default_factory=dict, hash=False)
    version: int = 0  # 0 = built in


def built_in(profile: str) -> Estimate:
    """The model of a profile for which none was adopted. Refuses `travel.profile_unknown`."""
    if profile not in _BUILT_IN:
        raise Refusal(
            "travel.profile_unknown",
            f"there is no profile {profile!r}",
            remedy=f"use one of {', '.join(_BUILT_IN)}, or adopt a model for it",
            field="profile",
        )
    return Estimate(profile, *_BUILT_IN[profile], (100,) * HOURS if profile in _STEADY else _DAY_SHAPE)


def checked(model: Estimate) -> Estimate:
    """The model, if its numbers can be a vehicle's. Refuses `travel.model_malformed`."""
    usable = (
        20 <= model.km_s <= 3_600
        and 300 <= model.power_milli <= 1_000
        and 100 <= model.circuity_pct <= 400
        and len(model.hours_pct) == HOURS
        and all(20 <= percent <= 500 for percent in (*model.hours_pct, *model.cells_pct.values()))
    )
    if not usable:
        raise Refusal(
            "travel.model_malformed",
            "a model needs 20 to 3,600 seconds a kilometer, a power of 300 to 1,000 thousandths, a circuity of 100 to "
            "400 percent, and 24 hours of 20 to 500 percent",
            remedy="check the units",
            field="hours_pct",
        )
    return model


def mean_pct(model: Estimate, start: datetime, end: datetime, zone: ZoneInfo) -> float:
    """Percent of the time over [start, end]: the mean by quarter hours."""
    steps = max(1, round((end - start) / timedelta(minutes=15)))
    instants = [start + (end - start) * step / steps for step in range(steps)]
    return sum(model.hours_pct[instant.astimezone(zone).hour] for instant in instants) / len(instants)


def great_circle_m(origins: Sequence[Point], destinations: Sequence[Point]) -> Real:
    """Great-circle meters, shape (origins, destinations), by haversine."""
    starts, ends = _radians(origins)[:, None, :], _radians(destinations)[None, :, :]
    turn = (ends - starts) / 2
    half = np.sin(turn[..., 0]) ** 2 + np.cos(starts[..., 0]) * np.cos(ends[..., 0]) * np.sin(turn[..., 1]) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(half))), dtype=np.float64)


def estimate(
    model: Estimate, percent: float, origins: Sequence[Point], destinations: Sequence[Point]
) -> tuple[Whole, Whole]:
    """(seconds, meters) from each origin to each destination, at `percent` of the mean time; 0 at the same door."""
    straight = great_circle_m(origins, destinations)
    meters = straight * (model.circuity_pct / 100) + np.minimum(straight, NEAR_M) * (NEAR_PCT / 100)
    seconds = model.km_s * (straight / 1_000) ** (model.power_milli / 1_000) * (percent / 100)
    if model.cells_pct:
        seconds *= _cell_factors(model, origins, destinations)
    return np.ceil(seconds).astype(np.int64), np.rint(meters).astype(np.int64)


def cell_of(point: Point) -> str:
    """The name of the cell, about 3 km across, that a point is in."""
    row = np.floor(point.lat / CELL_DEG)
    wide = CELL_DEG / max(0.05, np.cos(np.radians((row + 0.5) * CELL_DEG)))
    return f"{int(row)}/{int(np.floor(point.lon / wide))}"


def _cell_factors(model: Estimate, origins: Sequence[Point], destinations: Sequence[Point]) -> Real:
    start_names, start_of = np.unique([cell_of(point) for point in origins], return_inverse=True)
    end_names, end_of = np.unique([cell_of(point) for point in destinations], return_inverse=True)
    factors = np.array(
        [[model.cells_pct.get((str(start), str(end)), 100) / 100 for end in end_names] for start in start_names]
    )
    return np.asarray(factors[start_of][:, end_of], dtype=np.float64)


def _radians(points: Sequence[Point]) -> Real:
    return np.radians(np.array([(point.lat, point.lon) for point in points], dtype=np.float64).reshape(-1, 2))


@dataclass(frozen=True, slots=True)
class Drive:
    """A leg that was driven: great-circle meters, the cells that it led from and to, when in local hours, how long."""

    straight_m: int
    cells: tuple[str, str]
    hour: int
    seconds: int


LEAST_DRIVES, LEAST_M, LEAST_S, MOST_S = 50, 200, 20, 4 * 3600
_PRIOR_DRIVES = 20  # an hour or a pair of cells is believed as far as it has more drives than this
_TRIMMED = 0.05  # of the residuals, at either end: a break on the way, a tap that was forgotten


def calibrated(model: Estimate, drives: Sequence[Drive]) -> Estimate:
    """The model fitted to own drives: `km_s` and the power by least squares of the logarithms without the wildest
    twentieth, then hours, then pairs of cells, each drawn towards the mean as far as there are few drives.

    Fewer than `LEAST_DRIVES` usable ones: as it was.
    """
    kept = [drive for drive in drives if drive.straight_m >= LEAST_M and LEAST_S <= drive.seconds <= MOST_S]
    if len(kept) < LEAST_DRIVES:
        return model
    hours = np.array([drive.hour for drive in kept])
    km, seconds = np.log([drive.straight_m / 1_000 for drive in kept]), np.log([drive.seconds for drive in kept])
    base = seconds - np.log(np.array(model.hours_pct)[hours] / 100)
    a, b, sound = _line(km, base)
    shape, left = _shrunk(hours[sound], (seconds - (a + b * km))[sound], np.log(np.array(model.hours_pct) / 100))
    pairs = [kept[number].cells for number in np.flatnonzero(sound)]
    return replace(
        model,
        km_s=round(float(np.exp(a))),
        power_milli=round(b * 1_000),
        hours_pct=tuple(min(500, max(20, round(100 * float(np.exp(value))))) for value in shape),
        cells_pct=_pair_factors(pairs, left),
    )


def _line(x: Real, y: Real) -> tuple[float, float, npt.NDArray[np.bool_]]:
    """Intercept and slope (0.5 to 1) without the wildest residuals, and which points were kept."""
    sound = np.ones(len(x), dtype=bool)
    a = b = 0.0
    for _ in range(2):
        spread = float(np.var(x[sound]))
        slope = float(np.cov(x[sound], y[sound], bias=True)[0, 1]) / spread if spread > 1e-6 else 0.75
        b = min(1.0, max(0.5, slope))
        a = float(np.mean(y[sound] - b * x[sound]))
        residual = y - (a + b * x)
        low, high = np.quantile(residual, (_TRIMMED, 1 - _TRIMMED))
        sound = (residual >= low) & (residual <= high)
    return a, b, sound


def _shrunk(hours: npt.NDArray[np.int64], residual: Real, prior: Real) -> tuple[Real, Real]:
    """By hour the mean residual, drawn to the prior as if that had been seen `_PRIOR_DRIVES` times; what is left."""
    count = np.bincount(hours, minlength=HOURS)
    total = np.bincount(hours, weights=residual, minlength=HOURS)
    shape = (total + _PRIOR_DRIVES * prior) / (count + _PRIOR_DRIVES)
    return shape, residual - shape[hours]


def _pair_factors(pairs: Sequence[tuple[str, str]], residual: Real) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], list[float]] = {}
    for pair, value in zip(pairs, residual, strict=True):
        sums.setdefault(pair, []).append(float(value))
    percent = {pair: round(100 * float(np.exp(sum(v) / (len(v) + _PRIOR_DRIVES)))) for pair, v in sums.items()}
    return {pair: min(500, max(20, value)) for pair, value in sorted(percent.items()) if value != 100}
