"""The ways that vans drive, asked of the installation itself; where it has no map, nobody knows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from homestretch.kernel.geo import Point
from homestretch.kernel.units import iso
from homestretch.simulation.client import Client

PATH = "/api/v1/travel/path"
MOST_POINTS = 200  # of one question
GUESSED = "great_circle"  # the rung of an answer without roads


@dataclass(frozen=True, slots=True)
class Way:
    """A drive along roads. `seconds` as the installation takes it to last."""

    seconds: int
    points: tuple[Point, ...]


@dataclass(slots=True)
class Ways:
    """Ways from place to place, remembered. Where no map is installed, only the first question is asked."""

    client: Client
    has_map: bool = True
    _known: dict[tuple[Point, Point], Way | None] = field(default_factory=dict)

    def learn(self, places: Sequence[Point], depart: datetime) -> None:
        """Ask at once for the ways from each place to the next."""
        for first in range(0, len(places) - 1, MOST_POINTS - 1):
            self._ask(places[first : first + MOST_POINTS], depart)

    def between(self, start: Point, end: Point, depart: datetime) -> Way | None:
        """The way, or None where no road is known to lead there."""
        if (start, end) not in self._known:
            self._ask((start, end), depart)
            self._known.setdefault((start, end), None)
        return self._known[start, end]

    def _ask(self, places: Sequence[Point], depart: datetime) -> None:
        if not self.has_map:
            return
        points = [{"lat": place.lat, "lon": place.lon} for place in places]
        said = self.client.post(PATH, {"points": points, "depart": iso(depart)})
        self.has_map = not any(fell["code"] == "travel.no_map" for fell in said["fell"])
        if said["rung"] == GUESSED:
            return
        for start, end, leg in zip(places, places[1:], said["legs"], strict=False):
            line = tuple(Point(point["lat"], point["lon"]) for point in leg["points"])
            self._known[start, end] = Way(leg["seconds"], line)
