"""Pelias and what speaks like it, over HTTP (https://github.com/pelias/documentation, search and response)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from homestretch.providers.geocoding import Candidate, Precision, Query
from homestretch.providers.geocoding.asking import ask, doubted, is_numbered, read, require_url
from homestretch.providers.registry import adapter

_MOST: dict[Precision, float] = {"address": 0.95, "street": 0.7, "area": 0.4}  # of confidence, by precision
_INTERPOLATED = 0.75


@dataclass(frozen=True)
class PeliasOptions:
    """`base_url` without `/v1/search`; `api_key` where the server wants one."""

    base_url: str
    api_key: str = ""
    timeout_seconds: float = 10.0

    def __post_init__(self) -> None:
        require_url(self.base_url)


@adapter("geocoding", "pelias", PeliasOptions)
class Pelias:
    def __init__(self, options: PeliasOptions) -> None:
        self._options = options

    def lookup(self, query: Query) -> list[Candidate]:
        params = {
            "text": query.text,
            "size": str(query.limit),
            "boundary.country": query.country.upper(),
            "lang": query.language,
            "api_key": self._options.api_key,
        }
        url = f"{self._options.base_url.rstrip('/')}/v1/search"
        body = ask(url, params, timeout_seconds=self._options.timeout_seconds)
        numbered = is_numbered(query.text)
        found = read(body, lambda answer: list(answer["features"]), lambda row: _candidate(row, numbered=numbered))
        return doubted(found)[: query.limit]


def _candidate(row: dict[str, Any], *, numbered: bool) -> Candidate:
    """Its own confidence, capped by what the place is; a point between known numbers is no building."""
    lon, lat = row["geometry"]["coordinates"]
    said = row["properties"]
    precision = _precision(said, numbered=numbered)
    confidence = min(float(said.get("confidence", 0.5)), _MOST[precision])
    if said.get("layer") == "address" and said.get("match_type") == "interpolated":
        precision, confidence = "street", min(confidence, _INTERPOLATED)
    return Candidate(float(lat), float(lon), str(said.get("label", "")), max(0.0, confidence), precision)


def _precision(said: dict[str, Any], *, numbered: bool) -> Precision:
    layer = said.get("layer")
    if layer in ("address", "venue"):
        return "address" if "housenumber" in said or not numbered else "street"
    return "street" if layer in ("street", "intersection") else "area"
