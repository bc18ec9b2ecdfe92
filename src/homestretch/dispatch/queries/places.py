"""Places for one more among the routes on the road: priced and timed exactly, nothing changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from homestretch.dispatch.models import LIVE_ROUTE, OPEN_STOP, Route, Stop, StopTask
from homestretch.dispatch.queries.running import several
from homestretch.dispatch.rules.goods import TAKE_OVER_S, Goods, reachable
from homestretch.dispatch.rules.running import Halt, Running, Work
from homestretch.events.rows import among, text
from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import not_found
from homestretch.orders import queries as orders
from homestretch.orders.values import TaskView
from homestretch.planner import problem as ask
from homestretch.planner.live import Live, Option
from homestretch.planner.problem import Start

TRIED = 6  # routes that are asked exactly, of those by the shortest detours
TRIED_FOR_ALL = 12  # where each of them is wanted, and not the three best
MOST = 3
GOODS = "goods"  # the pair of such a halt and its delivery
Group = list[tuple[tuple[Halt, ...], list[Route]]]


@dataclass(frozen=True, slots=True)
class LivePlace:
    """A place on a route: what it adds, and which open stops would be later than their windows by how much."""

    route: Route
    position: int  # among the open stops, from 0
    halts: tuple[UUID, ...]  # the open stops as they would be driven; new ones by their task, one to fetch by its depot
    arrive: datetime  # at the last of the new ones
    cost: int
    seconds: int
    meters: int
    late: dict[UUID, int]
    over_s: int  # by which the shift's end would be passed, or further
    tasks: dict[UUID, list[UUID]]  # of each open stop, the new one included
    before: dict[UUID, datetime]  # when each open stop is reached now,
    after: dict[UUID, datetime]  # and then


def places_for(task_id: UUID, *, at: datetime) -> list[LivePlace]:
    """The best places for a ready task on routes of its goods' depot, those that make nobody late first, then the
    cheapest; one of each route, three at most. Refuses `task.not_found`."""
    view = next(iter(orders.task_views([task_id])), None)
    if view is None:
        raise not_found("task", task_id)
    halts = (_halt(replace(view, pair="")),)
    found = _tried([(halts, _routes(_nearest([view], at, LIVE_ROUTE)[:TRIED]))], at)
    return sorted(found, key=lambda place: (sum(place.late.values()) + place.over_s, place.cost, place.route.id))[:MOST]


def places_for_all(
    task_ids: Sequence[UUID], states: Collection[str], *, only: UUID | None = None, at: datetime
) -> list[LivePlace]:
    """The best place on each route in one of these states (`only` that one), of the twelve nearest, for a ready task or
    the two ends of a ready pair.

    A van that has left its depot halts there first, for goods that are not on board. None where it does not fit.
    """
    views = sorted(orders.task_views(task_ids), key=lambda view: view.kind != "collect")
    if len(views) != len(task_ids) or not views:
        return []
    routes = _routes(_nearest(views, at, states, only)[:TRIED_FOR_ALL])
    return _tried(_grouped(views, routes), at)


def _grouped(views: Sequence[TaskView], routes: Sequence[Route]) -> Group:
    """What goes in, and the routes that it goes into so."""
    wanted = tuple(_halt(view) for view in views)
    if len(views) > 1 or views[0].kind != "deliver":
        return [(wanted, list(routes))]
    groups: Group = [(wanted, [route for route in routes if route.state != "started"])]
    away = [route for route in routes if route.state == "started"]
    for depot_id in sorted({route.shift.start_depot_id for route in away}):
        here = [route for route in away if route.shift.start_depot_id == depot_id]
        groups.append((_fetched(wanted[0], depot_id, here[0].shift.start_depot.place.halt_at), here))
    return groups


def _halt(view: TaskView) -> Halt:
    work = Work(view.task_id, view.order_id, view.kind, view.pair, dict(view.loads), frozenset(view.skills))
    return Halt(view.task_id, Point(view.lat, view.lon), tuple(view.windows), view.access_s + view.service_s, (work,))


def _fetched(halt: Halt, depot_id: UUID, depot: Point) -> tuple[Halt, Halt]:
    """A delivery and, before it, the halt at the depot where its goods are."""
    (work,) = halt.works
    given = replace(halt, works=(replace(work, pair=GOODS),))
    taken = Halt(depot_id, depot, (), TAKE_OVER_S, (replace(work, kind="collect", pair=GOODS),))
    return taken, given


def _routes(ids: Sequence[UUID]) -> list[Route]:
    names = ("vehicle", "driver", "shift__start_depot__place", "shift__end_depot__place")
    return list(Route.objects.filter(id__in=ids).select_related(*names))


def _tried(groups: Group, at: datetime) -> list[LivePlace]:
    found = []
    for halts, routes in groups:
        asked = several(routes, at=at, more=halts) if routes else {}
        new = tuple(halt.stop_id for halt in halts)
        tried = [made for route in routes if (made := _best(route, asked[route.id], new)) is not None]
        found += [_place(made, new) for made in tried]
    return found


def _nearest(views: Sequence[TaskView], at: datetime, states: Collection[str], only: UUID | None = None) -> list[UUID]:
    """Routes that can have the goods of a task (or of a pair), by the shortest detour that its place is from two of
    their halts, one after the other."""
    view, paired = views[0], len(views) > 1
    goods = [Goods(view.task_id, view.depot_id if view.kind == "deliver" and not view.pair else None)]
    rows = Route.objects.filter(state__in=states, shift__ends_at__gt=at).order_by("id")
    rows = rows.filter(id=only) if only else rows
    end = ("shift__end_depot__place__lat", "shift__end_depot__place__lon")
    lines = rows.values_list("id", "shift__start_depot_id", *end)
    routes = [(ident, lat, lon) for ident, depot_id, lat, lon in lines if paired or reachable(goods, depot_id)]
    if not routes:
        return []
    numbers = {str(route[0]): number for number, route in enumerate(routes)}
    stops = among(Stop.objects.filter(state__in=OPEN_STOP), "route_id", numbers).order_by("position")
    halts = stops.values_list(text("route_id"), "place__lat", "place__lon")
    ways = [(numbers[name], lat, lon) for name, lat, lon in halts]
    ways += [(number, lat, lon) for number, (_, lat, lon) in enumerate(routes)]
    detours = _detours(np.array(ways), Point(view.lat, view.lon)).tolist()
    return [ident for _, (ident, _, _) in sorted(zip(detours, routes, strict=True))]


def _detours(ways: NDArray[np.float64], point: Point) -> NDArray[np.float64]:
    """The shortest way round over a point, between two places that a route has one after the other, or before its
    first one and back: of each route. Rows of (route's number, lat, lon), each route's in order, its end the last."""
    ways = ways[np.argsort(ways[:, 0], kind="stable")]
    number, scale = ways[:, 0].astype(int), np.array([1.0, np.cos(np.radians(point.lat))])
    places, mine = ways[:, 1:] * scale, np.array([point.lat, point.lon]) * scale
    to, leg = np.hypot(*(places - mine).T), np.hypot(*(places[1:] - places[:-1]).T)
    first = np.r_[True, number[1:] != number[:-1]]
    found = 2 * to[first]
    np.minimum.at(found, number[1:][~first[1:]], (to[:-1] + to[1:] - leg)[~first[1:]])
    return found


@dataclass(frozen=True, slots=True)
class _Found:
    """The best place on a route; `order`: its open stops as they are driven now."""

    route: Route
    asked: Running
    problem: ask.Problem
    order: list[str]
    option: Option


def _best(route: Route, asked: Running, new: Sequence[UUID]) -> _Found | None:
    """None where the route's rules leave no place."""
    order = [halt.stop_id for halt in asked.halts if halt.stop_id not in new]
    problem, shift = asked.problem([*order, *new]), str(asked.span.shift_id)
    held = [halt for halt in asked.halts if halt.state == "arrived"]
    if held:  # nobody is put before the stop that is being served
        locks = tuple(ask.Lock(str(halt.stop_id), shift, number) for number, halt in enumerate(held))
        problem = replace(problem, locks=locks)
    names = [str(stop_id) for stop_id in order]
    plan = ask.Plan((ask.Route(shift, tuple(names)),), tuple(map(str, new)))
    live = Live(problem, plan, {shift: Start(at=0)} if asked.span.started else None)
    option = next(iter(live.insert(str(new[0]), limit=1, late_ok=True)), None)
    return _Found(route, asked, problem, names, option) if option else None


def _place(found: _Found, new: Sequence[UUID]) -> LivePlace:
    asked, option = found.asked, found.option
    before, after = (
        {UUID(stop.visit): asked.moment(stop.arrive) for stop in asked.times_in(found.problem, visits).stops}
        for visits in (found.order, option.visits)
    )
    return LivePlace(
        route=found.route,
        position=option.position,
        halts=tuple(map(UUID, option.visits)),
        arrive=after[new[-1]],
        cost=option.cost,
        seconds=option.seconds,
        meters=option.meters,
        late={UUID(visit): seconds for visit, seconds in option.late if visit},
        over_s=sum(seconds for visit, seconds in option.late if not visit),
        tasks={halt.stop_id: [work.task_id for work in halt.works] for halt in asked.halts},
        before=before,
        after=after,
    )


def goods_of(works: Iterable[StopTask]) -> list[Goods]:
    """What deliveries that stand on a stop bring, with task and order read along."""
    owed = [work for work in works if work.task.kind == "deliver" and not work.task.pair]
    riding = orders.packages_of_tasks(work.task_id for work in owed)
    on_board = {package.task_id for package in riding if package.state == "on_board"}
    return [Goods(work.task_id, work.order.depot_id, work.task_id in on_board) for work in owed]
