"""Live traffic: while routes run, a service tells how the roads move around their vehicles and next stops.

What it says holds for the present hour and is forgotten when it is old: a plan for the afternoon is not made on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from homestretch.accounts import queries as accounts
from homestretch.atlas.roads import Network
from homestretch.atlas.roads.match import match
from homestretch.dispatch import queries as dispatch
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point, distance_m
from homestretch.providers.registry import make
from homestretch.providers.traffic import Flow, Traffic
from homestretch.tracking import queries
from homestretch.travel import actions as travel
from homestretch.travel.rules.slots import day_class
from homestretch.travel.rules.speeds import DAYS, Speed
from homestretch.travel.rungs import NoAnswer
from homestretch.travel.rungs.roads import network_at

EVERY, HOLDS_FOR = timedelta(minutes=5), timedelta(minutes=15)
AHEAD, MOST_POINTS = 3, 100  # next stops of each route; points that are asked for
LEAST_CONFIDENCE = 0.5  # below it, a flow is assumed rather than measured
CLOSED_MM_S = 100  # a road that is told to be closed is left to those who live there
DRAWN_M = 8.0  # how far a service's line may lie from the map's road


def is_asked() -> bool:
    """Whether a service is named."""
    return "traffic" in settings.HOMESTRETCH_PROVIDERS


def look(by: Actor, at: datetime) -> bool:
    """Ask how traffic moves, and let travel know. False when no route runs. Raises `ProviderError`."""
    with scope(by):
        running = [route.id for route in dispatch.routes(state="started")]
        where = _where(running)
        zone = ZoneInfo(accounts.organization().zone)
    if not running:
        return False
    try:
        network = network_at(where)
    except NoAnswer:
        return True  # without roads of our own there is nothing to put speeds on
    flows = _service().speeds(where, at=at)
    travel.replace_speeds("traffic", list(speeds_of(network, flows, at, zone)), ends_at=at + HOLDS_FOR, by=by, at=at)
    return True


def _where(route_ids: Sequence[UUID]) -> list[Point]:
    """Where vehicles are, and where they go next."""
    points = [Point(vehicle.lat, vehicle.lon) for vehicle in queries.whereabouts(route_ids)]
    for route_id in route_ids:
        points += [Point(stop.place.lat, stop.place.lon) for stop in dispatch.open_stops(route_id)[:AHEAD]]
    return list(dict.fromkeys(points))[:MOST_POINTS]


def speeds_of(network: Network, flows: Sequence[Flow], at: datetime, zone: ZoneInfo) -> Iterator[Speed]:
    """What the flows say of our roads, for the local hours that they hold in: each way in each direction once, by the
    slowest of what is said of it."""
    slowest: dict[tuple[int, int], int] = {}
    for flow in flows:
        if flow.confidence < LEAST_CONFIDENCE or len(flow.points) < 2:
            continue
        mm_s = CLOSED_MM_S if flow.road_closed else max(CLOSED_MM_S, flow.speed_mh * 1_000 // 3_600)
        for road in _roads(network, flow):
            slowest[road] = min(mm_s, slowest.get(road, mm_s))
    for moment in (at.astimezone(zone), (at + HOLDS_FOR).astimezone(zone)):
        day, hour = DAYS.index(day_class(moment)), moment.hour
        yield from (Speed(way, side, day, hour, hour + 1, mm_s) for (way, side), mm_s in sorted(slowest.items()))
        if (at + HOLDS_FOR).astimezone(zone).hour == hour:
            return


def _roads(network: Network, flow: Flow) -> set[tuple[int, int]]:
    """(way, direction) of the roads that a flow's line follows."""
    lengths = [distance_m(a, b) for a, b in pairwise(flow.points)]
    times = list(accumulate(lengths, lambda time, length: time + max(1.0, length / 10), initial=0.0))
    lats, lons = [point.lat for point in flow.points], [point.lon for point in flow.points]
    driven = match(network, lats, lons, times, [DRAWN_M] * len(times))
    return {(int(network.graph.way[arc >> 1]), -1 if arc % 2 else 1) for arc in driven.path.tolist()}


@lru_cache(maxsize=1)
def _service() -> Traffic:
    name, options = settings.HOMESTRETCH_PROVIDERS["traffic"]
    return make("traffic", name, options)
