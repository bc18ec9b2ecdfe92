"""New positions of a route: through the handlers, into its whereabouts; what they saw goes to dispatch."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from homestretch.accounts import queries as accounts
from homestretch.dispatch import actions as dispatch_actions
from homestretch.dispatch import queries as dispatch
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.events.scope import current_organization
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import Refusal
from homestretch.tracking.events import VehicleHeard, VehicleSilent
from homestretch.tracking.intake import CHANNEL
from homestretch.tracking.models import Whereabouts
from homestretch.tracking.rules import motion as rules
from homestretch.tracking.rules.fixes import Fix

if TYPE_CHECKING:
    from homestretch.dispatch.models import Route, Stop

log = logging.getLogger(__name__)
PAGE = 1000

NEW_FIXES = """
select p.device_id, p.at, p.lat, p.lon, p.speed_mh, p.bearing_deg, p.accuracy_m
from tracking_duty d join tracking_position p on p.organization_id = d.organization_id and p.device_id = d.device_id
    and p.at between d.starts_at and d.ends_at
where d.organization_id = app_organization() and d.route_id = %s and p.at > %s and p.at <= %s
order by p.at, p.device_id limit %s
"""


@action
def follow(route_id: UUID, *, by: Actor, at: datetime) -> int:
    """Take in a page of a route's new positions; returns how many there were (`PAGE`: there may be more).

    Records arrivals and departures with dispatch (`seen_by="geofence"`), and `vehicle.heard` after a silence.
    """
    whereabouts = locked(route_id)
    route = dispatch.route(route_id)
    state = rules.from_json(whereabouts.motion)
    heard = _new_fixes(route_id, state.read or route.planned_start - timedelta(days=1), at)
    if heard:
        state = _take_in(whereabouts, route, state, heard, by=by, at=at)
    if state.read is not None and route.state == "finished" and route.driven_m != state.driven_m:
        dispatch_actions.note_driven(route_id, state.driven_m, by=by, at=at)
    return len(heard)


def _take_in(
    whereabouts: Whereabouts, route: Route, state: rules.Motion, heard: list[rules.Heard], *, by: Actor, at: datetime
) -> rules.Motion:
    state, newest = _walk(route, state, heard, by=by, at=at)
    if newest is not None:
        _place(whereabouts, newest)
        if whereabouts.silent:
            whereabouts.silent = False
            record(VehicleHeard(route.vehicle_id, route.id), by=by, at=newest.fix.at)
        with connection.cursor() as cursor:
            cursor.execute("select pg_notify(%s, %s)", [CHANNEL, str(current_organization())])
    whereabouts.motion, whereabouts.driven_m = rules.to_json(state), state.driven_m
    whereabouts.save()
    return state


def locked(route_id: UUID) -> Whereabouts:
    """The route's whereabouts, for one writer at a time: taken before the route's own lock, by tracking alone."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 1))", [str(route_id)])
    return Whereabouts.objects.filter(route_id=route_id).first() or Whereabouts(route_id=route_id)


def _new_fixes(route_id: UUID, after: datetime, now: datetime) -> list[rules.Heard]:
    with connection.cursor() as cursor:
        cursor.execute(NEW_FIXES, [route_id, after, now + rules.CLOCK_SLACK, PAGE])
        return [rules.Heard(device, Fix(*fix)) for device, *fix in cursor.fetchall()]


def _walk(
    route: Route, state: rules.Motion, heard: list[rules.Heard], *, by: Actor, at: datetime
) -> tuple[rules.Motion, rules.Heard | None]:
    """All fixes through the handlers; the road is looked up anew after each thing seen. And the newest fix believed."""
    newest, road = None, _road(route, at)
    for one in heard:
        before = state.last
        state, seen = rules.follow(state, one, road)
        if state.last != before:
            newest = one
        for sight in seen:
            _tell(sight, by=by)
        if seen:
            road = _road(route, at)
    return state, newest


def _road(route: Route, now: datetime) -> rules.Road:
    if route.state != "started":
        return rules.Road(now, route.started_at, route.finished_at)
    here = (
        route.stops.filter(arrived_at__isnull=False, left_at__isnull=True)
        .exclude(state="cancelled")
        .select_related("place")
        .order_by("-arrived_at")
        .first()
    )
    served = here is not None and here.state == "arrived"
    target = None if served else dispatch.next_to_reach(route.id)
    return rules.Road(now, route.started_at, None, _halt(target), _halt(here))


def _halt(stop: Stop | None) -> rules.Halt | None:
    if stop is None or stop.place.lat is None or stop.place.lon is None:
        return None
    place = stop.place
    further = ((place.entrance_lat, place.entrance_lon), (place.parking_lat, place.parking_lon))
    others = tuple(Point(lat, lon) for lat, lon in further if lat is not None and lon is not None)
    return rules.Halt(stop.id, Point(place.lat, place.lon), others)


def _tell(sight: rules.Seen, *, by: Actor) -> None:
    try:
        if sight.kind == "arrived":
            dispatch_actions.arrive_stop(sight.stop_id, seen_by="geofence", by=by, at=sight.at)
        else:
            dispatch_actions.depart_stop(sight.stop_id, by=by, at=sight.at)
    except Refusal as refusal:  # a tap was faster
        log.info("what positions say is known already", extra={"code": refusal.code})


def _place(whereabouts: Whereabouts, newest: rules.Heard) -> None:
    fix = newest.fix
    whereabouts.device_id, whereabouts.at = newest.device, fix.at
    whereabouts.lat, whereabouts.lon = fix.lat, fix.lon
    whereabouts.speed_mh, whereabouts.bearing_deg, whereabouts.accuracy_m = (
        fix.speed_mh,
        fix.bearing_deg,
        fix.accuracy_m,
    )


@action
def look_for_silence(route_id: UUID, *, by: Actor, at: datetime) -> datetime | None:
    """Record `vehicle.silent` where a started route was not heard for too long; returns when to look again."""
    whereabouts = locked(route_id)
    route = dispatch.route(route_id)
    if route.state != "started":
        return None
    patience = timedelta(seconds=accounts.organization().silent_after_s)
    heard = max(filter(None, (whereabouts.at, route.started_at)), default=at)
    if heard + patience > at:
        whereabouts.next_check_at = heard + patience
    else:
        whereabouts.next_check_at = at + patience
        if not whereabouts.silent:
            whereabouts.silent = True
            record(VehicleSilent(route.vehicle_id, route.id, whereabouts.at), by=by, at=at)
    whereabouts.save()
    return whereabouts.next_check_at
