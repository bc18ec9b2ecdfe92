"""Whether what was said came true: the measures of forecasts and of told windows. As in `measures`, each is one pure
function whose docstring *is* its definition in the docs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from homestretch.insights.measures import share

HORIZONS_MIN = (240, 120, 60, 30, 15)
AHEAD_MIN = (*HORIZONS_MIN, 0)  # the last: later than the shortest horizon, or when the window had begun
MEANT = 0.8  # of arrivals between p10 and p90
NEAR = 0.02  # a share so near to what is meant is as meant
WIDEST = 0.2  # an interval that is wider says nothing
Z_95 = 1.959964


@dataclass(frozen=True, slots=True)
class Off:
    """`count` forecasts made `horizon_min` minutes ahead and off by the same `error_s`, late above zero. `inside`: how
    many of them held the arrival between p10 and p90."""

    horizon_min: int
    error_s: int
    inside: int
    count: int


@dataclass(frozen=True, slots=True)
class Held:
    """`count` windows first told `ahead_min` whole minutes before they began (below zero: after); `kept` held."""

    ahead_min: int
    kept: int
    count: int


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of arrivals in a span of days, and how it came."""

    offs: Sequence[Off] = ()
    windows: Sequence[Held] = ()


def forecasts_held(said: Said) -> list[dict[str, Any]]:
    """How many arrivals lay where forecasts said, by how many minutes ahead they were made. Of each arrival that is
    known the last forecast counts that was made at least 240, 120, 60, 30 and 15 minutes before the arrival that it
    expected. `inside` is the share of arrivals between its p10 and p90, of which 0.8 is meant; `low` and `high` are the
    95 % interval of that share (Wilson), as if arrivals were independent: those of one route are not, so it is a little
    wider in truth. `early` is the share that came before p10, `late` after p90, 0.1 each is meant. `mean_min` is the
    mean of how far the arrival was from p50, early or late alike; `bias_min` is the median of arrival minus p50, above
    zero where vehicles come later than is said. `verdict` is `too_few` where the interval is wider than 0.2; else
    `as_meant` where it meets 0.78 to 0.82, `too_narrow` where forecasts say less doubt than there is (all of it lies
    below), `too_wide` where they say more."""
    found = ((horizon, [off for off in said.offs if off.horizon_min == horizon]) for horizon in HORIZONS_MIN)
    return [{"horizon_min": horizon, **_forecasts(offs)} for horizon, offs in found if offs]


def windows_held(said: Said) -> list[dict[str, Any]]:
    """How many of the promises held that were told to recipients and settled, by how long before the window began its
    recipient first heard of it: at least 240, 120, 60, 30 or 15 minutes (`ahead_min`; each counts once, at the
    longest), or 0: later than that. `kept` is their share as `on_time` counts it; `low` and `high` are the 95 %
    interval of that share (Wilson). `verdict` is `too_few` where that is wider than 0.2, and nothing should be read
    into the share; else `enough`."""
    found = ((ahead, [row for row in said.windows if ahead_class(row.ahead_min) == ahead]) for ahead in AHEAD_MIN)
    return [{"ahead_min": ahead, **_windows(rows)} for ahead, rows in found if rows]


def ahead_class(ahead_min: int) -> int:
    """The longest of `AHEAD_MIN` that these minutes reach."""
    return next((ahead for ahead in AHEAD_MIN if ahead_min >= ahead), 0)


def ahead_span(ahead: int) -> tuple[int | None, int | None]:
    """The minutes [from, to) of one of `AHEAD_MIN`; None: without an end."""
    longer = [other for other in AHEAD_MIN if other > ahead]
    return (ahead or None), (min(longer) if longer else None)


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927, JASA 22:209): from 0 to 1, and all of that of nothing."""
    if not whole:
        return 0.0, 1.0
    seen, spread = part / whole, Z_95**2 / whole
    middle = (seen + spread / 2) / (1 + spread)
    half = Z_95 * sqrt(seen * (1 - seen) / whole + spread / (4 * whole)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def _forecasts(offs: Sequence[Off]) -> dict[str, Any]:
    count, inside = sum(off.count for off in offs), sum(off.inside for off in offs)
    low, high = wilson(inside, count)
    return {
        "count": count,
        "inside": share(inside, count),
        **_interval(low, high),
        "early": share(sum(off.count - off.inside for off in offs if off.error_s < 0), count),
        "late": share(sum(off.count - off.inside for off in offs if off.error_s >= 0), count),
        "mean_min": round(sum(abs(off.error_s) * off.count for off in offs) / count / 60, 1),
        "bias_min": round(_median((off.error_s, off.count) for off in offs) / 60, 1),
        "verdict": _verdict(low, high),
    }


def _windows(rows: Sequence[Held]) -> dict[str, Any]:
    count, kept = sum(row.count for row in rows), sum(row.kept for row in rows)
    low, high = wilson(kept, count)
    verdict = "too_few" if high - low > WIDEST else "enough"
    return {"count": count, "kept": share(kept, count), **_interval(low, high), "verdict": verdict}


def _interval(low: float, high: float) -> dict[str, float]:
    return {"low": round(low, 4), "high": round(high, 4)}


def _verdict(low: float, high: float) -> str:
    if high - low > WIDEST:
        return "too_few"
    if high < MEANT - NEAR:
        return "too_narrow"
    return "too_wide" if low > MEANT + NEAR else "as_meant"


def _median(counted: Iterable[tuple[int, int]]) -> int:
    """The lower median of (value, count)."""
    ordered = sorted(counted)
    half, sofar = sum(count for _, count in ordered) / 2, 0
    for value, count in ordered:
        sofar += count
        if sofar >= half:
            return value
    return 0


CALIBRATION: tuple[Callable[[Said], Any], ...] = (forecasts_held, windows_held)


def calibrated(said: Said) -> dict[str, Any]:
    """Each of them by its name."""
    return {function.__name__: function(said) for function in CALIBRATION}
