"""Traffic by rote: what a recording says, or slower at rush hours on roads that it invents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from homestretch.kernel.geo import Point, offset
from homestretch.providers import faults
from homestretch.providers.registry import adapter
from homestretch.providers.traffic import Box, Flow

_FREE_MH = (30_000, 50_000, 70_000)
_SLOW = {7: 0.6, 8: 0.5, 9: 0.7, 16: 0.7, 17: 0.5, 18: 0.6}  # share of the free speed, by the hour of `at`
_NEAR_DEGREES = 0.0005


@dataclass(frozen=True)
class FakeTrafficOptions:
    """`recording`: a JSON list of stretches, each `{"points": [{"lat", "lon"}, ...], "speed_mh", "free_speed_mh",
    "road_closed"}`; without one they are invented. `faults`: a plan, asked with `points` or `box`."""

    recording: Path | None = None
    faults: Path | None = None


@adapter("traffic", "fake", FakeTrafficOptions)
class FakeTraffic:
    def __init__(self, options: FakeTrafficOptions) -> None:
        self._options = options

    def speeds(self, where: Sequence[Point] | Box, *, at: datetime) -> list[Flow]:
        fault = faults.next_fault(self._options.faults, "traffic", "box" if isinstance(where, Box) else "points")
        if fault:
            raise fault.lookup_error()
        if self._options.recording:
            rows = json.loads(self._options.recording.read_bytes())
            return [flow for flow in (_recorded(row, at) for row in rows) if _meets(flow, where)]
        spots = [_middle(where)] if isinstance(where, Box) else list(where)
        return list(dict.fromkeys(_invented(point, at) for point in spots))


def _recorded(row: dict[str, object], at: datetime) -> Flow:
    points = tuple(Point(spot["lat"], spot["lon"]) for spot in row["points"])  # type: ignore[attr-defined]
    speeds = int(str(row["speed_mh"])), int(str(row["free_speed_mh"]))
    return Flow(points, *speeds, bool(row.get("road_closed", False)), 1.0, at)


def _meets(flow: Flow, where: Sequence[Point] | Box) -> bool:
    if isinstance(where, Box):
        return any(where.south <= p.lat <= where.north and where.west <= p.lon <= where.east for p in flow.points)
    return any(
        abs(p.lat - spot.lat) <= _NEAR_DEGREES and abs(p.lon - spot.lon) <= _NEAR_DEGREES
        for p in flow.points
        for spot in where
    )


def _middle(box: Box) -> Point:
    return Point((box.south + box.north) / 2, (box.west + box.east) / 2)


def _invented(point: Point, at: datetime) -> Flow:
    """A street of 100 m to the east through the spot, always the same one for places within about 100 m."""
    start = Point(round(point.lat, 3), round(point.lon, 3))
    free = _FREE_MH[hashlib.sha256(repr(start).encode()).digest()[0] % len(_FREE_MH)]
    return Flow((start, offset(start, 0, 100)), round(free * _SLOW.get(at.hour, 1.0)), free, False, 0.9, at)
