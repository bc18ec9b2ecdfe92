"""The simulated clock, step by step: it stands still while due work waits, and never jumps over an hour that is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction

from homestretch.events.clock import now, set_clock
from homestretch.events.models import Clock, Due
from homestretch.events.subscribe import behind, known_organizations

_WAITING = "select count(*) from procrastinate_jobs where status in ('todo', 'doing')"


@dataclass(frozen=True, slots=True)
class Step:
    """Where the clock stands, and how much work still waits at this instant (then it was not moved)."""

    now: datetime
    pending: int


def pending() -> int:
    """Jobs that wait or run, due rows of this instant, drains that are behind."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        jobs = int(cursor.fetchone()[0])
    due = Due.objects.filter(due_at__lte=now()).count()
    return jobs + due + sum(len(behind(organization)) for organization in known_organizations())


def step(to: datetime) -> Step:
    """Move the clock forward to `to`, or to the next due work if that is sooner; not at all while work waits."""
    waiting = pending()
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
