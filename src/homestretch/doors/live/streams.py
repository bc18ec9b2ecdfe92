"""Events out: `GET /live/events`, server-sent events of one organization, for staff and keys that may read tracking."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs
from uuid import UUID

from django.db import DatabaseError

from homestretch.doors.live.hub import HEARTBEAT, Hub, Position, Source, Stream, position_text, read_position
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.web.plain import Receive, Scope, Send, header

log = logging.getLogger(__name__)
BEAT_S = 15.0
LOOK_AGAIN_S = 60.0  # whoever may no longer read is out after this
MOST_STREAMS = 2_000

Who = Callable[[Scope], Awaitable[Actor]]


class Streams:
    """All open streams, by organization. `who` says who asks, or refuses."""

    def __init__(self, source: Source, who: Who) -> None:
        self._source, self._who = source, who
        self._hubs: dict[UUID, Hub] = {}
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._opening = asyncio.Lock()
        self._count = 0
        self._stopped = False

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One stream, until the client, the server or a slow line ends it."""
        actor = await self._who(scope)
        since = _since(scope)
        if self._stopped or self._count >= MOST_STREAMS:
            raise Refusal("stream.unavailable", "no more live streams here", remedy="try again soon")
        stream = Stream()
        self._count += 1
        try:
            hub, here = await self._subscribe(actor.organization_id, stream)
            watch = asyncio.create_task(self._watch(scope, receive, stream))
            try:
                await self._send_all(hub, here, since, stream, send)
            finally:
                watch.cancel()
        finally:
            self._count -= 1
            self._leave(actor.organization_id, stream)

    @property
    def count(self) -> int:
        """Streams that are open."""
        return self._count

    def tell(self, organization_id: UUID | None) -> None:
        """A fact was written (None: perhaps in any organization)."""
        for hub in self._some(organization_id):
            hub.tell()

    def move(self, organization_id: UUID | None) -> None:
        """A vehicle has moved."""
        for hub in self._some(organization_id):
            hub.move()

    def look(self, organization_id: UUID | None) -> None:
        """Who has a board open, or how far a search is, has changed."""
        for hub in self._some(organization_id):
            hub.look()

    def stop(self) -> None:
        """End every stream, and take no more."""
        self._stopped = True
        for hub in self._hubs.values():
            for stream in hub.streams:
                stream.end()

    async def beat(self) -> None:
        """Heartbeats until cancelled: a dead line is noticed by writing to it."""
        while True:
            await asyncio.sleep(BEAT_S)
            for hub in self._hubs.values():
                hub.publish(HEARTBEAT)

    async def close(self) -> None:
        """End the readers."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _some(self, organization_id: UUID | None) -> list[Hub]:
        if organization_id is None:
            return list(self._hubs.values())
        hub = self._hubs.get(organization_id)
        return [hub] if hub else []

    async def _subscribe(self, organization_id: UUID, stream: Stream) -> tuple[Hub, Position]:
        """Join the hub, opening it for the first stream; and where the hub stands, read in the same breath."""
        async with self._opening:
            hub = self._hubs.get(organization_id)
            if hub is None:
                hub = Hub(organization_id, self._source, await self._source.end(organization_id))
                self._hubs[organization_id] = hub
                self._tasks[organization_id] = asyncio.create_task(hub.run())
            hub.streams.add(stream)
            if self._stopped:
                stream.end()
            return hub, hub.position

    def _leave(self, organization_id: UUID, stream: Stream) -> None:
        hub = self._hubs.get(organization_id)
        if hub is None:
            return
        hub.streams.discard(stream)
        if not hub.streams:
            del self._hubs[organization_id]
            self._tasks.pop(organization_id).cancel()

    async def _send_all(self, hub: Hub, here: Position, since: Position | None, stream: Stream, send: Send) -> None:
        headers = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        try:
            await _part(send, b"retry: 2000\n\n")
            if since is not None:
                async for frames in hub.replay(since, here):
                    await _part(send, frames)
            await _part(send, f"id: {position_text(here)}\n\n".encode())
            async for frames in stream.frames():
                await _part(send, frames)
            await send({"type": "http.response.body", "body": b""})
        except (ConnectionError, RuntimeError):  # the client left; servers say so in different ways
            return

    async def _watch(self, scope: Scope, receive: Receive, stream: Stream) -> None:
        """End the stream when the client leaves, or may no longer read."""
        left = asyncio.create_task(_disconnect(receive))
        try:
            while not left.done():
                await asyncio.wait({left}, timeout=LOOK_AGAIN_S)
                if not left.done():
                    await self._who(scope)
        except (Refusal, DatabaseError) as error:  # whoever still may comes back by its position
            log.info("a live stream's reader is not known to be allowed any more", exc_info=error)
        finally:
            left.cancel()
            stream.end()


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _part(send: Send, frames: bytes) -> None:
    await send({"type": "http.response.body", "body": frames, "more_body": True})


def _since(scope: Scope) -> Position | None:
    """The position to begin after: `Last-Event-ID`, or at first `?after=`, for a browser's stream can't set headers."""
    text = header(scope, b"last-event-id") or _after(scope)
    if not text:
        return None
    position = read_position(text)
    if position is None:
        raise Refusal(
            "stream.malformed",
            "Last-Event-ID is none of ours",
            remedy="send the last id that came",
            field="Last-Event-ID",
        )
    return position


def _after(scope: Scope) -> str:
    query = bytes(scope.get("query_string", b"")).decode("ascii", "ignore")
    return parse_qs(query).get("after", [""])[0]
