"""A vehicle in the middle of its day: what it has done, what it does, what it has ahead, as a `Line` to be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from homestretch.dispatch.rules.running import Halt, Line, Span, Work
from homestretch.insights.twin.scene import Job, Van
from homestretch.kernel.geo import Point, between

OPEN = ("waiting", "idle", "driving", "at_door")  # states of a vehicle that goes on


@dataclass(frozen=True, slots=True)
class Stop:
    """A halt ahead. `job` None: goods of broken-down vehicles, or of a depot, are taken over here."""

    id: UUID
    point: Point
    service_s: int
    job: Job | None = None
    attempt: int = 0


@dataclass(slots=True)
class Driven:
    """One vehicle. `state`: waiting (for its shift), idle, driving, at_door, home, down. `here`: the last place that it
    was at; `since`, `until` of what it does."""

    van: Van
    ahead: list[Stop]
    here: Point = field(init=False)
    state: str = "waiting"
    since: datetime = field(init=False)
    until: datetime = field(init=False)
    begun: datetime = field(init=False)  # of the service at a door, after the wait for its window
    plan_s: float = 0.0  # of the leg under way, as it was believed when it began
    rest_s: int = 0  # of breaks, on the leg under way
    rested: int = 0  # breaks that are behind it
    meters: int = 0
    version: int = 1
    number: int = 0  # of what it does: events of what it no longer does are told apart by it
    legs: list[tuple[int, int]] = field(default_factory=list)  # (taken, believed) seconds
    services: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.here, self.since = self.van.start, self.van.starts_at
        self.until = self.begun = self.since

    @property
    def goes_on(self) -> bool:
        """Whether it is, or will be, on the road."""
        return self.state in OPEN

    def rest(self, until: datetime) -> int:
        """Seconds of breaks that it takes on a drive which would else end `until`."""
        seconds = 0
        for begins, lasts in self.van.rests[self.rested :]:
            if begins > until + timedelta(seconds=seconds):
                break
            seconds, self.rested = seconds + lasts, self.rested + 1
        return seconds

    def where(self, at: datetime) -> Point:
        """Where it is, as its phone would say."""
        if self.state != "driving" or not self.ahead:
            return self.here
        whole = (self.until - self.since) / timedelta(seconds=1)
        gone = (at - self.since) / timedelta(seconds=1)
        return between(self.here, self.ahead[0].point, gone / whole) if whole > 0 else self.ahead[0].point

    def line(self, at: datetime) -> Line:
        """The route as recovery reads it."""
        van, here = self.van, self.where(at)
        span = Span(
            shift_id=van.id,
            here=here,
            end=van.home or van.start,
            starts_at=van.starts_at,
            ends_at=van.ends_at,
            started=self.state != "waiting",
            capacity=dict(van.capacity),
            skills=van.skills,
            profile=van.profile,
            costs=van.costs,
        )
        halts = tuple(self._halt(stop, number) for number, stop in enumerate(self.ahead))
        return Line(van.id, self.version, van.name, span, halts, van.id, van.start, seen=self.state == "driving")

    def _halt(self, stop: Stop, number: int) -> Halt:
        state, since = "planned", None
        if number == 0 and self.state in ("driving", "at_door"):
            state, since = ("en_route" if self.state == "driving" else "arrived"), self.since
        windows = stop.job.windows if stop.job else ()
        works = (work_of(stop.job),) if stop.job else ()
        return Halt(stop.id, stop.point, windows, stop.service_s, works, state, since)


def work_of(job: Job) -> Work:
    """A task as recovery reads it."""
    return Work(job.id, job.order_id, job.kind, job.pair, dict(job.loads), job.skills)
