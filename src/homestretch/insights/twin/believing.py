"""What is believed of the ways of a past day: the ladder of travel times, by what is known of that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from homestretch.kernel.geo import Point
from homestretch.kernel.windows import Window
from homestretch.planner.legs import leg_of
from homestretch.planner.problem import UNREACHABLE, Matrix, Slots
from homestretch.travel import ladder
from homestretch.travel.rungs import great_circle
from homestretch.travel.values import Asked, Known

LEAST, ONE_DRIVE = timedelta(hours=1), timedelta(minutes=30)  # spans of departures


@dataclass(frozen=True)
class KnownRoads:
    """By profile what is known; departures until `ends`."""

    known: Mapping[str, Known]
    ends: datetime

    def table(self, points: Sequence[Point], profile: str, at: datetime) -> Matrix | Slots:
        """See `Roads`."""
        asked = Asked(tuple(points), Window(at, max(at + LEAST, self.ends)))
        return ladder.matrix(asked, self.known[profile]).profile

    def way(self, start: Point, end: Point, profile: str, at: datetime) -> tuple[int, int]:
        """(seconds, meters) of one drive; where no road leads, as the great circle has it."""
        if start == end:
            return 0, 0
        asked = Asked((start, end), Window(at, at + ONE_DRIVE))
        for rung in (ladder, great_circle):
            leg = leg_of(rung.matrix(asked, self.known[profile]).profile, 0, 1)
            if leg.arrive(0) < UNREACHABLE:
                break
        return leg.arrive(0), leg.far(0)
