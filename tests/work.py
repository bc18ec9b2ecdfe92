"""Background work in tests: runs what waits in the queue, here and now, as a worker would."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from homestretch.events import subscribe
from homestretch.events.clock import now
from homestretch.events.later import known_jobs
from homestretch.events.models import Due
from homestretch.events.worker import tick_due


def waiting() -> list[tuple[str, dict[str, Any]]]:
    """Names and arguments of the jobs that wait, oldest first."""
    rows = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    return [(row.task_name, row.args) for row in rows]


def settle() -> None:
    """Wait until no transaction of another process on this server is older than what was written here: readers of the
    log stay below the oldest open one, and the server may be shared with other tests."""
    ends = time.monotonic() + 30
    with connection.cursor() as cursor:
        cursor.execute("select app_tx()")
        written = cursor.fetchone()[0]
        while time.monotonic() < ends:
            cursor.execute("select app_xmin()")
            if cursor.fetchone()[0] > written:
                return
            time.sleep(0.02)
    raise AssertionError("an older transaction stays open: is one left over on the test server?")


def run_jobs(*, limit: int = 10_000) -> list[str]:
    """Run waiting jobs until none is left, in order; returns their names. A job that raises fails the test."""
    ran: list[str] = []
    while len(ran) < limit:
        row = ProcrastinateJob.objects.filter(status="todo").order_by("id").first()
        if row is None:
            return ran
        with connection.cursor() as cursor:  # the app's model is read-only
            cursor.execute("update procrastinate_jobs set status = 'doing' where id = %s", [row.id])
        known_jobs()[row.task_name](**row.args)
        with connection.cursor() as cursor:
            cursor.execute("update procrastinate_jobs set status = 'succeeded' where id = %s", [row.id])
        ran.append(row.task_name)
    raise AssertionError(f"more than {limit} jobs: does one of them ask for itself?")


def run_due() -> list[str]:
    """Hand over what is due by now, then run it."""
    while tick_due():
        pass
    return run_jobs()


def due() -> list[tuple[str, Any]]:
    """What waits for an hour: (job, instant)."""
    return list(Due.objects.order_by("due_at").values_list("job", "due_at"))


def run_drains(organization_id: UUID | None = None) -> None:
    """Let every drain catch up (needs committed transactions: readers stay below the oldest open one)."""
    settle()
    for organization in [organization_id] if organization_id else subscribe.known_organizations():
        subscribe.catch_up(organization)
    assert not subscribe._resting, "a drain failed"


__all__ = ["due", "now", "run_drains", "run_due", "run_jobs", "settle", "waiting"]
