"""The hot doors without a server: requests as ASGI messages, answers as values."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from homestretch.doors.live.app import Live


class Answer:
    """A response, whole or as far as it has come."""

    def __init__(self) -> None:
        self.status, self.headers, self.body = 0, {}, b""
        self.ended = False
        self.grown = asyncio.Event()

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {k.decode(): v.decode() for k, v in message["headers"]}
        else:
            self.body += message.get("body", b"")
            self.ended = not message.get("more_body", False)
        self.grown.set()

    async def until(self, text: bytes, seconds: float = 30.0) -> bytes:
        """The body, once it holds `text`. Open transactions of other tests on the same server hold the tail back."""
        async with asyncio.timeout(seconds):
            while text not in self.body:
                self.grown.clear()
                await self.grown.wait()
        return self.body

    def json(self) -> Any:
        return json.loads(self.body)


def scope_of(method: str, path: str, headers: dict[str, str], address: str = "10.0.0.1") -> dict[str, Any]:
    path, _, query = path.partition("?")
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
        "client": (address, 5000),
        "server": ("127.0.0.1", 8000),
        "scheme": "http",
    }


class Client:
    """Asks one `Live`."""

    def __init__(self, live: Live) -> None:
        self.live = live

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One request to its end."""
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        answer, sent = Answer(), False

        async def receive() -> Any:
            nonlocal sent
            if sent:
                return {"type": "http.disconnect"}
            sent = True
            return {"type": "http.request", "body": content, "more_body": False}

        names = {name.replace("_", "-"): value for name, value in headers.items()}
        await self.live(scope_of(method, path, names), receive, answer.send)
        return answer

    def listen(
        self, token: str, path: str = "/live/events", **headers: str
    ) -> tuple[Answer, asyncio.Task[None], asyncio.Event]:
        """Open a stream; set the event to leave it."""
        answer, leave = Answer(), asyncio.Event()

        async def receive() -> Any:
            await leave.wait()
            return {"type": "http.disconnect"}

        names = {"authorization": f"Bearer {token}"} | {k.replace("_", "-"): v for k, v in headers.items()}
        task = asyncio.create_task(self.live(scope_of("GET", path, names), receive, answer.send))  # type: ignore[arg-type]
        return answer, task, leave


def with_live(ways: Any, story: Callable[[Client], Awaitable[None]]) -> None:
    """Run a story against open doors, and close them."""

    async def run() -> None:
        live = Live(ways)
        await live.open()
        try:
            await story(Client(live))
        finally:
            await live.close()

    asyncio.run(run())
