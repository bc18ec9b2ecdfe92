"""Several live routes changed together, in one transaction or not at all: what a proposal that is accepted comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from homestretch.accounts.queries import organization
from homestretch.dispatch.actions.changes import last_position, retime, take_off, updated
from homestretch.dispatch.actions.moving import copied
from homestretch.dispatch.actions.release import insert_works
from homestretch.dispatch.actions.steps import live_works, locked_route, must_be_live
from homestretch.dispatch.models import Route, Stop, StopTask
from homestretch.dispatch.queries.running import running, windows_of
from homestretch.dispatch.rules import amending as rules
from homestretch.dispatch.rules.automata import OPEN_STOP
from homestretch.dispatch.rules.releasing import promise
from homestretch.dispatch.values import Amended, Halting
from homestretch.events.action import action
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import check_version
from homestretch.kernel.units import iso
from homestretch.kernel.windows import Window
from homestretch.orders import actions as orders
from homestretch.orders import queries as orders_queries


@action
def amend(amended: Sequence[Amended], *, by: Actor, at: datetime) -> list[list[Stop]]:
    """Give live routes these halts in this order; returns their open stops so, route by route.

    Every open stop of theirs is named once: none is left over. What is being served stays first on its route, the two
    ends of a pair stay together, tasks that were on no route are promised a window. Lateness is no breach here: the
    caller has weighed it. Refuses `route.not_found`, `route.over`, `route.stale`, `route.sequence_incomplete`,
    `route.stop_in_service`, `task.paired`, `task.not_found`, `task.not_open`, `task.not_ready`,
    `task.on_another_route`.
    """
    wanted = {each.route_id: each for each in amended}
    routes = {route_id: locked_route(route_id) for route_id in sorted(wanted)}
    for route in routes.values():
        must_be_live(route)
        check_version("route", wanted[route.id].version, route.version)
    rows = Stop.objects.filter(route_id__in=list(routes), state__in=OPEN_STOP).order_by("route_id", "position")
    stops = {stop.id: stop for stop in rows}
    works = {stop.id: live_works(stop) for stop in stops.values()}
    rules.check(
        [rules.Standing(s.id, s.route_id, s.state, _ends(works[s.id])) for s in stops.values()], list(wanted.values())
    )
    moved = [
        (stops[halt.stop_id], each.route_id)
        for each in wanted.values()
        for halt in each.halts
        if halt.stop_id is not None and stops[halt.stop_id].route_id != each.route_id
    ]
    new = _move(moved, routes, works, by=by, at=at)
    new |= _add([(halt, each.route_id) for each in wanted.values() for halt in each.halts], routes, by=by, at=at)
    return [_ordered(routes[each.route_id], each, new, by=by, at=at) for each in amended]


def _ends(works: Sequence[StopTask]) -> frozenset[tuple[UUID, str]]:
    return frozenset((work.order_id, work.task.pair) for work in works if work.task.pair)


Made = dict[tuple[UUID, Halting], Stop]


def _move(
    moved: Sequence[tuple[Stop, UUID]],
    routes: Mapping[UUID, Route],
    works: Mapping[UUID, list[StopTask]],
    *,
    by: Actor,
    at: datetime,
) -> Made:
    """The stops on their other routes, with all that is owed there."""
    made: Made = {}
    for stop, _ in moved:
        orders.unschedule(take_off(works[stop.id], "removed", by=by, at=at), by=by, at=at)
    for stop, route_id in moved:
        orders.schedule([work.task_id for work in works[stop.id]], route_id, by=by, at=at)
        made[route_id, Halting(stop_id=stop.id)] = copied(stop, routes[route_id], works[stop.id])
    return made


def _add(halts: Sequence[tuple[Halting, UUID]], routes: Mapping[UUID, Route], *, by: Actor, at: datetime) -> Made:
    """What was on no route: stops for tasks, and for taking goods over."""
    tasks = [halt.task_id for halt, _ in halts if halt.task_id is not None]
    views = {view.task_id: view for view in orders_queries.task_views(tasks)}
    made: Made = {}
    for halt, route_id in halts:
        route = routes[route_id]
        if halt.task_id is not None:
            view = views.get(halt.task_id) or rules.no_task()
            orders.schedule([view.task_id], route_id, by=by, at=at)
            made[route_id, halt] = _stop(route, view.place_id, view.access_s + view.service_s, view.windows)
            insert_works([StopTask(stop=made[route_id, halt], task_id=view.task_id, order_id=view.order_id)])
        elif halt.place_id is not None:
            made[route_id, halt] = _stop(route, halt.place_id, halt.service_s, ())
    return made


def _stop(route: Route, place_id: UUID, service_s: int, windows: Sequence[Window]) -> Stop:
    return Stop.objects.create(
        route=route,
        place_id=place_id,
        position=1 + last_position(route.stops.all()),
        state="planned",
        planned_arrive=route.planned_end,
        planned_leave=route.planned_end,
        service_s=service_s,
        windows=[{"start": iso(window.start), "end": iso(window.end)} for window in windows],
    )


def _ordered(route: Route, each: Amended, made: Made, *, by: Actor, at: datetime) -> list[Stop]:
    """The route in its new order, timed anew and told; what is new on it is promised."""
    ids = [made[route.id, halt].id if (route.id, halt) in made else halt.stop_id for halt in each.halts]
    order = [stop_id for stop_id in ids if stop_id is not None]
    asked = running(route, at=at)
    retime(route, asked, order)
    updated(route, "amended", by=by, at=at)
    stops = {stop.id: stop for stop in route.stops.filter(id__in=order).prefetch_related("works")}
    _promise([stops[made[route.id, halt].id] for halt in each.halts if halt.task_id is not None], by=by, at=at)
    return [stops[stop_id] for stop_id in order]


def _promise(stops: Sequence[Stop], *, by: Actor, at: datetime) -> None:
    rule = organization()
    wanted = []
    for stop in stops:
        window = promise(stop.planned_arrive, windows_of(stop), rule.promise_early_s, rule.promise_late_s)
        wanted += [(work.task_id, window) for work in stop.works.all()]
    orders.make_promises(wanted, "release", by=by, at=at)
