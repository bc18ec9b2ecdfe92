"""Roads that cannot be passed, and weather: what a dispatcher says of them, checked. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from shapely.errors import GEOSException
from shapely.geometry import shape

from homestretch.kernel.geo import Point, read_point
from homestretch.kernel.refusal import Refusal

Kind = Literal["clear", "rain", "snow", "storm"]
WEATHERS: tuple[Kind, ...] = ("clear", "rain", "snow", "storm")
MAX_CORNERS, MAX_NAME = 2_000, 120


@dataclass(frozen=True, slots=True)
class Closure:
    """A street, or all roads that pass an area, for a span. `ends_at` None: until somebody opens it.

    `street` with `near` (which of several of that name), or `area`: the corners of a polygon, the first not repeated.
    """

    id: UUID
    street: str
    near: Point | None
    area: tuple[Point, ...]
    starts_at: datetime
    ends_at: datetime | None
    profiles: frozenset[str] = frozenset()

    def may_hold(self, profile: str) -> bool:
        """Whether it is for such a vehicle."""
        return not self.profiles or profile in self.profiles

    def holds(self, moment: datetime) -> bool:
        """Whether it is closed then."""
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)


@dataclass(frozen=True, slots=True)
class Weather:
    """What the weather does to speeds, for a span."""

    kind: Kind
    starts_at: datetime
    ends_at: datetime


def weather_at(spans: Sequence[Weather], moment: datetime) -> Kind:
    """The weather that was said last of this moment; clear where nothing was."""
    return next((span.kind for span in reversed(spans) if span.starts_at <= moment < span.ends_at), "clear")


def read_area(geometry: Mapping[str, Any], *, field: str = "area") -> tuple[Point, ...]:
    """The corners of a GeoJSON Polygon without holes. Refuses `closure.area_invalid` and bad coordinates."""
    rings = geometry.get("coordinates")
    if geometry.get("type") != "Polygon" or not isinstance(rings, list) or len(rings) != 1:
        raise _invalid("it is no GeoJSON Polygon of one ring", field)
    ring = rings[0]
    if not isinstance(ring, list) or not 4 <= len(ring) <= MAX_CORNERS:
        raise _invalid(f"a ring has 4 to {MAX_CORNERS} corners, the first repeated at the end", field)
    try:
        corners = tuple(read_point(float(lat), float(lon), field=field) for lon, lat, *_ in ring)
        polygon = shape(geometry)
    except (TypeError, ValueError, GEOSException) as error:
        raise _invalid("a corner is not [lon, lat]", field) from error
    if corners[0] != corners[-1] or not polygon.is_valid or polygon.area == 0:
        raise _invalid("it is not closed, crosses itself, or is empty", field)
    return corners[:-1]


def check_span(starts_at: datetime, ends_at: datetime | None) -> None:
    """Refuses `closure.ends_before_start`."""
    if ends_at is not None and ends_at <= starts_at:
        raise Refusal(
            "closure.ends_before_start",
            "it ends before it starts",
            remedy="give an end after the start, or none",
            field="ends_at",
        )


def check_weather(kind: str) -> None:
    """Refuses `weather.kind_unknown`."""
    if kind not in WEATHERS:
        raise Refusal(
            "weather.kind_unknown", f"{kind[:20]!r} is no weather", remedy=f"one of {', '.join(WEATHERS)}", field="kind"
        )


def _invalid(cause: str, field: str) -> Refusal:
    return Refusal("closure.area_invalid", cause, remedy="draw the area again, without crossing lines", field=field)
