"""Google's Geocoding API (https://developers.google.com/maps/documentation/geocoding/requests-geocoding).

Its terms limit how long answers may be kept and where they may be shown: that is for the operator to heed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from homestretch.providers.errors import Outcome, ProviderError
from homestretch.providers.geocoding import Candidate, Precision, Query
from homestretch.providers.geocoding.asking import ask, doubted, is_numbered, read
from homestretch.providers.registry import adapter

# What is said of a failure comes with status 200: kind, code and cause by Google's word.
_FAILURES: dict[str, tuple[Outcome, str, str]] = {
    "OVER_QUERY_LIMIT": ("deferred", "too_many", "more was asked than the service allows"),
    "OVER_DAILY_LIMIT": ("deferred", "credentials_refused", "the account is not in order"),
    "REQUEST_DENIED": ("deferred", "credentials_refused", "the service refused the key"),
    "INVALID_REQUEST": ("permanent", "refused", "the service refused the question"),
    "UNKNOWN_ERROR": ("deferred", "server_failed", "the service failed"),
}
_PARTIAL = 0.6  # of confidence, where only a part of the question was understood


@dataclass(frozen=True)
class GoogleOptions:
    """`api_key` of a project with the Geocoding API."""

    api_key: str
    base_url: str = "https://maps.googleapis.com"
    timeout_seconds: float = 10.0


@adapter("geocoding", "google", GoogleOptions)
class Google:
    def __init__(self, options: GoogleOptions) -> None:
        self._options = options

    def lookup(self, query: Query) -> list[Candidate]:
        params = {
            "address": query.text,
            "key": self._options.api_key,
            "components": f"country:{query.country.upper()}" if query.country else "",
            "language": query.language,
        }
        url = f"{self._options.base_url.rstrip('/')}/maps/api/geocode/json"
        body = ask(url, params, timeout_seconds=self._options.timeout_seconds)
        numbered = is_numbered(query.text)
        return doubted(read(body, _rows, lambda row: _candidate(row, numbered=numbered)))[: query.limit]


def _rows(answer: Any) -> list[Any]:
    status = answer["status"]
    if status in _FAILURES:
        kind, code, cause = _FAILURES[status]
        raise ProviderError(kind, code, cause)
    if status not in ("OK", "ZERO_RESULTS"):
        raise ValueError(json.dumps(status))
    return list(answer["results"])


def _candidate(row: dict[str, Any], *, numbered: bool) -> Candidate:
    spot = row["geometry"]["location"]
    precision, confidence = _precision(row, numbered=numbered)
    if row.get("partial_match"):
        confidence *= _PARTIAL
    return Candidate(float(spot["lat"]), float(spot["lng"]), str(row["formatted_address"]), confidence, precision)


def _precision(row: dict[str, Any], *, numbered: bool) -> tuple[Precision, float]:
    """By the kind of point; a place of business without a number does not answer a question that had one."""
    kind, types = row["geometry"].get("location_type"), set(row.get("types", ()))
    parts = {name for part in row.get("address_components", ()) for name in part.get("types", ())}
    if kind == "ROOFTOP" and (not numbered or "street_number" in parts):
        return "address", 0.95
    if kind == "RANGE_INTERPOLATED":
        return "street", 0.7
    return ("street", 0.6) if kind == "ROOFTOP" or "route" in types else ("area", 0.3)
