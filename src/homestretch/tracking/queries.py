"""Reads of tracking, inside a scope: where vehicles are, when stops are expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from homestretch.dispatch import queries as dispatch
from homestretch.tracking.models import Forecast, Whereabouts
from homestretch.tracking.rules.fixes import Fix
from homestretch.tracking.rules.forecast import is_stale

MOST_TRACED = 20_000

ROUTES_WITH_NEWS = """
select distinct d.route_id from tracking_duty d
join dispatch_route r on r.organization_id = d.organization_id and r.id = d.route_id
left join tracking_whereabouts w on w.organization_id = d.organization_id and w.route_id = d.route_id
where d.organization_id = app_organization() and d.ends_at > %(now)s - interval '1 day'
    and r.state not in ('rejected', 'recalled') and exists (
        select from tracking_position p
        where p.organization_id = d.organization_id and p.device_id = d.device_id
            and p.at between d.starts_at and d.ends_at and p.at <= %(now)s + interval '2 minutes'
            and p.at > %(now)s - interval '7 days'
            and p.at > coalesce((w.motion ->> 'read')::timestamptz, '-infinity'))
"""

TRACE = """
select p.at, p.lat, p.lon, p.speed_mh, p.bearing_deg, p.accuracy_m
from tracking_duty d join tracking_position p on p.organization_id = d.organization_id and p.device_id = d.device_id
    and p.at between d.starts_at and d.ends_at
where d.organization_id = app_organization() and d.route_id = %s and p.at > %s order by p.at limit %s
"""


@dataclass(frozen=True, slots=True)
class ForecastView:
    """When a stop is expected, as of `made_at`. Shown with its age, or not at all, once it is stale (I9).

    What is forecast for a vehicle that has fallen silent is as old as its last word, however often it is made anew.
    """

    stop_id: UUID
    route_id: UUID
    p10: datetime
    p50: datetime
    p90: datetime
    made_at: datetime

    def stale(self, now: datetime) -> bool:
        """Whether it is older than twice its refresh."""
        return is_stale(self.made_at, now)


@dataclass(frozen=True, slots=True)
class VehicleView:
    """Where a route's vehicle was last, at `at` by the device's clock."""

    route_id: UUID
    vehicle_id: UUID
    driver_id: UUID
    at: datetime
    lat: float
    lon: float
    speed_mh: int | None
    bearing_deg: int | None
    accuracy_m: int | None
    driven_m: int
    silent: bool


def forecasts(stop_ids: Iterable[UUID]) -> list[ForecastView]:
    """Forecasts of these stops, where there are any; a stop that was reached keeps its last one."""
    rows = list(Forecast.objects.filter(stop_id__in=list(stop_ids)).order_by("p50", "stop_id"))
    heard = _last_heard({row.route_id for row in rows})
    return [_forecast(row, heard.get(row.route_id)) for row in rows]


def _last_heard(route_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """When those of the routes' vehicles that have fallen silent were last heard."""
    rows = Whereabouts.objects.filter(route_id__in=list(route_ids), silent=True).select_related("route")
    return {row.route_id: max(filter(None, (row.at, row.route.started_at))) for row in rows}


def forecasts_of_route(route_id: UUID) -> list[ForecastView]:
    """Forecasts of a route's open stops, by time. Refuses `route.not_found`."""
    dispatch.route(route_id)
    return forecasts(stop.id for stop in dispatch.open_stops(route_id) if stop.state != "arrived")


def whereabouts(route_ids: Iterable[UUID]) -> list[VehicleView]:
    """Last known positions of these routes' vehicles, where they were heard at all."""
    rows = Whereabouts.objects.filter(route_id__in=list(route_ids), at__isnull=False).select_related("route")
    return [_vehicle(row) for row in rows.order_by("route_id")]


def vehicles_on_road() -> list[VehicleView]:
    """Vehicles of all live routes."""
    rows = Whereabouts.objects.filter(at__isnull=False, route__finished_at__isnull=True).select_related("route")
    return [_vehicle(row) for row in rows.exclude(route__state__in=["rejected", "recalled"]).order_by("route_id")]


def vehicle_for_order(order_id: UUID) -> VehicleView | None:
    """The van that comes to an order, only while its stop is the next one: nobody sees another's address."""
    for stop in dispatch.stops_for_order(order_id):
        if stop.route.state != "started":
            continue
        first = dispatch.next_stop(stop.route_id)
        if first is not None and first.id == stop.id:
            return next(iter(whereabouts([stop.route_id])), None)
    return None


def trace(route_id: UUID, after: datetime) -> list[Fix]:
    """Positions kept for a route, by time, from `after` on (at most 20,000). Refuses `route.not_found`."""
    dispatch.route(route_id)
    with connection.cursor() as cursor:
        cursor.execute(TRACE, [route_id, after, MOST_TRACED])
        return [Fix(*row) for row in cursor.fetchall()]


def routes_with_news(now: datetime) -> list[UUID]:
    """Routes whose devices have brought positions that were not followed yet."""
    with connection.cursor() as cursor:
        cursor.execute(ROUTES_WITH_NEWS, {"now": now})
        return [row[0] for row in cursor.fetchall()]


def _forecast(row: Any, heard: datetime | None) -> ForecastView:
    made_at = min(filter(None, (row.made_at, heard)))
    return ForecastView(row.stop_id, row.route_id, row.p10, row.p50, row.p90, made_at)


def _vehicle(row: Any) -> VehicleView:
    return VehicleView(
        row.route_id,
        row.route.vehicle_id,
        row.route.driver_id,
        row.at,
        row.lat,
        row.lon,
        row.speed_mh,
        row.bearing_deg,
        row.accuracy_m,
        row.driven_m,
        row.silent,
    )
