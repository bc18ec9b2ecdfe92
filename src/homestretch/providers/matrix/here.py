"""HERE Matrix Routing v8, synchronous (https://matrix.router.hereapi.com/v8/openapi), and Routing v8, with traffic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import httpx

from homestretch.kernel.geo import Point
from homestretch.providers import http, lookup
from homestretch.providers.errors import ProviderError
from homestretch.providers.matrix import Profile, Table, Way, ask, lines
from homestretch.providers.registry import adapter

_MODES: dict[Profile, str] = {"van": "car", "truck": "truck", "bike": "bicycle", "foot": "pedestrian"}
_REGION = ask.Limit(200, 200, 40_000)  # it takes 500 x 500 within a region of 400 km; of these answers stay short
_REACHED, _NO_WAY, _NO_ROAD, _AGAINST_OPTIONS = 0, 1, 2, 3  # errorCodes, of its document's MatrixResponse
_UNMATCHED = ("couldNotMatchOrigin", "couldNotMatchDestination")


@dataclass(frozen=True)
class HereOptions:
    """`margin_m`: how far ways may lead out of the circle around all places. `max_cells` bounds what one table may
    cost: every pair is paid for."""

    api_key: str = field(repr=False)
    matrix_url: str = "https://matrix.router.hereapi.com"
    route_url: str = "https://router.hereapi.com"
    margin_m: int = 20_000
    max_cells: int = 10_000
    timeout_seconds: float = 40.0
    max_seconds: float = 120.0

    def __post_init__(self) -> None:
        lookup.required(self, "api_key", "matrix_url", "route_url")


@adapter("matrix", "here", HereOptions)
class Here:
    def __init__(self, options: HereOptions) -> None:
        self._options = options

    def durations_and_distances(
        self, origins: Sequence[Point], destinations: Sequence[Point], *, depart: datetime | None, profile: Profile
    ) -> Table:
        options, mode = self._options, ask.mode(_MODES, profile)
        when = {} if depart is None else {"departureTime": lookup.instant(depart)}

        def block(rows: Sequence[Point], columns: Sequence[Point]) -> ask.Answer:
            asked = {
                "origins": [{"lat": point.lat, "lng": point.lon} for point in rows],
                "destinations": [{"lat": point.lat, "lng": point.lon} for point in columns],
                "regionDefinition": {"type": "autoCircle", "margin": options.margin_m},
                "transportMode": mode,
                "matrixAttributes": ["travelTimes", "distances"],
                **when,
            }
            params = {"async": "false", "apiKey": options.api_key}
            url = f"{options.matrix_url.rstrip('/')}/v8/matrix"
            reply = self._send(httpx.Request("POST", url, params=params, json=asked))
            return lookup.read(reply, partial(_cells, shape=(len(rows), len(columns)))), lookup.answered_at(reply)

        budget = ask.Budget(options.max_cells, options.max_seconds)
        return ask.table("here", (origins, destinations), _REGION, budget, block)

    def path(self, origin: Point, destination: Point, *, depart: datetime | None, profile: Profile) -> Way | None:
        params = {
            "transportMode": ask.mode(_MODES, profile),
            "origin": f"{origin.lat:.6f},{origin.lon:.6f}",
            "destination": f"{destination.lat:.6f},{destination.lon:.6f}",
            "return": "polyline,summary",
            "apiKey": self._options.api_key,
        }
        params |= {} if depart is None else {"departureTime": lookup.instant(depart)}
        reply = self._send(httpx.Request("GET", f"{self._options.route_url.rstrip('/')}/v8/routes", params=params))
        found = lookup.read(reply, _way)
        return found and Way(*found, lookup.answered_at(reply), "here")

    def _send(self, request: httpx.Request) -> http.Reply:
        return lookup.send(request, timeout_seconds=self._options.timeout_seconds)


def _cells(body: Any, *, shape: tuple[int, int]) -> list[list[ask.Cell]]:
    """Two flat lists, row by row, and a third one of codes where not every pair was reached."""
    matrix, size = body["matrix"], shape[0] * shape[1]
    times, lengths = matrix["travelTimes"], matrix["distances"]
    codes = matrix.get("errorCodes") or [_REACHED] * size
    if not size == len(times) == len(lengths) == len(codes):
        raise lookup.unreadable("a table of another shape")
    flat = [_cell(code, cell) for code, cell in zip(codes, zip(times, lengths, strict=True), strict=True)]
    return [flat[row * shape[1] : (row + 1) * shape[1]] for row in range(shape[0])]


def _cell(code: int, cell: ask.Cell) -> ask.Cell:
    if code in (_REACHED, _AGAINST_OPTIONS):
        return cell
    if code == _NO_WAY:
        return None, None
    if code == _NO_ROAD:
        raise ask.far_from_road()
    raise ProviderError("deferred", "cells_failed", "the service could not work out a part of the table")


def _way(body: Any) -> tuple[int, int, tuple[Point, ...]] | None:
    """No routes where there is no way, with a notice that says why."""
    if body["routes"] == []:
        if any(notice["code"] in _UNMATCHED for notice in body["notices"]):
            raise ask.far_from_road()
        return None
    sections = body["routes"][0]["sections"]
    seconds = sum(lookup.whole(section["summary"]["duration"], up=True) for section in sections)
    meters = sum(lookup.whole(section["summary"]["length"]) for section in sections)
    return seconds, meters, tuple(p for section in sections for p in lines.flexible_polyline(section["polyline"]))
