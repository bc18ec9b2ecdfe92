"""What an accepted proposal comes to: routes amended, drivers told, an exception for each promise and stop lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch import queries as routes_now
from homestretch.dispatch.values import Amended, Halting
from homestretch.kernel.actor import Actor, Kind
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries as orders
from homestretch.places import actions as places
from homestretch.places.values import PlaceData
from homestretch.recovery import gather, rules
from homestretch.recovery.actions import exceptions
from homestretch.recovery.models import Hunk, Proposal
from homestretch.recovery.rules import proposing
from homestretch.recovery.rules.amending import Halt, halts_of
from homestretch.recovery.rules.hunks import applied
from homestretch.recovery.rules.question import TAKE_OVER_S
from homestretch.recovery.values import Cause

CHANGED = {
    *("route.over", "route.sequence_incomplete", "route.stop_in_service", "route.stale"),
    *("task.not_open", "task.on_another_route", "task.paired", "task.not_found", "task.not_ready"),
    *("stop.not_open", "order.state_conflict"),
}


def carry_out(row: Proposal, chosen: Sequence[Hunk], *, by: Actor, at: datetime) -> list[UUID]:
    """Amend the routes of the chosen hunks, in the open transaction; returns them. Refuses `proposal.overtaken`."""
    then = applied(row.before, row.after, gather.parts(chosen))
    touched = [route for route in then if list(row.before.get(route, ())) != then[route]]
    amended, wanted = [], []
    for route in touched:
        halts = _halts(row, UUID(route), then)
        wanted.append(halts)
        amended.append(Amended(UUID(route), tuple(_halting(halt, by, at) for halt in halts), row.versions[route]))
    try:
        made = dispatch.amend(amended, by=by, at=at)
    except Refusal as refusal:
        if refusal.code in CHANGED:
            raise proposing.overtaken() from refusal
        raise
    for each, halts, stops in zip(amended, wanted, made, strict=True):
        for halt, stop in zip(halts, stops, strict=True):
            if halt.pieces:
                dispatch.tell_driver(each.route_id, _words(row, halt), stop_id=stop.id, by=by, at=at)
    _raise(row, chosen, by=by, at=at)
    return [each.route_id for each in amended]


def _halts(row: Proposal, route_id: UUID, then: dict[str, list[str]]) -> list[Halt]:
    """What a route is to have, of what still waits."""
    waiting = [stop.id for stop in routes_now.open_stops(route_id)]
    elsewhere = {visit for route, visits in then.items() if route != str(route_id) for visit in visits}
    start = routes_now.route(route_id)
    depot = None if start.state == "started" else start.shift.start_depot.place.halt_at
    own = [f"s:{ident}" for ident in waiting]
    came = set(then[str(route_id)]) - set(row.before.get(str(route_id), ()))
    away = [visit for visit in own if visit in elsewhere]
    return halts_of(then[str(route_id)], [visit for visit in own if visit not in away], came, row.meanings, depot)


def _halting(halt: Halt, by: Actor, at: datetime) -> Halting:
    if halt.point is None:
        return Halting(stop_id=halt.stop_id, task_id=halt.task_id)
    point = halt.point
    data = PlaceData(f"{point.lat:.5f}, {point.lon:.5f}", point, label="Take over goods", serve_anyway=True)
    place = places.find_or_create(data, by=by, at=at)
    return Halting(place_id=place.id, service_s=TAKE_OVER_S * halt.visits)


def _words(row: Proposal, halt: Halt) -> str:
    """What the driver is told of a halt at which goods are taken over."""
    goods = (
        f"{halt.pieces} piece{'s' if halt.pieces != 1 else ''} for {halt.visits} stop{'s' if halt.visits != 1 else ''}"
    )
    if row.kind == "vehicle_down" and row.route is not None:
        return f"Take over {goods} from {routes_now.route(row.route_id).vehicle.name} here."
    return f"Take up {goods} here."


def _raise(row: Proposal, chosen: Sequence[Hunk], *, by: Actor, at: datetime) -> None:
    """An exception for each order that finds no place, with whoever accepted as its owner, and for each promise that
    will be broken all the same: once for a cause, however often it is said."""
    details: dict[str, object] = {"proposal_id": str(row.id)}
    for left in row.left:
        meaning = row.meanings.get(left["visit"]) or {"orders": _orders_of(left["visit"])}
        for order_id in map(UUID, meaning["orders"]):
            order = orders.get_order(order_id)
            cause = rules.unassigned(order_id, order.priority, left["reason"], details)
            _owned(cause, by=by, at=at)
    late = {(said["task"], said["order"]): said["after"] for hunk in chosen for said in hunk.promises}
    for (task, order), seconds in sorted(late.items()):
        promise = orders.current_promise(UUID(task)) if seconds else None
        if promise is not None:
            cause = rules.promise_at_risk(promise.id, UUID(order), seconds)
            exceptions.raise_(Cause(**{**_fields(cause), "details": {**cause.details, **details}}), by=by, at=at)


def _orders_of(visit: str) -> list[str]:
    kind, ident = visit.split(":", 1)
    if kind == "t":
        return [str(orders.task(UUID(ident)).order_id)]
    return sorted({str(work.order_id) for work in routes_now.stop(UUID(ident)).works.all()})


def _fields(cause: Cause) -> dict[str, Any]:
    return {name: getattr(cause, name) for name in Cause.__slots__}


def _owned(cause: Cause, *, by: Actor, at: datetime) -> None:
    row = exceptions.raise_(cause, by=by, at=at)
    if row.assigned_to_id is None and by.kind is Kind.PERSON and by.id is not None:
        exceptions.assign(row.id, by.id, by=by, at=at)
