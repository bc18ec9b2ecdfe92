"""Nominatim and what speaks like it, over HTTP (https://nominatim.org/release-docs/latest/api/Search/).

Meant for a server of one's own: the public one allows one request a second and no bulk use, and nothing here paces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from homestretch.providers.geocoding import Candidate, Precision, Query
from homestretch.providers.geocoding.asking import ask, doubted, is_numbered, read, require_url
from homestretch.providers.registry import adapter

_CONFIDENCE: dict[Precision, float] = {"address": 0.9, "street": 0.6, "area": 0.3}


@dataclass(frozen=True)
class NominatimOptions:
    """`base_url` without `/search`; `email` is what the public server asks for, to reach a heavy user."""

    base_url: str
    email: str = ""
    timeout_seconds: float = 10.0

    def __post_init__(self) -> None:
        require_url(self.base_url)


@adapter("geocoding", "nominatim", NominatimOptions)
class Nominatim:
    def __init__(self, options: NominatimOptions) -> None:
        self._options = options

    def lookup(self, query: Query) -> list[Candidate]:
        params = {
            "q": query.text,
            "format": "jsonv2",
            "addressdetails": "1",
            "limit": str(query.limit),
            "countrycodes": query.country.lower(),
            "accept-language": query.language,
            "email": self._options.email,
        }
        url = f"{self._options.base_url.rstrip('/')}/search"
        body = ask(url, params, timeout_seconds=self._options.timeout_seconds)
        numbered = is_numbered(query.text)
        return doubted(read(body, list, lambda row: _candidate(row, numbered=numbered)))[: query.limit]


def _candidate(row: dict[str, Any], *, numbered: bool) -> Candidate:
    precision = _precision(row, numbered=numbered)
    label = str(row.get("display_name", ""))
    return Candidate(float(row["lat"]), float(row["lon"]), label, _CONFIDENCE[precision], precision)


def _precision(row: dict[str, Any], *, numbered: bool) -> Precision:
    """By Nominatim's place rank: 30 is a building, 26 to 29 a street."""
    rank = int(row.get("place_rank") or 0)
    address = row.get("address") or {}
    if rank >= 30 and (not numbered or "house_number" in address):
        return "address"
    return "street" if rank >= 26 else "area"
