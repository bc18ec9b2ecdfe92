"""What goes into each vehicle at a depot, in the order of loading: what is handed over last goes in first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from homestretch.dispatch.models import Route, Stop, StopTask
from homestretch.dispatch.queries.routes import route as route_of
from homestretch.dispatch.rules.automata import LIVE_ROUTE

TO_LOAD = ("expected", "returned")
GONE = ("cancelled",)


@dataclass(frozen=True, slots=True)
class Cargo:
    """A package to be loaded. `number`: of its stop on the route, from 1; `step`: its turn in loading, from 1."""

    package_id: UUID
    barcode: str
    state: str
    number: int
    step: int
    order_id: UUID
    reference: str
    place: str
    goods: str


@dataclass(frozen=True, slots=True)
class Load:
    """A route, and its packages in the order of loading."""

    route: Route
    stops: int
    packages: list[Cargo]

    @property
    def waiting(self) -> list[Cargo]:
        """Those that still stand in the depot."""
        return [package for package in self.packages if package.state in TO_LOAD]

    @property
    def missing(self) -> list[Cargo]:
        """Those that were looked for and are not there."""
        return [package for package in self.packages if package.state == "missing"]

    @property
    def loaded(self) -> int:
        """How many are on board, or have left it already."""
        return len(self.packages) - len(self.waiting) - len(self.missing)


def loads_at(depot_id: UUID, day: date) -> list[Load]:
    """The live routes that begin at a depot on a day, by planned start, each with what it is to load."""
    routes = Route.objects.filter(day=day, shift__start_depot_id=depot_id, state__in=LIVE_ROUTE)
    found = list(routes.select_related("shift", "vehicle", "driver").order_by("planned_start", "id"))
    return _loads(found)


def load_of(route_id: UUID) -> Load:
    """One route's load. Refuses `route.not_found`."""
    return _loads([route_of(route_id)])[0]


def _loads(routes: list[Route]) -> list[Load]:
    works = StopTask.objects.select_related("task", "order").prefetch_related("task__packages", "task__items")
    stops = Stop.objects.filter(route_id__in=[route.id for route in routes]).exclude(state__in=GONE)
    stops = stops.select_related("place").prefetch_related(Prefetch("works", works.order_by("task__number", "id")))
    by_route: dict[UUID, list[Stop]] = {route.id: [] for route in routes}
    for stop in stops.order_by("position", "id"):
        by_route[stop.route_id].append(stop)
    return [Load(route, len(by_route[route.id]), _packages(by_route[route.id])) for route in routes]


def _packages(stops: list[Stop]) -> list[Cargo]:
    """The last stop's first. What is collected on the way is not at the depot."""
    found = [
        (number, stop, work, package)
        for number, stop in reversed(list(enumerate(stops, 1)))
        for work in _delivered(stop.works.all())
        for package in sorted(work.task.packages.all(), key=lambda package: package.barcode)
    ]
    return [
        Cargo(
            package_id=package.id,
            barcode=package.barcode,
            state=package.state,
            number=number,
            step=step,
            order_id=work.order_id,
            reference=work.order.external_id or str(work.order_id)[-8:],
            place=stop.place.label or stop.place.address,
            goods=", ".join(f"{item.quantity} × {item.name}" for item in work.task.items.all()),
        )
        for step, (number, stop, work, package) in enumerate(found, 1)
    ]


def _delivered(works: Iterable[Any]) -> list[Any]:
    return [
        work
        for work in works
        if work.task.kind == "deliver" and not work.task.pair and work.outcome not in ("cancelled", "removed")
    ]
