"""Speeds that were observed on roads: read from a CSV, or measured by own vehicles and drawn to what is usual. Pure.

An observation that is thin is drawn towards the mean of its road class, the more the fewer vehicles passed: empirical
Bayes for the mean of a normal, with both variances estimated from all roads of the organization (Efron and Morris).
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from homestretch.kernel.refusal import Refusal

DAYS = ("work", "saturday", "sunday")
COLUMNS = ("way", "direction", "day", "from", "to", "speed_kmh")
DIRECTIONS = {"both": 0, "forward": 1, "backward": -1}
MAX_ROWS, SLOWEST_KMH, FASTEST_KMH = 500_000, 1, 200
Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Speed:
    """On an OpenStreetMap way, in a direction (1 as drawn, -1 against, 0 both), on a class of day (-1: on all), from
    one local hour until another: `mm_s` millimeters a second, or, where that is 0, `factor_milli` thousandths of the
    time that is usual there then."""

    way: int
    direction: int
    day: int
    hour_from: int
    hour_to: int
    mm_s: int
    factor_milli: int = 1_000

    def holds(self, day: str, hour: int) -> bool:
        """Whether it is said of this hour."""
        return self.hour_from <= hour < self.hour_to and (self.day < 0 or DAYS[self.day] == day)


def read_speeds(text: str) -> tuple[list[Speed], list[Refusal]]:
    """A CSV with a header of `COLUMNS`: the rows that are good, and for each other one why not.

    `day` is work, saturday, sunday or all; `from`, `to` are whole hours, 0 to 24. Refuses `speeds.unreadable` whole.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        header = [name.strip().lower() for name in reader.fieldnames or ()]
    except csv.Error as error:
        raise _unreadable(str(error)) from error
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise _unreadable(f"the columns {', '.join(missing)} are missing")
    reader.fieldnames = header
    good: list[Speed] = []
    bad: list[Refusal] = []
    for number, row in enumerate(_rows(reader), start=2):
        try:
            good.append(_speed(row))
        except _Bad as error:
            bad.append(Refusal("speeds.row_invalid", str(error), remedy="mend the row", field=error.field, row=number))
    return good, bad


