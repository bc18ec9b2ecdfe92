"""The web process itself: both halves behind one port, streams that end by themselves, no orphan after a kill."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from homestretch.accounts import actions as accounts
from tests.town.dispatch import a_road, an_owner
from tests.town.places import AT
from tests.town.tracking import kept, on_duty


class Web:
    """`homestretch serve` on a port of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        run = [sys.executable, "-m", "homestretch.wiring.main", "serve", "--port", str(self.port), "--json"]
        self.process = subprocess.Popen(run, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            line.close()

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/live/nothing")[0] == 404
        except OSError:
            return False

    def wait_until(self, wanted: bool, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while self.answers() is not wanted:
            assert time.monotonic() < deadline, f"{'up' if wanted else 'down'} not within {seconds} s"
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.05)
            assert not wanted or self.process.poll() is None, self.process.stderr.read()  # type: ignore[union-attr]

    def children(self) -> list[int]:
        found = []
        for entry in Path("/proc").iterdir():
            with suppress(OSError, ValueError, IndexError):
                if entry.name.isdigit() and int((entry / "stat").read_text().rsplit(") ", 1)[1].split()[1]) == (
                    self.process.pid
                ):
                    found.append(int(entry.name))
        return found


@pytest.fixture
def town(committed: Any) -> Any:
    """A route on duty, and a key that may listen."""
    road = a_road(an_owner())
    road.phone, road.token = on_duty(road)
    _, road.key = accounts.create_key("listener", ["tracking:read"], by=road.by, at=AT)
    return road


@pytest.fixture
def web(committed: Any, superuser: Any, town: Any) -> Iterator[Web]:
    """The process, up; ended whatever the test did to it."""
    superuser.execute(
        "insert into events_clock (id, real_at, shown_at, speed) values (1, clock_timestamp(), %s, 0)", [AT]
    )
    process = Web(committed.environment)
    try:
        process.wait_until(True)
        yield process
    finally:
        process.process.kill()
        process.process.communicate()


def _positions_and_pages(web: Web, town: Any) -> None:
    batch = json.dumps([{"lat": 49.61, "lon": 6.13, "at": AT.isoformat()}])
    status, _, body = web.ask("POST", "/live/positions", batch, Authorization=f"Bearer {town.token}")
    assert (status, json.loads(body)) == (200, {"accepted": 1, "refused": []})
    assert len(kept(town.by)) == 1

    status, headers, body = web.ask("GET", "/api/v1/tracking/vehicles")
    assert (status, json.loads(body)["code"]) == (401, "auth.unauthenticated")
    assert headers["content-type"] == "application/problem+json"
    status, _, body = web.ask("GET", "/api/v1/tracking/vehicles?x=%C3%A9", Authorization=f"Bearer {town.key}")
    assert (status, json.loads(body)) == (200, {"items": []})

    status, headers, body = web.ask("GET", "/static/admin/css/base.css")
    assert status == 200
    assert headers["content-type"].startswith("text/css")
    assert len(body) > 1000

    big = b"x" * 21_000_000
    status, _, body = web.ask("POST", "/api/v1/orders", big, Authorization=f"Bearer {town.key}")
    assert (status, json.loads(body)["code"]) == (413, "request.too_large")


def _stream(web: Web, key: str) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", web.port), 10)
    line.sendall(f"GET /live/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n\r\n".encode())
    seen = b""
    while b"id: " not in seen:
        part = line.recv(4096)
        assert part, seen
        seen += part
    assert b"text/event-stream" in seen
    return line


def _streams_end(web: Web, town: Any) -> None:
    lines = [_stream(web, town.key) for _ in range(5)]
    assert web.ask("GET", "/live/events")[0] == 401
    began = time.monotonic()
    web.process.send_signal(signal.SIGTERM)
    for line in lines:
        rest = b""
        while part := line.recv(4096):
            rest += part
        assert rest.endswith(b"0\r\n\r\n"), "the last chunk was sent"
        line.close()
    web.process.wait(10)
    assert time.monotonic() - began < 5
    assert web.process.returncode == 0


def _lives(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][:1]
    except OSError:
        return False


def test_one_port_serves_everything_and_stops_by_itself(web: Web, town: Any) -> None:
    _positions_and_pages(web, town)
    _streams_end(web, town)


def test_no_worker_is_missed_and_none_is_left(web: Web) -> None:
    first = web.children()
    for pid in first:
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 15
    while not (web.answers() and set(web.children()) - set(first)):
        assert time.monotonic() < deadline, "a killed worker is started anew"
        time.sleep(0.05)
    workers = web.children()
    os.kill(web.process.pid, signal.SIGKILL)
    web.process.wait(5)
    deadline = time.monotonic() + 5
    while web.answers() or any(_lives(pid) for pid in workers):
        assert time.monotonic() < deadline, "an orphan is left"


def test_a_database_that_is_behind_is_refused(committed: Any, superuser: Any) -> None:
    superuser.execute("delete from django_migrations where app = 'tracking' and name >= '0003'")
    web = Web(committed.environment)
    out, said = web.process.communicate(timeout=30)
    assert web.process.returncode == 1
    assert json.loads(out)["error"]["code"] == "database.behind"
    assert "homestretch migrate" in said
