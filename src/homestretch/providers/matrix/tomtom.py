"""TomTom Matrix Routing v2, synchronous, and Calculate Route
(https://developer.tomtom.com/matrix-routing-v2-api/documentation/synchronous-matrix), with traffic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import httpx

from homestretch.kernel.geo import Point, read_point
from homestretch.providers import lookup
from homestretch.providers.errors import ProviderError
from homestretch.providers.matrix import Profile, Table, Way, ask
from homestretch.providers.registry import adapter

_MODES: dict[Profile, str] = {"van": "car", "truck": "truck", "foot": "pedestrian"}
_NO_WAY = "NO_ROUTE_FOUND"
_NO_ROAD = ("MAP_MATCHING_FAILURE", "OUT_OF_REGION")


@dataclass(frozen=True)
class TomTomOptions:
    """`request_cells`: 200 pairs in one request within 400 km for every plan, up to 2,500 where the contract says so.

    `max_cells` bounds what one table may cost: every pair is paid for."""

    api_key: str = field(repr=False)
    base_url: str = "https://api.tomtom.com"
    request_cells: int = 200
    max_cells: int = 10_000
    timeout_seconds: float = 40.0
    max_seconds: float = 120.0

    def __post_init__(self) -> None:
        lookup.required(self, "api_key", "base_url", "request_cells")


@adapter("matrix", "tomtom", TomTomOptions)
class TomTom:
    def __init__(self, options: TomTomOptions) -> None:
        self._options = options

    def durations_and_distances(
        self, origins: Sequence[Point], destinations: Sequence[Point], *, depart: datetime | None, profile: Profile
    ) -> Table:
        size = min(self._options.request_cells, 2_500)
        side = min(size, 1_000)
        options = {
            "departAt": "now" if depart is None else lookup.instant(depart),
            "routeType": "fastest",
            "traffic": "live",
            "travelMode": ask.mode(_MODES, profile),
        }

        def block(rows: Sequence[Point], columns: Sequence[Point]) -> ask.Answer:
            asked = {
                "origins": [{"point": _place(point)} for point in rows],
                "destinations": [{"point": _place(point)} for point in columns],
                "options": options,
            }
            url = f"{self._options.base_url.rstrip('/')}/routing/matrix/2"
            request = httpx.Request("POST", url, params={"key": self._options.api_key}, json=asked)
            reply = lookup.send(request, timeout_seconds=self._options.timeout_seconds)
            return lookup.read(reply, partial(_cells, shape=(len(rows), len(columns)))), lookup.answered_at(reply)

        budget = ask.Budget(self._options.max_cells, self._options.max_seconds)
        return ask.table("tomtom", (origins, destinations), ask.Limit(side, side, size), budget, block)

    def path(self, origin: Point, destination: Point, *, depart: datetime | None, profile: Profile) -> Way | None:
        line = ":".join(f"{point.lat:.6f},{point.lon:.6f}" for point in (origin, destination))
        params = {"key": self._options.api_key, "routeType": "fastest", "traffic": "true"}
        params |= {"travelMode": ask.mode(_MODES, profile)}
        params |= {} if depart is None else {"departAt": lookup.instant(depart)}
        url = f"{self._options.base_url.rstrip('/')}/routing/1/calculateRoute/{line}/json"
        request = httpx.Request("GET", url, params=params)
        reply = lookup.send(request, timeout_seconds=self._options.timeout_seconds)
        detail = lookup.word_of(reply, "detailedError")
        if isinstance(detail, dict) and _missing(detail):
            return None
        seconds, meters, points = lookup.read(reply, _way)
        return Way(seconds, meters, points, lookup.answered_at(reply), "tomtom")


def _place(point: Point) -> dict[str, float]:
    return {"latitude": point.lat, "longitude": point.lon}


def _cells(body: Any, *, shape: tuple[int, int]) -> list[list[ask.Cell]]:
    """Each cell with its indices, and either its numbers or why it has none."""
    found: dict[tuple[int, int], ask.Cell] = {}
    for cell in body["data"]:
        index = cell["originIndex"], cell["destinationIndex"]
        if "detailedError" in cell and _missing(cell["detailedError"]):
            found[index] = (None, None)
        else:
            summary = cell["routeSummary"]
            found[index] = (summary["travelTimeInSeconds"], summary["lengthInMeters"])
    return ask.square(found, shape)


def _missing(error: dict[str, Any]) -> bool:
    """Whether an error says that there is no way; one that says something else is raised."""
    code = error.get("code")
    if code in _NO_ROAD:
        raise ask.far_from_road()
    if code != _NO_WAY:
        raise ProviderError("deferred", "cells_failed", "the service could not work out a part of the table")
    return True


def _way(body: Any) -> tuple[int, int, tuple[Point, ...]]:
    best = body["routes"][0]
    points = tuple(
        read_point(float(point["latitude"]), float(point["longitude"]))
        for leg in best["legs"]
        for point in leg["points"]
    )
    summary = best["summary"]
    return lookup.whole(summary["travelTimeInSeconds"], up=True), lookup.whole(summary["lengthInMeters"]), points
