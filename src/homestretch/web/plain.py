"""The little of HTTP that doors beside Django need: bodies, headers, JSON, refusals as problem documents."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]

MOST_BYTES = 256 * 1024  # a batch of 500 positions is below 100 kB
JSON, PROBLEM = b"application/json", b"application/problem+json"


class Gone(Exception):
    """The client went away before its request was whole."""


def header(scope: Scope, name: bytes) -> str:
    """The first header of that (lowercase) name, or ''."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def address_of(scope: Scope, *, proxied: bool = False) -> str:
    """The other end of the connection; where an own proxy stands before us (`proxied`), the last address it names."""
    named = [value for key, value in scope["headers"] if key == b"x-forwarded-for"] if proxied else []
    forwarded = named[-1].decode("latin-1").rsplit(",", 1)[-1].strip() if named else ""
    client = scope.get("client")
    return forwarded or (str(client[0]) if client else "")


async def body_of(receive: Receive, most: int = MOST_BYTES) -> bytes:
    """The whole body. Refuses `request.too_large`; raises `Gone`."""
    whole = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        whole += message.get("body", b"")
        if len(whole) > most:
            raise Refusal("request.too_large", f"more than {most} bytes", remedy="send less at a time")
        if not message.get("more_body", False):
            return bytes(whole)


def json_of(body: bytes) -> Any:
    """The body as JSON. Refuses `request.malformed`."""
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refusal("request.malformed", "the body is not JSON", remedy="send JSON in UTF-8") from error


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not JSON")


async def answer(send: Send, status: int, body: bytes, kind: bytes = JSON, headers: Iterable[Header] = ()) -> None:
    """A whole response."""
    start = [(b"content-type", kind), (b"content-length", b"%d" % len(body)), (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})


async def refuse(send: Send, refusal: Refusal, url: str, request_id: UUID | None = None) -> None:
    """The refusal as RFC 9457 says, with the same members as Django's doors give. `url` is this installation's."""
    members: dict[str, Any] = {
        "type": f"{url}/docs/refusals#{refusal.code}",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "code": refusal.code,
        "detail": refusal.cause,
        "field": refusal.field,
        "remedy": refusal.remedy,
        **({"details": refusal.details} if refusal.details else {}),
        "request_id": str(request_id or uuid7()),
    }
    headers: list[Header] = []
    if "retry_after" in refusal.details:
        headers.append((b"retry-after", str(refusal.details["retry_after"]).encode()))
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers.append((b"www-authenticate", b'Bearer realm="homestretch"'))
    await answer(send, refusal.status, json.dumps(members).encode(), PROBLEM, headers)
