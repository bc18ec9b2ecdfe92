"""What a finished route teaches about travel: its drives between stops, and the roads that it passed.

The facts are kept here; what they come to is handed down to travel, which adopts it: a model for where no road is
known, at most one a day, and the speeds of the roads that own vehicles pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.events.action import action
from homestretch.events.scope import current_organization
from homestretch.insights.models import LegFact, RoadFact, RouteLearned
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point, distance_m
from homestretch.kernel.ids import uuid7
from homestretch.kernel.windows import Window
from homestretch.planner.legs import leg_of
from homestretch.planner.travel import UNREACHABLE
from homestretch.travel import actions as travel_actions
from homestretch.travel import queries as travel
from homestretch.travel.rules.estimate import Drive, built_in, calibrated, cell_of
from homestretch.travel.rules.speeds import Passed, Passes, speeds_of

LEARNED_DAYS, MOST_DRIVES = 120, 20_000
ADOPT_EVERY = timedelta(hours=20)
LONGEST = timedelta(hours=4)

_ADD = """
insert into insights_roadfact as known (id, organization_id, profile, way, direction, day_class, part, road_class,
    passes, ratio_sum, ratio_square_sum) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
on conflict (organization_id, profile, way, direction, day_class, part) do update set
    passes = known.passes + excluded.passes, ratio_sum = known.ratio_sum + excluded.ratio_sum,
    ratio_square_sum = known.ratio_square_sum + excluded.ratio_square_sum, road_class = excluded.road_class
"""


@action
def learn(route_id: UUID, passed: Sequence[Passed], *, by: Actor, at: datetime) -> bool:
    """Take in a finished route, once: its drives, and how slowly it passed roads. False where that was done before."""
    row = RouteLearned(route_id=route_id)
    if not RouteLearned.objects.bulk_create([row], ignore_conflicts=True) or not _is_mine(row):
        return False
    route = dispatch.route(route_id)
    profile = route.vehicle.profile
    legs, ends = _legs(route, dispatch.stops_of(route_id))
    _planned(profile, legs, ends)
    LegFact.objects.bulk_create(legs)
    _refit(profile, by, at)
    if passed:
        _add(profile, passed)
        travel_actions.replace_speeds("own", _own_speeds(), by=by, at=at)
    return True


def _is_mine(row: RouteLearned) -> bool:
    return bool(RouteLearned.objects.filter(id=row.id).exists())


def _legs(route: Any, stops: Iterable[Any]) -> tuple[list[LegFact], list[tuple[Point, Point]]]:
    """From each place left to the next one reached, in the order in which they were reached; and the ends of each."""
    zone = ZoneInfo(accounts.organization().zone)
    depot = route.shift.start_depot.place
    here, left = Point(depot.lat, depot.lon), route.started_at
    made, ends = [], []
    reached = (stop for stop in stops if stop.arrived_at and stop.ended_at and stop.place.lat is not None)
    for stop in sorted(reached, key=lambda stop: stop.arrived_at):
        there, since = Point(stop.place.lat, stop.place.lon), left
        if stop.set_out_at and stop.set_out_at < stop.arrived_at:  # who taps only on arrival set out unseen
            since = stop.set_out_at
        if since is not None and timedelta(0) < stop.arrived_at - since <= LONGEST:
            made.append(_leg(route, stop, (here, there), since, zone))
            ends.append((here, there))
        here, left = there, stop.left_at or stop.ended_at
    return made, ends


def _planned(profile: str, legs: Sequence[LegFact], ends: Sequence[tuple[Point, Point]]) -> None:
    """What travel says of the drives at the hours in which they began, and what the weather was."""
    if not legs:
        return
    points = list(dict.fromkeys(point for pair in ends for point in pair))
    departs = [leg.left_at for leg in legs]
    first = min(departs)
    said = travel.matrix(points, Window(first, max(departs) + LONGEST), profile).profile
    for leg, (start, end), kind in zip(legs, ends, travel.weather_of(departs), strict=True):
        second = round((leg.left_at - first).total_seconds())
        way = leg_of(said, points.index(start), points.index(end))
        lasts = way.arrive(second) - second
        leg.weather = kind
        if lasts < UNREACHABLE:
            leg.planned_s, leg.planned_m = lasts, way.far(second)


def _leg(route: Any, stop: Any, ends: tuple[Point, Point], since: datetime, zone: ZoneInfo) -> LegFact:
    start, end = ends
    return LegFact(
        day=route.day,
        route_id=route.id,
        profile=route.vehicle.profile,
        straight_m=round(distance_m(start, end)),
        cell_from=cell_of(start),
        cell_to=cell_of(end),
        hour=since.astimezone(zone).hour,
        seconds=round((stop.arrived_at - since).total_seconds()),
        stop_id=stop.id,
        left_at=since,
    )


def _refit(profile: str, by: Actor, at: datetime) -> None:
    """Let travel adopt what the last months' drives come to, where it has not done so today."""
    last = travel.adopted_at(profile)
    if last is not None and at - last < ADOPT_EVERY:
        return
    rows = LegFact.objects.filter(profile=profile, day__gt=at.date() - timedelta(days=LEARNED_DAYS))
    names = ("straight_m", "cell_from", "cell_to", "hour", "seconds")
    drives = [
        Drive(meters, (start, end), hour, seconds)
        for meters, start, end, hour, seconds in rows.order_by("-day", "-id").values_list(*names)[:MOST_DRIVES]
    ]
    usual = built_in(profile)
    fitted = calibrated(usual, drives)
    if fitted is not usual:
        travel_actions.adopt(fitted, source=f"{len(drives)} own drives", by=by, at=at)


def _add(profile: str, passed: Sequence[Passed]) -> None:
    organization = current_organization()
    rows = [
        (uuid7(), organization, profile, p.way, p.direction, p.day, p.part, p.road_class, 1, p.ratio, p.ratio**2)
        for p in sorted(passed, key=lambda p: (p.way, p.direction, p.day, p.part))  # one order: no deadlock
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, rows)


def _own_speeds() -> Any:
    names = ("way", "direction", "day_class", "part", "road_class", "passes", "ratio_sum", "ratio_square_sum")
    return speeds_of(Passes.of(RoadFact.objects.filter(profile="van").values_list(*names)))
