"""From an address as people write it to places on the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Precision = Literal["address", "street", "area"]


@dataclass(frozen=True)
class Query:
    """An address in one line. `country` is ISO 3166-1 alpha-2 or empty, `language` BCP 47 or empty."""

    text: str
    country: str = ""
    language: str = ""
    limit: int = 5


@dataclass(frozen=True)
class Candidate:
    """A place that may be meant. Degrees WGS84; `confidence` from 0 to 1 that it is the one meant, within `precision`:

    `address` is the building or its entrance, `street` somewhere along the street, `area` a district or a town.
    """

    lat: float
    lon: float
    label: str
    confidence: float
    precision: Precision


class Geocoding(Protocol):
    def lookup(self, query: Query) -> list[Candidate]:
        """Places that fit, most likely first; none if nothing is found. Raises `ProviderError`, never `unknown`."""
        ...
