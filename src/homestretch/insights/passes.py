"""How slowly a finished route passed roads: its positions, put on the roads of the map. Reads in scopes of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from math import log
from uuid import UUID
from zoneinfo import ZoneInfo

from homestretch.accounts import queries as accounts
from homestretch.atlas.roads import Conditions, Network
from homestretch.atlas.roads.driven import in_motion
from homestretch.atlas.roads.match import match
from homestretch.atlas.roads.speeds import alike
from homestretch.dispatch import queries as dispatch
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point
from homestretch.tracking import queries as tracking
from homestretch.tracking.rules.fixes import Fix
from homestretch.travel.rules.slots import day_class
from homestretch.travel.rules.speeds import DAYS, Passed, part_of
from homestretch.travel.rungs import NoAnswer
from homestretch.travel.rungs.roads import MOTOR, network_at

Row = tuple[int, float, float, float]  # arc, meters, entered (UTC seconds), seconds
LEAST_FIXES, LEAST_M, LEAST_S = 10, 60.0, 4.0
WILDEST = log(8)  # eight times slower or faster than usual: no traffic


def of_route(route_id: UUID, by: Actor) -> list[Passed]:
    """One for each time that a road was passed; none where no map has the route, or it was no motor vehicle."""
    with scope(by):
        route = dispatch.route(route_id)
        profile, zone = route.vehicle.profile, ZoneInfo(accounts.organization().zone)
        fixes = tracking.trace(route_id, route.started_at) if route.started_at else []
    if profile not in MOTOR or len(fixes) < LEAST_FIXES:
        return []
    try:
        network = network_at([Point(fix.lat, fix.lon) for fix in (fixes[0], fixes[-1])])
    except NoAnswer:
        return []
    return list(_passes(network, profile, fixes, zone))


def _passes(network: Network, profile: str, fixes: Sequence[Fix], zone: ZoneInfo) -> Iterator[Passed]:
    """Arcs of one way that were driven one after the other are one pass."""
    driven = match(
        network,
        [fix.lat for fix in fixes],
        [fix.lon for fix in fixes],
        [fix.at.timestamp() for fix in fixes],
        [float("nan") if fix.accuracy_m is None else float(fix.accuracy_m) for fix in fixes],
        profile,
    )
    moved = in_motion(driven)
    rows = zip(
        driven.path[moved].tolist(),
        driven.path_m[moved].tolist(),
        driven.entered[moved].tolist(),
        (driven.left - driven.entered)[moved].tolist(),
        strict=True,
    )
    for _, group in groupby(rows, key=lambda row: (int(network.graph.way[row[0] >> 1]), row[0] % 2)):
        passed = _passed(network, profile, list(group), zone)
        if passed is not None:
            yield passed


def _passed(
    network: Network, profile: str, arcs: Sequence[tuple[int, float, float, float]], zone: ZoneInfo
) -> Passed | None:
    """One pass of a way, against what is usual then; None where it was too short to tell, or wild."""
    local = datetime.fromtimestamp(arcs[0][2], UTC).astimezone(zone)
    day = day_class(local)
    usual = network.metric(profile, alike(profile, Conditions(local.hour, day)))
    meters, seconds = sum(row[1] for row in arcs), sum(row[3] for row in arcs)
    expected = sum(row[1] * 1_000 / max(1, usual.mm_s(row[0])) for row in arcs)
    if meters < LEAST_M or expected < LEAST_S:
        return None
    ratio = log(seconds / expected)
    if abs(ratio) > WILDEST:
        return None
    arc, graph = arcs[0][0], network.graph
    side = 1 if arc % 2 == 0 else -1
    return Passed(
        int(graph.way[arc >> 1]), side, DAYS.index(day), part_of(local.hour), int(graph.road[arc >> 1]), ratio
    )
