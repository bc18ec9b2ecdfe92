"""What changes of routes on the road would come to, by the clock and the judge that hold when they are made: nothing is
kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from homestretch.dispatch.models import LIVE_ROUTE, Route, StopTask
from homestretch.dispatch.queries.places import goods_of
from homestretch.dispatch.queries.running import halts_on, several
from homestretch.dispatch.rules import running as rules
from homestretch.dispatch.rules.goods import refuse_elsewhere
from homestretch.dispatch.rules.running import Halt, Running, Work
from homestretch.dispatch.values import Foreseen, ForeseenBreach, ForeseenStop, RouteSums, Sequenced
from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import Refusal, not_found
from homestretch.orders import queries as orders
from homestretch.planner.cost import route_cost
from homestretch.planner.times import StopTimes

WITH_ALL = ("vehicle", "driver", "shift__start_depot__place", "shift__end_depot__place")


def foresee(wanted: Sequence[Sequenced], *, at: datetime) -> list[Foreseen]:
    """Live routes as they would be with these halts: open stops of any of them, tasks that are on no route.

    Refuses `route.not_found` (none that is on the road), `stop.not_found` (neither an open stop of these routes nor a
    task that waits), `route.stop_in_service`, `task.paired`.
    """
    rows = Route.objects.filter(id__in=[one.route_id for one in wanted], state__in=LIVE_ROUTE).select_related(*WITH_ALL)
    routes = {route.id: route for route in rows}
    for one in wanted:
        if one.route_id not in routes:
            raise not_found("route", one.route_id)
    own = halts_on(list(routes))
    home = {halt.stop_id: route_id for route_id, halts in own.items() for halt in halts}
    halts = {halt.stop_id: halt for mine in own.values() for halt in mine}
    named = [ident for one in wanted for ident in (*one.halts, *one.best)]
    halts |= _waiting([ident for ident in named if ident not in halts])
    found = []
    for one in wanted:
        here = routes[one.route_id]
        goods = _goods([ident for ident in (*one.halts, *one.best) if home.get(ident, here.id) != here.id], here)
        told = _foreseen(one, here, own.get(here.id, []), halts, at)
        found.append(replace(told, breaches=(*goods, *told.breaches)))
    return found


def _waiting(task_ids: Sequence[UUID]) -> Mapping[UUID, Halt]:
    """Halts of tasks that could be put on a route."""
    free = orders.plannable(task_ids)
    found = {}
    for view in orders.task_views(free):
        if view.pair:
            raise _paired()
        work = Work(view.task_id, view.order_id, view.kind, "", dict(view.loads), frozenset(view.skills))
        point, service = Point(view.lat, view.lon), view.access_s + view.service_s
        found[view.task_id] = Halt(view.task_id, point, tuple(view.windows), service, (work,))
    for ident in task_ids:
        if ident not in found:
            raise not_found("stop", ident)
    return found


def _paired() -> Refusal:
    return Refusal("task.paired", "one end of a pair does not leave alone", remedy="plan the pair again")


def _goods(moved: Sequence[UUID], route: Route) -> list[ForeseenBreach]:
    """What speaks against goods that would come from another route. Refuses `task.paired`."""
    works = list(StopTask.objects.filter(stop_id__in=moved, live=True).select_related("task", "order"))
    if any(work.task.pair for work in works):
        raise _paired()
    try:
        refuse_elsewhere(goods_of(works), route.shift.start_depot_id)
    except Refusal as refusal:
        return [ForeseenBreach(refusal.code, "", 0, refusal.cause)]
    return []


def _foreseen(one: Sequenced, route: Route, own: Sequence[Halt], halts: Mapping[UUID, Halt], at: datetime) -> Foreseen:
    mine = {halt.stop_id for halt in own}
    foreign = [halts[ident] for ident in (*one.halts, *one.best) if ident not in mine]
    more = tuple(replace(halt, state="planned", since=None) for halt in foreign)
    asked = several([route], at=at, more=more)[route.id]
    was, order = [halt.stop_id for halt in own], list(one.halts)
    rules.check_served(own, order)
    for ident in one.best:
        order = rules.placed(asked, order, ident, None)
    times = asked.times(order)
    return Foreseen(
        route_id=route.id,
        before=_sums(asked, was),
        after=_sums(asked, order),
        breaches=tuple(
            ForeseenBreach(breach.code, breach.visit, breach.amount, breach.text)
            for breach in rules.worse(asked.breaches(was), asked.breaches(order))
        ),
        ends_at=asked.moment(times.finish),
        stops=tuple(_told(asked, stop) for stop in times.stops),
    )


def _told(asked: Running, stop: StopTimes) -> ForeseenStop:
    arrive, start, leave = (asked.moment(second) for second in (stop.arrive, stop.start, stop.leave))
    return ForeseenStop(UUID(stop.visit), arrive, start, leave, stop.late)


def _sums(asked: Running, order: Sequence[UUID]) -> RouteSums:
    problem = asked.problem(order)
    times = asked.times_in(problem, map(str, order))
    return RouteSums(times.meters, times.finish, times.late, route_cost(problem, times))
