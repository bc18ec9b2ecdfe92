"""Events out: a stream misses nothing between replay and tail, sees only its own, and never slows another."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from homestretch.accounts.events import MemberJoined
from homestretch.doors.live import hub as hubs
from homestretch.doors.live.app import Ways
from homestretch.doors.live.hub import Entry, Hub, Source, Stream, position_text, read_position
from homestretch.events.log import record
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.plans import actions as plans
from homestretch.tracking import actions
from tests.doors.live.client import Client, with_live
from tests.town.dispatch import a_road, an_owner
from tests.town.places import AT, SQUARE
from tests.town.tracking import bring, halt, on_duty


def state(by: Actor, role: str) -> None:
    """Record a fact."""
    with scope(by):
        record(MemberJoined(uuid7(), role), by=by, at=AT)


def frames(body: bytes) -> list[dict[str, str]]:
    """The messages of a stream, without comments."""
    found = []
    for block in body.decode().split("\n\n"):
        lines = [line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":")]
        found.append(dict(lines))
    return [frame for frame in found if frame]


def roles(body: bytes) -> list[str]:
    """What the facts that we stated say; that of the owner may come late, behind another test's open transaction."""
    said = [json.loads(f["data"])["data"]["role"] for f in frames(body) if f.get("event") == "member.joined"]
    return [role for role in said if role != "owner"]


@pytest.fixture
def two(committed: Any) -> tuple[Actor, Actor, Ways]:
    """Two owners, and doors that take a token's last letter for who asks."""
    owners = an_owner(), an_owner("Next Door")

    def who(asked: Any) -> Actor:
        token = dict(asked["headers"])[b"authorization"]
        if token.endswith(b"x"):
            raise Refusal("auth.forbidden", "no")
        return owners[token.endswith(b"2")]

    return *owners, Ways(committed.app, "http://here", who, lambda organization_id: None)


def test_a_stream_hears_its_own_organization_and_no_other(two: Any) -> None:
    ours, theirs, ways = two

    async def story(client: Client) -> None:
        mine, task, leave = client.listen("1")
        other, other_task, leave_other = client.listen("2")
        await asyncio.gather(mine.until(b"id: "), other.until(b"id: "))
        assert mine.headers["content-type"] == "text/event-stream"
        await asyncio.to_thread(state, ours, "first")
        await asyncio.to_thread(state, theirs, "foreign")
        await asyncio.gather(mine.until(b"first"), other.until(b"foreign"))
        assert (roles(mine.body), roles(other.body)) == (["first"], ["foreign"])
        leave.set(), leave_other.set()
        await asyncio.gather(task, other_task)
        assert mine.ended

    with_live(ways, story)


def test_who_returns_by_its_position_misses_nothing_and_hears_nothing_twice(two: Any) -> None:
    ours, _, ways = two

    async def story(client: Client) -> None:
        first, _, leave = client.listen("1")
        await first.until(b"id: ")
        for number in range(3):
            await asyncio.to_thread(state, ours, f"r{number}")
        await first.until(b"r2")
        after = next(f["id"] for f in frames(first.body) if "r0" in f.get("data", ""))
        leave.set()
        await asyncio.to_thread(state, ours, "r3")
        again, _, _ = client.listen("1", last_event_id=after)
        await again.until(b"r3")
        await asyncio.to_thread(state, ours, "r4")
        await again.until(b"r4")
        assert roles(again.body) == ["r1", "r2", "r3", "r4"]
        page, _, _ = client.listen("1", f"/live/events?after={after}")
        await page.until(b"r4")
        assert roles(page.body) == ["r1", "r2", "r3", "r4"]
        bad, task, _ = client.listen("1", last_event_id="nonsense")
        await task
        assert (bad.status, bad.json()["code"]) == (400, "stream.malformed")
        refused, task, _ = client.listen("x")
        await task
        assert refused.status == 403

    with_live(ways, story)


def test_stopping_ends_every_stream(two: Any) -> None:
    _, _, ways = two

    async def story(client: Client) -> None:
        opened = [client.listen("1") for _ in range(20)]
        await asyncio.gather(*(answer.until(b"id: ") for answer, _, _ in opened))
        client.live.stop()
        async with asyncio.timeout(2):
            await asyncio.gather(*(task for _, task, _ in opened))
        assert all(answer.ended for answer, _, _ in opened)
        late, task, _ = client.listen("1")
        await task
        assert late.status == 503

    with_live(ways, story)


