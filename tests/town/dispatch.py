"""Routes of the invented town, and who drives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from homestretch.dispatch import actions, queries
from homestretch.dispatch.actions.release import put_on_road
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, Kind, Role
from homestretch.orders.wire import windows_from_json
from homestretch.plans.values import RouteDraft, StopDraft
from tests.town.accounts import an_organization, owner_of
from tests.town.fleet import a_shift
from tests.town.orders import an_order
from tests.town.places import AT

FIRST = AT + timedelta(minutes=30)  # the first stop is planned for half past seven, UTC
APART = timedelta(minutes=20)


def an_owner(name: str = "Parcels of the Town", *, at: datetime = AT) -> Actor:
    """An organization's first person."""
    return owner_of(an_organization(name, at=at))


def as_driver(by: Actor, driver_id: UUID) -> Actor:
    """A driver with the own phone."""
    return Actor(Kind.DRIVER, by.organization_id, driver_id, Role.DRIVER, driver_id=driver_id)


@dataclass
class Road:
    """A route on the road, with all that belongs to it. `now` is a while after the release."""

    by: Actor
    driver: Actor
    shift: Any
    orders: list[Any]
    route_id: UUID

    @property
    def route(self) -> Any:
        """As it stands."""
        with scope(self.by):
            return queries.route(self.route_id)

    @property
    def stops(self) -> list[Any]:
        """As they stand, by position."""
        with scope(self.by):
            return queries.stops_of(self.route_id)

    def order(self, number: int = 0) -> Any:
        """One of the orders as it stands."""
        with scope(self.by):
            self.orders[number].refresh_from_db()
        return self.orders[number]

    def start(self, at: datetime = AT) -> Road:
        """The driver sets out."""
        actions.start_route(self.route_id, by=self.driver, at=at)
        return self


def draft_of(
    by: Actor, shift: Any, orders: Sequence[Any], *, first: datetime = FIRST, apart: timedelta = APART
) -> RouteDraft:
    """A route of one stop per task, in the order given, `apart` from each other."""
    with scope(by):
        tasks = [task for order in orders for task in order.tasks.all().order_by("number")]
    stops = []
    for number, task in enumerate(tasks):
        arrive = first + number * apart
        leave = arrive + timedelta(seconds=task.service_s)
        windows = windows_from_json(task.windows)
        stops.append(StopDraft(task.place_id, (task.id,), arrive, arrive, leave, task.service_s, windows))
    end = first + len(tasks) * apart
    return RouteDraft(shift.id, first - apart, end, 9000, 4200, tuple(stops))


def a_road(
    by: Actor, count: int = 3, *, at: datetime = AT, first_number: int = 1, orders: Any = None, **shift: Any
) -> Road:
    """A released route with `count` orders of one delivery each (or with the orders given)."""
    orders = orders or [an_order(by, number, at=at) for number in range(first_number, first_number + count)]
    shift = a_shift(by, at=at, **shift)
    with scope(by):
        (route,) = put_on_road([draft_of(by, shift, orders)], None, 1, by=by, at=at)
    return Road(by, as_driver(by, shift.driver_id), shift, list(orders), route.id)
