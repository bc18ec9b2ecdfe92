"""Stops that change routes on the road, and routes that are called home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from homestretch.dispatch.actions.changes import judge, last_position, retime, take_off, updated
from homestretch.dispatch.actions.release import insert_works
from homestretch.dispatch.actions.steps import live_works, locked_route, must_be_live
from homestretch.dispatch.models import Route, Stop, StopTask
from homestretch.dispatch.queries.places import goods_of
from homestretch.dispatch.queries.running import running
from homestretch.dispatch.rules import running as rules
from homestretch.dispatch.rules.automata import OPEN_STOP
from homestretch.dispatch.rules.goods import refuse_elsewhere
from homestretch.dispatch.values import STRICT, Terms
from homestretch.events.action import action
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal, check_version, not_found
from homestretch.orders import actions as orders


@action
def move_stop(
    stop_id: UUID,
    to_route_id: UUID,
    position: int | None = None,
    *,
    terms: Terms = STRICT,
    by: Actor,
    at: datetime,
) -> Stop:
    """Put an open stop at another place of its route, or on another live route, with all that is owed there.

    `position` counts the other open stops from 0, None = the best. `terms.version` is that of the route it leaves,
    `terms.to_version` of the one it joins. Refuses `stop.not_found`, `route.not_found`, `route.over`, `route.stale`,
    `stop.not_open`, `route.stop_in_service`, `task.paired` (one end of a pair does not leave alone),
    `task.goods_elsewhere`, `task.goods_on_board`, `route.has_breaches`.
    """
    stop = Stop.objects.filter(id=stop_id).first()
    if stop is None:
        raise not_found("stop", stop_id)
    routes = {route_id: locked_route(route_id) for route_id in sorted({stop.route_id, to_route_id})}
    here, there = routes[stop.route_id], routes[to_route_id]
    stop.refresh_from_db()
    for route, seen in ((here, terms.version), (there, terms.to_version)):
        must_be_live(route)
        check_version("route", seen, route.version)
    _must_wait(stop)
    if here.id == there.id:
        return _within(here, stop, position, terms, by=by, at=at)
    return _across((here, there), stop, position, terms=terms, by=by, at=at)


@action
def return_to_depot(route_id: UUID, *, terms: Terms = STRICT, by: Actor, at: datetime) -> Route:
    """Call a route home: what is open and not being served leaves it and can be planned again; the driver ends what is
    begun, drives back and finishes. Refuses `route.over`, `route.stale`, `route.nothing_open`."""
    route = locked_route(route_id)
    must_be_live(route)
    check_version("route", terms.version, route.version)
    waiting = route.stops.filter(state__in=OPEN_STOP).exclude(state="arrived")
    works = list(StopTask.objects.filter(stop__in=waiting, live=True).select_related("stop", "task"))
    if not works:
        raise Refusal("route.nothing_open", "no stop of the route waits", remedy="the driver drives home anyway")
    orders.unschedule(take_off(works, "removed", by=by, at=at), by=by, at=at)
    left = running(route, at=at)
    retime(route, left, [halt.stop_id for halt in left.halts])
    updated(route, "returned", by=by, at=at)
    return route


def _must_wait(stop: Stop) -> None:
    if stop.state not in OPEN_STOP:
        raise Refusal("stop.not_open", f"the stop is {stop.state}", remedy="choose one that is open")
    if stop.state == "arrived":
        raise Refusal("route.stop_in_service", "the driver is there", remedy="let it be served, or record how it went")


def _within(route: Route, stop: Stop, position: int | None, terms: Terms, *, by: Actor, at: datetime) -> Stop:
    asked = running(route, at=at)
    was = [halt.stop_id for halt in asked.halts]
    wanted = rules.placed(asked, [one for one in was if one != stop.id], stop.id, position)
    judge(asked, was, asked, wanted, terms)
    retime(route, asked, wanted)
    updated(route, "resequenced", by=by, at=at)
    stop.refresh_from_db()
    return stop


def _across(
    routes: tuple[Route, Route], stop: Stop, position: int | None, *, terms: Terms, by: Actor, at: datetime
) -> Stop:
    here, there = routes
    works = live_works(stop)
    if any(work.task.pair for work in works):
        raise Refusal("task.paired", "one end of a pair does not leave alone", remedy="plan the pair again")
    if not terms.accept_breaches:
        refuse_elsewhere(goods_of(works), there.shift.start_depot_id)
    before = running(there, at=at)
    was = [halt.stop_id for halt in before.halts]
    tasks = take_off(works, "removed", by=by, at=at)
    orders.unschedule(tasks, by=by, at=at)
    orders.schedule(tasks, there.id, by=by, at=at)
    made = copied(stop, there, works)
    after = running(there, at=at)
    wanted = rules.placed(after, was, made.id, position)
    judge(before, was, after, wanted, terms)
    retime(there, after, wanted)
    updated(there, "stop_moved_in", by=by, at=at)
    left = running(here, at=at)
    retime(here, left, [halt.stop_id for halt in left.halts])
    updated(here, "stop_moved_out", by=by, at=at)
    made.refresh_from_db()
    return made


def copied(stop: Stop, route: Route, works: Sequence[StopTask]) -> Stop:
    """The stop on another route, behind its others, with those works."""
    made = Stop.objects.create(
        route=route,
        place_id=stop.place_id,
        position=1 + last_position(route.stops.all()),
        state="planned",
        planned_arrive=stop.planned_arrive,
        planned_leave=stop.planned_leave,
        service_s=stop.service_s,
        windows=stop.windows,
    )
    insert_works([StopTask(stop=made, task_id=work.task_id, order_id=work.order_id) for work in works])
    return made
