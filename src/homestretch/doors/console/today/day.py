"""The running day as the page shows it, gathered from the slices inside one scope."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.doors.console.today.chart import Chart, chart_of
from homestretch.doors.console.today.needs import Group, needs_of
from homestretch.doors.console.today.onmap import map_of, told
from homestretch.fleet import queries as fleet
from homestretch.insights import measures
from homestretch.insights import queries as insights
from homestretch.kernel.geo import Point
from homestretch.orders import queries as orders
from homestretch.orders.values import Filter
from homestretch.plans import queries as plans
from homestretch.tracking import queries as tracking
from homestretch.travel.rules.estimate import RUNG as GREAT_CIRCLE

DONE = {"completed", "partial", "failed", "cancelled"}
WAITING = ("draft", "ready")  # orders that wait for a plan
FINISHED = ("completed", "partially_completed", "failed", "returned")
LATE_MIN = 5  # behind the plan by more than this
HUES = ("#2f6fed", "#c2410c", "#0f8a5f", "#8a3ffc", "#a3338f", "#0e7490", "#7a6a00", "#4b5bd6")


@dataclass(frozen=True, slots=True)
class RouteRow:
    """A line of the list of routes."""

    id: UUID
    hue: str
    driver: str
    vehicle: str
    state: str
    done: int
    total: int
    failed: int
    next_place: str
    next_at: datetime | None
    stale: bool
    late_min: int
    silent: bool

    @property
    def percent(self) -> int:
        """How much is done, 0 to 100."""
        return 100 * self.done // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on the map: kind is depot, stop or vehicle."""

    kind: str
    x: float
    y: float
    hue: str
    state: str
    label: str
    id: str
    route: str
    number: int = 0  # of a stop on its route, from 1


@dataclass(frozen=True, slots=True)
class Line:
    """A route on the map, stop by stop: `points` as SVG writes them."""

    hue: str
    points: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """The day in five: orders done of those that are to be done, promises kept, routes behind the plan, failed
    attempts, orders to plan. `on_time` is a share; None while nothing was settled."""

    done: int
    orders: int
    on_time: float | None
    behind: int
    running: int
    failed: int
    attempts: int
    to_plan: int
    staged: int

    @property
    def percent(self) -> int:
        """How much of the orders is done, 0 to 100."""
        return 100 * self.done // self.orders if self.orders else 0


@dataclass(frozen=True, slots=True)
class Day:
    """All that the page shows. What needs somebody is of now: another day than today has none of it."""

    name: str
    day: date
    today: date
    zone: ZoneInfo
    now: datetime
    numbers: Numbers
    needs: list[Group]
    routes: list[RouteRow]
    chart: Chart | None
    marks: list[Mark]
    lines: list[Line]
    on_map: dict[str, Any] | None  # for the map's script; None where no map covers the day
    without_roads: bool  # times were estimated without road data

    @property
    def before(self) -> date:
        """The day before."""
        return self.day - timedelta(days=1)

    @property
    def after(self) -> date:
        """The day after."""
        return self.day + timedelta(days=1)

    @property
    def waiting(self) -> int:
        """How much needs somebody."""
        return sum(group.count for group in self.needs)


def day_of(now: datetime, day: date | None = None) -> Day:
    """A day of the organization; without `day` the present one."""
    organization = accounts.organization()
    zone = ZoneInfo(organization.zone)
    today = now.astimezone(zone).date()
    day = day or today
    routes = dispatch.routes_on(day)
    hues = {route.id: HUES[number % len(HUES)] for number, route in enumerate(routes)}
    vehicles = {view.route_id: view for view in tracking.whereabouts(hues)}
    stops = dispatch.stops_by_route(hues)
    rows = _rows(routes, hues, vehicles, stops, now)
    found = _found(routes, hues, vehicles, stops)
    chart, marks = _charted(found)
    served = map_of([point for point, _ in found])
    return Day(
        name=organization.name,
        day=day,
        today=today,
        zone=zone,
        now=now,
        numbers=_numbers(day, rows),
        needs=needs_of(today + timedelta(days=1), now) if day == today else [],
        routes=sorted(rows, key=_trouble),
        chart=chart,
        marks=marks,
        lines=_lines(marks),
        on_map=told(served, routes, hues, found, now) if served else None,
        without_roads=GREAT_CIRCLE in plans.rungs(route.plan_id for route in routes if route.plan_id),
    )


