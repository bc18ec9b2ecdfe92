"""The stage: who is up next, at what pace, and what the recorder makes of a bad line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from homestretch.kernel.units import iso
from homestretch.simulation.agenda import Agenda
from homestretch.simulation.client import Client, Line, Refused, Silent
from homestretch.simulation.clock import Clock
from homestretch.simulation.recorder import Recorder
from homestretch.simulation.trace import Trace

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Installation:
    """A clock that stops at `due` and waits a few calls wherever work is pending."""

    def __init__(self, due: list[datetime] | None = None, waits: int = 0) -> None:
        self.now, self.due, self.waits, self.left = NOON, due or [], waits, waits

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            if self.left:
                self.left -= 1
                return httpx.Response(200, json={"now": iso(self.now), "pending": 3})
            to = datetime.fromisoformat(httpx.Response(200, content=request.content).json()["to"])
            target = min([to, *(due for due in self.due if due > self.now)])
            self.left = self.waits if target != self.now else 0
            self.now = max(self.now, target)
        return httpx.Response(200, json={"now": iso(self.now), "pending": 0})


def _client(handler) -> Client:
    line = Line("http://test", Recorder(), patience_s=0.3)
    line.web = httpx.Client(base_url="http://test", transport=httpx.MockTransport(handler))
    return Client(line, "office", "hsk_x")


def test_actors_are_called_in_the_order_of_simulated_time_and_find_the_clock_there():
    installation = Installation()
    clock = Clock(_client(installation), speed=1e9)
    agenda, trace = Agenda(clock, hands=1), Trace()

    def actor(name: str, every: timedelta, times: int) -> Iterator[datetime]:
        for number in range(1, times + 1):
            yield NOON + every * number
            assert installation.now == NOON + every * number
            trace.note(clock.now, name, str(number))

    agenda.add(actor("slow", 3 * MINUTE, 2))
    agenda.add(actor("quick", MINUTE, 4))
    agenda.run(NOON + timedelta(hours=1))
    said = [(act.actor, act.what) for act in trace.acts()]
    assert said == [("quick", "1"), ("quick", "2"), ("quick", "3"), ("slow", "1"), ("quick", "4"), ("slow", "2")]
    assert installation.now == NOON + timedelta(hours=1)


def test_the_clock_stops_wherever_work_falls_due_and_waits_until_it_is_done():
    installation = Installation(due=[NOON + MINUTE, NOON + 2 * MINUTE], waits=2)
    clock = Clock(_client(installation), speed=1e9)
    clock.to(NOON + 3 * MINUTE)
    assert clock.now == installation.now == NOON + 3 * MINUTE
    assert clock.steps == 3


def test_speed_is_a_ceiling(monkeypatch):
    slept: list[float] = []
    monkeypatch.setattr("homestretch.simulation.clock.time.sleep", slept.append)
    monkeypatch.setattr("homestretch.simulation.clock.time.monotonic", lambda: 0.0)
    clock = Clock(_client(Installation()), speed=60)
    clock.to(NOON + 2 * MINUTE)
    assert slept == [2.0]


def test_a_request_whose_answer_is_lost_is_unknown_and_is_said_again_as_it_was(monkeypatch):
    monkeypatch.setattr("homestretch.simulation.client.time.sleep", lambda _: None)
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Idempotency-Key"])
        if len(seen) == 1:
            raise httpx.ConnectError("nobody listens")
        if len(seen) == 2:
            raise httpx.ReadError("cut off")
        if len(seen) == 3:
            return httpx.Response(503, json={"code": "database.unavailable"})
        return httpx.Response(201, json={"id": 1})

    client = _client(handler)
    assert client.post("/api/v1/orders", {}) == {"id": 1}
    assert len(set(seen)) == 1
    assert client.line.recorder.counts == {"failed": 2, "unknown": 1, "ok": 1}


def test_a_refusal_is_raised_with_its_code_and_not_repeated():
    calls = []

    def handler(request: httpx.Request) -> httpx.Response:
        calls.append(1)
        return httpx.Response(409, json={"code": "plan.already_released"})

    with pytest.raises(Refused) as refused:
        _client(handler).post("/x", {})
    assert refused.value.code == "plan.already_released" and calls == [1]


def test_silence_for_longer_than_the_patience_is_an_error():
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody listens")

    with pytest.raises(Silent):
        _client(handler).get("/x")


def test_traces_of_equal_days_are_equal_whatever_the_threads_did():
    one, other = Trace(), Trace()
    one.note(NOON, "a", "x"), one.note(NOON, "b", "y")
    other.note(NOON, "b", "y"), other.note(NOON, "a", "x")
    assert one.digest() == other.digest() and one.lines() == other.lines()
    other.note(NOON, "a", "z")
    assert one.digest() != other.digest()
