"""A gazetteer that invents every place, and always the same one for the same address."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from homestretch.providers import faults
from homestretch.providers.geocoding import Candidate, Query
from homestretch.providers.registry import adapter

_STREET_DEGREES = 0.004  # numbers of one street lie within about 300 m of its middle


@dataclass(frozen=True)
class FakeGeocodingOptions:
    """The box in which every place lies (degrees; by default the city of Luxembourg), and a fault plan."""

    south: float = 49.56
    west: float = 6.05
    north: float = 49.66
    east: float = 6.20
    faults: Path | None = None


@adapter("geocoding", "fake", FakeGeocodingOptions)
class FakeGeocoding:
    """Places by hash. Numbers of one street lie near each other; an address without a number is only a street.

    The word `nowhere` is not found; `ambiguous` gives three candidates far apart, none of them trusted.
    """

    def __init__(self, options: FakeGeocodingOptions) -> None:
        self._options = options

    def lookup(self, query: Query) -> list[Candidate]:
        fault = faults.next_fault(self._options.faults, "geocoding", query.text)
        if fault:
            raise fault.error()
        words = re.findall(r"\w+", query.text.casefold())
        if not words or "nowhere" in words:
            return []
        if "ambiguous" in words:
            found = [self._candidate([*words, str(n)], f"{query.text} ({n})", 0.35) for n in (1, 2, 3)]
        else:
            found = [self._candidate(words, query.text, 0.95)]
        return found[: query.limit]

    def _candidate(self, words: list[str], label: str, confidence: float) -> Candidate:
        box = self._options
        numbers = " ".join(word for word in words if any(map(str.isdigit, word)))
        street = " ".join(word for word in words if not any(map(str.isdigit, word)))
        if confidence < 0.5:
            street += numbers
        up, right = _fractions(street)
        lat, lon = box.south + up * (box.north - box.south), box.west + right * (box.east - box.west)
        if not numbers:
            return Candidate(round(lat, 6), round(lon, 6), label, min(confidence, 0.6), "street")
        up, right = _fractions(numbers)
        lat = min(max(lat + (up - 0.5) * _STREET_DEGREES, box.south), box.north)
        lon = min(max(lon + (right - 0.5) * _STREET_DEGREES, box.west), box.east)
        return Candidate(round(lat, 6), round(lon, 6), label, confidence, "address")


def _fractions(text: str) -> tuple[float, float]:
    """Two numbers in [0, 1) that depend on the text alone."""
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48, int.from_bytes(digest[6:12], "big") / 2**48
