"""What the doctor tells beside the invariants: the machine under them. Nothing of it is personal."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from homestretch.wiring import options, schema

LEAST_FREE = 0.05  # of the disk
OLD_TRANSACTION_S = 60
WORKER_SEEN = "30 seconds"


def one(statement: str, *values: Any) -> Any:
    """The one value of a query."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return row[0] if row else None


def workers() -> int:
    """How many workers are alive."""
    return int(
        one(f"select count(*) from procrastinate_workers where last_heartbeat > now() - interval '{WORKER_SEEN}'")  # noqa: S608
    )


def oldest_transaction_s() -> int:
    """How long the oldest writing transaction of the cluster is open: every reader of the log waits for it."""
    return int(
        one(
            "select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0) from pg_stat_activity"
            " where backend_xid is not null and pid <> pg_backend_pid()"
        )
    )


def oldest_due_s(now: datetime) -> int:
    """How long the oldest due work waits, in seconds; 0 where none does. Jobs by real time, due rows by the clock."""
    due = one("select extract(epoch from %s - min(due_at)) from events_due where due_at <= %s", now, now)
    queued = one(
        "select extract(epoch from clock_timestamp() - min(coalesce(j.scheduled_at, e.at))) from procrastinate_jobs j"
        " join procrastinate_events e on e.job_id = j.id and e.type = 'deferred'"
        " where j.status = 'todo' and coalesce(j.scheduled_at, e.at) <= clock_timestamp()"
    )
    return max(0, int(due or 0), int(queued or 0))


def failed_jobs() -> dict[str, int]:
    """Jobs that gave up, by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select task_name, count(*) from procrastinate_jobs where status = 'failed' group by 1 order by 1"
        )
        return dict(cursor.fetchall())


def free_share(folder: Path) -> float:
    """The free part of the disk that a folder is on, 0 to 1."""
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total


def stores() -> list[Path]:
    """Folders whose disk must not fill up."""
    blobs = settings.HOMESTRETCH_PROVIDERS["storage"][1].get("root")
    return [settings.HOMESTRETCH_HOME, *([Path(blobs)] if blobs else [])]


def survey(now: datetime) -> dict[str, Any]:
    """The machine's figures, as the doctor prints them."""
    return {
        "database": one("show server_version"),
        "role": one("select current_user::text"),
        "migrations_missing": len(schema.pending()),
        "workers": workers(),
        "disk_free": round(min(free_share(folder) for folder in stores()), 3),
        "oldest_transaction_s": oldest_transaction_s(),
        "oldest_due_s": oldest_due_s(now),
        "failed_jobs": failed_jobs(),
        "undeclared_settings": options.undeclared(os.environ),
        "now": now.isoformat(),
    }


def notes(figures: dict[str, Any]) -> list[str]:
    """What of it somebody should look at."""
    found = []
    if not figures["workers"]:
        found.append("no worker is alive: background work waits, and how long it waits was not judged")
    if figures["disk_free"] < LEAST_FREE:
        found.append(f"{figures['disk_free']:.0%} of the disk is free")
    if figures["oldest_transaction_s"] > OLD_TRANSACTION_S:
        found.append(f"a transaction is open for {figures['oldest_transaction_s']} s: readers of the log wait for it")
    found += [f"{count} jobs {name} gave up" for name, count in figures["failed_jobs"].items()]
    found += [f"{name} is no setting of ours: misspelled?" for name in figures["undeclared_settings"]]
    return found
