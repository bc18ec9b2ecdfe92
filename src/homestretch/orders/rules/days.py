"""An order moves to another day, and its windows with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from homestretch.kernel.windows import Window, local_instant, local_window


def moved(windows: Sequence[Window], before: date | None, after: date, zone: ZoneInfo) -> tuple[Window, ...]:
    """The windows at the same local times as many days later as `after` is behind `before`; without a day before, the
    first window's. Refuses `window.in_dst_gap`."""
    if not windows:
        return ()
    days = after - (before or windows[0].start.astimezone(zone).date())
    return tuple(Window(_later(w.start, days, zone), _later(w.end, days, zone)) for w in windows)


def _later(instant: datetime, days: timedelta, zone: ZoneInfo) -> datetime:
    local = instant.astimezone(zone)
    return local_instant(local.date() + days, local.time(), zone)


def on_day(day: date, clock: tuple[time, time], zone: ZoneInfo) -> tuple[Window, ...]:
    """One window of local times. Refuses `window.ends_before_start`, `window.in_dst_gap`."""
    return (local_window(day, *clock, zone),)
