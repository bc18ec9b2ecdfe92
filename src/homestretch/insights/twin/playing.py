"""A day, event by event: vehicles set out, arrive, serve; orders come in; something goes wrong, something is done.

Events of one instant are taken in the order of their kinds, then of their making, so that a day is the same each time
that it is played by the same conduct (whose searches end by rounds, not by seconds).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from homestretch.dispatch.rules.releasing import promise
from homestretch.insights.twin.conduct import SEARCH, Conduct
from homestretch.insights.twin.desk import Desk
from homestretch.insights.twin.driving import Driven, Stop
from homestretch.insights.twin.foreseeing import believed, expected
from homestretch.insights.twin.ledger import Ledger, Measures
from homestretch.insights.twin.scene import Job, Scene
from homestretch.tracking.rules.forecast import REFRESH

RANKS = ("start", "arrive", "done", "down", "comes", "off", "refresh")  # of events at one instant
LONGEST = timedelta(hours=30)  # a day that is not over by then hangs


@dataclass(order=True, slots=True)
class Event:
    """Something that happens. `number` of a vehicle: it happens only while the vehicle still does what it did."""

    at: datetime
    rank: int
    count: int
    about: UUID | None = field(compare=False, default=None)
    number: int = field(compare=False, default=-1)

    @property
    def kind(self) -> str:
        """Its name."""
        return RANKS[self.rank]


class Day:
    """One day under one conduct. `play` runs it and says how it went."""

    def __init__(self, scene: Scene, conduct: Conduct) -> None:
        self.scene, self.conduct, self.ledger = scene, conduct, Ledger()
        self.jobs = {job.id: job for job in scene.jobs}
        self.vans = {van.id: Driven(van, self._first(scene.routes.get(van.id, ()))) for van in scene.vans}
        self.desk = Desk(scene, conduct, self.vans, self.ledger)
        self.comes: dict[UUID, list[Job]] = {}
        self.breaking = set[UUID]()
        self._queue: list[Event] = []
        self._count = 0

    def play(self) -> Measures:
        """From the first instant to the last vehicle's return."""
        self._open()
        end = self.scene.begins + LONGEST
        while self._queue and self._queue[0].at < end:
            event = heapq.heappop(self._queue)
            van = self.vans.get(event.about) if event.about else None
            if van is None or event.number in (-1, van.number):
                getattr(self, f"_{event.kind}")(event, van)
        return self.ledger.measures(sum(van.meters for van in self.vans.values()), len(self.jobs))

    def _first(self, tasks: Iterable[UUID]) -> list[Stop]:
        jobs = [self.jobs[task] for task in tasks]
        return [Stop(job.id, job.point, job.service_s, job) for job in jobs]

    def _open(self) -> None:
        scene = self.scene
        for task, moment in scene.planned.items():
            job = self.jobs[task]
            window = job.promise or promise(moment, job.windows, scene.early_s, scene.late_s)
            self.ledger.promise(task, window)
        for van in scene.vans:
            self._push(van.starts_at, "start", van.id)
            self._push(van.ends_at, "off", van.id)
            broken_at = scene.truth.breaks_down(van.id)
            if broken_at is not None:
                self._push(broken_at, "down", van.id)
        for job in scene.jobs:
            if job.known_at is not None:
                self.comes.setdefault(job.order_id, []).append(job)
        for order, jobs in self.comes.items():
            self._push(max(job.known_at or scene.begins for job in jobs), "comes", order)
        self._push(scene.begins + REFRESH, "refresh")

    def _push(self, at: datetime, kind: str, about: UUID | None = None, number: int = -1) -> None:
        self._count += 1
        heapq.heappush(self._queue, Event(at, RANKS.index(kind), self._count, about, number))

    def _start(self, event: Event, van: Driven) -> None:
        if van.state == "waiting":
            self._go_on(van, event.at)

    def _go_on(self, van: Driven, at: datetime) -> None:
        """To the next stop; where none is left, home, or wait for more."""
        van.number += 1
        if van.van.id in self.breaking:
            self._stand_still(van, at)
        elif van.ahead:
            seconds, meters = self.scene.truth.leg(van.van.id, van.here, van.ahead[0].point, at)
            van.plan_s = believed(van, self.scene.roads, at)[0]
            van.rest_s = van.rest(at + timedelta(seconds=seconds))
            van.state, van.since, van.until = "driving", at, at + timedelta(seconds=seconds + van.rest_s)
            van.meters += meters
            self._push(van.until, "arrive", van.van.id, van.number)
        elif van.van.waits and at < van.van.ends_at:
            van.state, van.since, van.until = "idle", at, van.van.ends_at
        else:
            van.state = "home"
            if van.van.home is not None:
                van.meters += self.scene.truth.leg(van.van.id, van.here, van.van.home, at)[1]

    def _arrive(self, event: Event, van: Driven) -> None:
        at, stop, truth = event.at, van.ahead[0], self.scene.truth
        van.legs.append((round((at - van.since).total_seconds()) - van.rest_s, round(van.plan_s)))
        van.here, van.state, van.since, van.begun, lasts = stop.point, "at_door", at, at, stop.service_s
        if stop.job is not None:
            opens = next((window.start for window in stop.job.windows if at <= window.end), at)
            van.begun = max(at, opens)
            failed = truth.fails(stop.job, stop.attempt)
            lasts = truth.turned_away(stop.job, stop.attempt) if failed else truth.service(van.van.id, stop.job)
            self.ledger.reach(stop.job.id, at, done=not failed)
        van.until = van.begun + timedelta(seconds=lasts)
        self._push(van.until, "done", van.van.id, van.number)

    def _done(self, event: Event, van: Driven) -> None:
        stop = van.ahead.pop(0)
        failed = self.scene.truth.fails(stop.job, stop.attempt) if stop.job else ""
        if stop.job and not failed:
            van.services.append((round((event.at - van.begun).total_seconds()), stop.service_s))
        self._go_on(van, event.at)
        if stop.job and failed:
            again = replace(stop, attempt=stop.attempt + 1)
            self._wake(self.desk.failed(van, again, failed, event.at), event.at)

    def _down(self, event: Event, van: Driven) -> None:
        self.breaking.add(van.van.id)
        if van.state == "driving":
            van.number += 1
            gone = (event.at - van.since) / max(van.until - van.since, timedelta(seconds=1))
            here = van.where(event.at)
            van.meters -= round(
                (1 - gone) * self.scene.truth.leg(van.van.id, van.here, van.ahead[0].point, van.since)[1]
            )
            van.here = here
            self._stand_still(van, event.at)
        elif van.state != "at_door":  # who is at a door serves it first
            self._stand_still(van, event.at)

    def _stand_still(self, van: Driven, at: datetime) -> None:
        was, van.state = van.state, "down"
        if was != "home" and van.ahead:
            self._wake(self.desk.down(van, at), at)

    def _comes(self, event: Event, _: None) -> None:
        assert event.about is not None
        jobs = self.comes[event.about]
        for job in jobs:
            if job.promise is not None:
                self.ledger.promise(job.id, job.promise)
        self._wake(self.desk.came(jobs, event.at), event.at)

    def _off(self, event: Event, van: Driven) -> None:
        if van.state == "idle":
            self._go_on(van, event.at)

    def _refresh(self, event: Event, _: None) -> None:
        """What tracking does every five minutes: forecasts, and what is at risk by them."""
        at = event.at
        self._wake(self.desk.again(at), at)
        if self.conduct.way == SEARCH:
            started = [van for van in self.vans.values() if van.state in ("driving", "at_door")]
            arrivals = expected(list(self.vans.values()), self.scene.roads, self.scene.times, at) if started else {}
            for van in started:
                self._wake(self.desk.forecast(van, arrivals, at), at)
        if any(van.goes_on for van in self.vans.values()) or self._queue:
            self._push(at + REFRESH, "refresh")

    def _wake(self, changed: Iterable[Driven], at: datetime) -> None:
        """Those that stood and waited have something to do."""
        for van in changed:
            if van.state == "idle" and van.ahead:
                self._go_on(van, at)
