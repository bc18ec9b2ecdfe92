"""The one HTTP client for services that the operator has configured, and what their answers mean.

Addresses that a stranger may choose (webhooks) go through `guard.py` instead.
"""

from __future__ import annotations

import atexit
import importlib.metadata
import os
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import lru_cache

import httpx

from homestretch.providers.errors import Outcome, ProviderError
from homestretch.providers.wire import TimedBackend, Wire

MAX_ANSWER_BYTES = 1_000_000
MAX_RETRY_AFTER_SECONDS = 24 * 3600
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_NEVER_SENDABLE = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL)


@dataclass(frozen=True)
class Reply:
    """What a service answered, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def exchange(
    request: httpx.Request,
    *,
    timeout_seconds: float,
    auth: httpx.Auth | None = None,
    safe: bool = False,
    max_bytes: int = MAX_ANSWER_BYTES,
) -> Reply:
    """Send `request` and read the whole answer, whatever its status; redirects are not followed.

    Raises `ProviderError` when there is no answer: `deferred` if the request never left, `unknown` if it may have
    arrived. `safe` says that repeating the request harms nobody (a lookup): then nothing is `unknown`.
    `timeout_seconds` bounds all of it, from connecting to the last byte. A longer answer than `max_bytes` is none.
    """
    request.headers.setdefault("User-Agent", user_agent())
    request.extensions["timeout"] = httpx.Timeout(timeout_seconds).as_dict()
    with failures(safe=safe):
        response = client().send(request, auth=auth or httpx.USE_CLIENT_DEFAULT, stream=True)
        try:
            body = _read(response, max_bytes)
        finally:
            response.close()
    return Reply(response.status_code, response.headers, body)


def failure(reply: Reply, *, safe: bool = False) -> ProviderError | None:
    """What a status means where the service gives no better code of its own; None for 2xx.

    429 and 503 are answers of a service that did not take the request. Any other 5xx may have come after it was taken.
    401 says nothing about this request, only about our credentials, so it waits until those are mended.
    """
    status, cause = reply.status, f"the service answered {reply.status}"
    if 200 <= status < 300:
        return None
    if status in (401, 407):
        return ProviderError("deferred", "credentials_refused", cause)
    if status == 429:
        return ProviderError("deferred", "too_many", cause, retry_after_seconds=retry_after(reply.headers))
    if status in (425, 503):
        return ProviderError("deferred", "busy", cause, retry_after_seconds=retry_after(reply.headers))
    if status >= 500 or status == 408:
        return ProviderError("deferred" if safe else "unknown", "server_failed", cause)
    if 300 <= status < 400:
        return ProviderError("permanent", "redirected", f"{cause}; redirects are not followed")
    return ProviderError("permanent", "refused", cause)


def retry_after(headers: Mapping[str, str]) -> int | None:
    """Seconds that the service asks us to wait, capped at a day; a date is counted from the answer's own `Date`."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(int(value[:9]), MAX_RETRY_AFTER_SECONDS)
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return max(0, min(int(wait.total_seconds()), MAX_RETRY_AFTER_SECONDS))


@lru_cache(maxsize=1)
def client() -> httpx.Client:
    """The process's client: connections are reused, the environment's proxies and .netrc are not."""
    made = httpx.Client(
        transport=Wire(TimedBackend(), tls_context(), kept_connections=10),
        trust_env=False,
        follow_redirects=False,
        timeout=10.0,
    )
    atexit.register(made.close)
    return made


os.register_at_fork(after_in_child=client.cache_clear)


@lru_cache(maxsize=1)
def tls_context() -> ssl.SSLContext:
    """Certificates checked against the bundled authorities; made once, for it costs tens of milliseconds."""
    return httpx.create_ssl_context(trust_env=False)


@lru_cache(maxsize=1)
def user_agent() -> str:
    try:
        return f"homestretch/{importlib.metadata.version('homestretch')}"
    except importlib.metadata.PackageNotFoundError:
        return "homestretch"


@contextmanager
def failures(*, safe: bool) -> Iterator[None]:
    """Turn a missing answer into `ProviderError`, by whether the request can have arrived; `safe` as in `exchange`."""
    try:
        yield
    except _NEVER_SENDABLE as error:
        raise ProviderError("permanent", "request_malformed", "the request cannot be sent as it is") from error
    except _NEVER_SENT as error:
        raise ProviderError("deferred", "unreachable", "no connection to the service") from error
    except httpx.TimeoutException as error:
        raise ProviderError(_lost(safe=safe), "no_answer", "no answer in time") from error
    except (httpx.TransportError, httpx.DecodingError) as error:
        raise ProviderError(_lost(safe=safe), "connection_lost", "the connection was lost before the answer") from error


def _lost(*, safe: bool) -> Outcome:
    return "deferred" if safe else "unknown"


def _read(response: httpx.Response, max_bytes: int) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > max_bytes:
            raise httpx.ReadError("the answer is too long")
    return bytes(body)
