"""Changes of a route under way: another driver, another order of stops, one task more or less.

Each derives the planned times anew from here and now (`planner.schedule`), is judged by `planner.check`, and is refused
if it brings breaches that were not there before, unless the caller accepts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain, count
from uuid import UUID

from django.db.models import QuerySet

from homestretch.dispatch.actions.reading import mark_changed
from homestretch.dispatch.actions.release import insert_works
from homestretch.dispatch.actions.steps import cancel_stop, close_works, locked_route, must_be_live
from homestretch.dispatch.events import RouteUpdated
from homestretch.dispatch.models import Route, Stop, StopTask
from homestretch.dispatch.queries.running import running
from homestretch.dispatch.rules import running as rules
from homestretch.dispatch.rules.automata import OPEN_STOP, OUTCOMES
from homestretch.dispatch.rules.goods import Goods, refuse_elsewhere
from homestretch.dispatch.values import STRICT, Terms
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.fleet import actions as fleet
from homestretch.fleet import queries as fleet_queries
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal, check_version, not_found
from homestretch.kernel.units import iso
from homestretch.orders import actions as orders
from homestretch.orders import queries as orders_queries


@action
def reassign(route_id: UUID, driver_id: UUID, *, terms: Terms = STRICT, by: Actor, at: datetime) -> Route:
    """Give a live route to another driver, who is then the shift's driver too.

    Refuses `route.over`, `route.stale`, `driver.not_found`, `shift.driver_busy`, `route.has_breaches`.
    """
    route = _locked(route_id, terms)
    before = running(route, at=at)
    order = [halt.stop_id for halt in before.halts]
    fleet.name_driver(route.shift_id, driver_id, by=by, at=at)
    route.driver, route.acknowledged = fleet_queries.driver(driver_id), 0
    route.known_stops, route.read_version, route.read_at, route.read_by = [], 0, None, ""
    after = running(route, at=at)
    judge(before, order, after, order, terms)
    updated(route, "reassigned", by=by, at=at)
    return route


@action
def resequence(
    route_id: UUID,
    stop_ids: Sequence[UUID],
    *,
    terms: Terms = STRICT,
    by: Actor,
    at: datetime,
) -> Route:
    """Put the open stops of a live route in another order.

    Refuses `route.over`, `route.stale`, `route.sequence_incomplete`, `route.stop_in_service`, `route.has_breaches`.
    """
    route = _locked(route_id, terms)
    asked = running(route, at=at)
    rules.check_sequence(asked.halts, stop_ids)
    judge(asked, [halt.stop_id for halt in asked.halts], asked, stop_ids, terms)
    retime(route, asked, stop_ids)
    updated(route, "resequenced", by=by, at=at)
    return route


@action
def add_task(
    route_id: UUID,
    task_id: UUID,
    position: int | None = None,
    *,
    terms: Terms = STRICT,
    by: Actor,
    at: datetime,
) -> Route:
    """Put a ready task on a live route, as a stop of its own. `position` counts open stops from 0, None = the best.

    Refuses `route.over`, `route.stale`, `task.not_found`, `task.not_open`, `task.on_another_route`,
    `task.paired`, `task.goods_elsewhere`, `route.has_breaches`.
    """
    route = _locked(route_id, terms)
    before = running(route, at=at)
    order = [halt.stop_id for halt in before.halts]
    orders.schedule([task_id], route.id, by=by, at=at)
    stop = _new_stop(route, task_id, terms)
    after = running(route, at=at)
    wanted = rules.placed(after, order, stop.id, position)
    judge(before, order, after, wanted, terms)
    retime(route, after, wanted)
    updated(route, "task_added", by=by, at=at)
    return route


@action
def remove_task(route_id: UUID, task_id: UUID, *, terms: Terms = STRICT, by: Actor, at: datetime) -> Route:
    """Take a task off a live route, with the other end of its pair; its order can be planned again.

    Refuses `route.over`, `route.stale`, `task.not_found`, `task.pair_on_board` (it was collected already).
    """
    route = _locked(route_id, terms)
    works = _with_other_end(route, task_id)
    tasks = take_off(works, "removed", by=by, at=at)
    orders.unschedule(tasks, by=by, at=at)
    left = running(route, at=at)
    retime(route, left, [halt.stop_id for halt in left.halts])
    updated(route, "task_removed", by=by, at=at)
    return route


def take_off(works: Sequence[StopTask], reason: str, *, by: Actor, at: datetime) -> list[UUID]:
    """End works without an attempt, and the stops that then owe nothing; returns the tasks."""
    outcome = "removed" if reason == "removed" else "cancelled"
    tasks = close_works(works, outcome, reason, at)
    for stop in {work.stop_id: work.stop for work in works}.values():
        if stop.state in OPEN_STOP and not stop.works.filter(live=True).exists():
            cancel_stop(stop, reason, by=by, at=at)
    return tasks


@action
def take_off_cancelled(order_id: UUID, *, by: Actor, at: datetime) -> list[Route]:
    """An order was cancelled: its tasks leave the live routes, which are returned."""
    routes = []
    open_here = StopTask.objects.filter(order_id=order_id, live=True)
    for route_id in sorted(set(open_here.values_list("stop__route_id", flat=True))):
        route = locked_route(route_id)
        works = list(open_here.filter(stop__route=route).select_related("stop"))
        if not works:
            continue
        take_off(works, "order_cancelled", by=by, at=at)
        left = running(route, at=at)
        retime(route, left, [halt.stop_id for halt in left.halts])
        updated(route, "order_cancelled", by=by, at=at)
        routes.append(route)
    return routes


def _locked(route_id: UUID, terms: Terms) -> Route:
    route = locked_route(route_id)
    must_be_live(route)
    check_version("route", terms.version, route.version)
    return route


def judge(
    before: rules.Running,
    was: Sequence[UUID],
    after: rules.Running,
    wanted: Sequence[UUID],
    terms: Terms,
) -> None:
    """Refuses `route.has_breaches` for what a change brings or worsens, unless that is accepted."""
    if not terms.accept_breaches:
        rules.refuse_breaches(rules.worse(before.breaches(was), after.breaches(wanted)))


def retime(route: Route, asked: rules.Running, order: Sequence[UUID]) -> None:
    """Store the order and the times that follow from it; stops that were served keep theirs, and come before.

    Open stops share out the positions that they have, so that none falls on that of a stop that was taken off.
    """
    ended, last = last_position(route.stops.filter(state__in=OUTCOMES)), last_position(route.stops.all())
    times = asked.times(order)
    stops = {stop.id: stop for stop in route.stops.filter(state__in=OPEN_STOP)}
    positions = chain(sorted(stop.position for stop in stops.values() if stop.position > ended), count(last + 1))
    for position, stop_times in zip(positions, times.stops, strict=False):
        stop = stops[UUID(stop_times.visit)]
        stop.position = position
        stop.planned_arrive, stop.planned_leave = asked.moment(stop_times.arrive), asked.moment(stop_times.leave)
        stop.version += 1
        stop.save(update_fields=["position", "planned_arrive", "planned_leave", "version"])
    if not asked.span.started and times.stops:
        route.planned_start = asked.moment(times.depart)
        route.planned_m = times.meters
    route.planned_end = asked.moment(times.finish)


def last_position(stops: QuerySet[Stop]) -> int:
    """The highest position among stops, 0 where there are none."""
    return stops.order_by("-position").values_list("position", flat=True).first() or 0


def updated(route: Route, change: str, *, by: Actor, at: datetime) -> None:
    """Save a route that was changed, one version later, and tell; what is new to its driver waits to be read."""
    route.version += 1
    mark_changed(route, at)
    route.save()
    record(RouteUpdated(route.id, route.version, change), by=by, at=at)


def _new_stop(route: Route, task_id: UUID, terms: Terms) -> Stop:
    views = orders_queries.task_views([task_id])
    if not views:
        raise not_found("task", task_id)
    (view,) = views
    if not terms.accept_breaches and view.kind == "deliver":
        refuse_elsewhere([Goods(task_id, view.depot_id)], route.shift.start_depot_id)
    if view.pair:
        raise Refusal("task.paired", "one end of a pair can't be added alone", remedy="plan the pair", field="task_id")
    stop = Stop.objects.create(
        route=route,
        place_id=view.place_id,
        position=1 + last_position(route.stops.all()),
        state="planned",
        planned_arrive=route.planned_end,
        planned_leave=route.planned_end,
        service_s=view.access_s + view.service_s,
        windows=[{"start": iso(window.start), "end": iso(window.end)} for window in view.windows],
    )
    insert_works([StopTask(stop=stop, task_id=task_id, order_id=view.order_id)])
    return stop


def _with_other_end(route: Route, task_id: UUID) -> list[StopTask]:
    here = StopTask.objects.filter(stop__route=route).select_related("stop", "task")
    work = here.filter(task_id=task_id, live=True).first()
    if work is None:
        raise not_found("task", task_id)
    if not work.task.pair:
        return [work]
    ends = here.filter(order_id=work.order_id, task__pair=work.task.pair)
    if any(end.task.kind == "collect" and end.outcome in {"completed", "partial"} for end in ends):
        raise Refusal("task.pair_on_board", "the goods are on board", remedy="have them delivered, or close the stop")
    return [end for end in ends if end.live]
