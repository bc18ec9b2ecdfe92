"""Photon and what speaks like it, over HTTP (https://github.com/komoot/photon, "Using the API").

It says nothing of how sure it is and puts the likeliest first, so that confidence is by the kind of place alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from homestretch.providers.geocoding import Candidate, Precision, Query
from homestretch.providers.geocoding.asking import ask, doubted, is_numbered, read, require_url
from homestretch.providers.registry import adapter

_CONFIDENCE: dict[Precision, float] = {"address": 0.85, "street": 0.6, "area": 0.3}
_LANGUAGES = ("de", "en", "fr")  # a server that was not built with others refuses them


@dataclass(frozen=True)
class PhotonOptions:
    """`base_url` without `/api`."""

    base_url: str
    timeout_seconds: float = 10.0

    def __post_init__(self) -> None:
        require_url(self.base_url)


@adapter("geocoding", "photon", PhotonOptions)
class Photon:
    def __init__(self, options: PhotonOptions) -> None:
        self._options = options

    def lookup(self, query: Query) -> list[Candidate]:
        language = query.language[:2].lower()
        params = {
            "q": query.text,
            "limit": str(query.limit),
            "lang": language if language in _LANGUAGES else "",
        }
        url = f"{self._options.base_url.rstrip('/')}/api"
        body = ask(url, params, timeout_seconds=self._options.timeout_seconds)
        numbered = is_numbered(query.text)
        found = read(body, lambda answer: _rows(answer, query.country), lambda row: _candidate(row, numbered=numbered))
        return doubted(found)[: query.limit]


def _rows(answer: Any, country: str) -> list[Any]:
    """The features within the country; one that names none is kept."""
    wanted = country.upper()
    rows = list(answer["features"])
    return [row for row in rows if not wanted or row["properties"].get("countrycode", wanted).upper() == wanted]


def _candidate(row: dict[str, Any], *, numbered: bool) -> Candidate:
    lon, lat = row["geometry"]["coordinates"]
    said = row["properties"]
    kind = said.get("type", "")
    precision: Precision = "area"
    if kind == "house":
        precision = "address" if "housenumber" in said or not numbered else "street"
    elif kind == "street":
        precision = "street"
    return Candidate(float(lat), float(lon), _label(said), _CONFIDENCE[precision], precision)


def _label(said: dict[str, Any]) -> str:
    name, street, number = (str(said.get(member, "")) for member in ("name", "street", "housenumber"))
    town = f"{said.get('postcode', '')} {said.get('city', '')}".strip()
    parts = (name, f"{street} {number}".strip(), town, str(said.get("country", "")))
    return ", ".join(part for part in parts if part)
