"""What geocoders over HTTP share: one question, an answer in JSON, and doubt where the best answers lie apart."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

from homestretch.kernel.geo import Point, distance_m, read_point
from homestretch.kernel.refusal import Refusal
from homestretch.providers import http
from homestretch.providers.errors import ProviderError
from homestretch.providers.geocoding import Candidate

SAME_PLACE_M = 250


def ask(url: str, params: Mapping[str, str], *, timeout_seconds: float) -> bytes:
    """The body of a GET; parameters without a value are left out. Raises `ProviderError`, never `unknown`."""
    given = {name: value for name, value in params.items() if value}
    request = httpx.Request("GET", url, params=given)
    reply = http.exchange(request, timeout_seconds=timeout_seconds, safe=True)
    failed = http.failure(reply, safe=True)
    if failed:
        raise failed
    return reply.body


def read(body: bytes, rows: Callable[[Any], Sequence[Any]], candidate: Callable[[Any], Candidate]) -> list[Candidate]:
    """The candidates of an answer: `rows` finds them in the JSON. Raises `ProviderError` where it is another."""
    try:
        found = [candidate(row) for row in rows(json.loads(body))]
        for one in found:
            read_point(one.lat, one.lon)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, Refusal) as error:
        raise ProviderError("deferred", "answer_unreadable", "the geocoder's answer is not a list of places") from error
    return found


def doubted(found: Sequence[Candidate]) -> list[Candidate]:
    """Best first; where several of the best precision lie apart, none is trusted."""
    ordered = sorted(found, key=lambda candidate: -candidate.confidence)
    best = [candidate for candidate in ordered if candidate.precision == ordered[0].precision]
    if all(_meters(best[0], other) <= SAME_PLACE_M for other in best):
        return ordered
    return [Candidate(c.lat, c.lon, c.label, c.confidence / 2, c.precision) for c in ordered]


def is_numbered(text: str) -> bool:
    """Whether a question has a number. A building without one does not answer it: it is some building in the street."""
    return bool(re.search(r"\d", text))


def require_url(base_url: str) -> None:
    """Refuses `provider.option_missing`."""
    if not base_url:
        raise Refusal("provider.option_missing", "base_url is empty", remedy="set base_url", field="base_url")


def _meters(one: Candidate, other: Candidate) -> float:
    return distance_m(Point(one.lat, one.lon), Point(other.lat, other.lon))
