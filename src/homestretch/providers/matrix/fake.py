"""A service that invents travel times: along the great circle, a little longer one way than the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from homestretch.kernel.geo import Point, between, distance_m
from homestretch.providers import faults, lookup
from homestretch.providers.matrix import Profile, Table, Way, ask
from homestretch.providers.registry import adapter

_SPEEDS: dict[Profile, int] = {"van": 8, "truck": 7, "bike": 4, "foot": 1}  # meters in a second
_AROUND = 1.4  # roads are longer than the great circle
_EASTWARD = 1.1  # and longer to the east, so that no table is symmetric
_SEA_M = 200_000  # farther than this there is no way


@dataclass(frozen=True)
class FakeMatrixOptions:
    """A fault plan; it is asked with `3x5` for a table of three origins and five destinations, `path` for a way."""

    faults: Path | None = None
    max_cells: int = 4_000_000


@adapter("matrix", "fake", FakeMatrixOptions)
class FakeMatrix:
    def __init__(self, options: FakeMatrixOptions) -> None:
        self._options = options

    def durations_and_distances(
        self, origins: Sequence[Point], destinations: Sequence[Point], *, depart: datetime | None, profile: Profile
    ) -> Table:
        def block(rows: Sequence[Point], columns: Sequence[Point]) -> ask.Answer:
            self._fail(f"{len(rows)}x{len(columns)}")
            return [[_cell(origin, to, profile) for to in columns] for origin in rows], depart

        shape = len(origins), max(1, len(destinations))
        limit, budget = ask.Limit(*shape, shape[0] * shape[1]), ask.Budget(self._options.max_cells, 3600)
        return ask.table("fake", (origins, destinations), limit, budget, block)

    def path(self, origin: Point, destination: Point, *, depart: datetime | None, profile: Profile) -> Way | None:
        self._fail("path")
        seconds, meters = _cell(origin, destination, profile)
        if seconds is None or meters is None:
            return None
        line = tuple(between(origin, destination, share / 4) for share in range(5))
        return Way(lookup.whole(seconds, up=True), lookup.whole(meters), line, depart, "fake")

    def _fail(self, subject: str) -> None:
        fault = faults.next_fault(self._options.faults, "matrix", subject)
        if fault:
            raise fault.lookup_error()


def _cell(origin: Point, destination: Point, profile: Profile) -> ask.Cell:
    straight = distance_m(origin, destination)
    if straight > _SEA_M:
        return None, None
    meters = straight * _AROUND * (_EASTWARD if destination.lon > origin.lon else 1)
    return meters / _SPEEDS[profile], meters
