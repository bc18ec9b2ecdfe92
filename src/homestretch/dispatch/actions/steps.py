"""Steps of the automata: lock, move, record. Inside an action; the route's lock is taken before anything is decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from homestretch.dispatch import events as facts
from homestretch.dispatch.models import Proof, Route, Stop, StopTask
from homestretch.dispatch.rules.automata import LIVE_ROUTE, NOT_STARTED, OPEN_STOP, way
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.facts import Fact
from homestretch.kernel.refusal import Refusal, not_found

_ROUTE_FACTS: dict[str, Callable[[UUID], Fact]] = {
    "accepted": facts.RouteAccepted,
    "loading": facts.RouteLoading,
    "started": facts.RouteStarted,
    "finished": facts.RouteFinished,
    "recalled": facts.RouteRecalled,
}


def locked_route(route_id: UUID) -> Route:
    """The route, locked. Refuses `route.not_found`."""
    route = Route.objects.select_for_update(of=("self",)).filter(id=route_id).first()
    if route is None:
        raise not_found("route", route_id)
    return route


def locked_stop(stop_id: UUID) -> tuple[Route, Stop]:
    """The stop, read under its route's lock. Refuses `stop.not_found`."""
    route = Route.objects.select_for_update(of=("self",)).filter(stops__id=stop_id).first()
    if route is None:
        raise not_found("stop", stop_id)
    return route, Stop.objects.get(id=stop_id)  # read again: what the lock waited for may have changed it


def live_works(stop: Stop) -> list[StopTask]:
    """What is to be done at a stop still, with task and order."""
    return list(stop.works.filter(live=True).select_related("task", "order").order_by("task__number", "id"))


def step_route(route: Route, to: str, *, by: Actor, at: datetime) -> None:
    """Move a locked route to `to`, through what a missing tap left out, and record each step."""
    for state in way("route", route.state, to):
        route.state = state
        if state in _ROUTE_FACTS:
            record(_ROUTE_FACTS[state](route.id), by=by, at=at)
    route.version += 1
    route.save()


def step_stop(stop: Stop, to: str, fact: Fact, *, by: Actor, at: datetime) -> None:
    """Move a stop, under its route's lock, to `to`; `fact` tells the last step."""
    for state in way("stop", stop.state, to):
        stop.state = state
        if state == "en_route":
            stop.set_out_at = at
        if state == "en_route" != to:
            record(facts.StopEnRoute(stop.id, stop.route_id), by=by, at=at)
    stop.version += 1
    stop.save()
    record(fact, by=by, at=at)


def must_be_started(route: Route) -> None:
    """Refuses `route.not_started` and `route.over`."""
    if route.state in NOT_STARTED:
        raise Refusal("route.not_started", f"the route is {route.state}", remedy="start the route first")
    if route.state not in LIVE_ROUTE:
        raise Refusal("route.over", f"the route is {route.state}", remedy="what is open goes on another route")


def must_be_live(route: Route) -> None:
    """Refuses `route.over`."""
    if route.state not in LIVE_ROUTE:
        raise Refusal("route.over", f"the route is {route.state}", remedy="what is open goes on another route")


def close_works(works: Iterable[StopTask], outcome: str, reason: str, at: datetime) -> list[UUID]:
    """End works without an attempt; returns their tasks."""
    ended = []
    for work in works:
        work.live, work.outcome, work.reason, work.ended_at = False, outcome, reason, at
        work.save(update_fields=["live", "outcome", "reason", "ended_at"])
        ended.append(work.task_id)
    return ended


def cancel_stop(stop: Stop, reason: str, *, by: Actor, at: datetime) -> list[UUID]:
    """Take a stop off its route without an attempt; returns the tasks that were live on it."""
    outcome = "removed" if reason == "removed" else "cancelled"
    tasks = close_works(stop.works.filter(live=True), outcome, reason, at)
    stop.ended_at = at
    step_stop(stop, "cancelled", facts.StopCancelled(stop.id, stop.route_id, reason), by=by, at=at)
    return tasks


def cancel_open_stops(route: Route, reason: str, *, by: Actor, at: datetime) -> list[UUID]:
    """Take every open stop off a route; returns the tasks that were live on them."""
    stops = route.stops.filter(state__in=OPEN_STOP).order_by("position")
    return [task for stop in stops for task in cancel_stop(stop, reason, by=by, at=at)]


def is_forgotten(stop_id: UUID) -> bool:
    """Whether somebody whom the stop served was erased."""
    return StopTask.objects.filter(stop_id=stop_id, order__recipient__erased_at__isnull=False).exists()


def proof_exists(stop: Stop, kind: str, text: str) -> bool:
    """Whether a proof of that kind and text was captured at the stop."""
    return Proof.objects.filter(stop=stop, kind=kind, text=text).exists()
