"""A route under way, read as the planner wants it: also for whoever forecasts it (`homestretch.tracking`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, When
from django.db.models.functions import Coalesce

from homestretch.dispatch.models import LIVE_ROUTE, Route, Stop, StopTask
from homestretch.dispatch.rules.automata import OPEN_STOP
from homestretch.dispatch.rules.running import END, HERE, Halt, Line, Running, Span, Work, points
from homestretch.kernel.geo import Point
from homestretch.kernel.units import read_instant
from homestretch.kernel.windows import Window
from homestretch.travel import queries as travel
from homestretch.travel.values import Asked, Known

ENDED = ("completed", "partial", "failed")
AT_LAT, AT_LON = (  # as `Place.halt_at`: where one drives to
    Coalesce(f"place__parking_{axis}", f"place__entrance_{axis}", f"place__{axis}") for axis in ("lat", "lon")
)
NOWHERE_YET: tuple[int, Point | None] = (0, None)
TURN = {"arrived": 0, "en_route": 1, "planned": 2, "skipped": 3}


def running(
    route: Route,
    *,
    at: datetime,
    here: Point | None = None,
    stops: Iterable[Stop] | None = None,
    more: tuple[Halt, ...] = (),
) -> Running:
    """The open stops of a route, in their order, with travel times from `here`: by default the last place served.

    From there, what was driven towards a stop since it was set out to is taken off; a position `here` has it in it.
    `stops` are the open ones, where they have been read already; `more` are halts that it might have too.
    """
    halts = tuple(_halt(stop, seen=here is not None) for stop in (open_stops(route.id) if stops is None else stops))
    halts += more
    span = _span(route, here or _last_place(route), done=Stop.objects.filter(route=route, state__in=ENDED).count())
    where = points(span, halts)
    answer = travel.matrix(where, drives(route, at), span.profile, anchors=frozenset({HERE, END}), passing=1)
    return Running(span, halts, at, answer.profile, at)


def several(routes: Sequence[Route], *, at: datetime, more: tuple[Halt, ...] = ()) -> dict[UUID, Running]:
    """As `running` of each of these routes (with shift, depots, vehicle and driver read along): six reads, and one of
    what is known of travel for each profile, however many they are."""
    ids = [route.id for route in routes]
    halts, ended, known = halts_on(ids), _ended(ids), dict[tuple[str, Window], Known]()
    found = {}
    for route in routes:
        mine = (*halts.get(route.id, ()), *more)
        done, last = ended.get(route.id, (0, None))
        span = _span(route, last or _point(route.shift.start_depot.place), done=done)
        asked = Asked(tuple(points(span, mine)), drives(route, at), frozenset({HERE, END}), 1)
        of_travel = (span.profile, asked.span)
        if of_travel not in known:
            known[of_travel] = travel.known(*of_travel)
        found[route.id] = Running(span, mine, at, travel.answered(asked, known[of_travel]).profile, at)
    return found


def lines(route_ids: Sequence[UUID], *, seen: Mapping[UUID, Point]) -> list[Line]:
    """These routes as far as they lie ahead, for a question about all of them together; ids that are no live route are
    left out. `seen`: where vehicles were last heard, instead of the last place served."""
    halts, ended = halts_on(route_ids), _ended(route_ids)
    names = ("vehicle", "driver", "shift__start_depot__place", "shift__end_depot__place")
    rows = Route.objects.filter(id__in=list(route_ids), state__in=LIVE_ROUTE).select_related(*names)
    return [
        Line(
            route_id=route.id,
            version=route.version,
            name=route.vehicle.name,
            span=_span(
                route,
                seen.get(route.id) or ended.get(route.id, NOWHERE_YET)[1] or _point(route.shift.start_depot.place),
                done=ended.get(route.id, NOWHERE_YET)[0],
            ),
            halts=tuple(halts.get(route.id, ())),
            depot_id=route.shift.start_depot_id,
            depot=_point(route.shift.start_depot.place),
            seen=route.id in seen,
        )
        for route in rows.order_by("id")
    ]


def halts_on(route_ids: Sequence[UUID]) -> dict[UUID, list[Halt]]:
    """The open stops of routes, as `in_turn`."""
    of_task = ("task__kind", "task__pair", "task__loads", "task__skills")
    works: dict[UUID, list[Work]] = {}
    rows = StopTask.objects.filter(stop__route_id__in=route_ids, stop__state__in=OPEN_STOP, live=True)
    for stop_id, task_id, order_id, kind, pair, loads, skills in rows.order_by("id").values_list(
        "stop_id", "task_id", "order_id", *of_task
    ):
        works.setdefault(stop_id, []).append(Work(task_id, order_id, kind, pair, loads, frozenset(skills)))
    stops = Stop.objects.filter(route_id__in=route_ids, state__in=OPEN_STOP)
    names = ("route_id", "id", AT_LAT, AT_LON, "windows", "service_s", "state")
    lines = stops.values_list(*names, "arrived_at", "set_out_at", "position")
    found: dict[UUID, list[Halt]] = {}
    for route_id, ident, lat, lon, spans, service_s, state, arrived, set_out, _ in sorted(
        lines, key=lambda line: (TURN[line[6]], line[9])
    ):
        since = arrived if state == "arrived" else set_out
        mine = tuple(works.get(ident, ()))
        halt = Halt(ident, Point(lat, lon), _windows(spans), service_s, mine, state, since)
        found.setdefault(route_id, []).append(halt)
    return found


def _ended(route_ids: Sequence[UUID]) -> dict[UUID, tuple[int, Point | None]]:
    """How many stops of each route have ended, and where the last of them was."""
    rows = Stop.objects.filter(route_id__in=route_ids, state__in=ENDED).order_by("ended_at")
    found: dict[UUID, tuple[int, Point | None]] = {}
    for route_id, at, lat, lon in rows.values_list("route_id", "ended_at", AT_LAT, AT_LON):
        count, last = found.get(route_id, (0, None))
        found[route_id] = (count + 1, Point(lat, lon) if at else last)
    return found


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


def last_served(route_id: UUID) -> int | None:
    """The position of the stop that was served last; None: none was yet."""
    rows = Stop.objects.filter(route_id=route_id, state__in=["completed", "partial", "failed"], ended_at__isnull=False)
    return rows.order_by("-ended_at").values_list("position", flat=True).first()


def next_to_reach(route_id: UUID) -> Stop | None:
    """The stop that the driver comes to next, also where an outcome of one that was left is still to be told."""
    rank = Case(When(state="en_route", then=0), default=1)
    rows = Stop.objects.filter(route_id=route_id, state__in=("en_route", "planned")).select_related("place")
    return rows.order_by(rank, "position").first()


def ahead_of(stop: Stop) -> int:
    """How many stops of its route come before an open stop."""
    rows = Stop.objects.filter(route_id=stop.route_id, state__in=OPEN_STOP)
    mine = (TURN[stop.state], stop.position)
    return sum((TURN[state], position) < mine for state, position in rows.values_list("state", "position"))


def in_turn(stops: Iterable[Stop]) -> list[Stop]:
    """Those that wait, the one being served or driven to first, then by position; those put off at the end."""
    waiting = (stop for stop in stops if stop.state in OPEN_STOP)
    return sorted(waiting, key=lambda stop: (TURN[stop.state], stop.position))


def _last_place(route: Route) -> Point:
    ended = (
        Stop.objects.filter(route=route, state__in=ENDED, ended_at__isnull=False)
        .select_related("place")
        .order_by("-ended_at")
        .first()
    )
    return _point(ended.place if ended else route.shift.start_depot.place)


def _point(place: Any) -> Point:
    point: Point = place.halt_at
    return point


def _windows(stored: Iterable[Mapping[str, str]]) -> tuple[Window, ...]:
    return tuple(Window(read_instant(window["start"]), read_instant(window["end"])) for window in stored)


def windows_of(stop: Stop) -> tuple[Window, ...]:
    """A stop's windows, as instants."""
    return _windows(stop.windows)


def _halt(stop: Stop, *, seen: bool) -> Halt:
    set_out = None if seen else stop.set_out_at
    return Halt(
        stop_id=stop.id,
        point=_point(stop.place),
        windows=windows_of(stop),
        service_s=stop.service_s,
        works=tuple(
            Work(w.task_id, w.order_id, w.task.kind, w.task.pair, dict(w.task.loads), frozenset(w.task.skills))
            for w in stop.works.all()
            if w.live
        ),
        state=stop.state,
        since=stop.arrived_at if stop.state == "arrived" else set_out,
    )


def _span(route: Route, here: Point, *, done: int) -> Span:
    shift, vehicle, driver = route.shift, route.vehicle, route.driver
    rests = sorted((b["duration_s"], read_instant(b["earliest"]), read_instant(b["latest"])) for b in shift.breaks)
    rests.sort(key=lambda rest: rest[1])
    taken = len(route.breaks) + (route.break_since is not None)
    return Span(
        shift_id=shift.id,
        here=here,
        end=_point(shift.end_depot.place),
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
