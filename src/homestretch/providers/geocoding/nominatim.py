"""Nominatim and what speaks like it, over HTTP (https://nominatim.org/release-docs/latest/api/Search/).

Meant for a server of one's own: the public one allows one request a second and no bulk use, and nothing here paces.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import httpx

from homestretch.kernel.geo import Point, distance_m, read_point
from homestretch.kernel.refusal import Refusal
from homestretch.providers import http
from homestretch.providers.errors import ProviderError
from homestretch.providers.geocoding import Candidate, Precision, Query
from homestretch.providers.registry import adapter

_CONFIDENCE: dict[Precision, float] = {"address": 0.9, "street": 0.6, "area": 0.3}
_SAME_PLACE_METERS = 250


@dataclass(frozen=True)
class NominatimOptions:
    """`base_url` without `/search`; `email` is what the public server asks for, to reach a heavy user."""

    base_url: str
    email: str = ""
    timeout_seconds: float = 10.0

    def __post_init__(self) -> None:
        if not self.base_url:
            raise Refusal("provider.option_missing", "base_url is empty", remedy="set base_url", field="base_url")


@adapter("geocoding", "nominatim", NominatimOptions)
class Nominatim:
    def __init__(self, options: NominatimOptions) -> None:
        self._options = options

    def lookup(self, query: Query) -> list[Candidate]:
        wanted = {
            "q": query.text,
            "format": "jsonv2",
            "addressdetails": "1",
            "limit": str(query.limit),
            "countrycodes": query.country.lower(),
            "accept-language": query.language,
            "email": self._options.email,
        }
        params = {name: value for name, value in wanted.items() if value}
        request = httpx.Request("GET", f"{self._options.base_url.rstrip('/')}/search", params=params)
        reply = http.exchange(request, timeout_seconds=self._options.timeout_seconds, safe=True)
        failed = http.failure(reply, safe=True)
        if failed:
            raise failed
        numbered = bool(re.search(r"\d", query.text))
        return _doubted([_candidate(row, numbered=numbered) for row in _rows(reply.body)])[: query.limit]


def _rows(body: bytes) -> list[dict[str, Any]]:
    try:
        rows = json.loads(body)
        for row in rows:
            read_point(float(row["lat"]), float(row["lon"]))
    except (ValueError, TypeError, KeyError, Refusal) as error:
        raise ProviderError("deferred", "answer_unreadable", "the geocoder's answer is not a list of places") from error
    return list(rows)


def _candidate(row: dict[str, Any], *, numbered: bool) -> Candidate:
    precision = _precision(row, numbered=numbered)
    label = str(row.get("display_name", ""))
    return Candidate(float(row["lat"]), float(row["lon"]), label, _CONFIDENCE[precision], precision)


def _precision(row: dict[str, Any], *, numbered: bool) -> Precision:
    """By Nominatim's place rank: 30 is a building, 26 to 29 a street. A building without a number does not answer a
    question that had one: it is some building in that street."""
    rank = int(row.get("place_rank") or 0)
    address = row.get("address") or {}
    if rank >= 30 and (not numbered or "house_number" in address):
        return "address"
    return "street" if rank >= 26 else "area"


def _doubted(found: list[Candidate]) -> list[Candidate]:
    """Best precision first; where several of the best lie apart, none is trusted."""
    found = sorted(found, key=lambda candidate: -candidate.confidence)
    best = [candidate for candidate in found if candidate.precision == found[0].precision]
    if all(_meters(best[0], other) <= _SAME_PLACE_METERS for other in best):
        return found
    return [Candidate(c.lat, c.lon, c.label, c.confidence / 2, c.precision) for c in found]


def _meters(one: Candidate, other: Candidate) -> float:
    return distance_m(Point(one.lat, one.lon), Point(other.lat, other.lon))
