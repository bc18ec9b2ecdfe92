"""Synchronous Django in our ASGI application: WSGI in threads, for Django's own ASGI handler is ten times slower."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import close_old_connections

from homestretch.kernel.refusal import Refusal
from homestretch.web.plain import Gone, Message, Receive, Scope, Send, body_of, refuse
from homestretch.web.wsgi import environ_of

THREADS = 8
MOST_HELD = 128 * 1024 * 1024  # bytes of all bodies together that wait for a thread or are worked on
SMALL = 64 * 1024  # of each body that is let in however full it is
END = object()


class Room:
    """Room for bodies: beyond `most` bytes they are refused rather than held."""

    def __init__(self, most: int) -> None:
        self._most, self.held = most, 0

    def take(self, size: int) -> None:
        """Refuses `request.unavailable`."""
        if self.held + size > self._most:
            raise Refusal(
                "request.unavailable", "too many large bodies at once", remedy="send it again in 2 s", retry_after=2
            )
        self.held += size

    def give_back(self, size: int) -> None:
        """What was taken is free again."""
        self.held -= size


class Share:
    """What one request takes of the room, counted as its body comes in: an announced length holds nothing."""

    def __init__(self, room: Room, receive: Receive) -> None:
        self._room, self._receive = room, receive
        self._came = self._taken = 0

    async def receive(self) -> Message:
        """The next message. Refuses as the room does."""
        message = await self._receive()
        self._came += len(message.get("body", b""))
        more = max(0, self._came - SMALL) - self._taken
        if more > 0:
            self._room.take(more)
            self._taken += more
        return message

    def give_back(self) -> None:
        """All of it."""
        self._room.give_back(self._taken)
        self._taken = 0


class WsgiInThreads:
    """A WSGI application as ASGI. Bodies are read whole, and capped, each and together; a streamed response is
    streamed."""

    def __init__(
        self, application: Callable[..., Iterable[bytes]], url: str, most_bytes: int, most_held: int = MOST_HELD
    ) -> None:
        self._application, self._url, self._most_bytes = application, url, most_bytes
        self._room = Room(most_held)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="django")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        share = Share(self._room, receive)
        try:
            body = await body_of(share.receive, self._most_bytes)
            start, first, chunks = await self._run(self._respond, environ_of(scope, body))
        except Gone:
            return
        except Refusal as refusal:
            await refuse(send, refusal, self._url)
            return
        finally:
            share.give_back()
        await self._answer(send, start, first, chunks)

    async def _answer(self, send: Send, start: dict[str, Any], first: bytes, chunks: Any) -> None:
        try:
            await send({"type": "http.response.start", **start})
            await send({"type": "http.response.body", "body": first, "more_body": chunks is not None})
            while chunks is not None:
                chunk = await self._run(_next, chunks)
                if chunk is END:
                    await send({"type": "http.response.body", "body": b""})
                    return
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        finally:
            if chunks is not None:
                await self._run(chunks.close)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *args)

    def _respond(self, environ: dict[str, Any]) -> tuple[dict[str, Any], bytes, Any]:
        """In a thread: status and headers, the body or its beginning, and the rest where it is streamed."""
        start: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
            start["status"] = int(status.split(" ", 1)[0])
            start["headers"] = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers]

        response = self._application(environ, start_response)
        if getattr(response, "streaming", False):
            return start, b"", _closing(response)
        try:
            return start, b"".join(response), None
        finally:
            if hasattr(response, "close"):
                response.close()


def _next(chunks: Iterator[bytes]) -> Any:
    """In a thread, each time perhaps another: what it took of the database goes back with the chunk."""
    try:
        return next(chunks, END)
    finally:
        close_old_connections()


def _closing(response: Any) -> Iterator[bytes]:
    """The chunks of a streamed response, closed after the last one or when it is left."""
    try:
        yield from response
    finally:
        response.close()
