"""The hours that a span touches, as slots of the planner: one set of travel times each. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from homestretch.kernel.windows import Window
from homestretch.planner.travel import UNREACHABLE, Matrix, Slots

DayClass = Literal["work", "saturday", "sunday"]
_CLASSES: tuple[DayClass, ...] = ("work", "work", "work", "work", "work", "saturday", "sunday")
_HOUR = timedelta(hours=1)
BLOCKED_S = 24 * 3600  # of a way that is open earlier in the span and then no more: nobody plans on it
Cells = npt.NDArray[np.integer[Any]]
Table = tuple[Cells, Cells]  # durations in seconds, distances in meters


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour of the local day, from `start` (UTC) to `end`: what traffic is then is known by hour and class of day."""

    start: datetime
    end: datetime
    hour: int
    day: DayClass

    @property
    def middle(self) -> datetime:
        """The instant whose closures and weather hold for the whole slot."""
        return self.start + (self.end - self.start) / 2


def slots_of(span: Window, zone: ZoneInfo) -> list[Slot]:
    """The local hours that the span touches, in order; at least one. A summer time's missing hour has no slot."""
    local = span.start.astimezone(zone)
    start = (local - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)).astimezone(
        UTC
    )
    made: list[Slot] = []
    while not made or start < span.end:
        here = start.astimezone(zone)
        made.append(Slot(start, start + _HOUR, here.hour, day_class(here)))
        start += _HOUR
    return made


def day_class(local: datetime) -> DayClass:
    """The class of a local day."""
    return _CLASSES[local.weekday()]


def profile_of(starts: Sequence[datetime], tables: Sequence[Table], epoch: datetime, rung: str) -> Matrix | Slots:
    """The planner's profile of one table a slot, which begin at `starts`; equal tables may be the same object.

    A place that closures cut off in some slots only is reached when they end: seconds to wait are part of the way.
    """
    if all(table is tables[0] for table in tables):
        return Matrix(*tables[0], rung)
    seconds = [int((start - epoch).total_seconds()) for start in starts]
    opened = _opened([table[0] for table in tables], seconds)
    kept: dict[tuple[int, int], Matrix] = {}
    matrices = []
    for durations, (_, distances) in zip(opened, tables, strict=True):
        key = (id(durations), id(distances))
        if key not in kept:
            kept[key] = Matrix(durations, _reachable(distances, durations), rung)
        matrices.append(kept[key])
    return Slots(tuple(seconds), tuple(matrices))


def _opened(durations: list[Cells], starts: Sequence[int]) -> list[Cells]:
    """Ways that there are in some slots are there in all: a closed one lasts until it opens, else `BLOCKED_S` more."""
    shut = [table >= UNREACHABLE for table in durations]
    never = np.logical_and.reduce(shut)
    if all(bool((mine == never).all()) for mine in shut):
        return durations
    least = np.minimum.reduce(durations)
    opened = list(durations)
    after = np.where(shut[-1] & ~never, least + BLOCKED_S, durations[-1])
    opened[-1] = after if bool((shut[-1] != never).any()) else durations[-1]
    for slot in range(len(durations) - 2, -1, -1):
        partly = shut[slot] & ~never
        if partly.any():
            wait = starts[slot + 1] - starts[slot]
            opened[slot] = np.where(partly, np.minimum(opened[slot + 1] + wait, least + BLOCKED_S), durations[slot])
    return opened


def _reachable(distances: Cells, durations: Cells) -> Cells:
    """Meters for each way that has seconds: of one that is closed now, 0 rather than none."""
    gone = (distances >= UNREACHABLE) & (durations < UNREACHABLE)
    return np.where(gone, 0, distances) if gone.any() else distances
