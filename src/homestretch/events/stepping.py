"""The simulated clock, step by step: it stands still while due work waits, and never jumps over an hour that is due."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction

from homestretch.events.clock import now, set_clock
from homestretch.events.models import Clock, Due
from homestretch.events.subscribe import catch_up, known_organizations
from homestretch.events.worker import tick_due

LOOK_EVERY_S = 0.015
_WAITING = "select count(*) from procrastinate_jobs where status in ('todo', 'doing')"


@dataclass(frozen=True, slots=True)
class Step:
    """Where the clock stands, and how much work still waits at this instant (then it was not moved)."""

    now: datetime
    pending: int


def pending() -> int:
    """Jobs that wait or run; where there are none, what is due at this instant, then events that drains read just now.

    Due work and drains are taken up here: the worker's loops look for them less often than a simulation steps.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        jobs = int(cursor.fetchone()[0])
    return jobs or tick_due() or sum(map(catch_up, known_organizations()))


def settle(seconds: float) -> int:
    """Wait until nothing is pending, at most so many real seconds; what still waits then."""
    ends = time.monotonic() + seconds
    while (waiting := pending()) and time.monotonic() < ends:
        time.sleep(LOOK_EVERY_S)
    return waiting


def step(to: datetime, *, patience_s: float = 0.0) -> Step:
    """Move the clock forward to `to`, or to the next due work if that is sooner; not at all while work waits.

    With `patience_s` it waits so many real seconds for the work to be done first.
    """
    waiting = settle(patience_s)
    if waiting:
        return Step(now(), waiting)
    with transaction.atomic():
        row = Clock.objects.select_for_update().filter(id=1).first()
        if row is None:
            set_clock(to)
            return Step(to, 0)
        upcoming = (
            Due.objects.filter(due_at__gt=row.shown_at).order_by("due_at").values_list("due_at", flat=True).first()
        )
        target = max(row.shown_at, min(to, upcoming) if upcoming else to)
        set_clock(target)
    return Step(target.astimezone(UTC), 0)
