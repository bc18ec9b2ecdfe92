"""Open-Meteo's forecast, theirs or an own instance of it: all points in one request (https://open-meteo.com/en/docs)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from homestretch.kernel.geo import Point
from homestretch.providers import lookup
from homestretch.providers.errors import ProviderError
from homestretch.providers.registry import adapter
from homestretch.providers.weather import Hour

_ASKED = ("weather_code", "precipitation", "snowfall", "wind_gusts_10m")
_HOUR, _AHEAD = timedelta(hours=1), timedelta(hours=48)


@dataclass(frozen=True)
class OpenMeteoOptions:
    """Without a key their public service is asked, which is for private use; with one their customers' service.
    `max_points` bounds the cost."""

    api_key: str = field(default="", repr=False)
    base_url: str = ""
    max_points: int = 50
    timeout_seconds: float = 10.0

    @property
    def url(self) -> str:
        """Where it answers."""
        theirs = "https://customer-api.open-meteo.com" if self.api_key else "https://api.open-meteo.com"
        return f"{(self.base_url or theirs).rstrip('/')}/v1/forecast"


@adapter("weather", "open_meteo", OpenMeteoOptions)
class OpenMeteo:
    def __init__(self, options: OpenMeteoOptions) -> None:
        self._options = options

    def hours(self, where: Sequence[Point], *, at: datetime) -> list[list[Hour]]:
        options = self._options
        if not where:
            return []
        if len(where) > options.max_points:
            raise ProviderError("permanent", "too_large", f"more than {options.max_points} points are asked for")
        params = {
            "latitude": ",".join(f"{point.lat:.4f}" for point in where),
            "longitude": ",".join(f"{point.lon:.4f}" for point in where),
            "hourly": ",".join(_ASKED),
            "forecast_days": "4",
            "timeformat": "unixtime",
            "timezone": "GMT",
            **({"apikey": options.api_key} if options.api_key else {}),
        }
        request = httpx.Request("GET", options.url, params=params)
        reply = lookup.send(request, timeout_seconds=options.timeout_seconds)
        return lookup.read(reply, lambda body: _all(body, len(where), at))


def _all(body: Any, wanted: int, at: datetime) -> list[list[Hour]]:
    """One place is answered by an object, several by a list of them."""
    places = body if isinstance(body, list) else [body]
    if len(places) != wanted:
        raise ValueError("another number of places")
    return [_hours(place["hourly"], at) for place in places]


def _hours(told: Any, at: datetime) -> list[Hour]:
    """What is said at an hour's end fell in that hour: the times told are ends, ours are starts."""
    columns = [told[name] for name in _ASKED]
    if any(len(column) != len(told["time"]) for column in columns):
        raise ValueError("columns of several lengths")
    first = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    found = []
    for ends, code, fallen_mm, snow_cm, gust_kmh in zip(told["time"], *columns, strict=True):
        starts_at = datetime.fromtimestamp(lookup.whole(ends), UTC) - _HOUR
        if code is not None and first <= starts_at < first + _AHEAD:
            amounts = (_of(fallen_mm, 1_000), _of(snow_cm, 10_000), _of(gust_kmh, 1_000))
            found.append(Hour(starts_at, lookup.whole(code), *amounts))
    return sorted(found, key=lambda hour: hour.starts_at)


def _of(value: Any, factor: int) -> int:
    """A quantity in our unit; none told is none fallen."""
    if value is None:
        return 0
    lookup.whole(value)  # a number at all
    return lookup.whole(value * factor)
