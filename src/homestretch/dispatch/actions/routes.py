"""A route's own life: accepted or not, loaded, started, paused, finished, taken back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from homestretch.dispatch import events as facts
from homestretch.dispatch.actions.reading import forget_changes
from homestretch.dispatch.actions.steps import cancel_open_stops, locked_route, must_be_started, step_route
from homestretch.dispatch.models import Route, StopTask
from homestretch.dispatch.rules.automata import way
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import iso
from homestretch.orders import actions as orders


@action
def accept_route(route_id: UUID, version: int | None = None, *, by: Actor, at: datetime) -> Route:
    """The driver takes the route, as of a version; None: the newest. What was changed since is to be read. Refuses
    `route.bad_transition`."""
    route = locked_route(route_id)
    if route.changed_at is not None and (version is None or version >= route.changed_version):
        forget_changes(route)
    step_route(route, "accepted", by=by, at=at)
    return route


@action
def reject_route(route_id: UUID, reason: str, *, by: Actor, at: datetime) -> Route:
    """The driver does not take the route: it is over, and what stood on it can be planned again.

    Refuses `route.bad_transition` once it has started.
    """
    route = locked_route(route_id)
    step_route(route, "rejected", by=by, at=at)
    record(facts.RouteRejected(route.id, reason[:60]), by=by, at=at)
    _take_off(route, "rejected", by=by, at=at)
    return route


@action
def recall(route_id: UUID, *, by: Actor, at: datetime) -> Route:
    """Take a route back before it starts; what stood on it can be planned again. Refuses `route.bad_transition`."""
    route = locked_route(route_id)
    step_route(route, "recalled", by=by, at=at)
    _take_off(route, "recalled", by=by, at=at)
    return route


@action
def start_loading(route_id: UUID, *, by: Actor, at: datetime) -> Route:
    """The driver loads the vehicle. Refuses `route.bad_transition`."""
    route = locked_route(route_id)
    step_route(route, "loading", by=by, at=at)
    return route


@action
def start_route(route_id: UUID, *, by: Actor, at: datetime) -> Route:
    """The driver sets out: the shift begins.

    Refuses `route.bad_transition`. When the start was read from a later tap already, an earlier tap that comes after it
    corrects the hour.
    """
    route = locked_route(route_id)
    if route.state == "started" and route.started_at is not None and at < route.started_at:
        route.started_at, route.version = at, route.version + 1
        route.save(update_fields=["started_at", "version"])
        record(facts.RouteUpdated(route.id, route.version, "start_corrected"), by=by, at=at)
        return route
    way("route", route.state, "started")
    route.started_at = at
    step_route(route, "started", by=by, at=at)
    record(facts.ShiftStarted(route.shift_id, route.id), by=by, at=at)
    return route


@action
def finish_route(route_id: UUID, *, by: Actor, at: datetime) -> Route:
    """The route is over, and the shift with it.

    A stop that is still open had no attempt: it is cancelled as `out_of_time` and its tasks can be planned again; an
    attempt that failed was reported as such before. Goods of orders that have failed for good are back with the
    vehicle: such an order is returned now, unless packages of it are still on board by their scans (then
    when the last one is scanned). Refuses `route.not_started`, `route.over`.
    """
    route = locked_route(route_id)
    must_be_started(route)
    if route.break_since is not None:
        _end_break(route, by=by, at=at)
    _take_off(route, "out_of_time", by=by, at=at)
    route.finished_at = at
    step_route(route, "finished", by=by, at=at)
    record(facts.ShiftEnded(route.shift_id, route.id), by=by, at=at)
    failed = StopTask.objects.filter(stop__route=route, outcome="failed", task__kind="deliver", order__state="failed")
    for order_id in sorted(set(failed.values_list("order_id", flat=True))):
        return_goods(order_id, by=by, at=at)
    return route


def return_goods(order_id: UUID, *, by: Actor, at: datetime) -> None:
    """Mark a failed order returned, once none of its packages is on board and its vehicle is back."""
    works = StopTask.objects.filter(order_id=order_id, task__kind="deliver")
    waits = works.filter(task__packages__state="on_board").exists()
    on_road = works.filter(outcome="failed", stop__route__state="started").exists()
    if works.filter(order__state="failed").exists() and not waits and not on_road:
        orders.mark_returned(order_id, by=by, at=at)


@action
def start_break(route_id: UUID, *, by: Actor, at: datetime) -> Route:
    """The driver rests. Refuses `route.not_started`, `route.on_break`."""
    route = locked_route(route_id)
    must_be_started(route)
    if route.break_since is not None:
        raise Refusal("route.on_break", "a break lasts already", remedy="end it first")
    route.break_since = at
    route.save(update_fields=["break_since"])
    record(facts.BreakStarted(route.shift_id, route.id), by=by, at=at)
    return route


@action
def end_break(route_id: UUID, *, by: Actor, at: datetime) -> Route:
    """The driver goes on. Refuses `route.not_started`, `route.not_on_break`."""
    route = locked_route(route_id)
    must_be_started(route)
    if route.break_since is None:
        raise Refusal("route.not_on_break", "no break lasts", remedy="start one first")
    _end_break(route, by=by, at=at)
    return route


@action
def acknowledge(route_id: UUID, version: int, *, by: Actor, at: datetime) -> Route:
    """The driver's phone has this version of the route; one not yet made counts as the newest."""
    route = locked_route(route_id)
    seen = min(version, route.version)
    if seen > route.acknowledged:
        route.acknowledged = seen
        route.save(update_fields=["acknowledged"])
    return route


@action
def note_driven(route_id: UUID, driven_m: int, *, by: Actor, at: datetime) -> Route:
    """Keep how far the route was driven, by its positions."""
    route = locked_route(route_id)
    if route.driven_m != driven_m:
        route.driven_m = driven_m
        route.save(update_fields=["driven_m"])
        record(facts.RouteDriven(route.id, driven_m), by=by, at=at)
    return route


def _end_break(route: Route, *, by: Actor, at: datetime) -> None:
    route.breaks = [*route.breaks, {"start": iso(route.break_since), "end": iso(at)}]
    route.break_since = None
    route.save(update_fields=["breaks", "break_since"])
    record(facts.BreakEnded(route.shift_id, route.id), by=by, at=at)


def _take_off(route: Route, reason: str, *, by: Actor, at: datetime) -> None:
    tasks = cancel_open_stops(route, reason, by=by, at=at)
    if tasks:
        orders.unschedule(tasks, by=by, at=at)
