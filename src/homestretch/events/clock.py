"""What time it is: the system's, or the one row of a simulation. Doors and jobs ask; rules and actions are told."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.db import connection


def simulated() -> bool:
    """Whether this process lives on the simulated clock (never in production: see the settings)."""
    return bool(getattr(settings, "HOMESTRETCH_SIMULATED_CLOCK", False))


def now() -> datetime:
    """The instant, UTC. Under a simulation every process reads the same row."""
    if not simulated():
        return datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("select app_now()")
        row = cursor.fetchone()
    return row[0].astimezone(UTC)


def set_clock(shown_at: datetime, speed: float = 0.0) -> None:
    """Put the simulated clock to `shown_at`; it stands still at `speed` 0, else runs that many times real time."""
    if not simulated():
        raise RuntimeError("the clock is real: a simulation needs HOMESTRETCH_CLOCK=simulated")
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into events_clock (id, real_at, shown_at, speed) values (1, clock_timestamp(), %s, %s)"
            " on conflict (id) do update set real_at = excluded.real_at, shown_at = excluded.shown_at,"
            " speed = excluded.speed",
            [shown_at, speed],
        )
