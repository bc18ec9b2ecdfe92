"""Google Routes (https://developers.google.com/maps/documentation/routes/compute_route_matrix), with traffic."""

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

_MODES: dict[Profile, str] = {"van": "DRIVE", "bike": "BICYCLE", "foot": "WALK"}  # it has no trucks
_LIMIT = ask.Limit(625, 625, 625)  # elements of one request, as its page of limits says (2025)
_CELL = "originIndex,destinationIndex,status,condition,distanceMeters,duration"
_WAY = "routes.duration,routes.distanceMeters,routes.polyline.encodedPolyline"


@dataclass(frozen=True)
class GoogleOptions:
    """`max_cells` bounds what one table may cost: every pair is paid for."""

    api_key: str = field(repr=False)
    base_url: str = "https://routes.googleapis.com"
    traffic: bool = True
    max_cells: int = 10_000
    timeout_seconds: float = 20.0
    max_seconds: float = 120.0

    def __post_init__(self) -> None:
        lookup.required(self, "api_key", "base_url")


@adapter("matrix", "google", GoogleOptions)
class Google:
    def __init__(self, options: GoogleOptions) -> None:
        self._options = options

    def durations_and_distances(
        self, origins: Sequence[Point], destinations: Sequence[Point], *, depart: datetime | None, profile: Profile
    ) -> Table:
        how = self._how(depart, profile)

        def block(rows: Sequence[Point], columns: Sequence[Point]) -> ask.Answer:
            asked = {
                "origins": [{"waypoint": _place(point)} for point in rows],
                "destinations": [{"waypoint": _place(point)} for point in columns],
                **how,
            }
            reply = self._post("/distanceMatrix/v2:computeRouteMatrix", asked, _CELL)
            return lookup.read(reply, partial(_cells, shape=(len(rows), len(columns)))), lookup.answered_at(reply)

        budget = ask.Budget(self._options.max_cells, self._options.max_seconds)
        return ask.table("google", (origins, destinations), _LIMIT, budget, block)

    def path(self, origin: Point, destination: Point, *, depart: datetime | None, profile: Profile) -> Way | None:
        asked = {"origin": _place(origin), "destination": _place(destination), **self._how(depart, profile)}
        reply = self._post("/directions/v2:computeRoutes", {**asked, "polylineQuality": "HIGH_QUALITY"}, _WAY)
        found = lookup.read(reply, _way)
        return found and Way(*found, lookup.answered_at(reply), "google")

    def _how(self, depart: datetime | None, profile: Profile) -> dict[str, Any]:
        """Only motor traffic has a preference; bicycles and walkers must not name one."""
        mode = ask.mode(_MODES, profile)
        if mode != "DRIVE":
            return {"travelMode": mode}
        if not self._options.traffic:
            return {"travelMode": mode, "routingPreference": "TRAFFIC_UNAWARE"}
        when = {} if depart is None else {"departureTime": lookup.instant(depart)}
        return {"travelMode": mode, "routingPreference": "TRAFFIC_AWARE", **when}

    def _post(self, path: str, body: dict[str, Any], fields: str) -> http.Reply:
        headers = {"X-Goog-Api-Key": self._options.api_key, "X-Goog-FieldMask": fields}
        request = httpx.Request("POST", f"{self._options.base_url.rstrip('/')}{path}", json=body, headers=headers)
        return lookup.send(request, timeout_seconds=self._options.timeout_seconds)


def _place(point: Point) -> dict[str, Any]:
    return {"location": {"latLng": {"latitude": point.lat, "longitude": point.lon}}}


def _cells(body: Any, *, shape: tuple[int, int]) -> list[list[ask.Cell]]:
    """Elements come in any order, each with its indices; what is 0 may be left out."""
    found: dict[tuple[int, int], ask.Cell] = {}
    for element in body:
        if (element.get("status") or {}).get("code"):
            raise ProviderError("deferred", "cells_failed", "the service could not work out a part of the table")
        no_way = element["condition"] == "ROUTE_NOT_FOUND"
        cell = (None, None) if no_way else (_seconds(element["duration"]), element.get("distanceMeters", 0))
        found[element.get("originIndex", 0), element.get("destinationIndex", 0)] = cell
    return ask.square(found, shape)


def _seconds(text: str) -> float:
    """`165s`, as durations are written in its JSON."""
    number, unit, rest = text.partition("s")
    if not unit or rest:
        raise ValueError("no duration")
    return float(number)


def _way(body: Any) -> tuple[int, int, tuple[Point, ...]] | None:
    """It answers an empty object where there is no way."""
    if body == {}:
        return None
    best = body["routes"][0]
    points = lines.polyline(best["polyline"]["encodedPolyline"], digits=5)
    return lookup.whole(_seconds(best["duration"]), up=True), lookup.whole(best.get("distanceMeters", 0)), points
