"""Time windows: the span in which service may begin. Local times become instants here, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import check_day


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """[start, end], both instants in UTC; service may begin at either."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise Refusal(
                "window.no_zone", "a window needs instants with a zone", remedy="end each with Z or an offset"
            )
        if self.end < self.start:
            raise Refusal(
                "window.ends_before_start",
                f"the window ends at {self.end.isoformat()}, before it starts at {self.start.isoformat()}",
                remedy="swap the two, or give the end's day",
                field="windows",
            )

    def holds(self, moment: datetime) -> bool:
        """Whether `moment` lies inside."""
        return self.start <= moment <= self.end

    def clipped(self, other: Window) -> Window | None:
        """What both share, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Window(start, end) if start <= end else None


def read_zone(name: str, *, field: str = "zone") -> ZoneInfo:
    """An IANA zone. Refuses `zone.unknown`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refusal("zone.unknown", f"{name!r} is no IANA zone", remedy="write Europe/Berlin", field=field) from error


def local_instant(day: date, clock: time, zone: ZoneInfo, *, field: str = "windows") -> datetime:
    """The UTC instant of a local wall time. Refuses `window.in_dst_gap` for a time that the day skips, and
    `day.out_of_range`.

    A time that the day has twice (the clock is set back) is the first of the two, as RFC 5545 reads it.
    """
    naive = datetime.combine(check_day(day, field=field), clock)
    instant = naive.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != naive:
        raise Refusal(
            "window.in_dst_gap",
            f"{naive.isoformat(timespec='minutes')} does not exist in {zone.key}: the clocks are set forward over it",
            remedy="choose a time before or after the change",
            field=field,
        )
    return instant


def local_window(day: date, start: time, end: time, zone: ZoneInfo) -> Window:
    """A window of local wall times on one day; an `end` before `start` is refused, not carried to the next day."""
    if end < start:
        raise Refusal(
            "window.ends_before_start",
            f"the window ends at {end:%H:%M}, before it starts at {start:%H:%M}",
            remedy="swap the two, or give two windows",
            field="windows",
        )
    return Window(local_instant(day, start, zone), local_instant(day, end, zone))


def local_day(day: date, zone: ZoneInfo) -> Window:
    """The local day as instants: 23, 24 or 25 hours. Refuses `day.out_of_range`."""
    start = datetime.combine(check_day(day), time(), zone).astimezone(UTC)
    return Window(start, datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC))
