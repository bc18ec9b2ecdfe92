"""How a van gets from door to door, and what its GPS says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import cos, radians, sin, sqrt
from random import Random
from typing import Any

from homestretch.kernel.geo import Point, bearing_deg, between, distance_m, offset
from homestretch.kernel.units import iso

CIRCUITY = 1.28  # roads are longer than the great circle
FREE_MS = 11.5  # meters per second on empty streets
RUSH = {7: 0.75, 8: 0.7, 9: 0.8, 12: 0.85, 16: 0.75, 17: 0.7, 18: 0.75}  # share of the free speed, by local hour
STANDING_FACTOR = 4  # a phone that stands takes fewer positions


@dataclass(frozen=True, slots=True)
class Leg:
    """[starts, ends] along `path`, at one speed; a path of one point is a halt."""

    starts: datetime
    ends: datetime
    path: tuple[Point, ...]

    @property
    def moves(self) -> bool:
        """Whether it leads anywhere."""
        return len(self.path) > 1


def drive(start: Point, end: Point, at: datetime, hour: int, random: Random) -> Leg:
    """The way from one door to another: a bend off the straight line, slower in the rush, some luck."""
    straight = distance_m(start, end)
    speed = FREE_MS * RUSH.get(hour, 0.9) * random.lognormvariate(0, 0.12)
    seconds = max(15, round(straight * CIRCUITY / speed))
    return Leg(at, at + timedelta(seconds=seconds), (start, _bend(start, end, straight, random), end))


def _bend(start: Point, end: Point, straight: float, random: Random) -> Point:
    """The corner that makes the way CIRCUITY times as long."""
    side = random.choice((-1, 1)) * straight / 2 * sqrt(CIRCUITY**2 - 1)
    turn = radians(bearing_deg(start, end) + 90)
    return offset(between(start, end, 0.5), side * cos(turn), side * sin(turn))


@dataclass(slots=True)
class Track:
    """Where a phone has been: legs without holes. `take` samples each moment once."""

    random: Random
    position_s: int
    legs: list[Leg] = field(default_factory=list)
    sampled: datetime | None = None
    _leg: int = 0

    def add(self, leg: Leg) -> None:
        """Go on."""
        if self.sampled is None:
            self.sampled = leg.starts
        self.legs.append(leg)

    def take(self, until: datetime) -> list[dict[str, Any]]:
        """The positions since the last call, as the intake reads them: with noise, gaps, now and then a wild one."""
        found: list[dict[str, Any]] = []
        while self.sampled is not None and self._leg < len(self.legs) and self.sampled <= until:
            leg = self.legs[self._leg]
            if self.sampled > leg.ends:
                self._leg += 1
                continue
            if self.random.random() > 0.004:
                found.append(self._position(leg, self.sampled))
            else:
                self.sampled += timedelta(seconds=self.random.randint(30, 90))  # a tunnel
            self.sampled += timedelta(seconds=self.position_s * (1 if leg.moves else STANDING_FACTOR))
        return found

    def _position(self, leg: Leg, at: datetime) -> dict[str, Any]:
        point, bearing, speed_ms = _where(leg, at)
        wild = self.random.random() < 0.002
        spread = 120.0 if wild else 4.0
        seen = offset(point, self.random.gauss(0, spread), self.random.gauss(0, spread))
        return {
            "lat": round(seen.lat, 6),
            "lon": round(seen.lon, 6),
            "at": iso(at),
            "accuracy_m": 150 if wild else self.random.randint(4, 15),
            "speed_mh": round(speed_ms * 3600),
            "bearing_deg": round(bearing) % 360,
        }


def _where(leg: Leg, at: datetime) -> tuple[Point, float, float]:
    """(place, bearing, meters per second) on a leg."""
    if not leg.moves:
        return leg.path[0], 0.0, 0.0
    lengths = [distance_m(a, b) for a, b in zip(leg.path, leg.path[1:], strict=False)]
    total, seconds = sum(lengths), (leg.ends - leg.starts).total_seconds()
    gone = total * (at - leg.starts).total_seconds() / seconds
    for a, b, length in zip(leg.path, leg.path[1:], lengths, strict=False):
        if gone <= length and length:
            return between(a, b, gone / length), bearing_deg(a, b), total / seconds
        gone -= length
    return leg.path[-1], 0.0, 0.0
