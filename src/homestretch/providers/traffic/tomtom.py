"""TomTom Flow Segment Data v4: the stretch of road nearest to a point, one request each
(https://developer.tomtom.com/traffic-api/documentation/traffic-flow/flow-segment-data)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from homestretch.kernel.geo import Point, read_point
from homestretch.providers import lookup
from homestretch.providers.errors import ProviderError
from homestretch.providers.registry import adapter
from homestretch.providers.traffic import Box, Flow

_FAR = "too far from nearest"  # of the answer 400 to a point without a measured road; it has no code of its own


@dataclass(frozen=True)
class TomTomFlowOptions:
    """`zoom` (0 to 22) is how small roads may be: at 10 only large ones are known. `max_points` bounds the cost."""

    api_key: str = field(repr=False)
    base_url: str = "https://api.tomtom.com"
    zoom: int = 16
    max_points: int = 200
    timeout_seconds: float = 10.0

    def __post_init__(self) -> None:
        lookup.required(self, "api_key", "base_url")


@adapter("traffic", "tomtom", TomTomFlowOptions)
class TomTomFlow:
    def __init__(self, options: TomTomFlowOptions) -> None:
        self._options = options

    def speeds(self, where: Sequence[Point] | Box, *, at: datetime) -> list[Flow]:
        if isinstance(where, Box):
            raise ProviderError("permanent", "box_unsupported", "the service is asked point by point")
        if len(where) > self._options.max_points:
            raise ProviderError("permanent", "too_large", f"more than {self._options.max_points} points are asked for")
        found = [self._near(point, at) for point in where]
        return list(dict.fromkeys(flow for flow in found if flow))

    def _near(self, point: Point, at: datetime) -> Flow | None:
        options = self._options
        params = {
            "key": options.api_key,
            "point": f"{point.lat:.6f},{point.lon:.6f}",
            "unit": "KMPH",
            "openLr": "false",
        }
        url = f"{options.base_url.rstrip('/')}/traffic/services/4/flowSegmentData/absolute/{options.zoom}/json"
        reply = lookup.send(httpx.Request("GET", url, params=params), timeout_seconds=options.timeout_seconds)
        if reply.status == 400 and _FAR in str(lookup.word_of(reply, "error", "message", "detailedError")):
            return None
        return lookup.read(reply, lambda body: _flow(body["flowSegmentData"], at))


def _flow(segment: Any, at: datetime) -> Flow:
    points = tuple(
        read_point(float(point["latitude"]), float(point["longitude"]))
        for point in segment["coordinates"]["coordinate"]
    )
    closed = segment["roadClosure"]
    if len(points) < 2 or not isinstance(closed, bool):
        raise ValueError("no stretch of road")
    current, free = lookup.whole(segment["currentSpeed"] * 1000), lookup.whole(segment["freeFlowSpeed"] * 1000)
    confidence = min(1.0, lookup.whole(segment["confidence"] * 1000) / 1000)
    return Flow(points, current, free, closed, confidence, at)
