"""Django in threads: bodies are bounded together, and what is refused can be sent again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from typing import Any

from homestretch.wiring.adapter import SMALL, WsgiInThreads
from tests.doors.live.client import Answer, scope_of

HUGE = SMALL + 1000


class Site:
    """A WSGI application behind room for one large body; it answers nobody before it is `opened`."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.inside = threading.Semaphore(0)
        self.adapter = WsgiInThreads(self._respond, "http://here", 10 * HUGE, most_held=1500)

    def _respond(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.inside.release()
        assert self.opened.wait(20)
        start_response("200 OK", [])
        return [str(len(environ["wsgi.input"].read())).encode()]

    async def post(self, size: int) -> Answer:
        answer, parts = Answer(), [b"x" * (size // 2), b"x" * (size - size // 2)]

        async def receive() -> Any:
            return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

        await self.adapter(scope_of("POST", "/", {}), receive, answer.send)
        return answer


def test_large_bodies_find_room_or_are_refused_and_small_ones_always_do() -> None:
    async def story() -> None:
        site = Site()
        first = asyncio.create_task(site.post(HUGE))
        await asyncio.to_thread(site.inside.acquire)
        refused = await site.post(HUGE)
        assert (refused.status, refused.json()["code"]) == (503, "request.unavailable")
        assert refused.headers["retry-after"] == "2"
        small = asyncio.create_task(site.post(SMALL))
        await asyncio.to_thread(site.inside.acquire)
        site.opened.set()
        assert [(await task).body for task in (first, small)] == [str(size).encode() for size in (HUGE, SMALL)]
        assert (await site.post(HUGE)).status == 200, "there is room again"
        site.adapter.close()

    asyncio.run(story())