def _numbers(day: date, rows: list[RouteRow]) -> Numbers:
    counts = orders.state_counts(Filter(day=day))
    tasks = insights.facts(day, day)
    return Numbers(
        done=sum(counts.get(state, 0) for state in FINISHED),
        orders=sum(counts.values()) - counts.get("cancelled", 0),
        on_time=measures.on_time(tasks),
        behind=sum(row.late_min > LATE_MIN for row in rows),
        running=sum(row.state == "started" for row in rows),
        failed=sum(measures.failed_attempts(tasks).values()),
        attempts=measures.attempts(tasks),
        to_plan=sum(counts.get(state, 0) for state in WAITING),
        staged=counts.get("staged", 0),
    )


def _trouble(row: RouteRow) -> tuple[bool, bool, bool]:
    """Those first that want a look: silent ones, late ones; those at their end last."""
    return row.state == "finished", not row.silent, row.late_min <= LATE_MIN


def _lines(marks: list[Mark]) -> list[Line]:
    """Marks of stops come route by route, in the order they are driven."""
    points: dict[str, list[str]] = {}
    for mark in marks:
        if mark.kind == "stop" and mark.state != "cancelled":
            points.setdefault(mark.route, []).append(f"{mark.x},{mark.y}")
    hues = {mark.route: mark.hue for mark in marks}
    return [Line(hues[route], " ".join(places)) for route, places in points.items()]


def _rows(
    routes: list[Any], hues: dict[UUID, str], vehicles: dict[UUID, Any], stops: dict[UUID, list[Any]], now: datetime
) -> list[RouteRow]:
    started = (route.id for route in routes if route.state == "started")
    ahead = {route_id: next(iter(dispatch.in_turn(stops[route_id])), None) for route_id in started}
    expected = {view.stop_id: view for view in tracking.forecasts(stop.id for stop in ahead.values() if stop)}
    made = []
    for route in routes:
        coming = ahead.get(route.id)
        forecast = expected.get(coming.id) if coming else None
        row = _row(route, vehicles.get(route.id), stops[route.id], coming, forecast)
        made.append(replace(row, hue=hues[route.id], stale=forecast.stale(now) if forecast else False))
    return made


def _row(route: Any, vehicle: Any, stops: list[Any], coming: Any, expected: Any) -> RouteRow:
    """Without its color, and whether what is `expected` of the `coming` stop is stale."""
    states = Counter(stop.state for stop in stops)
    late = (expected.p50 - coming.planned_arrive).total_seconds() if expected else 0
    return RouteRow(
        id=route.id,
        hue="",
        driver=route.driver.name,
        vehicle=route.vehicle.name,
        state=route.state,
        done=sum(states[state] for state in DONE),
        total=len(stops),
        failed=states["failed"],
        next_place=(coming.place.label or coming.place.address) if coming else "",
        next_at=expected.p50 if expected else None,
        stale=False,
        late_min=round(late / 60),
        silent=bool(vehicle and vehicle.silent),
    )


def _found(
    routes: list[Any], hues: dict[UUID, str], vehicles: dict[UUID, Any], stops: dict[UUID, list[Any]]
) -> list[tuple[Point, Mark]]:
    """All that has a place, with its place: depots, stops route by route, vehicles."""
    found: list[tuple[Point, Mark]] = []
    for depot in fleet.depots().select_related("place"):
        if depot.place.lat is not None:
            found.append(
                (Point(depot.place.lat, depot.place.lon), Mark("depot", 0, 0, "", "", depot.name, str(depot.id), ""))
            )
    for route in routes:
        for number, stop in enumerate(stops[route.id], 1):
            label = stop.place.label or stop.place.address
            mark = Mark("stop", 0, 0, hues[route.id], stop.state, label, str(stop.id), str(route.id), number)
            found.append((Point(stop.place.lat, stop.place.lon), mark))
    for route in routes:
        view = vehicles.get(route.id)
        if view is not None and route.state not in ("rejected", "recalled"):
            state = "silent" if view.silent else route.state
            mark = Mark("vehicle", 0, 0, hues[route.id], state, route.vehicle.name, str(route.id), str(route.id))
            found.append((Point(view.lat, view.lon), mark))
    return found


def _charted(found: list[tuple[Point, Mark]]) -> tuple[Chart | None, list[Mark]]:
    chart = chart_of(point for point, _ in found)
    return chart, [_placed(mark, *chart.at(point)) for point, mark in found] if chart else []


def _placed(mark: Mark, x: float, y: float) -> Mark:
    return replace(mark, x=x, y=y)
