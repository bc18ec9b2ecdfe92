"""A past day, read from the log and what was kept of it, to be played again: see `insights.twin`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.dispatch.rules.automata import LIVE_ROUTE
from homestretch.events.log import history
from homestretch.insights.queries.wanted import Wanted, is_served, wanted_on
from homestretch.insights.twin.believing import KnownRoads
from homestretch.insights.twin.past import Past
from homestretch.insights.twin.scene import Scene, Van
from homestretch.insights.twin.truth import Halted, PastTruth, truth_of, ways_of
from homestretch.insights.values import begun
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import read_instant
from homestretch.kernel.windows import Window, local_day
from homestretch.orders.rules.promises import Link
from homestretch.recovery import queries as recovery
from homestretch.recovery.rules.suggesting import STANDS_STILL
from homestretch.travel import queries as travel

Stops = Mapping[UUID, Sequence[Any]]


def past(day: date, at: datetime) -> Past:
    """A day that is over. Refuses `twin.no_routes`, `twin.day_running`."""
    rule = accounts.organization()
    span = local_day(day, ZoneInfo(rule.zone))
    routes = _routes(day, span, at)
    stops = {route.id: dispatch.stops_of(route.id) for route in routes}
    halts = tuple(_halts(stops))
    vans = tuple(_van(route, [halt for halt in halts if halt.van == route.id]) for route in routes)
    wanted = wanted_on(day, span, routes, stops)
    spans = Window(min(van.starts_at for van in vans), max(van.ends_at for van in vans))
    roads = KnownRoads({name: travel.known(name, spans) for name in {van.profile for van in vans}}, spans.end)
    truth, meters = _measured(truth_of(vans, halts, roads, _down(stops, halts)), routes, vans, halts)
    scene = Scene(
        vans=vans,
        jobs=wanted.jobs,
        routes=wanted.routes,
        planned=wanted.planned,
        roads=roads,
        truth=truth,
        times=travel.times(),
        early_s=rule.promise_early_s,
        late_s=rule.promise_late_s,
    )
    changes = sum(event.type == "route.updated" for route in routes for event in history("route", route.id))
    return Past(day, scene, truth, halts, _links(wanted), _told_again(wanted), changes, meters, wanted.left_out)


def _routes(day: date, span: Window, at: datetime) -> list[Any]:
    """What was driven, or was to be: not what was taken back, or not taken."""
    routes = [route for route in dispatch.routes_on(day) if route.state in (*LIVE_ROUTE, "finished")]
    if not routes:
        raise Refusal(
            "twin.no_routes",
            f"no route was released for {day}",
            remedy="give a day whose routes were driven, as YYYY-MM-DD",
            field="day",
        )
    live = [route for route in routes if route.state in LIVE_ROUTE]
    if any(at < max(span.end, route.shift.ends_at) for route in live):
        raise Refusal(
            "twin.day_running",
            f"{len(live)} of the routes of {day} are not over",
            remedy="wait until they are finished, or give an earlier day",
            field="day",
        )
    return routes


def _halts(stops: Stops) -> Iterator[Halted]:
    """The attempts, in the order of arrivals. A failed stop that nobody came to is none, nor is one with which its
    vehicle stood still."""
    tried = [stop for rows in stops.values() for stop in rows if is_served(stop) and stop.place.halt_at is not None]
    known = set[UUID]()
    for stop in sorted(tried, key=lambda stop: (_arrived(stop), stop.position)):
        works = sorted((work for work in stop.works.all() if work.task_id), key=lambda work: work.task_id)
        works = [work for work in works if work.outcome in ("completed", "partial", "failed")]
        tasks = tuple(work.task_id for work in works)
        arrived, left = _arrived(stop), stop.left_at or stop.ended_at
        yield Halted(
            van=stop.route_id,
            tasks=tasks,
            names=tuple(uuid5(stop.id, str(task)) if task in known else task for task in tasks),
            point=stop.place.halt_at,
            out=_set_out(stop, arrived),
            arrived=arrived,
            begun=begun(arrived, left, dispatch.windows_of(stop)),
            left=max(arrived, left),
            planned_s=stop.service_s,
            told=stop.arrived_at is not None,
            done=frozenset(work.task_id for work in works if work.outcome != "failed"),
            reason=next((work.reason for work in works if work.reason), ""),
        )
        known |= set(tasks)


def _arrived(stop: Any) -> datetime:
    arrived: datetime = stop.arrived_at or stop.ended_at - timedelta(seconds=stop.service_s)
    return arrived


def _set_out(stop: Any, arrived: datetime) -> datetime | None:
    """None of who taps only on arrival: that one set out unseen."""
    return stop.set_out_at if stop.set_out_at is not None and stop.set_out_at < arrived else None


def _van(route: Any, halts: Sequence[Halted]) -> Van:
    """It begins when it set out; a break that was begun at a door is a part of the halt."""
    shift, vehicle = route.shift, route.vehicle
    starts = route.started_at or route.planned_start
    if halts:
        starts = min(max(starts, halts[0].out or starts), halts[0].arrived)
    rests = [(read_instant(rest["start"]), read_instant(rest["end"])) for rest in route.breaks]
    return Van(
        id=route.id,
        name=vehicle.name,
        start=shift.start_depot.place.halt_at,
        home=shift.end_depot.place.halt_at,
        starts_at=starts,
        ends_at=max(starts, shift.ends_at),
        capacity=dict(vehicle.capacity),
        skills=frozenset(vehicle.skills) | frozenset(route.driver.skills),
        profile=vehicle.profile,
        costs=(vehicle.cost_fixed, vehicle.cost_per_hour, vehicle.cost_per_km),
        rests=tuple(
            (begins, round((ends - begins).total_seconds()))
            for begins, ends in sorted(rests)
            if not any(halt.arrived <= begins < halt.left for halt in halts)
        ),
    )


def _down(stops: Stops, halts: Sequence[Halted]) -> dict[UUID, datetime]:
    """When vehicles broke down: a stop failed for it, or somebody said so; one that went on had not."""
    said = recovery.proposals().filter(kind="vehicle_down", route_id__in=list(stops)).exclude(state="dropped")
    moments = list(said.values_list("route_id", "asked_at"))
    for route_id, rows in stops.items():
        failed = [work for stop in rows for work in stop.works.all() if work.reason in STANDS_STILL]
        moments += [(route_id, work.ended_at) for work in failed if work.ended_at is not None]
    found: dict[UUID, datetime] = {}
    for route_id, moment in sorted(moments, key=lambda row: row[1]):
        if not any(halt.van == route_id and halt.arrived > moment for halt in halts):
            found.setdefault(route_id, moment)
    return found


def _measured(
    truth: PastTruth, routes: Sequence[Any], vans: Sequence[Van], halts: Sequence[Halted]
) -> tuple[PastTruth, int]:
    """The truth with meters as they were driven, where positions say, and the meters of all routes."""
    reckoned = {van.id: _meters(truth, van, [halt for halt in halts if halt.van == van.id]) for van in vans}
    driven = {route.id: route.driven_m for route in routes if route.driven_m is not None and reckoned[route.id]}
    held = sum(reckoned[route] for route in driven)
    stretch = sum(driven.values()) / held if held else 1.0
    return replace(truth, stretch=stretch), sum(driven.get(van, round(stretch * m)) for van, m in reckoned.items())


def _meters(truth: PastTruth, van: Van, halts: Sequence[Halted]) -> int:
    """What travel says of the drives of a vehicle, and of the way home."""
    ways = ways_of(van, halts)
    meters = sum(truth.roads.way(way.start, way.end, van.profile, way.left)[1] for way in ways)
    if halts and van.home is not None:
        meters += truth.roads.way(halts[-1].point, van.home, van.profile, halts[-1].left)[1]
    return meters


def _links(wanted: Wanted) -> dict[UUID, tuple[Link, ...]]:
    return {
        task: tuple(Link(Window(each.start, each.end), each.consented) for each in chain)
        for task, chain in wanted.chains.items()
    }


def _told_again(wanted: Wanted) -> int:
    """Windows that were told in the place of others."""
    return sum(bool(each.tellings.all()) for chain in wanted.chains.values() for each in chain[1:])
