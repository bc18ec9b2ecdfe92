"""A question that harms nobody when it is repeated: sent, and its JSON answer read carefully."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import ceil, isfinite
from typing import Any, TypeVar

import httpx

from homestretch.kernel.refusal import Refusal
from homestretch.providers import http
from homestretch.providers.errors import ProviderError

MAX_BYTES = 8_000_000  # of one answer
LARGEST = 2**31 - 3
Word = TypeVar("Word")


def send(request: httpx.Request, *, timeout_seconds: float) -> http.Reply:
    """The answer, whatever its status. A lookup harms nobody, so nothing is `unknown`."""
    return http.exchange(request, timeout_seconds=timeout_seconds, safe=True, max_bytes=MAX_BYTES)


def read(reply: http.Reply, shape: Callable[[Any], Word]) -> Word:
    """What `shape` makes of an answer's JSON; whatever it trips over is an answer that cannot be read."""
    failed = http.failure(reply, safe=True)
    if failed:
        raise failed
    try:
        return shape(json.loads(reply.body))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, Refusal) as error:
        raise unreadable("something that the service's documents do not show") from error


def word_of(reply: http.Reply, *names: str) -> object:
    """What an error's JSON says under the first of these names that it has; None where it is no JSON object."""
    try:
        found = json.loads(reply.body)
    except (ValueError, RecursionError):
        return None
    return next((found[name] for name in names if name in found), None) if isinstance(found, dict) else None


def answered_at(reply: http.Reply) -> datetime | None:
    """The service's own clock."""
    try:
        return parsedate_to_datetime(reply.headers.get("date", "")).astimezone(UTC)
    except (ValueError, TypeError):
        return None


def whole(value: object, *, up: bool = False) -> int:
    """A number of an answer as an integer that fits into 32 bits."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        raise unreadable("something else where a number belongs")
    if not 0 <= value <= LARGEST:
        raise unreadable("a number that nothing real has")
    return ceil(value - 1e-6) if up else round(value)  # 12.0000001 is 12 seconds said in floating point


def required(options: object, *names: str) -> None:
    """Refuses `provider.option_missing` for an empty one."""
    for name in names:
        if not getattr(options, name):
            raise Refusal("provider.option_missing", f"{name} is empty", remedy=f"set {name}", field=name)


def unreadable(what: str) -> ProviderError:
    return ProviderError("deferred", "answer_unreadable", f"the service answered {what}")


def instant(moment: datetime) -> str:
    """An instant as the services take it: UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
