"""What of a route its driver is to read, and has read."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from homestretch.dispatch.actions.steps import locked_route
from homestretch.dispatch.events import RouteRead
from homestretch.dispatch.models import Route, Stop
from homestretch.dispatch.queries.news import known_of, news_of
from homestretch.dispatch.rules.automata import OPEN_STOP
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor


@action
def read_route(route_id: UUID, version: int, *, by: Actor, at: datetime) -> Route:
    """The driver says to have read this version of the route; one not yet made counts as the newest. An older one than
    was said before, or said again, changes nothing."""
    route = locked_route(route_id)
    seen = min(version, route.version)
    if route.changed_at is None or seen <= route.read_version:
        return route
    route.read_version, route.read_at, route.read_by = seen, at, str(by)
    if seen >= route.changed_version:
        forget_changes(route)
    route.save(update_fields=["read_version", "read_at", "read_by", "known_stops", "changed_at"])
    record(RouteRead(route.id, seen), by=by, at=at)
    return route


def mark_changed(route: Route, at: datetime) -> None:
    """See whether there is something to read on a route that was changed; the caller saves it. The hour is that of the
    first change that waits."""
    if route.known_stops is None:  # released before anybody kept it
        forget_changes(route)
    elif news_of(route, Stop.objects.filter(route=route).order_by("position", "id")):
        route.changed_version, route.changed_at = route.version, route.changed_at or at
    else:
        route.changed_at = None


def forget_changes(route: Route) -> None:
    """What stands is what is known; the caller saves it."""
    route.known_stops = known_of(Stop.objects.filter(route=route, state__in=OPEN_STOP).order_by("position", "id"))
    route.changed_at = None
