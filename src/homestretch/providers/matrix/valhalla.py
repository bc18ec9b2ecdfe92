"""Valhalla over HTTP, a server of one's own (https://valhalla.github.io/valhalla/api/matrix/api-reference/)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import Refusal
from homestretch.providers import http, lookup
from homestretch.providers.matrix import Profile, Table, Way, ask, lines
from homestretch.providers.registry import adapter

_COSTINGS: dict[Profile, str] = {"van": "auto", "truck": "truck", "bike": "bicycle", "foot": "pedestrian"}
# https://valhalla.github.io/valhalla/api/turn-by-turn/api-reference/#internal-error-codes-and-conditions
_NO_ROAD = 171
_NO_WAY = (170, 442)  # in regions that nothing connects; no path


@dataclass(frozen=True)
class ValhallaOptions:
    """`time_zone` (IANA) is that of the map: Valhalla takes local time; empty: it is asked without an hour.

    `max_pairs` is the server's `max_matrix_location_pairs`; `max_cells`, `max_seconds`: of a whole table."""

    base_url: str
    time_zone: str = ""
    max_pairs: int = 2_500
    max_cells: int = 4_000_000
    timeout_seconds: float = 20.0
    max_seconds: float = 300.0

    def __post_init__(self) -> None:
        lookup.required(self, "base_url", "max_pairs")
        try:
            ZoneInfo(self.time_zone or "UTC")
        except (KeyError, ValueError) as error:
            cause, remedy = "time_zone is none that is known", "give a name such as Europe/Berlin"
            raise Refusal("provider.option_invalid", cause, remedy=remedy, field="time_zone") from error


@adapter("matrix", "valhalla", ValhallaOptions)
class Valhalla:
    def __init__(self, options: ValhallaOptions) -> None:
        self._options = options

    def durations_and_distances(
        self, origins: Sequence[Point], destinations: Sequence[Point], *, depart: datetime | None, profile: Profile
    ) -> Table:
        options, hours = self._options, self._hours(depart)
        side = max(1, int(options.max_pairs**0.5))
        # With an hour it refuses more sources than targets.
        limit = ask.Limit(min(side, max(1, len(destinations))) if hours else side, side, options.max_pairs)
        costing = ask.mode(_COSTINGS, profile)

        def block(rows: Sequence[Point], columns: Sequence[Point]) -> ask.Answer:
            few = hours if len(rows) <= len(columns) else {}
            reply = self._post(
                "sources_to_targets",
                {"sources": _places(rows), "targets": _places(columns), "costing": costing, **few},
            )
            return lookup.read(reply, _cells), lookup.answered_at(reply)

        budget = ask.Budget(options.max_cells, options.max_seconds)
        return ask.table("valhalla", (origins, destinations), limit, budget, block)

    def path(self, origin: Point, destination: Point, *, depart: datetime | None, profile: Profile) -> Way | None:
        asked = {"locations": _places([origin, destination]), "costing": ask.mode(_COSTINGS, profile)}
        reply = self._post("route", {**asked, **self._hours(depart), "directions_type": "none"})
        if lookup.word_of(reply, "error_code") in _NO_WAY:
            return None
        seconds, meters, points = lookup.read(reply, _way)
        return Way(seconds, meters, points, lookup.answered_at(reply), "valhalla")

    def _post(self, service: str, body: dict[str, Any]) -> http.Reply:
        url = f"{self._options.base_url.rstrip('/')}/{service}"
        request = httpx.Request("POST", url, json={**body, "units": "kilometers"})
        reply = lookup.send(request, timeout_seconds=self._options.timeout_seconds)
        if reply.status == 400 and lookup.word_of(reply, "error_code") == _NO_ROAD:
            raise ask.far_from_road()
        return reply

    def _hours(self, depart: datetime | None) -> dict[str, Any]:
        zone = self._options.time_zone
        if not zone:
            return {}
        if depart is None:
            return {"date_time": {"type": 0}}
        return {"date_time": {"type": 1, "value": depart.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")}}


def _places(points: Sequence[Point]) -> list[dict[str, float]]:
    return [{"lat": point.lat, "lon": point.lon} for point in points]


def _cells(body: Any) -> list[list[ask.Cell]]:
    found = body["sources_to_targets"]
    if isinstance(found, dict):  # newer servers may answer briefly, by two tables
        return [
            [(seconds, _meters(km)) for seconds, km in zip(times, lengths, strict=True)]
            for times, lengths in zip(found["durations"], found["distances"], strict=True)
        ]
    return [[(cell["time"], _meters(cell["distance"])) for cell in row] for row in found]


def _meters(kilometers: float | None) -> float | None:
    return None if kilometers is None else kilometers * 1000


def _way(body: Any) -> tuple[int, int, tuple[Point, ...]]:
    trip = body["trip"]
    points = tuple(point for leg in trip["legs"] for point in lines.polyline(leg["shape"], digits=6))
    return lookup.whole(trip["summary"]["time"], up=True), lookup.whole(trip["summary"]["length"] * 1000), points
