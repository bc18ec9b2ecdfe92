"""A route under way, read as the planner wants it: also for whoever forecasts it (`homestretch.tracking`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Case, When

from homestretch.dispatch.models import Route, Stop
from homestretch.dispatch.rules.automata import OPEN_STOP
from homestretch.dispatch.rules.running import END, HERE, Halt, Running, Span, Work, points
from homestretch.kernel.geo import Point
from homestretch.kernel.units import read_instant
from homestretch.kernel.windows import Window
from homestretch.travel import queries as travel

TURN = {"arrived": 0, "en_route": 1, "planned": 2, "skipped": 3}


def running(route: Route, *, at: datetime, here: Point | None = None, stops: Iterable[Stop] | None = None) -> Running:
    """The open stops of a route, in their order, with travel times from `here`: by default the last place served.

    From there, what was driven towards a stop since it was set out to is taken off; a position `here` has it in it.
    `stops` are the open ones, where they have been read already.
    """
    halts = tuple(_halt(stop, seen=here is not None) for stop in (open_stops(route.id) if stops is None else stops))
    span = _span(route, here or _last_place(route))
    where = points(span, halts)
    answer = travel.matrix(where, drives(route, at), span.profile, anchors=frozenset({HERE, END}), passing=1)
    return Running(span, halts, at, answer.profile, at)


def drives(route: Route, at: datetime) -> Window:
    """The span in which a route drives on: what remains of its shift.

    One leg that is held against a forecast is asked over the same span, or the two differ at every rush hour.
    """
    return Window(at, max(at, route.shift.ends_at))


def open_stops(route_id: UUID) -> list[Stop]:
    """A route's stops that wait, as `in_turn`, with place and works."""
    rows = Stop.objects.filter(route_id=route_id, state__in=OPEN_STOP)
    return in_turn(rows.select_related("place").prefetch_related("works__task"))


def next_stop(route_id: UUID) -> Stop | None:
    """The first of a route's `open_stops`, with its place alone: asked for at each new position."""
    rank = Case(*(When(state=state, then=number) for state, number in TURN.items()))
    rows = Stop.objects.filter(route_id=route_id, state__in=OPEN_STOP).select_related("place")
    return rows.order_by(rank, "position").first()


def in_turn(stops: Iterable[Stop]) -> list[Stop]:
    """Those that wait, the one being served or driven to first, then by position; those put off at the end."""
    waiting = (stop for stop in stops if stop.state in OPEN_STOP)
    return sorted(waiting, key=lambda stop: (TURN[stop.state], stop.position))


def _last_place(route: Route) -> Point:
    ended = (
        Stop.objects.filter(route=route, state__in=["completed", "partial", "failed"], ended_at__isnull=False)
        .select_related("place")
        .order_by("-ended_at")
        .first()
    )
    place = ended.place if ended else route.shift.start_depot.place
    return Point(place.lat, place.lon)


def _halt(stop: Stop, *, seen: bool) -> Halt:
    set_out = None if seen else stop.set_out_at
    return Halt(
        stop_id=stop.id,
        point=Point(stop.place.lat, stop.place.lon),
        windows=tuple(Window(read_instant(w["start"]), read_instant(w["end"])) for w in stop.windows),
        service_s=stop.service_s,
        works=tuple(
            Work(w.task_id, w.order_id, w.task.kind, w.task.pair, dict(w.task.loads), frozenset(w.task.skills))
            for w in stop.works.all()
            if w.live
        ),
        state=stop.state,
        since=stop.arrived_at if stop.state == "arrived" else set_out,
    )


def _span(route: Route, here: Point) -> Span:
    shift, vehicle, driver = route.shift, route.vehicle, route.driver
    end = shift.end_depot.place
    rests = sorted((b["duration_s"], read_instant(b["earliest"]), read_instant(b["latest"])) for b in shift.breaks)
    rests.sort(key=lambda rest: rest[1])
    taken = len(route.breaks) + (route.break_since is not None)
    done = Stop.objects.filter(route=route, state__in=["completed", "partial", "failed"]).count()
    return Span(
        shift_id=shift.id,
        here=here,
        end=Point(end.lat, end.lon),
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        started=route.state == "started",
        capacity=dict(vehicle.capacity),
        skills=frozenset(vehicle.skills) | frozenset(driver.skills),
        profile=vehicle.profile,
        costs=(vehicle.cost_fixed, vehicle.cost_per_hour, vehicle.cost_per_km),
        breaks=tuple(rests[taken:]),
        max_stops=None if shift.max_stops is None else max(0, shift.max_stops - done),
        max_distance_m=shift.max_distance_m,
    )
