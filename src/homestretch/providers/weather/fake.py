"""Weather by rote: what a recording says, or showers that come and go by the place and the hour."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from homestretch.kernel.geo import Point
from homestretch.providers import faults
from homestretch.providers.registry import adapter
from homestretch.providers.weather import Hour

_HOURS, _FRONT_H = 48, 6  # hours that are told; a front stays so long
_DRY, _RAIN = (1, 0, 0, 15_000), (61, 1_200, 0, 30_000)


@dataclass(frozen=True)
class FakeWeatherOptions:
    """`recording`: a JSON list of hours that every place has, each `{"hour": whole hours from the present one, "code",
    "precipitation_um", "snow_um", "gust_mh"}`; without one they are invented. `faults`: a plan, asked with `hours`."""

    recording: Path | None = None
    faults: Path | None = None


@adapter("weather", "fake", FakeWeatherOptions)
class FakeWeather:
    def __init__(self, options: FakeWeatherOptions) -> None:
        self._options = options

    def hours(self, where: Sequence[Point], *, at: datetime) -> list[list[Hour]]:
        fault = faults.next_fault(self._options.faults, "weather", "hours")
        if fault:
            raise fault.lookup_error()
        first = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        if self._options.recording:
            rows = json.loads(self._options.recording.read_bytes())
            return [[_recorded(row, first) for row in rows] for _ in where]
        return [[_invented(point, first + timedelta(hours=hour)) for hour in range(_HOURS)] for point in where]


def _recorded(row: dict[str, int], first: datetime) -> Hour:
    told = (row.get(name, 0) for name in ("code", "precipitation_um", "snow_um", "gust_mh"))
    return Hour(first + timedelta(hours=row["hour"]), *told)


def _invented(point: Point, starts_at: datetime) -> Hour:
    """One front in four brings rain, the same for places within about 10 km."""
    front = int(starts_at.timestamp()) // (_FRONT_H * 3600)
    seed = f"{round(point.lat, 1)} {round(point.lon, 1)} {front}"
    return Hour(starts_at, *(_RAIN if hashlib.sha256(seed.encode()).digest()[0] < 64 else _DRY))
