"""One reader of an organization's log for all its streams. It reads once and hands the same bytes to everyone.

A stream subscribes first and replays up to the hub's position, then takes from its queue what is newer: nothing is
missed between the two, and nothing comes twice. A stream that does not keep up is dropped; it returns by its position.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from homestretch.kernel.units import iso

log = logging.getLogger(__name__)
Position = tuple[int, UUID]
ROOM = 256  # messages that a stream may lag behind
PAGE = 500
POLL_S = 1.0
BOARD_S = 0.2  # at most five times a second
AGAIN_S = (0.005, 0.02, 0.05, 0.15)  # a fact is told of before older transactions let it be read
MOST_REPLAYED = 5_000
HEARTBEAT = b": beat\n\n"


class Entry(NamedTuple):
    """An event of the log."""

    tx: int
    id: UUID
    type: str
    subject: str
    subject_id: UUID
    subject_seq: int
    actor: str
    at: datetime
    recorded_at: datetime
    data: dict[str, Any]

    @property
    def position(self) -> Position:
        """Where it stands in the log."""
        return self.tx, self.id


class Moved(NamedTuple):
    """A route's vehicle is somewhere else."""

    route_id: UUID
    vehicle_id: UUID
    at: datetime
    lat: float
    lon: float
    speed_mh: int | None
    bearing_deg: int | None


class Source(NamedTuple):
    """How a hub reads: events after a position, the log's end, vehicles, and what boards tell each other."""

    events: Callable[[UUID, Position, int], Awaitable[list[Entry]]]
    end: Callable[[UUID], Awaitable[Position]]
    vehicles: Callable[[UUID], Awaitable[list[Moved]]]
    boards: Callable[[UUID], Awaitable[list[tuple[str, dict[str, Any]]]]] | None = None


class Stream:
    """One listener's queue of frames; None ends it."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[bytes | None] = asyncio.Queue(ROOM + 1)
        self.ended = False

    def put(self, frame: bytes) -> None:
        """Add a frame, or drop the stream where there is no room."""
        if self.ended:
            return
        if self._queue.qsize() >= ROOM:
            self.end()
        else:
            self._queue.put_nowait(frame)

    def end(self) -> None:
        """No more frames."""
        if not self.ended:
            self.ended = True
            self._queue.put_nowait(None)

    async def frames(self) -> AsyncIterator[bytes]:
        """Frames as they come, those that wait together joined."""
        while True:
            frame = await self._queue.get()
            parts = []
            while frame is not None:
                parts.append(frame)
                if self._queue.empty():
                    break
                frame = self._queue.get_nowait()
            if parts:
                yield b"".join(parts)
            if frame is None:
                return


class Hub:
    """The tail of one organization, read by one task while anybody listens."""

    def __init__(self, organization_id: UUID, source: Source, position: Position) -> None:
        self.organization_id = organization_id
        self.position = position
        self.streams: set[Stream] = set()
        self._source = source
        self._told = asyncio.Event()
        self._moved = asyncio.Event()
        self._boards = asyncio.Event()
        self._seen: dict[UUID, datetime] = {}

    def tell(self) -> None:
        """A fact was written."""
        self._told.set()

    def move(self) -> None:
        """A vehicle has moved."""
        self._moved.set()

    def look(self) -> None:
        """Who has a board open, or how far a search is, has changed."""
        self._boards.set()

    def publish(self, frame: bytes) -> None:
        """To every stream, at once."""
        for stream in self.streams:
            stream.put(frame)

    async def replay(self, after: Position, until: Position) -> AsyncIterator[bytes]:
        """Frames after one position, up to another. More than can be replayed is one `reset`: take a new snapshot."""
        count = 0
        while after < until:
            page = [e for e in await self._source.events(self.organization_id, after, PAGE) if e.position <= until]
            if not page:
                return
            count += len(page)
            if count > MOST_REPLAYED:
                yield b"event: reset\ndata: {}\n\n"
                return
            yield b"".join(map(event_frame, page))
            after = page[-1].position

    async def run(self) -> None:
        """Read until cancelled. What goes wrong, most often a database that is away, is tried again a second later."""
        turns = (self._read_events, self._read_vehicles, self._read_boards)
        await asyncio.gather(*map(self._guarded, turns))

    async def _guarded(self, turn: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await turn()
            except Exception:
                log.exception("a live view can't be read; trying again")
                await asyncio.sleep(POLL_S)

    async def _read_events(self) -> None:
        told = await _set_within(self._told, POLL_S)
        self._told.clear()
        for pause in AGAIN_S if told else (0.0,):
            if await self._read_pages():
                return
            await asyncio.sleep(pause)

    async def _read_pages(self) -> bool:
        found = False
        while page := await self._source.events(self.organization_id, self.position, PAGE):
            self.publish(b"".join(map(event_frame, page)))
            self.position = page[-1].position
            found = True
            if len(page) < PAGE:
                break
        return found

    async def _read_vehicles(self) -> None:
        await _set_within(self._moved, POLL_S)
        self._moved.clear()
        for moved in await self._source.vehicles(self.organization_id):
            if moved.at > self._seen.get(moved.route_id, moved.at.min.replace(tzinfo=moved.at.tzinfo)):
                self._seen[moved.route_id] = moved.at
                self.publish(position_frame(moved))

    async def _read_boards(self) -> None:
        """Told by notices alone, so that who left is gone when the next one says something."""
        await self._boards.wait()
        self._boards.clear()
        for name, body in await self._source.boards(self.organization_id) if self._source.boards else ():
            self.publish(board_frame(name, body))
        await asyncio.sleep(BOARD_S)


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


def event_frame(entry: Entry) -> bytes:
    """An event as the stream says it; its id is the position to return by."""
    body = {
        "id": str(entry.id),
        "type": entry.type,
        "subject": entry.subject,
        "subject_id": str(entry.subject_id),
        "subject_seq": entry.subject_seq,
        "actor": entry.actor,
        "at": iso(entry.at),
        "recorded_at": iso(entry.recorded_at),
        "data": entry.data,
    }
    text = json.dumps(body, separators=(",", ":"))
    return f"id: {position_text(entry.position)}\nevent: {entry.type}\ndata: {text}\n\n".encode()


def position_frame(moved: Moved) -> bytes:
    """A vehicle's position: no id, for it is not in the log."""
    body = {
        "route_id": str(moved.route_id),
        "vehicle_id": str(moved.vehicle_id),
        "at": iso(moved.at),
        "lat": moved.lat,
        "lon": moved.lon,
        "speed_mh": moved.speed_mh,
        "bearing_deg": moved.bearing_deg,
    }
    return f"event: position\ndata: {json.dumps(body, separators=(',', ':'))}\n\n".encode()


def board_frame(name: str, body: dict[str, Any]) -> bytes:
    """`presence` or `search`: no id, for neither is in the log."""
    return f"event: {name}\ndata: {json.dumps(body, separators=(',', ':'))}\n\n".encode()


def position_text(position: Position) -> str:
    """`tx.id`."""
    return f"{position[0]}.{position[1]}"


def read_position(text: str) -> Position | None:
    """The position in `Last-Event-ID`; None where it is none of ours."""
    tx, _, ident = text.partition(".")
    try:
        return int(tx), UUID(ident)
    except ValueError:
        return None
