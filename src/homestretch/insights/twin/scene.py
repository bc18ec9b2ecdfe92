"""A day to be played: who drives, what is wanted, what is believed of the roads, and what is true. Values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from homestretch.kernel.geo import Point
from homestretch.kernel.windows import Window
from homestretch.planner.problem import Matrix, Slots
from homestretch.travel.rules.timing import Times, built_in


@dataclass(frozen=True, slots=True)
class Job:
    """A task at a place. `known_at`: when it comes in; None: it is planned in the morning. `promise`: what is told when
    it comes in; None: a window around the planned arrival, at release. `depot`: where the goods of a delivery that
    comes in by day are taken up; None: they are not brought from anywhere."""

    id: UUID
    order_id: UUID
    kind: str
    point: Point
    service_s: int
    windows: tuple[Window, ...] = ()
    loads: Mapping[str, int] = field(default_factory=dict, hash=False)
    pair: str = ""
    skills: frozenset[str] = frozenset()
    known_at: datetime | None = None
    promise: Window | None = None
    depot: Point | None = None


@dataclass(frozen=True, slots=True)
class Van:
    """A shift with its vehicle. `waits`: where nothing is left to do it stands and waits for more, to the end of its
    shift; else it drives home. `home` None: it ends wherever it is. `rests`: its breaks, (from when, seconds), each
    taken on the drive that is under way by then."""

    id: UUID
    name: str
    start: Point
    home: Point | None
    starts_at: datetime
    ends_at: datetime
    waits: bool = False
    capacity: Mapping[str, int] = field(default_factory=dict, hash=False)
    skills: frozenset[str] = frozenset()
    profile: str = "van"
    costs: tuple[int, int, int] = (0, 2400, 40)  # fixed, per hour, per km
    rests: tuple[tuple[datetime, int], ...] = ()


class Roads(Protocol):
    """What the service believes of ways, from what it knows at an instant."""

    def table(self, points: Sequence[Point], profile: str, at: datetime) -> Matrix | Slots:
        """Seconds and meters between points; slots in seconds from `at`."""


class Truth(Protocol):
    """What is true of a day. No policy sees any of it ahead; all policies meet the same."""

    def leg(self, van: UUID, start: Point, end: Point, at: datetime) -> tuple[int, int]:
        """(seconds, meters) that a drive takes which begins at `at`."""

    def service(self, van: UUID, job: Job) -> int:
        """Seconds that a service takes."""

    def fails(self, job: Job, attempt: int) -> str:
        """Why an attempt fails, one of dispatch's reasons; "" where it does not."""

    def turned_away(self, job: Job, attempt: int) -> int:
        """Seconds at the door that an attempt takes which fails."""

    def breaks_down(self, van: UUID) -> datetime | None:
        """When a vehicle breaks down; None: it does not."""


@dataclass(frozen=True)
class Scene:
    """A day. `routes`: of each van the tasks that it sets out with, in order, as they were planned; `planned`: when
    each of them was planned to be reached. `early_s`, `late_s`: how wide promises are made around that."""

    vans: tuple[Van, ...]
    jobs: tuple[Job, ...]
    routes: Mapping[UUID, tuple[UUID, ...]]
    planned: Mapping[UUID, datetime]
    roads: Roads
    truth: Truth
    times: Times = field(default_factory=built_in)
    early_s: int = 1800
    late_s: int = 3600

    @property
    def begins(self) -> datetime:
        """The first instant of it."""
        known = [job.known_at for job in self.jobs if job.known_at is not None]
        return min([*(van.starts_at for van in self.vans), *known])
