"""What a change of routes on the road would come to, before it is made."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from homestretch.dispatch import queries
from homestretch.dispatch.values import Foreseen, Sequenced
from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.web.entry import READ

router = Router(tags=["board"])
MOST_ROUTES = 20


class SequencedIn(Schema):
    """A route on the road as it might be."""

    route_id: UUID
    halts: list[UUID] = Field(
        max_length=2000, description="In their order: open stops of it or of another of these routes, waiting tasks."
    )
    best: list[UUID] = Field(default=[], max_length=200, description="More of them, each put where it fits best.")


class ForeseeIn(Schema):
    """The routes that would change, as they would be."""

    routes: list[SequencedIn] = Field(min_length=1, max_length=MOST_ROUTES)


class RouteSumsOut(Schema):
    """What remains of a route in numbers."""

    meters: int
    seconds: int = Field(description="From now until it ends.")
    late_s: int
    cost: int = Field(description="Minor units.")


class ForeseenStopOut(Schema):
    """A halt in time."""

    id: UUID
    arrive: datetime
    start: datetime
    leave: datetime
    late_s: int = Field(description="Past its window.")


class ForeseenBreachOut(Schema):
    """A rule that it would break, or break worse."""

    code: str = Field(max_length=60)
    stop_id: str = Field(max_length=40, description="The halt, or empty where it is about the whole route.")
    amount: int
    text: str = Field(max_length=500)


class ForeseenRouteOut(Schema):
    """One route as it would be."""

    route_id: UUID
    before: RouteSumsOut
    after: RouteSumsOut
    breaches: list[ForeseenBreachOut] = Field(max_length=2000)
    ends_at: datetime
    stops: list[ForeseenStopOut] = Field(max_length=2200, description="Its open halts, in their order.")


class ForeseenOut(Schema):
    """Each of the routes as it would be."""

    routes: list[ForeseenRouteOut] = Field(max_length=MOST_ROUTES)


@router.post("/preview", auth=READ("routes"), response=ForeseenOut, openapi_extra={"x-no-key": True})
def preview_routes(request: HttpRequest, data: ForeseeIn) -> dict[str, Any]:
    """What changes of routes on the road would come to: per route before and after, times, what they would break.
    Nothing is kept. Refuses `route.stop_in_service`, `task.paired`."""
    wanted = [Sequenced(one.route_id, tuple(one.halts), tuple(one.best)) for one in data.routes]
    with scope(request.auth):
        return {"routes": [_shown(one) for one in queries.foresee(wanted, at=now())]}


def _shown(one: Foreseen) -> ForeseenRouteOut:
    return ForeseenRouteOut(
        route_id=one.route_id,
        before=RouteSumsOut.from_orm(one.before),
        after=RouteSumsOut.from_orm(one.after),
        breaches=[ForeseenBreachOut.from_orm(breach) for breach in one.breaches],
        ends_at=one.ends_at,
        stops=[ForeseenStopOut.from_orm(stop) for stop in one.stops],
    )