def _rows(reader: csv.DictReader[str]) -> Iterator[dict[str, str]]:
    try:
        for count, row in enumerate(reader):
            if count >= MAX_ROWS:
                raise _unreadable(f"it has more than {MAX_ROWS} rows")
            yield {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
    except csv.Error as error:
        raise _unreadable(str(error)) from error


class _Bad(ValueError):
    def __init__(self, field: str, cause: str) -> None:
        super().__init__(cause)
        self.field = field


def _speed(row: dict[str, str]) -> Speed:
    way = _whole(row, "way", 1, 2**53)
    direction = DIRECTIONS.get(row["direction"].lower() or "both")
    if direction is None:
        raise _Bad("direction", f"{row['direction'][:20]!r} is not {', '.join(DIRECTIONS)}")
    day = row["day"].lower() or "all"
    if day not in (*DAYS, "all"):
        raise _Bad("day", f"{day[:20]!r} is not all, {', '.join(DAYS)}")
    start, end = _whole(row, "from", 0, 23), _whole(row, "to", 1, 24)
    if end <= start:
        raise _Bad("to", f"it ends at {end}, not after {start}")
    try:
        kmh = float(row["speed_kmh"])
    except ValueError as error:
        raise _Bad("speed_kmh", f"{row['speed_kmh'][:20]!r} is no number") from error
    if not SLOWEST_KMH <= kmh <= FASTEST_KMH:
        raise _Bad("speed_kmh", f"{kmh} km/h is not {SLOWEST_KMH} to {FASTEST_KMH}")
    return Speed(way, direction, DAYS.index(day) if day in DAYS else -1, start, end, round(kmh * 1_000_000 / 3_600))


def _whole(row: dict[str, str], name: str, least: int, most: int) -> int:
    text = row[name]
    if not (text.isascii() and text.isdigit()) or not least <= int(text[:17]) <= most:
        raise _Bad(name, f"{text[:20]!r} is not a whole number from {least} to {most}")
    return int(text)


def _unreadable(cause: str) -> Refusal:
    return Refusal(
        "speeds.unreadable", cause, remedy=f"a CSV in UTF-8 whose first line is {','.join(COLUMNS)}", field="file"
    )


PARTS = (0, 6, 7, 9, 15, 18, 21, 24)  # of the day, in local hours: what is alike enough to be learned together


def part_of(hour: int) -> int:
    """Which part of the day a local hour is in."""
    return bisect_right(PARTS, hour) - 1


@dataclass(frozen=True, slots=True)
class Passed:
    """One pass of a road: `ratio` is the logarithm of (time taken / usual time of the road then)."""

    way: int
    direction: int
    day: int
    part: int
    road_class: int
    ratio: float


@dataclass(frozen=True, slots=True)
class Passes:
    """How often own vehicles passed roads in a part of a class of day, and how slowly: one entry a road and part.

    `ratio_sum`, `ratio_square_sum` are over the passes, of `Passed.ratio`.
    """

    way: Whole
    direction: Whole
    day: Whole
    part: Whole
    road_class: Whole
    count: Whole
    ratio_sum: Real
    ratio_square_sum: Real

    @classmethod
    def of(cls, rows: Iterable[Sequence[float]]) -> Passes:
        """From rows in the order of the fields."""
        table = np.array(list(rows), dtype=np.float64).reshape(-1, 8)
        way, direction, day, part, road_class, count = table[:, :6].astype(np.int64).T
        return cls(way, direction, day, part, road_class, count, table[:, 6], table[:, 7])


def speeds_of(passes: Passes) -> list[Speed]:
    """What the passes come to: a factor on the usual time, per road and part of a class of day."""
    factors = np.rint(1_000 * shrunk(passes)).astype(np.int64)
    rows = zip(passes.way, passes.direction, passes.day, passes.part, factors, strict=True)
    return [
        Speed(int(way), int(side), int(day), PARTS[part], PARTS[part + 1], 0, min(5_000, max(200, int(factor))))
        for way, side, day, part, factor in rows
    ]


def shrunk(passes: Passes) -> Real:
    """Per entry, the factor on the usual time: exp of the mean of its class, drawn to its own mean by its count.

    With the variance s2 of single passes and t2 between the roads of a class: weight = t2 / (t2 + s2 / count).
    """
    count = np.maximum(passes.count, 1)
    own = passes.ratio_sum / count
    factor = np.empty(len(own))
    within = _within(passes, own)
    for road_class in np.unique(passes.road_class):
        mine = passes.road_class == road_class
        mean = float(np.sum(passes.ratio_sum[mine]) / np.sum(count[mine]))
        between = max(0.0, _between(own[mine], count[mine], mean, within))
        weight = between / (between + within / count[mine]) if within > 0 else np.ones(int(mine.sum()))
        factor[mine] = np.exp(mean * _belief(int(count[mine].sum())) + weight * (own[mine] - mean))
    return factor


_PRIOR_PASSES = 30  # a class is believed as far as it was passed more often than this


def _belief(passes: int) -> float:
    return passes / (passes + _PRIOR_PASSES)


def _within(passes: Passes, own: Real) -> float:
    """The pooled variance of single passes of one road and hour."""
    more = passes.count > 1
    if not more.any():
        return 0.09  # one deviation is a third: what passes of one street differ by, until own ones are known
    squares = float(np.sum(passes.ratio_square_sum[more] - passes.count[more] * own[more] ** 2))
    return max(1e-4, squares / float(np.sum(passes.count[more] - 1)))


def _between(own: Real, count: Whole, mean: float, within: float) -> float:
    """The variance of the roads' true means, by moments (DerSimonian and Laird)."""
    if len(own) < 2:
        return 0.0
    weights = count / within
    spread = float(np.sum(weights * (own - mean) ** 2)) - (len(own) - 1)
    scale = float(np.sum(weights) - np.sum(weights**2) / np.sum(weights))
    return spread / scale if scale > 0 else 0.0


def chosen(sets: Sequence[Sequence[Speed]], day: str, hour: int) -> dict[tuple[int, int], Speed]:
    """(way, direction) -> what is said of it in an hour: of several sources that speak of a way the first counts."""
    found: dict[tuple[int, int], Speed] = {}
    for speeds in sets:
        mine = {(s.way, side): s for s in speeds if s.holds(day, hour) for side in _sides(s.direction)}
        found = {**mine, **found}
    return found


def _sides(direction: int) -> tuple[int, ...]:
    return (1, -1) if direction == 0 else (direction,)
