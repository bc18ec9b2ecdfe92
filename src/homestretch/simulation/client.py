"""One principal at the doors: sends, repeats what can be repeated, and says what came of it.

Everything the simulation sends is safe to say twice (keys, ids of intents, times of positions, hashes of blobs), so a
request whose answer was lost is sent again as it was, until the patience ends.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx

from homestretch.kernel.ids import uuid7
from homestretch.simulation.recorder import Recorder

AGAIN = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE}
LONGEST_PAUSE_S = 2.0
BEARER = re.compile(r"hs[kdt]_")
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Refused(Exception):
    """A door said no: its problem document."""

    def __init__(self, status: int, problem: Mapping[str, Any], what: str) -> None:
        super().__init__(f"{what}: {status} {problem.get('code', '')}: {problem.get('detail', '')} {problem}")
        self.status = status
        self.problem = dict(problem)

    @property
    def code(self) -> str:
        """The refusal's code, '' where the answer was no problem document."""
        return str(self.problem.get("code", ""))


class Silent(Exception):
    """Nobody answered for longer than the patience."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A door's answer: JSON where it was JSON, else text."""

    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass(slots=True)
class Line:
    """What all clients of a run share: the address, the connections, the recorder, and how long to try."""

    url: str
    recorder: Recorder
    patience_s: float = 60.0
    timeout_s: float = 60.0
    web: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.url = self.url.rstrip("/")
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        self.web = httpx.Client(base_url=self.url, timeout=self.timeout_s, limits=limits, trust_env=False)

    def close(self) -> None:
        """Let the connections go."""
        self.web.close()


@dataclass(slots=True)
class Client:
    """One principal: a name for the recorder, and the token of a key, device, link or session ('' = nobody)."""

    line: Line
    name: str
    token: str = ""

    def get(self, path: str, **query: Any) -> Any:
        """The body of a GET; parameters that are None are left out."""
        return self.send("GET", path, params={k: v for k, v in query.items() if v is not None}).body

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        """The body of a POST of JSON, under an idempotency key (a fresh one where none is given)."""
        headers = {"Idempotency-Key": key or str(uuid7())}
        return self.send("POST", path, content=_json(body), headers=headers).body

    def change(self, method: str, path: str, body: Any = None, *, version: int | None = None) -> Any:
        """The body of a PATCH, PUT or DELETE, under the version that was read."""
        headers = {"If-Match": f'"{version}"'} if version is not None else {}
        return self.send(method, path, content=_json(body), headers=headers).body

    def send(self, method: str, path: str, **given: Any) -> Reply:
        """Send until there is an answer. Raises `Refused` for 4xx and 5xx, `Silent` when the patience ends."""
        headers = {"Content-Type": "application/json", **given.pop("headers", {})}  # unless another is given
        if BEARER.match(self.token):
            headers["Authorization"] = f"Bearer {self.token}"
        elif self.token:
            headers["X-Session-Token"] = self.token
        deadline, pause = time.monotonic() + self.line.patience_s, 0.05
        while True:
            response, why = self._once(method, path, headers, given)
            if response is not None and response.status_code not in AGAIN:
                return _read(response, f"{self.name}: {method} {path}")
            if time.monotonic() > deadline:
                raise Silent(f"{self.name}: {method} {path}: {why}")
            pause = min(LONGEST_PAUSE_S, max(pause * 2, _asked_pause(response)))
            time.sleep(pause)

    def _once(
        self, method: str, path: str, headers: dict[str, str], given: dict[str, Any]
    ) -> tuple[httpx.Response | None, str]:
        began, recorder = time.monotonic(), self.line.recorder
        try:
            response = self.line.web.request(method, path, headers=headers, **given)
        except NEVER_SENT as error:
            recorder.request(self.name, method, path, "failed", 0, time.monotonic() - began)
            return None, repr(error)
        except httpx.TransportError as error:
            recorder.request(self.name, method, path, "unknown", 0, time.monotonic() - began)
            return None, repr(error)
        outcome = "failed" if response.is_error else "ok"
        recorder.request(self.name, method, path, outcome, response.status_code, time.monotonic() - began)  # type: ignore[arg-type]
        return response, str(response.status_code)


def every(client: Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = client.get(path, cursor=cursor, limit=200, **query)
        found += page["items"]
        cursor = page["next"]
        if not cursor:
            return found


def _json(body: Any) -> bytes | None:
    return None if body is None else json.dumps(body, default=str).encode()


def _asked_pause(response: httpx.Response | None) -> float:
    text = response.headers.get("Retry-After", "") if response is not None else ""
    return float(text) if text.isdigit() else 0.0


def _read(response: httpx.Response, what: str) -> Reply:
    is_json = "json" in response.headers.get("Content-Type", "")
    body = response.json() if is_json and response.content else response.text
    if response.is_error:
        raise Refused(response.status_code, body if isinstance(body, dict) else {"detail": body[:500]}, what)
    return Reply(response.status_code, body, response.headers)
