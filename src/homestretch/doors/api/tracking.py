"""Where vehicles are, where they drove, when stops are expected. The live view is `GET /live/events`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from homestretch.events.clock import now
from homestretch.events.scope import scope
from homestretch.tracking import queries
from homestretch.tracking.rules.fixes import Fix
from homestretch.web.entry import READ

router = Router(tags=["tracking"])
DAWN = datetime(2000, 1, 1, tzinfo=UTC)


class OnTheRoadOut(Schema):
    """A vehicle of a live route, where it was last heard."""

    route_id: UUID
    vehicle_id: UUID
    driver_id: UUID
    at: datetime = Field(description="By the device's clock; never goes back.")
    lat: float = Field(examples=[49.6117])
    lon: float = Field(examples=[6.13])
    speed_mh: int | None = Field(description="Meters per hour.")
    bearing_deg: int | None = Field(description="Degrees clockwise from north.")
    accuracy_m: int | None
    driven_m: int = Field(description="Meters since the route's start, by positions.")
    silent: bool = Field(description="Nothing was heard for longer than the organization allows.")


class VehiclesOut(Schema):
    """All vehicles on the road that were heard."""

    items: list[OnTheRoadOut] = Field(max_length=10_000)


class ForecastOut(Schema):
    """When an open stop is expected: as likely before `p50` as after it, one in ten after `p90`."""

    stop_id: UUID
    route_id: UUID
    p10: datetime
    p50: datetime
    p90: datetime
    made_at: datetime
    stale: bool = Field(description="Older than twice its refresh: show it with its age, or not at all.")


class ForecastsOut(Schema):
    """By time."""

    items: list[ForecastOut] = Field(max_length=2000)


class PositionOut(Schema):
    """A position of a track."""

    at: datetime
    lat: float
    lon: float
    speed_mh: int | None
    bearing_deg: int | None
    accuracy_m: int | None


class TraceOut(Schema):
    """Positions by time; where there are `MOST_TRACED`, ask again with `after` the last one."""

    items: list[PositionOut] = Field(max_length=queries.MOST_TRACED)
    driven_m: int | None = Field(description="Meters since the route's start, by positions; null: it was never heard.")


class TraceQuery(Schema):
    """Which part of a trace."""

    after: datetime | None = Field(None, description="Only positions after this instant.")


def _position(fix: Fix) -> dict[str, Any]:
    return {name: value for name, value in fix._asdict().items() if name in PositionOut.model_fields}


@router.get("/vehicles", auth=READ("tracking"), response=VehiclesOut)
def list_vehicles_on_road(request: HttpRequest) -> dict[str, Any]:
    """Last known positions of the vehicles on live routes."""
    with scope(request.auth):
        return {"items": [asdict(view) for view in queries.vehicles_on_road()]}


@router.get("/routes/{route_id}/forecasts", auth=READ("tracking"), response=ForecastsOut)
def list_forecasts(request: HttpRequest, route_id: UUID) -> dict[str, Any]:
    """Forecasts of a route's open stops; none before it has started."""
    at = now()
    with scope(request.auth):
        views = queries.forecasts_of_route(route_id)
    return {"items": [{**asdict(view), "stale": view.stale(at)} for view in views]}


@router.get("/routes/{route_id}/positions", auth=READ("tracking"), response=TraceOut)
def list_route_positions(request: HttpRequest, route_id: UUID, part: Query[TraceQuery]) -> dict[str, Any]:
    """Where a route was driven, as long as positions are kept: cleaned, and after eight days thinned to 10 meters."""
    after = part.after or DAWN
    after = after if after.tzinfo else after.replace(tzinfo=UTC)
    with scope(request.auth):
        items = [_position(fix) for fix in queries.trace(route_id, after)]
        heard = next(iter(queries.whereabouts([route_id])), None)
    return {"items": items, "driven_m": heard.driven_m if heard else None}
