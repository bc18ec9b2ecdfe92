"""Where and when a recipient may take the goods instead of having them brought."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.fleet import queries as fleet
from homestretch.kernel.geo import Point, distance_m
from homestretch.messaging.rules import pickups as rules
from homestretch.messaging.rules.slots import Policy, days_ahead
from homestretch.orders import queries as orders
from homestretch.orders.rules.blackouts import concerns
from homestretch.places import queries as places


@dataclass(frozen=True, slots=True)
class Offer:
    """Where and when an order may be picked up, or `why` not."""

    why: str
    depot: Any = None
    counters: tuple[rules.Counter, ...] = ()


def pickup_of(order_id: UUID, at: datetime) -> Offer:
    """What is offered for an order as of `at`. Refuses `order.not_found`."""
    order, organization = orders.get_order(order_id), accounts.organization()
    policy = Policy(organization.choice_days, timedelta(), organization.pickup_windows, ZoneInfo(organization.zone))
    tasks = list(order.tasks.all())
    why = rules.why_not(order.state, tasks, policy, aboard=dispatch.aboard(order_id))
    depot = None if why else _depot(order, tasks)
    if depot is None:
        return Offer(why or "pickup.not_offered")
    there = replace(policy, zone=ZoneInfo(depot.zone))
    return Offer("", depot, tuple(rules.counters(there, _open_days(depot, there, at), at)))


def _depot(order: Any, tasks: list[Any]) -> Any:
    """The depot where the goods are: the order's own, the one that its route starts from, else the nearest."""
    if order.depot_id is not None:
        return fleet.depot(order.depot_id)
    route_id = dispatch.standing([order.id]).get(order.id)
    if route_id is not None:
        return fleet.depot(dispatch.route(route_id).shift.start_depot_id)
    place = next(task.place for task in tasks if task.state != "cancelled")
    found = fleet.depots().filter(active=True).order_by("name", "id")
    return min(found, key=lambda depot: _away(depot.place, place), default=None)


def _away(one: Any, other: Any) -> float:
    """Meters as the crow flies; where either is not located, none."""
    if one.lat is None or other.lat is None:
        return 0.0
    return distance_m(Point(one.lat, one.lon), Point(other.lat, other.lon))


def _open_days(depot: Any, policy: Policy, at: datetime) -> list[Any]:
    """The days on which vehicles work at the depot, and nothing says that it is closed."""
    worked = fleet.worked_on(days_ahead(policy, at), [depot.id])
    black = places.blackouts_on(list(worked))
    return [
        day
        for day, spans in worked.items()
        if spans and not any(concerns(row.depot_id, row.zone_id, depot.id, ()) for row in black.get(day, ()))
    ]
