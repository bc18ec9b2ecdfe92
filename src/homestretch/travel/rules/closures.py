"""Roads that cannot be passed: what a dispatcher says of them, checked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import Refusal
from homestretch.places.rules.shapes import read_drawing

Ring = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Closure:
    """A street, or all roads that pass an area, for a span. `ends_at` None: until somebody opens it.

    `street` with `near` (which of several of that name), or `areas`: outlines, the first corner not repeated.
    """

    id: UUID
    street: str
    near: Point | None
    areas: tuple[Ring, ...]
    starts_at: datetime
    ends_at: datetime | None
    profiles: frozenset[str] = frozenset()

    def may_hold(self, profile: str) -> bool:
        """Whether it is for such a vehicle."""
        return not self.profiles or profile in self.profiles

    def holds(self, moment: datetime) -> bool:
        """Whether it is closed then."""
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)


def read_areas(geometry: Mapping[str, Any]) -> tuple[Ring, ...]:
    """The outlines of a GeoJSON Polygon or MultiPolygon, holes left out. Refuses what `places` refuses of drawings."""
    drawn = read_drawing(geometry).geometry
    polygons = [drawn["coordinates"]] if drawn["type"] == "Polygon" else drawn["coordinates"]
    return tuple(tuple(Point(lat, lon) for lon, lat in rings[0][:-1]) for rings in polygons)


def check_span(starts_at: datetime, ends_at: datetime | None) -> None:
    """Refuses `closure.ends_before_start`."""
    if ends_at is not None and ends_at <= starts_at:
        raise Refusal(
            "closure.ends_before_start",
            "it ends before it starts",
            remedy="give an end after the start, or none",
            field="ends_at",
        )
