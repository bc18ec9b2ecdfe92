"""How the processes say that they are well, what they log, and that they end when they are told to."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from homestretch.accounts import actions as accounts
from homestretch.events.later import later
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.plans import actions as plans
from homestretch.web.logs import JsonLines
from homestretch.wiring import health
from tests.doors.live.test_process import Web
from tests.town.dispatch import an_owner
from tests.town.fleet import DAY, a_fleet
from tests.town.orders import orders
from tests.town.places import AT

PROGRAM = [sys.executable, "-m", "homestretch.wiring.main"]


@pytest.fixture
def us(committed: Any) -> Actor:
    """An owner."""
    return an_owner()


@pytest.fixture
def web(committed: Any, us: Actor) -> Iterator[Web]:
    """The web process, up, with JSON logs."""
    process = Web(committed.environment | {"HOMESTRETCH_LOG": "json", "HOMESTRETCH_METRICS_TOKEN": "a token"})
    try:
        process.wait_until(True)
        yield process
    finally:
        process.process.kill()
        process.process.communicate()


def test_the_web_process_tells_how_it_is_and_logs_no_secret(web: Web, us: Actor) -> None:
    assert web.ask("GET", "/healthz")[0] == 200
    status, _, body = web.ask("GET", "/readyz")
    assert (status, json.loads(body)) == (200, {"status": "ok", "reasons": []})
    _, key = accounts.create_key("listener", ["tracking:read", "organization:read"], by=us, at=AT)
    assert web.ask("GET", "/api/v1/organization", Authorization=f"Bearer {key}")[0] == 200
    secret = "hst_" + "ab" * 32
    assert web.ask("GET", f"/t/{secret}")[0] in (401, 404)
    assert web.ask("GET", "/nowhere/rosa@example.com")[0] == 404
    assert web.ask("GET", "/live/osmand/a-tracker-id")[0] == 404
    status, _, body = web.ask("GET", "/metrics")
    text = body.decode()
    assert status == 200
    assert 'homestretch_requests_total{method="GET",route="api/v1/organization",status="200"} 1.0' in text
    assert 'route="live/osmand",status="404"' in text
    assert "homestretch_database_up 1.0" in text
    assert 'homestretch_jobs{state="todo"}' in text
    assert "homestretch_streams 0.0" in text
    assert web.ask("GET", "/metrics", **{"X-Forwarded-For": "10.0.0.1"})[0] == 403
    assert web.ask("GET", "/metrics", **{"X-Forwarded-For": "10.0.0.1", "Authorization": "Bearer a token"})[0] == 200

    web.process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    _, said = web.process.communicate(timeout=40)
    assert time.monotonic() - began < 20
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    asked = [line for line in lines if line["logger"] == "homestretch.request"]
    assert {line["route"] for line in asked} >= {"api/v1/organization", "(none)", "live/osmand"}
    assert all(line["ms"] > 0 and line["status"] for line in asked)
    for personal in (secret, "rosa@example.com", key, "a-tracker-id"):
        assert personal not in said


def test_it_is_not_ready_without_its_migrations_or_its_worker(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert health.unready() == []
    monkeypatch.setattr(health.schema, "pending", lambda: ["orders.0002_more"])
    assert health.unready() == ["migrations_missing"]
    monkeypatch.undo()
    monkeypatch.setattr(health.ground, "oldest_due_s", lambda now: health.LATE_S + 1)
    monkeypatch.setattr(health.ground, "free_share", lambda folder: 0.01)
    assert health.unready() == ["work_is_late", "disk_full"]


def test_a_database_that_is_away_is_a_reason_and_no_fault(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def away() -> list[str]:
        raise OperationalError("it is away")

    monkeypatch.setattr(health.schema, "pending", away)
    assert health.unready() == ["database_unavailable"]


def test_the_oldest_due_work_is_found_by_its_age(db: Any) -> None:
    us = an_owner()
    with scope(us):
        later("tracking.sweep", us.organization_id)
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_events set at = at - interval '10 minutes'")
    assert health.unready() == ["work_is_late"]


def test_the_worker_ends_within_seconds_while_a_job_runs(committed: Any) -> None:
    """A solver's run of a minute is left to the next worker."""
    us = an_owner()
    a_fleet(us)
    orders(us)
    plans.ask(DAY, [], options={"seconds": 60}, by=us, at=AT)
    worker = subprocess.Popen([*PROGRAM, "work"], env=committed.environment, stderr=subprocess.PIPE)
    try:
        _until(
            lambda: _one("select count(*) from procrastinate_jobs where status = 'doing' and task_name = 'plans.solve'")
        )
        began = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
        assert time.monotonic() - began < 25
    finally:
        worker.kill()
        worker.communicate()


def test_an_exception_is_logged_by_its_type_and_place_alone() -> None:
    try:
        raise ValueError("Key (phone)=(+352621100200) already exists")
    except ValueError:
        record = logging.LogRecord("homestretch.web", logging.ERROR, "", 1, "a fault", (), sys.exc_info())
    line = json.loads(JsonLines().format(record))
    assert (line["error"], line["message"]) == ("builtins.ValueError", "a fault")
    assert line["where"][-1].endswith("test_an_exception_is_logged_by_its_type_and_place_alone")
    foreign = logging.LogRecord("django.x", logging.WARNING, "", 1, "Not Found: %s", ("/t/hst_secret",), None)
    assert "hst_secret" not in JsonLines().format(foreign)


def _one(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def _until(holds: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        asyncio.run(asyncio.sleep(0.05))
