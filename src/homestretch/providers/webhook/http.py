"""Webhooks over HTTP, to public addresses only."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import httpx

from homestretch.providers import guard, http
from homestretch.providers.errors import ProviderError
from homestretch.providers.registry import adapter
from homestretch.providers.webhook import Answer


@dataclass(frozen=True)
class HttpWebhookOptions:
    """`allow_loopback` is for tests and the demo: it lets endpoints live on this machine."""

    timeout_seconds: float = 15.0
    max_body_bytes: int = 262_144
    excerpt_bytes: int = 2_048
    allow_loopback: bool = False


@adapter("webhook", "http", HttpWebhookOptions)
class HttpWebhook:
    """One connection a post, no redirects, and of the answer only an excerpt is read."""

    def __init__(self, options: HttpWebhookOptions, *, resolve: guard.Resolve | None = None) -> None:
        self._options = options
        self._resolve = resolve

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        options = self._options
        _check(url, len(body), options.max_body_bytes)
        started = time.monotonic()
        with (
            http.failures(safe=False),
            guard.guarded_client(
                timeout_seconds=options.timeout_seconds,
                allow_loopback=options.allow_loopback,
                resolve=self._resolve,
            ) as client,
            client.stream("POST", url, headers=dict(headers), content=body) as response,
        ):
            excerpt = _excerpt(response, options.excerpt_bytes)
        seconds = time.monotonic() - started
        return Answer(response.status_code, excerpt, seconds, http.retry_after(response.headers))


def _check(url: str, body_bytes: int, max_body_bytes: int) -> None:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ProviderError("permanent", "url_refused", "the URL cannot be read") from error
    if parsed.scheme not in ("http", "https") or not parsed.host or not 0 < (parsed.port or 80) < 65536:
        raise ProviderError("permanent", "url_refused", "the URL is not one of http or https")
    if parsed.userinfo:
        raise ProviderError("permanent", "url_refused", "the URL carries credentials")
    if body_bytes > max_body_bytes:
        raise ProviderError("permanent", "body_too_large", f"the body has more than {max_body_bytes} bytes")


def _excerpt(response: httpx.Response, limit: int) -> str:
    """The beginning of the body, without NUL, which the database cannot keep. The status is known by now, so a body
    that breaks off or does not end costs only its rest."""
    content = bytearray()
    with suppress(httpx.TransportError):
        for chunk in response.iter_raw():
            content += chunk
            if len(content) >= limit:
                break
    return content[:limit].decode(errors="replace").replace("\x00", "")
