"""`/healthz`, `/readyz`, `/metrics`: how the process is, beside Django, so that they answer when the database is away.

`/healthz` and `/readyz` are open to all and say nothing but codes. `/metrics` is for this machine, and for whoever
shows HOMESTRETCH_METRICS_TOKEN as a bearer: a request that a proxy passed on is not from this machine.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, connections
from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from homestretch.events.clock import now
from homestretch.web.plain import Scope, Send, answer, header
from homestretch.web.telemetry import REGISTRY
from homestretch.wiring import schema
from homestretch.wiring.doctor import ground

PATHS = ("/healthz", "/readyz", "/metrics")
TEXT = b"text/plain; version=0.0.4; charset=utf-8"
LATE_S = 300  # work that is due and waits longer: the worker is away or overrun
KEPT_S = 1.0  # answers of /readyz are kept so long: it is open to all
LOOPBACK = ("127.0.0.1", "::1")
_ROWS = """
select c.relname, greatest(c.reltuples, 0) from pg_class c
where c.relname in ('events_event', 'orders_order', 'messaging_message', 'webhooks_delivery')
union all
select 'tracking_position', coalesce(sum(greatest(c.reltuples, 0)), 0)
from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = to_regclass('tracking_position')
"""
_JOBS = "select status::text, count(*) from procrastinate_jobs where status in ('todo', 'doing', 'failed') group by 1"
_DUE = "select count(*) from events_due where due_at <= %s"
Figures = Callable[[], Mapping[str, float]]


class Health:
    """The three answers. `figures` are the hot doors' own: name -> value."""

    def __init__(self, figures: Figures) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="health")
        self._kept: tuple[float, list[str]] = (float("-inf"), [])
        REGISTRY.register(Machine(figures))

    def close(self) -> None:
        """Let the thread end."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def __call__(self, scope: Scope, send: Send) -> None:
        """Answer one request."""
        path = scope["path"]
        if scope["method"] not in ("GET", "HEAD"):
            await self._say(send, 405, {"status": "method_not_allowed"})
        elif path == "/healthz":
            await self._say(send, 200, {"status": "ok"})
        elif path == "/readyz":
            reasons = await self._reasons()
            await self._say(
                send, 503 if reasons else 200, {"status": "not_ready" if reasons else "ok", "reasons": reasons}
            )
        elif may_measure(scope):
            text = await asyncio.get_running_loop().run_in_executor(self._thread, _closing, generate_latest, REGISTRY)
            await answer(send, 200, text, TEXT)
        else:
            await self._say(send, 403, {"status": "forbidden"})

    async def _reasons(self) -> list[str]:
        at, reasons = self._kept
        if time.monotonic() - at > KEPT_S:
            reasons = await asyncio.get_running_loop().run_in_executor(self._thread, _closing, unready)
            self._kept = (time.monotonic(), reasons)
        return reasons

    async def _say(self, send: Send, status: int, body: Mapping[str, Any]) -> None:
        await answer(send, status, json.dumps(body).encode())


def may_measure(scope: Scope) -> bool:
    """Whether the caller may read the metrics."""
    client = scope.get("client")
    if client and client[0] in LOOPBACK and not header(scope, b"x-forwarded-for") and not header(scope, b"forwarded"):
        return True
    token = settings.HOMESTRETCH_METRICS_TOKEN
    return bool(token) and hmac.compare_digest(header(scope, b"authorization").encode(), f"Bearer {token}".encode())


def unready() -> list[str]:
    """Why this process should get no requests now; [] when it should."""
    try:
        reasons = ["migrations_missing"] if schema.pending() else []
        if not reasons and ground.oldest_due_s(now()) > LATE_S:
            reasons.append("work_is_late")
    except DatabaseError:
        reasons = ["database_unavailable"]
    if min(ground.free_share(folder) for folder in ground.stores()) < ground.LEAST_FREE:
        reasons.append("disk_full")
    return reasons


class Machine(Collector):
    """Figures that are looked up when they are asked for. None is of a person or an organization."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """All families; without a database those that need none."""
        for name, value in self._figures().items():
            yield GaugeMetricFamily(f"homestretch_{name}", "Of the hot doors, since the start.", value=value)
        yield GaugeMetricFamily(
            "homestretch_disk_free_ratio", "Free part of the disk.", value=min(map(ground.free_share, ground.stores()))
        )
        try:
            families = list(_asked())
        except DatabaseError:
            families = []
        yield GaugeMetricFamily("homestretch_database_up", "Whether the database answers.", value=bool(families))
        yield from families


def _asked() -> Iterable[GaugeMetricFamily]:
    jobs = GaugeMetricFamily("homestretch_jobs", "Background jobs by state.", labels=["state"])
    states = {"todo": 0, "doing": 0, "failed": 0} | dict(_rows(_JOBS))
    for state, count in states.items():
        jobs.add_metric([state], count)
    yield jobs
    rows = GaugeMetricFamily("homestretch_rows", "Rows of a table, as the planner estimates.", labels=["table"])
    for table, count in _rows(_ROWS):
        rows.add_metric([table], float(count))
    yield rows
    for name, words, value in (
        ("due", "Work whose hour has come.", _rows(_DUE, now())[0][0]),
        ("due_age_seconds", "Age of the oldest due work.", ground.oldest_due_s(now())),
        ("workers", "Workers that are alive.", ground.workers()),
        ("oldest_transaction_seconds", "Age of the oldest writing transaction.", ground.oldest_transaction_s()),
    ):
        yield GaugeMetricFamily(f"homestretch_{name}", words, value=value)


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _closing(function: Callable[..., Any], *args: Any) -> Any:
    try:
        return function(*args)
    finally:
        connections.close_all()
