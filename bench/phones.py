"""A process of phones for `bench.positions`: keep-alive connections that send batches and note what was acknowledged.

Reads one JSON object on stdin: `{"port", "seconds", "warm_s", "start": instant, "phones": [{"token", "number", "first",
"bodies"}]}`; writes one: `{"acknowledged": [[phone, batch], ...], "measured": [ms, ...], "refused", "seconds"}`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import datetime, timedelta
from typing import Any

import uvloop

BATCH = 10


def instants(start: datetime, batch: int) -> list[datetime]:
    """Device times of a phone's batch: a second apart, no two alike."""
    return [start + timedelta(seconds=batch * BATCH + n) for n in range(BATCH)]


def body(start: datetime, phone: int, batch: int) -> bytes:
    """A batch of ten."""
    rows = [
        {
            "lat": 49.6 + phone / 10_000 + n / 100_000,
            "lon": 6.1 + batch / 100_000,
            "at": at.isoformat(),
            "speed_mh": 32_000,
            "bearing_deg": 90,
            "accuracy_m": 6,
        }
        for n, at in enumerate(instants(start, batch))
    ]
    return json.dumps(rows).encode()


class Phone(asyncio.Protocol):
    """Sends the next batch when the last was answered, until it is told to stop or the line breaks."""

    def __init__(self, run: Run, number: int, requests: list[bytes]) -> None:
        self.run, self.number, self.requests = run, number, requests
        self.batch, self.sent_at, self.buffer = 0, 0.0, b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if len(rest) < length:
            return
        self.buffer = b""
        self.run.answered(self, head.startswith(b"HTTP/1.1 200"))
        self.batch += 1
        self._send()

    def connection_lost(self, _: Exception | None) -> None:
        self.run.left(self)

    def _send(self) -> None:
        if self.run.over() or self.batch == len(self.requests):
            self.transport.close()
            return
        self.sent_at = time.perf_counter()
        self.transport.write(self.requests[self.batch])


class Run:
    """All phones of this process."""

    def __init__(self, orders: dict[str, Any]) -> None:
        self.orders = orders
        self.start = datetime.fromisoformat(orders["start"])
        self.acknowledged: list[tuple[int, int]] = []
        self.measured: list[float] = []
        self.refused = 0
        self.open = 0
        self.done = asyncio.Event()

    def over(self) -> bool:
        return time.perf_counter() >= self.until

    def answered(self, phone: Phone, good: bool) -> None:  # noqa: FBT001  of a callback
        now = time.perf_counter()
        if not good:
            self.refused += 1
            return
        self.acknowledged.append((phone.number, phone.batch))
        if self.measure_from <= now <= self.until:
            self.measured.append(round((now - phone.sent_at) * 1000, 1))

    def left(self, _: Phone) -> None:
        self.open -= 1
        if self.open == 0:
            self.done.set()

    async def go(self) -> dict[str, Any]:
        port = self.orders["port"]
        phones = [(one["number"], self._requests(one)) for one in self.orders["phones"]]
        print("ready", file=sys.stderr, flush=True)
        began = time.perf_counter()
        self.measure_from = began + self.orders["warm_s"]
        self.until = self.measure_from + self.orders["seconds"]
        loop = asyncio.get_running_loop()
        for number, requests in phones:
            self.open += 1
            await loop.create_connection(lambda n=number, r=requests: Phone(self, n, r), "127.0.0.1", port)
        await self.done.wait()
        return {
            "acknowledged": self.acknowledged,
            "measured": self.measured,
            "refused": self.refused,
            "seconds": self.orders["seconds"],
        }

    def _requests(self, one: dict[str, Any]) -> list[bytes]:
        requests = []
        for batch in range(one["first"], one["first"] + one["bodies"]):
            content = body(self.start, one["number"], batch)
            head = (
                f"POST /live/positions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {one['token']}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
            )
            requests.append(head.encode() + content)
        return requests


async def main() -> None:
    """One run."""
    print(json.dumps(await Run(json.load(sys.stdin)).go()))


if __name__ == "__main__":
    uvloop.run(main())
