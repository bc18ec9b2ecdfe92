"""Asking the maps' door, without a server."""

from __future__ import annotations

import asyncio
from typing import Any

from homestretch.doors.maps.app import Maps

Answered = tuple[int, dict[str, str], bytes]


def ask(door: Maps, path: str, method: str = "GET", **headers: str) -> Answered:
    """Status, headers and body."""
    given = {"host": "maps.test", **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.lower().encode(), value.encode()) for name, value in given.items()]
    return answered(door, {"type": "http", "method": method, "path": path, "headers": raw})


def answered(door: Maps, scope: dict[str, Any]) -> Answered:
    """What the door sends for a request."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    asyncio.run(door(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:])
