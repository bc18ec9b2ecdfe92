"""What travel is asked and answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from homestretch.kernel.geo import Point
from homestretch.kernel.windows import Window
from homestretch.planner.travel import Matrix, Slots
from homestretch.travel.rules.closures import Closure
from homestretch.travel.rules.estimate import Estimate
from homestretch.travel.rules.speeds import Speed
from homestretch.travel.rules.weather import Weather


@dataclass(frozen=True, slots=True)
class Known:
    """All that an organization knows about travel of a profile in a span: read once, in a scope; no database after it.

    `speeds` by source, the most trusted first; `speeds_key` names their content.
    """

    profile: str
    zone: ZoneInfo
    estimate: Estimate
    closures: tuple[Closure, ...] = ()
    weather: tuple[Weather, ...] = ()
    speeds: tuple[tuple[Speed, ...], ...] = ()
    speeds_key: tuple[str, ...] = ()
    speeds_as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClosureData:
    """A closure as somebody tells it. `area` is a GeoJSON Polygon or MultiPolygon; `profiles` empty: for all."""

    name: str
    street: str
    near: Point | None
    area: dict[str, Any] | None
    starts_at: datetime
    ends_at: datetime | None = None
    profiles: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Travel between all of `points`, for departures in `span`. `anchors` are those without which nothing is left: the
    depots, where the vehicle is. The first `passing` of the points will hardly be asked again: a vehicle on its way."""

    points: tuple[Point, ...]
    span: Window
    anchors: frozenset[int] = frozenset()
    passing: int = 0


@dataclass(frozen=True, slots=True)
class Trip:
    """From each point to the next, the first drive leaving at `depart`."""

    points: tuple[Point, ...]
    depart: datetime
    profile: str = "van"


@dataclass(frozen=True, slots=True)
class OffRoad:
    """A point that no road leads to: `code` is `place.far_from_road` or `place.off_map`."""

    point: int
    code: str


@dataclass(frozen=True, slots=True)
class Fell:
    """A rung that could not answer, and why."""

    rung: str
    code: str
    cause: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The planner's profile over the asked points, in seconds from the span's start; `rung` is where it comes from.

    `source` names the map or service, `as_of` how old what it knows is. Points `off_road` are reached by no way.
    """

    profile: Matrix | Slots
    rung: str
    source: str = ""
    as_of: datetime | None = None
    off_road: tuple[OffRoad, ...] = ()
    fell: tuple[Fell, ...] = ()


@dataclass(frozen=True, slots=True)
class Leg:
    """One drive: whole seconds and meters, and the line that it follows (two points where no road is known)."""

    seconds: int
    meters: int
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Drive:
    """Drives from each point to the next, each leaving when the one before has arrived."""

    legs: tuple[Leg, ...]
    rung: str
    source: str = ""
    as_of: datetime | None = None
    fell: tuple[Fell, ...] = ()
