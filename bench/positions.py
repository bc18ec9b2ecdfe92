"""Positions in, events out, by one web process: `python -m bench.positions [--json]`.

Batches of ten from 200 drivers' phones of four organizations: token, duty check, row-level security, group commit with
fsync on, answered after the commit. Client and database on the same machine. Then, under the same load, the web process
is killed and every acknowledged position looked up; then 500 live streams wait for one event.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bench.phones import instants

ORGANIZATIONS, PHONES, STREAMS, CLIENTS = 4, 200, 500, 1
BATCHES = 260  # a phone's, for each run
FLOOR = {"positions_per_s": 10_000, "p99_ms": 500, "streams_ms": 100}


@contextmanager
def installation() -> Iterator[str]:
    """A fresh embedded database with fsync on, migrated; its address for the app, also in the environment."""
    with tempfile.TemporaryDirectory(prefix="homestretch-bench-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        os.environ["HOMESTRETCH_HOME"] = folder
        os.environ["HOMESTRETCH_SECRET_KEY"] = "a key for benches, of no secret"  # noqa: S105
        from homestretch.wiring import database

        with database.available() as address:
            owner = {**os.environ, "DATABASE_URL": address.owner or "", "DATABASE_OWNER_URL": address.owner or ""}
            run = [sys.executable, "-m", "homestretch.wiring.main", "migrate"]
            subprocess.run(run, env=owner, check=True, stdout=subprocess.DEVNULL)
            os.environ["DATABASE_URL"] = address.app
            yield address.app


def people(now: datetime) -> tuple[list[dict[str, Any]], str, Any]:
    """Phones with their tokens, on duty; a key that may listen, and whose it is."""
    from homestretch.wiring.django import set_up

    set_up()
    from homestretch.accounts import actions as accounts
    from homestretch.dispatch.models import Route
    from homestretch.events.scope import scope
    from homestretch.kernel.actor import system
    from homestretch.tracking import actions
    from tests.town.dispatch import a_road, an_owner
    from tests.town.tracking import a_phone

    phones, owner = [], None
    for number in range(ORGANIZATIONS):
        owner = an_owner(f"Bench {number}")
        road = a_road(owner, 1)
        for _ in range(PHONES // ORGANIZATIONS):
            device, token = a_phone(owner, road.driver.driver_id, at=now)
            phones.append({"number": len(phones), "token": token, "device": device})
        span = {"planned_start": now - timedelta(hours=3), "planned_end": now + timedelta(hours=3)}
        with scope(owner):
            Route.objects.filter(id=road.route_id).update(**span)
        actions.settle_duty(road.route_id, by=system(owner.organization_id), at=now)
    _, key = accounts.create_key("bench", ["tracking:read"], by=owner, at=now)
    return phones, key, owner


@contextmanager
def web() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """`homestretch serve` on a free port, killed at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run = [sys.executable, "-m", "homestretch.wiring.main", "serve", "--port", str(port), "--json"]
    process = subprocess.Popen(run, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the web process does not come up")
            time.sleep(0.05)
        yield port, process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 0.5) as line:
            line.sendall(b"GET /live/nothing HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return line.recv(12).startswith(b"HTTP/1.1 404")
    except OSError:
        return False


def load(port: int, phones: list[dict[str, Any]], start: datetime, first: int, seconds: float) -> list[Any]:
    """Start the client processes; they have prepared all they send before the first request."""
    clients = []
    for number in range(CLIENTS):
        mine = [
            {"token": p["token"], "number": p["number"], "first": first, "bodies": BATCHES}
            for p in phones[number::CLIENTS]
        ]
        client = subprocess.Popen(
            [sys.executable, "-m", "bench.phones"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        orders = {"port": port, "seconds": seconds, "warm_s": 1.0, "phones": mine, "start": start.isoformat()}
        assert client.stdin
        client.stdin.write(json.dumps(orders))
        client.stdin.close()
        client.stdin = None
        clients.append(client)
    for client in clients:
        client.stderr.readline()
    return clients


def answers(clients: list[Any]) -> dict[str, Any]:
    """What the clients saw together."""
    whole: dict[str, Any] = {"acknowledged": [], "measured": [], "refused": 0, "seconds": 0.0}
    for client in clients:
        out, problems = client.communicate()
        if client.returncode != 0:
            raise SystemExit(f"a client failed:\n{problems}")
        seen = json.loads(out)
        whole["acknowledged"] += seen["acknowledged"]
        whole["measured"] += seen["measured"]
        whole["refused"] += seen["refused"]
        whole["seconds"] = seen["seconds"]
    return whole


def missing(phones: list[dict[str, Any]], start: datetime, acknowledged: list[list[int]]) -> int:
    """Acknowledged positions that the database does not have."""
    from django.db import connection

    from homestretch.events.scope import scope
    from homestretch.kernel.actor import system

    organizations: dict[Any, set[Any]] = {}
    with psycopg.connect(os.environ["DATABASE_URL"]) as known:
        for phone in phones:
            row = known.execute("select organization_id from who_is_device(sha256(%s))", [phone["token"].encode()])
            organizations.setdefault(row.fetchone()[0], set()).add(phone["device"])  # type: ignore[index]
    found: set[tuple[Any, datetime]] = set()
    for organization_id in organizations:
        with scope(system(organization_id)), connection.cursor() as cursor:
            cursor.execute("select device_id, at from tracking_position")
            found.update(cursor.fetchall())
    wanted = {(phones[phone]["device"], at) for phone, batch in acknowledged for at in instants(start, batch)}
    return len(wanted - found)


class Listener(asyncio.Protocol):
    """A live stream that notes when an event came."""

    def __init__(self, key: str, port: int) -> None:
        self.request = f"GET /live/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n\r\n"
        self.open, self.heard = False, 0.0

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self.request.encode())

    def data_received(self, data: bytes) -> None:
        self.open = self.open or b"id: " in data
        if b"event: member.joined" in data and not self.heard:
            self.heard = time.time()


async def streams(port: int, key: str, owner: Any) -> list[float]:
    """Milliseconds from the commit of an event to each of the streams."""
    loop = asyncio.get_running_loop()
    listeners = [Listener(key, port) for _ in range(STREAMS)]
    for listener in listeners:
        await loop.create_connection(lambda listener=listener: listener, "127.0.0.1", port)
    deadline = time.monotonic() + 30
    while not all(listener.open for listener in listeners) and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)
    committed = await asyncio.to_thread(_state, owner)
    deadline = time.monotonic() + 10
    while not all(listener.heard for listener in listeners) and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    for listener in listeners:
        listener.transport.close()
    return sorted((listener.heard - committed) * 1000 if listener.heard else 1e9 for listener in listeners)


def _state(owner: Any) -> float:
    """Record a fact; returns when it was committed."""
    from homestretch.accounts.events import MemberJoined
    from homestretch.events.log import record
    from homestretch.events.scope import scope
    from homestretch.kernel.ids import uuid7

    with scope(owner):
        record(MemberJoined(uuid7(), "viewer"), by=owner, at=datetime.now(UTC))
    return time.time()


def bench(seconds: float) -> dict[str, Any]:
    """All three, one after the other."""
    with installation():
        now = datetime.now(UTC)
        phones, key, owner = people(now)
        start = now - timedelta(hours=3)
        with web() as (port, _):
            seen = answers(load(port, phones, start, 0, seconds))
            lags = asyncio.run(streams(port, key, owner))
        lost = missing(phones, start, seen["acknowledged"])
        with web() as (port, process):
            clients = load(port, phones, start, BATCHES, 30)
            time.sleep(3)
            process.kill()
            killed = answers(clients)
        lost += missing(phones, start, killed["acknowledged"])
    lapse = statistics.quantiles(seen["measured"], n=100)
    return {
        "positions_per_s": round(len(seen["measured"]) * 10 / seen["seconds"]),
        "p50_ms": round(lapse[49], 1),
        "p99_ms": round(lapse[98], 1),
        "refused": seen["refused"],
        "acknowledged": len(seen["acknowledged"]) * 10,
        "acknowledged_before_kill": len(killed["acknowledged"]) * 10,
        "lost": lost,
        "streams": STREAMS,
        "streams_first_ms": round(lags[0], 1),
        "streams_last_ms": round(lags[-1], 1),
    }


def main() -> int:
    """Print the table, or with `--json` the object alone. Exit 1 below the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=8.0)
    args = parser.parse_args()
    result = bench(args.seconds)
    if not args.json:
        for name, value in result.items():
            print(f"{name.replace('_', ' '):26} {value:>12}")
    print(json.dumps(result))
    good = (
        result["positions_per_s"] >= FLOOR["positions_per_s"]
        and result["p99_ms"] <= FLOOR["p99_ms"]
        and result["streams_last_ms"] <= FLOOR["streams_ms"]
        and result["lost"] == 0
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
