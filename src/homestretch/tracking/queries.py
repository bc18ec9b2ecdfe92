"""Reads of tracking, inside a scope: where vehicles are, when stops are expected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Max, QuerySet

from homestretch.dispatch import queries as dispatch
from homestretch.events.rows import among, second, text
from homestretch.kernel.units import read_instant
from homestretch.tracking.models import Duty, Forecast, Track, Whereabouts
from homestretch.tracking.rules.fixes import Fix
from homestretch.tracking.rules.forecast import is_stale
from homestretch.tracking.rules.thinning import RAW_FOR, cleaned, from_rows

MOST_TRACED = 20_000
MOST_REPORTED = 200_000  # of one route; more is no vehicle's day

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

REPORTED = """
select p.device_id, p.at, p.lat, p.lon, p.speed_mh, p.bearing_deg, p.accuracy_m, null, p.said_at
from tracking_duty d join tracking_position p on p.organization_id = d.organization_id and p.device_id = d.device_id
    and p.at between d.starts_at and d.ends_at
where d.organization_id = app_organization() and d.route_id = %s order by p.at limit %s
"""

TO_THIN = """
select d.route_id from tracking_duty d
where d.organization_id = app_organization() and not exists (
    select from tracking_track t where t.organization_id = d.organization_id and t.route_id = d.route_id)
group by d.route_id having max(d.ends_at) < %s order by max(d.ends_at) limit %s
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
class Foretold:
    """What was said of a stop's arrival when it was `horizon_min` minutes ahead, or up to the next longer horizon."""

    horizon_min: int
    p10: datetime
    p50: datetime
    p90: datetime


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


class Expected(NamedTuple):
    """As `ForecastView`, for ten thousand at once: times are seconds since 1970."""

    p10: int
    p50: int
    p90: int
    made_at: int
    stale: bool


def expected(stop_ids: Iterable[str], now: datetime) -> dict[str, Expected]:
    """When these stops are expected, by stop (ids as text); a stop that was reached keeps its last forecast."""
    rows = among(Forecast.objects.all(), "stop_id", stop_ids)
    times = tuple(map(second, ("p10", "p50", "p90", "made_at")))
    found = list(rows.values_list(text("stop_id"), text("route_id"), *times))
    heard = {str(route): int(at.timestamp()) for route, at in _last_heard({row[1] for row in found}).items()}
    views = {}
    for stop_id, route_id, p10, p50, p90, made_at in found:
        at = min(made_at, heard.get(route_id, made_at))
        views[stop_id] = Expected(p10, p50, p90, at, is_stale(datetime.fromtimestamp(at, UTC), now))
    return views


def forecasts(stop_ids: Iterable[UUID]) -> list[ForecastView]:
    """Forecasts of these stops, where there are any; a stop that was reached keeps its last one."""
    rows = list(among(Forecast.objects.all(), "stop_id", stop_ids).order_by("p50", "stop_id"))
    heard = _last_heard({row.route_id for row in rows})
    return [_forecast(row, heard.get(row.route_id)) for row in rows]


def foretold(stop_id: UUID) -> list[Foretold]:
    """What was kept of a stop's forecasts, the longest horizon first."""
    row = Forecast.objects.filter(stop_id=stop_id).first()
    kept = row.kept if row else {}
    return [Foretold(int(name), *map(read_instant, kept[name])) for name in sorted(kept, key=int, reverse=True)]


def _last_heard(route_ids: Iterable[UUID | str]) -> dict[UUID, datetime]:
    """When those of the routes' vehicles that have fallen silent were last heard."""
    rows = Whereabouts.objects.filter(route_id__in=list(route_ids), silent=True).select_related("route")
    return {row.route_id: max(filter(None, (row.at, row.route.started_at))) for row in rows}


def forecasts_of_route(route_id: UUID) -> list[ForecastView]:
    """Forecasts of a route's open stops, by time. Refuses `route.not_found`."""
    dispatch.route(route_id)
    return forecasts(stop.id for stop in dispatch.open_stops(route_id) if stop.state != "arrived")


def whereabouts(route_ids: Iterable[UUID | str]) -> list[VehicleView]:
    """Last known positions of these routes' vehicles, where they were heard at all."""
    return _vehicles(Whereabouts.objects.filter(route_id__in=list(route_ids)))


def newest_at(day: date) -> datetime | None:
    """When any vehicle of a day's routes was heard last."""
    found: datetime | None = Whereabouts.objects.filter(route__day=day).aggregate(at=Max("at"))["at"]
    return found


def vehicles_on_road() -> list[VehicleView]:
    """Vehicles of all live routes."""
    rows = Whereabouts.objects.filter(route__finished_at__isnull=True)
    return _vehicles(rows.exclude(route__state__in=["rejected", "recalled"]))


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
    """A route's track, cleaned, by time, after `after` (at most 20,000). Refuses `route.not_found`.

    It is the same in whatever order the positions came in; what comes later may still change it.
    """
    dispatch.route(route_id)
    kept = Track.objects.filter(route_id=route_id).first()
    track = from_rows(kept.points) if kept else cleaned(reported(route_id))[0]
    return [fix for fix in track if fix.at > after][:MOST_TRACED]


def reported(route_id: UUID) -> dict[UUID, list[Fix]]:
    """All that a route's devices reported on shift, as it came."""
    devices: dict[UUID, list[Fix]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(REPORTED, [route_id, MOST_REPORTED])
        for device, *row in cursor.fetchall():
            devices[device].append(Fix(*row))
    return devices


def followed_until(route_id: UUID) -> datetime | None:
    """When the last of a route's duties ends; None where nobody was ever to be followed."""
    ends: datetime | None = Duty.objects.filter(route_id=route_id).aggregate(last=Max("ends_at"))["last"]
    return ends


def routes_to_thin(now: datetime, most: int) -> list[UUID]:
    """Routes that nothing more can come of and that have no track yet, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(TO_THIN, [now - RAW_FOR, most])
        return [row[0] for row in cursor.fetchall()]


def routes_with_news(now: datetime) -> list[UUID]:
    """Routes whose devices have brought positions that were not followed yet."""
    with connection.cursor() as cursor:
        cursor.execute(ROUTES_WITH_NEWS, {"now": now})
        return [row[0] for row in cursor.fetchall()]


def _forecast(row: Any, heard: datetime | None) -> ForecastView:
    made_at = min(filter(None, (row.made_at, heard)))
    return ForecastView(row.stop_id, row.route_id, row.p10, row.p50, row.p90, made_at)


def _vehicles(rows: QuerySet[Whereabouts]) -> list[VehicleView]:
    """Those that were heard, without the state of their motion, which is large."""
    of_route = ("route_id", "route__vehicle_id", "route__driver_id")
    names = (*of_route, "at", "lat", "lon", "speed_mh", "bearing_deg", "accuracy_m", "driven_m", "silent")
    return [VehicleView(*row) for row in rows.filter(at__isnull=False).order_by("route_id").values_list(*names)]