def test_a_vehicle_that_moves_is_seen(committed: Any, superuser: Any) -> None:
    shown = "insert into events_clock (id, real_at, shown_at, speed) values (1, clock_timestamp(), %s, 0)"
    superuser.execute(shown, [AT + timedelta(minutes=1)])  # whenever it is: who was not heard of for long is not shown
    road = a_road(an_owner())
    phone, _ = on_duty(road)
    road.start()
    with scope(road.by):
        now = AT + timedelta(minutes=1)
    ways = Ways(committed.app, "http://here", lambda asked: road.by, lambda organization_id: None)

    def move() -> None:
        bring(road.by, phone, halt(SQUARE, AT, seconds=30), now=now)
        actions.follow(road.route_id, by=system(road.by.organization_id), at=now)

    async def story(client: Client) -> None:
        answer, _, _ = client.listen("1")
        await answer.until(b"id: ")
        await asyncio.to_thread(move)
        await answer.until(b"event: position")
        (moved,) = [f for f in frames(answer.body) if f.get("event") == "position"]
        assert "id" not in moved
        assert json.loads(moved["data"])["route_id"] == str(road.route_id)

    with_live(ways, story)


def test_who_looks_at_a_board_is_told_to_who_listens_within_a_second(two: Any) -> None:
    us, them, ways = two
    tab, real = uuid7(), datetime.now(UTC)

    async def story(client: Client) -> None:
        ours, _, _ = client.listen("1")
        theirs, _, _ = client.listen("2")
        await ours.until(b"id: ")
        await theirs.until(b"id: ")
        began = time.monotonic()
        await asyncio.to_thread(plans.say_present, AT.date(), tab, [tab], name="Anna", by=us, at=real)
        await ours.until(str(tab).encode())
        assert time.monotonic() - began < 5  # it is told, not asked for again
        (said,) = [json.loads(f["data"]) for f in frames(ours.body) if f.get("event") == "presence"]
        assert [(one["name"], one["tab"], one["selected"]) for one in said["people"]] == [
            ("Anna", str(tab), [str(tab)])
        ]
        assert b"presence" not in theirs.body

    with_live(ways, story)
    assert them != us


# --- the hub alone ---


def entry(number: int) -> Entry:
    return Entry(number, UUID(int=number), "x.happened", "x", UUID(int=1), number, "system", AT, AT, {"n": number})


def source(log: list[Entry]) -> Source:
    async def events(_: UUID, after: hubs.Position, limit: int) -> list[Entry]:
        return [e for e in log if e.position > after][:limit]

    async def end(_: UUID) -> hubs.Position:
        return log[-1].position if log else (0, UUID(int=0))

    async def vehicles(_: UUID) -> list[hubs.Moved]:
        return []

    return Source(events, end, vehicles)


def test_a_reader_that_stalls_is_dropped_and_slows_nobody() -> None:
    async def story() -> None:
        hub = Hub(UUID(int=9), source([]), (0, UUID(int=0)))
        stalled, quick = Stream(), Stream()
        hub.streams |= {stalled, quick}
        taken = []

        async def read() -> None:
            async for part in quick.frames():
                taken.append(part)

        reader = asyncio.create_task(read())
        for _ in range(hubs.ROOM + 10):
            hub.publish(b"x")
            await asyncio.sleep(0)
        assert stalled.ended
        assert not quick.ended
        quick.end()
        await reader
        assert b"".join(taken) == b"x" * (hubs.ROOM + 10)

    asyncio.run(story())


def test_replay_pages_up_to_where_the_hub_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "PAGE", 10)
    monkeypatch.setattr(hubs, "MOST_REPLAYED", 40)
    log = [entry(n) for n in range(1, 101)]

    async def replayed(after: int, until: int) -> bytes:
        hub = Hub(UUID(int=9), source(log), log[-1].position)
        parts = [part async for part in hub.replay(log[after - 1].position, log[until - 1].position)]
        return b"".join(parts)

    body = asyncio.run(replayed(60, 95))
    assert [json.loads(f["data"])["data"]["n"] for f in frames(body)] == list(range(61, 96))
    assert frames(asyncio.run(replayed(1, 100)))[-1]["event"] == "reset"


def test_positions_are_read_as_they_are_written() -> None:
    position = (12, UUID(int=5))
    assert read_position(position_text(position)) == position
    assert read_position("12") is None
    assert read_position("x.y") is None
