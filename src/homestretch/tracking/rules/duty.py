"""When a device may be followed. No position is kept off shift.

On shift is, by the device's time: from the start tap, or while there is none from 30 minutes before the planned start;
to the end tap, or while there is none to 2 hours after the planned end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

BEFORE_START = timedelta(minutes=30)
AFTER_END = timedelta(hours=2)
HELD_FOR = timedelta(hours=24)  # how long a position ahead of its tap waits at most
SWEEP = timedelta(hours=1)  # how often what waits too long is erased


@dataclass(frozen=True, slots=True)
class Span:
    """[starts, ends] of one route, with the taps that were heard so far. One that ends before it starts is empty."""

    starts: datetime
    ends: datetime
    started: datetime | None = None
    ended: datetime | None = None


def span(
    planned_start: datetime, planned_end: datetime, started: datetime | None = None, ended: datetime | None = None
) -> Span:
    """The span of a route. `ended` is the end tap, or when the route was taken from the device."""
    return Span(started or planned_start - BEFORE_START, ended or planned_end + AFTER_END, started, ended)


def held_before(now: datetime) -> datetime:
    """What came in before this has waited long enough, for the next sweep would find it too old."""
    return now - HELD_FOR + SWEEP
