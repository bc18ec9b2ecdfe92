"""How a van gets from door to door, and what its GPS says of it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from math import cos, radians, sin, sqrt
from random import Random
from typing import Any

from homestretch.kernel.geo import Point, bearing_deg, between, distance_m, offset
from homestretch.kernel.units import iso
from homestretch.simulation.phones.ways import Way

CIRCUITY = 1.28  # roads are longer than the great circle
LEAST_S = 15  # of any drive
FREE_MS = 11.5  # meters per second on empty streets
RUSH = {7: 0.75, 8: 0.7, 9: 0.8, 12: 0.85, 16: 0.75, 17: 0.7, 18: 0.75}  # share of the free speed, by local hour
STANDING_FACTOR = 4  # a phone that stands takes fewer positions


@dataclass(frozen=True, slots=True)
class Leg:
    """[starts, ends] along `path`, at one speed; a path of one point is a halt."""

    starts: datetime
    ends: datetime
    path: tuple[Point, ...]
    _along: tuple[float, ...] = field(init=False, repr=False, compare=False)  # meters from the start to each point

    def __post_init__(self) -> None:
        steps = (distance_m(a, b) for a, b in pairwise(self.path))
        object.__setattr__(self, "_along", tuple(accumulate(steps, initial=0.0)))

    @property
    def moves(self) -> bool:
        """Whether it leads anywhere."""
        return len(self.path) > 1

    def where(self, at: datetime) -> tuple[Point, float, float]:
        """(place, bearing, meters per second) at an instant of it."""
        total, seconds = self._along[-1], (self.ends - self.starts).total_seconds()
        if not self.moves or not total:
            return self.path[-1], 0.0, 0.0
        gone = total * (at - self.starts).total_seconds() / seconds
        n = min(max(bisect_right(self._along, gone), 1), len(self.path) - 1)
        a, b, length = self.path[n - 1], self.path[n], self._along[n] - self._along[n - 1]
        share = min(1.0, (gone - self._along[n - 1]) / length) if length else 1.0
        return between(a, b, share), bearing_deg(a, b), total / seconds


def drive(start: Point, end: Point, at: datetime, hour: int, random: Random, slower: float = 1.0) -> Leg:
    """The way from one door to another where no roads are known: a bend off the straight line, slower in the rush,
    some luck; `slower` times as long as usual."""
    straight = distance_m(start, end)
    speed = FREE_MS * RUSH.get(hour, 0.9) * _luck(random) / slower
    seconds = max(LEAST_S, round(straight * CIRCUITY / speed))
    return Leg(at, at + timedelta(seconds=seconds), (start, _bend(start, end, straight, random), end))


def follow(way: Way, start: Point, end: Point, at: datetime, random: Random, slower: float = 1.0) -> Leg:
    """The way along roads, with the steps from door to road and from road to door, in about the time it should take,
    `slower` times that."""
    seconds = max(LEAST_S, round(way.seconds * slower / _luck(random)))
    return Leg(at, at + timedelta(seconds=seconds), (start, *way.points, end))


def _luck(random: Random) -> float:
    """By how much a driver is quicker than usual."""
    return random.lognormvariate(0, 0.12)


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
        point, bearing, speed_ms = leg.where(at)
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
