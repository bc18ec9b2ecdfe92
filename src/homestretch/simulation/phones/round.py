"""A phone in the day's agenda: at each beat the driver catches up, then the phone speaks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from homestretch.simulation.phones.driver import Driver, Moments

LAST_WORDS = 5  # beats in which a phone whose driver is done still tries to say the rest


def beats(driver: Driver, beat_s: int) -> Iterator[datetime]:
    """The instants at which one phone speaks, on a grid that all phones share, until its driver is done."""
    moments = driver.moments()
    following = next(moments, None)
    at = on_grid(driver.now, beat_s)
    left = LAST_WORDS
    while left:
        yield at
        following = _catch_up(moments, following, at)
        driver.phone.speak(at)
        quiet = following is None and not driver.phone.outbox and not driver.phone.unsent
        left = 0 if quiet else left - (following is None and not driver.phone.signal.is_out(at))
        waits = following if not driver.phone.track.legs else None
        at = _next_beat(waits, at, beat_s)


def _catch_up(moments: Moments, following: datetime | None, until: datetime) -> datetime | None:
    while following is not None and following <= until:
        following = next(moments, None)
    return following


def _next_beat(following: datetime | None, at: datetime, beat_s: int) -> datetime:
    """The next one; a phone whose driver is still at home sleeps until then."""
    if following is not None and following - at > timedelta(minutes=20):
        return on_grid(following - timedelta(minutes=10), beat_s)
    return at + timedelta(seconds=beat_s)


def on_grid(at: datetime, beat_s: int) -> datetime:
    """The next instant of the grid after `at`."""
    return datetime.fromtimestamp((int(at.timestamp()) // beat_s + 1) * beat_s, at.tzinfo)
