"""What of a route its driver has not read yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from homestretch.dispatch.models import LIVE_ROUTE, Route, Stop
from homestretch.dispatch.rules.news import News, Seen, news
from homestretch.kernel.units import iso


def known_of(stops: Iterable[Stop]) -> list[list[str]]:
    """Stops in their turn, as they are kept of what was read."""
    return [[str(stop.id), iso(stop.planned_arrive)] for stop in stops]


def news_of(route: Route, stops: Iterable[Stop]) -> News:
    """What is new of a route to its driver; `stops` are all of its stops, by position."""
    known = [(stop_id, datetime.fromisoformat(arrive)) for stop_id, arrive in route.known_stops or []]
    return news(known, [Seen(str(stop.id), stop.state, stop.planned_arrive) for stop in stops])


def told_of(route: Route, stops: Iterable[Stop]) -> dict[str, Any] | None:
    """The same for the phone; None where nothing waits to be read, or the whole route waits for the driver's yes."""
    if route.changed_at is None or route.state == "released":
        return None
    found = news_of(route, stops)
    return {
        "version": route.version,
        "at": iso(route.changed_at),
        "added": list(found.added),
        "gone": list(found.gone),
        "moved": list(found.moved),
        "retimed": [{"stop_id": stop_id, "was": iso(was)} for stop_id, was in found.retimed],
    }


def unread_since(route_id: UUID) -> datetime | None:
    """Since when a change of a live route that its driver took waits to be read; None: nothing does."""
    rows = Route.objects.filter(id=route_id, state__in=LIVE_ROUTE).exclude(state="released")
    since: datetime | None = rows.values_list("changed_at", flat=True).first()
    return since
