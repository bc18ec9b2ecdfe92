"""A driver's day, as the driver lives it: by the sheet on the phone, whether there is a signal or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from homestretch.kernel.geo import Point
from homestretch.kernel.units import read_instant
from homestretch.simulation.disruptions import NONE, Disruption
from homestretch.simulation.phones.door import Door
from homestretch.simulation.phones.knowledge import Knowledge
from homestretch.simulation.phones.phone import Phone
from homestretch.simulation.phones.road import Leg, drive, follow
from homestretch.simulation.phones.ways import Ways
from homestretch.simulation.trace import Trace

BEFORE = timedelta(minutes=12)
LOADING = timedelta(minutes=8)
TOO_LATE = timedelta(minutes=75)  # after the planned end nobody is visited any more
OPEN = ("planned", "en_route", "arrived", "skipped")
Moments = Iterator[datetime]


@dataclass(slots=True)
class Driver:
    """One driver with a phone on one route. `moments` are instants at which something was tapped."""

    name: str
    phone: Phone
    knowledge: Knowledge
    trace: Trace
    random: Random
    zone: ZoneInfo
    now: datetime
    ways: Ways
    disruption: Disruption = NONE
    done: set[str] = field(default_factory=set)
    rested: int = 0
    place: Point | None = None
    door: Door = field(init=False)

    def __post_init__(self) -> None:
        self.door = Door(self.phone, self.knowledge, self.random)

    @property
    def sheet(self) -> dict[str, Any]:
        """What the phone shows."""
        if self.phone.sheet is None:
            raise LookupError(f"{self.name} has no route on the phone")
        return self.phone.sheet

    def moments(self) -> Moments:
        """The whole day: accept, load, drive, serve, rest, come back."""
        route_id, start = self.sheet["route_id"], read_instant(self.sheet["planned_start"])
        self.place = _point(self.sheet["start_depot"])
        yield from self._until(start - BEFORE)
        self._tap("accept_route", route_id=route_id)
        yield from self._until(start - LOADING)
        self._tap("start_loading", route_id=route_id)
        yield from self._until(start)
        self.door.load(self.now, self.sheet)
        self.ways.learn(_round(self.sheet), start)
        self._tap("start_route", route_id=route_id)
        while (stop := self._next_stop()) is not None:
            yield from self._rest(route_id)
            yield from self._serve(stop)
        yield from self._drive(_point(self.sheet["end_depot"]))
        self.door.unload(self.now, self.sheet)
        yield from self._until(self.now + timedelta(minutes=4))
        self._tap("finish_route", route_id=route_id)
        self.trace.note(self.now, self.name, "is back")

    def _next_stop(self) -> dict[str, Any] | None:
        """The first on the sheet that is open, and not after hours."""
        if self.now > read_instant(self.sheet["planned_end"]) + TOO_LATE:
            return None
        for stop in sorted(self.sheet["stops"], key=lambda row: row["position"]):
            works = [work for work in stop["tasks"] if work["open"]]
            if stop["state"] in OPEN and works and stop["stop_id"] not in self.done:
                return dict(stop)
        return None

    def _serve(self, stop: dict[str, Any]) -> Moments:
        stop_id = stop["stop_id"]
        self.done.add(stop_id)
        self._tap("set_out", stop_id=stop_id)
        yield from self._drive(_point(stop["place"]))
        self._tap("arrive", stop_id=stop_id)
        begins = _begin(stop["windows"], self.now)
        yield from self._wait(begins)
        works = [work for work in stop["tasks"] if work["open"]]
        fates = [self.knowledge.attempt(str(work["order_external_id"])) for work in works]
        seconds = sum(self.knowledge.service_s(str(work["order_external_id"]), stop["service_s"]) for work in works)
        yield from self._wait(self.now + timedelta(seconds=max(30, seconds // max(1, len(works)))))
        what = self.door.close(self.now, stop, list(zip(works, fates, strict=True)), self._here())
        self.trace.note(self.now, self.name, what)
        self._tap("depart", stop_id=stop_id)

    def _rest(self, route_id: str) -> Moments:
        """The next break of the shift, once it may begin."""
        breaks = self.sheet["breaks"]
        if self.rested >= len(breaks) or self.now < read_instant(breaks[self.rested]["earliest"]):
            return
        pause = timedelta(seconds=breaks[self.rested]["duration_s"])
        self.rested += 1
        self._tap("break_start", route_id=route_id)
        yield from self._wait(self.now + pause)
        self._tap("break_end", route_id=route_id)

    def _drive(self, to: Point) -> Moments:
        assert self.place is not None
        way = self.ways.between(self.place, to, self.now)
        local = self.now.astimezone(self.zone)
        slower = self.disruption.factor(local.hour + local.minute / 60)
        if way is None:
            leg = drive(self.place, to, self.now, local.hour, self.random, slower)
        else:
            leg = follow(way, self.place, to, self.now, self.random, slower)
        self.phone.track.add(leg)
        self.place = to
        yield from self._until(leg.ends)

    def _wait(self, until: datetime) -> Moments:
        """Stand where one is."""
        assert self.place is not None
        if until > self.now:
            self.phone.track.add(Leg(self.now, until, (self.place,)))
        yield from self._until(until)

    def _until(self, instant: datetime) -> Moments:
        if instant > self.now:
            yield instant
            self.now = instant

    def _tap(self, kind: str, **body: Any) -> None:
        self.phone.tap(self.now, kind, **body)
        if "route_id" in body:
            self.trace.note(self.now, self.name, kind)

    def _here(self) -> dict[str, float]:
        assert self.place is not None
        return {"lat": round(self.place.lat, 6), "lon": round(self.place.lon, 6)}


def _point(place: dict[str, Any]) -> Point:
    return Point(place["lat"], place["lon"])


def _round(sheet: dict[str, Any]) -> list[Point]:
    """From depot to depot, by the sheet."""
    stops = sorted(sheet["stops"], key=lambda row: row["position"])
    return [_point(place) for place in (sheet["start_depot"], *(row["place"] for row in stops), sheet["end_depot"])]


def _begin(windows: list[Any], now: datetime) -> datetime:
    """The earliest instant at which service may begin; now, where every window has passed or there is none."""
    ends = [(read_instant(window["start"]), read_instant(window["end"])) for window in windows]
    return min((max(now, start) for start, end in ends if end >= now), default=now)
