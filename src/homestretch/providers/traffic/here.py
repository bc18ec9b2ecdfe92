"""HERE Traffic v7, flow (https://docs.here.com/traffic-api/docs/flow): all measured stretches of an area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any

import httpx
import numpy as np

from homestretch.kernel.geo import Point, offset, read_point
from homestretch.kernel.units import read_instant
from homestretch.providers import lookup
from homestretch.providers.errors import ProviderError
from homestretch.providers.registry import adapter
from homestretch.providers.traffic import Box, Flow

_TILE_DEGREES = 0.1  # a request's area: about 7 x 11 km, of which the answer stays short
_NEAR_M = 50
_MAX_MH = 400_000


@dataclass(frozen=True)
class HereFlowOptions:
    """`max_tiles`: requests for one area at most, each 0.1 degrees wide and high."""

    api_key: str = field(repr=False)
    base_url: str = "https://data.traffic.hereapi.com"
    max_tiles: int = 50
    timeout_seconds: float = 20.0

    def __post_init__(self) -> None:
        lookup.required(self, "api_key", "base_url")


@adapter("traffic", "here", HereFlowOptions)
class HereFlow:
    def __init__(self, options: HereFlowOptions) -> None:
        self._options = options

    def speeds(self, where: Sequence[Point] | Box, *, at: datetime) -> list[Flow]:
        if isinstance(where, Box):
            return self._within(where, at)
        if not where:
            return []
        return [flow for flow in self._within(_around(where), at) if _passes(flow, where)]

    def _within(self, box: Box, at: datetime) -> list[Flow]:
        tiles = list(_tiles(box, self._options.max_tiles))
        found = [flow for tile in tiles for flow in self._ask(tile, at)]
        return list(dict.fromkeys(found))  # a stretch across a seam comes twice

    def _ask(self, box: Box, at: datetime) -> list[Flow]:
        params = {
            "in": f"bbox:{box.west:.6f},{box.south:.6f},{box.east:.6f},{box.north:.6f}",
            "locationReferencing": "shape",
            "apiKey": self._options.api_key,
        }
        request = httpx.Request("GET", f"{self._options.base_url.rstrip('/')}/v7/flow", params=params)
        reply = lookup.send(request, timeout_seconds=self._options.timeout_seconds)
        return lookup.read(reply, lambda body: _flows(body, at))


def _tiles(box: Box, most: int) -> Iterator[Box]:
    rows = max(1, ceil((box.north - box.south) / _TILE_DEGREES))
    columns = max(1, ceil((box.east - box.west) / _TILE_DEGREES))
    if rows * columns > most:
        raise ProviderError("permanent", "too_large", f"the area is over {most} requests of {_TILE_DEGREES} degrees")
    high, wide = (box.north - box.south) / rows, (box.east - box.west) / columns
    for row in range(rows):
        for column in range(columns):
            south, west = box.south + row * high, box.west + column * wide
            yield Box(south, west, south + high, west + wide)


def _around(points: Sequence[Point]) -> Box:
    lats, lons = [point.lat for point in points], [point.lon for point in points]
    low, high = Point(min(lats), min(lons)), Point(max(lats), max(lons))
    low, high = offset(low, -_NEAR_M, -_NEAR_M), offset(high, _NEAR_M, _NEAR_M)
    return Box(low.lat, low.lon, high.lat, high.lon)


def _passes(flow: Flow, points: Sequence[Point]) -> bool:
    """Whether the stretch comes near one of the points: distances to its straight pieces, flat, in meters."""
    meters = np.array([111_195.0, 111_195.0 * np.cos(np.radians(flow.points[0].lat))])
    line = np.array([(point.lat, point.lon) for point in flow.points]) * meters
    spots = np.array([(point.lat, point.lon) for point in points]) * meters
    starts, pieces = line[:-1], np.diff(line, axis=0)
    lengths = np.maximum((pieces**2).sum(axis=1), 1e-9)
    to = spots[:, None, :] - starts[None, :, :]
    share = np.clip((to * pieces).sum(axis=2) / lengths, 0, 1)
    off = to - share[:, :, None] * pieces
    return bool(((off**2).sum(axis=2) <= _NEAR_M**2).any())


def _flows(body: Any, at: datetime) -> list[Flow]:
    measured = body["sourceUpdated"]
    as_of = read_instant(measured) if measured else at
    return [flow for result in body["results"] for flow in _stretches(result, as_of)]


def _stretches(result: Any, as_of: datetime) -> Iterator[Flow]:
    """One for each line of a location. Speeds come in meters a second, and none at all where the road is closed."""
    current = result["currentFlow"]
    closed = current.get("traversability") == "closed"
    speed, free = (_mh(current.get(name, 0 if closed else None)) for name in ("speed", "freeFlow"))
    confidence = min(1.0, lookup.whole(current.get("confidence", 0) * 1000) / 1000)
    for link in result["location"]["shape"]["links"]:
        points = tuple(read_point(float(point["lat"]), float(point["lng"])) for point in link["points"])
        if len(points) >= 2:
            yield Flow(points, speed, free, closed, confidence, as_of)


def _mh(meters_a_second: Any) -> int:
    found = lookup.whole(meters_a_second * 3600)
    if found > _MAX_MH:
        raise ValueError("faster than any road")
    return found
