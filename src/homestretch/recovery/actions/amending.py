"""What an accepted proposal comes to: routes amended, drivers and recipients told, an exception for each stop lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch import queries as routes_now
from homestretch.dispatch.rules.goods import TAKE_OVER_S
from homestretch.dispatch.values import Amended, Halting, TakeOver
from homestretch.kernel.actor import Actor, Kind
from homestretch.kernel.refusal import Refusal
from homestretch.orders import queries as orders
from homestretch.places import actions as places
from homestretch.places.values import PlaceData
from homestretch.recovery import gather, rules
from homestretch.recovery.actions import exceptions
from homestretch.recovery.actions.postponing import postpone
from homestretch.recovery.models import Hunk, Proposal
from homestretch.recovery.rules import proposing
from homestretch.recovery.rules.amending import Halt, halts_of
from homestretch.recovery.rules.hunks import applied

CHANGED = {
    *("route.over", "route.sequence_incomplete", "route.stop_in_service", "route.stale"),
    *("task.not_open", "task.on_another_route", "task.paired", "task.not_found", "task.not_ready"),
    *("stop.not_open", "order.state_conflict"),
}


@dataclass(frozen=True, slots=True)
class Done:
    """What was changed: routes, and tasks that are promised another window, for they will be late."""

    route_ids: tuple[UUID, ...]
    postponed: tuple[UUID, ...]


def carry_out(row: Proposal, chosen: Sequence[Hunk], *, by: Actor, at: datetime) -> Done:
    """Amend the routes of the chosen hunks, in the open transaction. Refuses `proposal.overtaken`."""
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
                goods = _goods(row, halt)
                dispatch.tell_driver(each.route_id, words_of(goods), stop_id=stop.id, goods=goods, by=by, at=at)
    _raise_left(row, by=by, at=at)
    postponed = postpone(row, chosen, by=by, at=at)
    return Done(tuple(each.route_id for each in amended), postponed)


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


def _goods(row: Proposal, halt: Halt) -> TakeOver:
    """What is taken up at a halt."""
    down = row.route_id if row.kind == "vehicle_down" else None
    return TakeOver(halt.pieces, halt.visits, routes_now.route(down).vehicle.name if down else "")


def words_of(goods: TakeOver) -> str:
    """What the driver is told of it, in the words of the office."""
    pieces, stops = ("s" if count != 1 else "" for count in (goods.pieces, goods.stops))
    said = f"{goods.pieces} piece{pieces} for {goods.stops} stop{stops}"
    return f"Take over {said} from {goods.vehicle} here." if goods.vehicle else f"Take up {said} here."


def _raise_left(row: Proposal, *, by: Actor, at: datetime) -> None:
    """An exception for each order that finds no place, with whoever accepted as its owner."""
    details: dict[str, object] = {"proposal_id": str(row.id)}
    decided_by = by.id if by.kind is Kind.PERSON else None
    for left in row.left:
        meaning = row.meanings.get(left["visit"]) or {"orders": _orders_of(left["visit"])}
        for order_id in map(UUID, meaning["orders"]):
            order = orders.get_order(order_id)
            cause = rules.unassigned(order_id, order.priority, left["reason"], details)
            exceptions.raise_(replace(cause, decided_by=decided_by), by=by, at=at)


def _orders_of(visit: str) -> list[str]:
    kind, ident = visit.split(":", 1)
    if kind == "t":
        return [str(orders.task(UUID(ident)).order_id)]
    return sorted({str(work.order_id) for work in routes_now.stop(UUID(ident)).works.all()})
