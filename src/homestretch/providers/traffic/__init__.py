"""How fast traffic moves now, from a service outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from homestretch.kernel.geo import Point


@dataclass(frozen=True)
class Box:
    """An area in degrees, with its edges; not across the date line."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True)
class Flow:
    """Traffic on a stretch of road, in the direction of its line (two points or more).

    Speeds are meters in an hour: as it moves, and as it would with nobody in the way. `confidence` is from 0 to 1, how
    much of it was measured rather than assumed. `as_of` is when it was measured, as far as the service says.
    """

    points: tuple[Point, ...]
    speed_mh: int
    free_speed_mh: int
    road_closed: bool
    confidence: float
    as_of: datetime


class Traffic(Protocol):
    def speeds(self, where: Sequence[Point] | Box, *, at: datetime) -> list[Flow]:
        """Stretches near any of the points (within about 50 m, each once), or within the box; none where none is known.

        `at` is now, an instant with a zone: services know no other. Raises `ProviderError`, never `unknown`:
        `permanent` `box_unsupported` where a service takes points alone, `too_large` over its options' limit.
        """
        ...
