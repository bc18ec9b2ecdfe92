"""The ways that vans drive, asked of the installation itself; where it has no map, nobody knows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from homestretch.kernel.geo import Point
from homestretch.kernel.units import iso
from homestretch.simulation.client import Client, Refused

PATH = "/api/v1/travel/path"
MOST_POINTS = 200  # of one question
UNKNOWN = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.UNPROCESSABLE_ENTITY}


@dataclass(frozen=True, slots=True)
class Way:
    """A drive along roads. `seconds` as the installation takes it to last."""

    seconds: int
    points: tuple[Point, ...]


@dataclass(slots=True)
class Ways:
    """Ways from place to place, remembered. After the first answer without roads nothing is asked any more."""

    client: Client
    has_roads: bool = True
    _known: dict[tuple[Point, Point], Way] = field(default_factory=dict)

    def learn(self, places: Sequence[Point], depart: datetime) -> None:
        """Ask at once for the ways from each place to the next."""
        for first in range(0, len(places) - 1, MOST_POINTS - 1):
            if self.has_roads:
                self._ask(places[first : first + MOST_POINTS], depart)

    def between(self, start: Point, end: Point, depart: datetime) -> Way | None:
        """The way, or None where no roads are known."""
        if self.has_roads and (start, end) not in self._known:
            self._ask((start, end), depart)
        return self._known.get((start, end))

    def _ask(self, places: Sequence[Point], depart: datetime) -> None:
        body = {"points": [{"lat": place.lat, "lon": place.lon} for place in places], "depart": iso(depart)}
        try:
            said = self.client.post(PATH, body)
        except Refused as refused:
            if refused.status not in UNKNOWN:
                raise
            self.has_roads = False
            return
        if said["rung"] == "great_circle":
            self.has_roads = False
            return
        for start, end, leg in zip(places, places[1:], said["legs"], strict=False):
            points = tuple(Point(point["lat"], point["lon"]) for point in leg["points"])
            self._known[start, end] = Way(leg["seconds"], points)
