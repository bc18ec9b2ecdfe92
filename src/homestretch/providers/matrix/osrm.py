"""OSRM over HTTP, a server of one's own (https://project-osrm.org/docs/v5.24.0/api/): `/table` and `/route`.

One server answers one profile, so each profile has its address. It knows no hours: `depart` is ignored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from homestretch.kernel.geo import Point, read_point
from homestretch.providers import http, lookup
from homestretch.providers.errors import ProviderError
from homestretch.providers.matrix import Profile, Table, Way, ask
from homestretch.providers.registry import adapter


@dataclass(frozen=True)
class OsrmOptions:
    """Addresses without `/table`; a profile without one is not supported. `max_table_size` as `osrm-routed` was started
    with: it takes that number squared of pairs in one request. `max_cells`, `max_seconds`: of a whole table."""

    base_url: str
    truck_url: str = ""
    bike_url: str = ""
    foot_url: str = ""
    max_table_size: int = 100
    max_cells: int = 4_000_000
    timeout_seconds: float = 20.0
    max_seconds: float = 300.0

    def __post_init__(self) -> None:
        lookup.required(self, "base_url", "max_table_size")


@adapter("matrix", "osrm", OsrmOptions)
class Osrm:
    def __init__(self, options: OsrmOptions) -> None:
        self._options = options
        self._bases: dict[Profile, str] = {
            "van": options.base_url,
            "truck": options.truck_url,
            "bike": options.bike_url,
            "foot": options.foot_url,
        }

    def durations_and_distances(
        self,
        origins: Sequence[Point],
        destinations: Sequence[Point],
        *,
        depart: datetime | None,  # noqa: ARG002  it knows no hours
        profile: Profile,
    ) -> Table:
        size = min(self._options.max_table_size, 100)  # 200 coordinates are 5 kB of address, and proxies take 8
        base = ask.mode(self._bases, profile)
        limit = ask.Limit(size, size, size * size)
        budget = ask.Budget(self._options.max_cells, self._options.max_seconds)

        def block(rows: Sequence[Point], columns: Sequence[Point]) -> ask.Answer:
            names = {
                "sources": ";".join(str(n) for n in range(len(rows))),
                "destinations": ";".join(str(n) for n in range(len(rows), len(rows) + len(columns))),
                "annotations": "duration,distance",
            }
            reply = self._get(base, "table", [*rows, *columns], names)
            return lookup.read(reply, _cells), lookup.answered_at(reply)

        return ask.table("osrm", (origins, destinations), limit, budget, block)

    def path(
        self,
        origin: Point,
        destination: Point,
        *,
        depart: datetime | None,  # noqa: ARG002
        profile: Profile,
    ) -> Way | None:
        names = {"overview": "full", "geometries": "geojson", "steps": "false"}
        reply = self._get(ask.mode(self._bases, profile), "route", [origin, destination], names)
        if lookup.word_of(reply, "code") == "NoRoute":
            return None
        seconds, meters, points = lookup.read(reply, read_way)
        return Way(seconds, meters, points, lookup.answered_at(reply), "osrm")

    def _get(self, base: str, service: str, points: Sequence[Point], names: dict[str, str]) -> http.Reply:
        line = ";".join(f"{point.lon:.6f},{point.lat:.6f}" for point in points)  # OSRM's order is lon, lat
        url = f"{base.rstrip('/')}/{service}/v1/driving/{line}"
        reply = lookup.send(httpx.Request("GET", url, params=names), timeout_seconds=self._options.timeout_seconds)
        code = lookup.word_of(reply, "code") if reply.status == 400 else None
        if code == "NoSegment":
            raise ask.far_from_road()
        if code == "TooBig":
            raise ProviderError("permanent", "too_large", "the server takes smaller tables: set max_table_size")
        return reply


def _cells(body: Any) -> list[list[ask.Cell]]:
    return [
        [(seconds, meters) for seconds, meters in zip(times, lengths, strict=True)]
        for times, lengths in zip(body["durations"], body["distances"], strict=True)
    ]


def read_way(body: Any) -> tuple[int, int, tuple[Point, ...]]:
    best = body["routes"][0]
    points = tuple(read_point(float(lat), float(lon)) for lon, lat in best["geometry"]["coordinates"])
    return lookup.whole(best["duration"], up=True), lookup.whole(best["distance"]), points
