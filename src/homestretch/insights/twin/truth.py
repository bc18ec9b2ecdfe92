"""What was true of a past day: drives and services as they were seen, and what nobody drove reckoned from those.

A drive that somebody made that day takes what it took then, whoever makes it. Any other takes what travel says of it,
times the pace of that day: how slowly its drives went against what travel says of them, more closely in the hour and in
the cell (of about 3 km) that is driven to, as far as drives there tell. A service takes what it took at that task, an
attempt ends as that attempt ended; one more than were made ends as the last one did.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import exp, log
from statistics import fmean
from typing import Protocol, TypeVar
from uuid import UUID

from homestretch.insights.twin.scene import Job, Van
from homestretch.kernel.geo import Point
from homestretch.travel.rules.estimate import cell_of

K = TypeVar("K")
PRIOR = 5  # drives: so many weigh as much as what is known without them
LEAST_S, WILDEST = 60, log(4)  # what is shorter, or four times slower or faster than usual, tells no pace


@dataclass(frozen=True, slots=True)
class Halted:
    """An attempt at a door. `names`: what each of its tasks is called where a day is played as it was driven, which
    tells attempts apart. `out`: when the vehicle set out to it; None: nobody said. `told`: the arrival was; else it is
    reckoned back from the outcome."""

    van: UUID
    tasks: tuple[UUID, ...]
    names: tuple[UUID, ...]
    point: Point
    out: datetime | None
    arrived: datetime
    begun: datetime
    left: datetime
    planned_s: int
    told: bool
    done: frozenset[UUID] = frozenset()
    reason: str = ""

    @property
    def seconds(self) -> int:
        """Of the service."""
        return max(0, round((self.left - self.begun).total_seconds()))


@dataclass(frozen=True, slots=True)
class Way:
    """A drive that was made: the place before was left at `left`, it lasted `seconds`, and `idle_s` more went by, with
    breaks and with nothing to do."""

    van: UUID
    start: Point
    end: Point
    left: datetime
    seconds: int
    idle_s: int
    told: bool


def ways_of(van: Van, halts: Sequence[Halted]) -> list[Way]:
    """The drives of a vehicle, from each place to the next. Its `rests` lasted besides."""
    here, left, told, made = van.start, van.starts_at, True, []
    for halt in halts:
        out = min(max(left, halt.out or left), max(left, halt.arrived))
        gap = max(0.0, (halt.arrived - left).total_seconds())
        drive = max(0.0, (halt.arrived - out).total_seconds() - _rested(van, out, halt.arrived))
        made.append(Way(van.id, here, halt.point, left, round(drive), round(gap) - round(drive), told and halt.told))
        here, left, told = halt.point, halt.left, True
    return made


def _rested(van: Van, start: datetime, end: datetime) -> float:
    rests = [(begins, begins + timedelta(seconds=seconds)) for begins, seconds in van.rests]
    return sum(max(0.0, (min(end, over) - max(start, begins)).total_seconds()) for begins, over in rests)


@dataclass(frozen=True, slots=True)
class Drive:
    """How much longer than usual a drive took, as a logarithm; when, and to where."""

    log: float
    hour: int
    cell: str


@dataclass(frozen=True, slots=True)
class Pace:
    """Of a day, as a logarithm, and what its hours (UTC) and the cells that were driven to add to it."""

    day: float = 0.0
    hours: Mapping[int, float] = field(default_factory=dict)
    cells: Mapping[str, float] = field(default_factory=dict)

    def of(self, hour: int, cell: str) -> float:
        """As a logarithm."""
        return self.day + self.hours.get(hour, 0.0) + self.cells.get(cell, 0.0)


def pace_of(drives: Sequence[Drive]) -> Pace:
    """What drives tell: their mean, then what is left of it by hour, then what is left of that by cell, each drawn to
    nothing where few tell."""
    drives = [drive for drive in drives if abs(drive.log) <= WILDEST]
    if not drives:
        return Pace()
    pace = Pace(fmean(drive.log for drive in drives))
    pace = replace(pace, hours=_drawn((drive.hour, drive.log - pace.day) for drive in drives))
    return replace(pace, cells=_drawn((drive.cell, drive.log - pace.of(drive.hour, "")) for drive in drives))


def _drawn(rows: Iterable[tuple[K, float]]) -> dict[K, float]:
    found: dict[K, list[float]] = defaultdict(list)
    for key, value in rows:
        found[key].append(value)
    return {key: sum(values) / (len(values) + PRIOR) for key, values in found.items()}


class Ways(Protocol):
    """What travel says of one drive."""

    def way(self, start: Point, end: Point, profile: str, at: datetime) -> tuple[int, int]:
        """(seconds, meters)."""


@dataclass(frozen=True)
class PastTruth:
    """See `scene.Truth`. `stretch`: meters driven for each that travel says; `doors`: seconds of service for each that
    was planned. Counts the drives that it is `asked` for: whether they were seen, or are reckoned."""

    roads: Ways
    profiles: Mapping[UUID, str]
    ways: Mapping[tuple[Point, Point], Sequence[Way]]
    services: Mapping[UUID, int]
    attempts: Mapping[UUID, Sequence[tuple[str, int]]]
    down: Mapping[UUID, datetime]
    pace: Pace = Pace()
    doors: float = 1.0
    stretch: float = 1.0
    asked: Counter[str] = field(default_factory=Counter)

    def leg(self, van: UUID, start: Point, end: Point, at: datetime) -> tuple[int, int]:
        """See `Truth`."""
        seconds, meters = self.roads.way(start, end, self.profiles[van], at)
        known = self.ways.get((start, end), ())
        self.asked["seen" if known else "reckoned"] += start != end
        if known:
            same = min(known, key=lambda way: (way.van != van, abs(way.left - at)))
            return same.seconds, round(self.stretch * meters)
        return round(seconds * exp(self.pace.of(at.hour, cell_of(end)))), round(self.stretch * meters)

    def service(self, _: UUID, job: Job) -> int:
        """See `Truth`."""
        known = self.services.get(job.id)
        return round(self.doors * job.service_s) if known is None else known

    def fails(self, job: Job, attempt: int) -> str:
        """See `Truth`."""
        return self._end(job, attempt)[0]

    def turned_away(self, job: Job, attempt: int) -> int:
        """See `Truth`."""
        return self._end(job, attempt)[1]

    def _end(self, job: Job, attempt: int) -> tuple[str, int]:
        ends = self.attempts.get(job.id, ())
        return ends[min(attempt, len(ends) - 1)] if ends else ("", 0)

    def breaks_down(self, van: UUID) -> datetime | None:
        """See `Truth`."""
        return self.down.get(van)

    @property
    def seen(self) -> float | None:
        """The share of the drives that were asked for which somebody made that day; None: none was asked for."""
        return self.asked["seen"] / self.asked.total() if self.asked.total() else None

    def of(self, vans: Sequence[Van]) -> PastTruth:
        """The same for these vans, asked nothing yet."""
        return replace(self, asked=Counter(), profiles={van.id: van.profile for van in vans})


def truth_of(vans: Sequence[Van], halts: Sequence[Halted], roads: Ways, down: Mapping[UUID, datetime]) -> PastTruth:
    """What a day's attempts, in the order of their arrivals, tell of it."""
    profiles, ways, drives = (
        {van.id: van.profile for van in vans},
        defaultdict[tuple[Point, Point], list[Way]](list),
        [],
    )
    for van in vans:
        for way in ways_of(van, [halt for halt in halts if halt.van == van.id]):
            if not way.told or way.start == way.end:
                continue
            ways[way.start, way.end].append(way)
            out = way.left + timedelta(seconds=way.idle_s)
            usual = roads.way(way.start, way.end, van.profile, out)[0]
            if usual >= LEAST_S and way.seconds >= LEAST_S:
                drives.append(Drive(log(way.seconds / usual), out.hour, cell_of(way.end)))
    services, attempts = _at_doors(halts)
    served = [halt for halt in halts if halt.told and halt.done and halt.planned_s]
    taken, planned = sum(halt.seconds for halt in served), sum(halt.planned_s for halt in served)
    return PastTruth(
        roads, profiles, ways, services, attempts, down, pace_of(drives), taken / planned if taken and planned else 1.0
    )


def _at_doors(halts: Sequence[Halted]) -> tuple[dict[UUID, int], dict[UUID, list[tuple[str, int]]]]:
    """Seconds of services; how attempts ended and how long they took; both by task and by the name of each attempt."""
    services: dict[UUID, int] = {}
    attempts: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    for halt in halts:
        for task, name in zip(halt.tasks, halt.names, strict=True):
            reason = "" if task in halt.done else halt.reason
            lasts = halt.seconds if task == halt.tasks[-1] else 0
            for key in {task, name}:
                attempts[key].append((reason, lasts))
                if halt.told and not reason:
                    services[key] = lasts
    return services, attempts
