"""Routes, stops, proof and packages, one or many."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from homestretch.dispatch.models import Blob, Proof, Route, Stop, StopTask
from homestretch.dispatch.rules.automata import LIVE_ROUTE, OPEN_STOP
from homestretch.dispatch.rules.packages import balance
from homestretch.events.log import history
from homestretch.events.scope import current_actor
from homestretch.kernel.actor import Kind
from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import not_found
from homestretch.orders import queries as orders
from homestretch.places.values import Service


def route(route_id: UUID) -> Route:
    """One route, with shift, vehicle and driver. Refuses `route.not_found`."""
    found = _whole(Route.objects.filter(id=route_id)).first()
    if found is None:
        raise not_found("route", route_id)
    return found


def routes(
    *,
    day: date | None = None,
    state: str | None = None,
    driver_id: UUID | None = None,
    plan_id: UUID | None = None,
) -> QuerySet[Route]:
    """Routes that match all that is given, with `stops_total` and `stops_open`; ids rise with time."""
    wanted = {"day": day, "state": state, "driver_id": driver_id, "plan_id": plan_id}
    return _whole(Route.objects.filter(**{name: value for name, value in wanted.items() if value is not None}))


def routes_on(day: date) -> list[Route]:
    """The routes of a day, by planned start."""
    return list(routes(day=day).order_by("planned_start", "id"))


def live_route_of_driver(driver_id: UUID) -> Route | None:
    """What a driver has to do now: the route that has started, else the one that is planned to start first."""
    rows = list(_whole(Route.objects.filter(driver_id=driver_id, state__in=LIVE_ROUTE)))
    return min(rows, key=lambda row: (row.state != "started", row.planned_start, row.id), default=None)


def stop(stop_id: UUID) -> Stop:
    """One stop, with place, route, works and proofs. Refuses `stop.not_found`."""
    found = _with_works(Stop.objects.filter(id=stop_id)).first()
    if found is None or not _may_see(stop_id):
        raise not_found("stop", stop_id)
    return found


def halt(stop_id: UUID) -> tuple[UUID, Service] | None:
    """The place of a stop that was served, how long it took, and where the phone was then; None: it was not served."""
    row = Stop.objects.filter(id=stop_id, state__in=("completed", "partial"), ended_at__isnull=False).first()
    if row is None or row.ended_at is None:
        return None
    over = row.left_at or row.ended_at
    took = int((over - row.arrived_at).total_seconds()) if row.arrived_at else None
    works = StopTask.objects.filter(stop=row, lat__isnull=False, lon__isnull=False).order_by("ended_at", "id")
    works = works.filter(order__recipient__erased_at=None)
    where = next((Point(work.lat, work.lon) for work in works if work.lat is not None and work.lon is not None), None)
    return row.place_id, Service(row.id, took, where, over)


def stops_of(route_id: UUID) -> list[Stop]:
    """The stops of a route, by position, with place, works and proofs."""
    return list(_with_works(Stop.objects.filter(route_id=route_id)).order_by("position", "id"))


def stops_by_route(route_ids: Iterable[UUID]) -> dict[UUID, list[Stop]]:
    """The stops of each of these routes, by position, with place: all in one read, for who shows a whole day."""
    found: dict[UUID, list[Stop]] = {route_id: [] for route_id in route_ids}
    rows = Stop.objects.filter(route_id__in=list(found)).select_related("place")
    for stop in rows.order_by("position", "id"):
        found[stop.route_id].append(stop)
    return found


def stops_for_order(order_id: UUID) -> list[Stop]:
    """Every stop, old and new, on which a task of the order stood, oldest first. Only what the asker may see."""
    ids = StopTask.objects.filter(order_id=order_id).values_list("stop_id", flat=True)
    return list(_with_works(Stop.objects.filter(id__in=list(ids))).order_by("planned_arrive", "id"))


def standing(order_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The route on which each of these orders waits, of those that wait on one."""
    rows = StopTask.objects.filter(order_id__in=list(order_ids), live=True)
    return dict(rows.order_by("order_id", "-stop_id").values_list("order_id", "stop__route_id"))


def left_over(reasons: Iterable[str], *, stop_id: UUID | None = None, route_id: UUID | None = None) -> list[StopTask]:
    """What left a stop, or the stops of a route, for one of these reasons without an attempt, is still owed, and is on
    no route: with order and stop. What is owed on a later day than the route's waits for that day's plan."""
    rows = StopTask.objects.filter(live=False, outcome__in=("cancelled", "removed"), reason__in=list(reasons))
    rows = rows.filter(stop_id=stop_id) if stop_id else rows.filter(stop__route_id=route_id)
    rows = rows.filter(task__state="open", task__route_id=None, order__state__in=("ready", "scheduled", "in_progress"))
    rows = rows.exclude(order__day__gt=F("stop__route__day"))
    return list(rows.select_related("order", "stop").order_by("order_id", "id"))


def aboard(order_id: UUID) -> bool:
    """Whether an order's goods left with a route that is still out, or were scanned on board."""
    works = StopTask.objects.filter(order_id=order_id)
    left = Q(ended_at__isnull=True) | Q(ended_at__gte=F("stop__route__started_at"))
    packages = orders.packages_of_tasks(works.values_list("task_id", flat=True))
    out = works.filter(left, stop__route__state="started").exists()
    return bool(out) or any(package.state == "on_board" for package in packages)


def serves(order_id: UUID) -> bool:
    """Whether something is to be done for an order on a route that the asker may see: for a driver, the own."""
    works = StopTask.objects.filter(order_id=order_id, live=True, stop__route__state__in=LIVE_ROUTE)
    return bool(works.exists())


def proofs_of(stop_ids: list[UUID]) -> list[Proof]:
    """Proofs of stops, by time. Principals with narrow eyes get those of stops that serve an order of theirs."""
    visible = [stop_id for stop_id in stop_ids if _may_see(stop_id)]
    return list(Proof.objects.filter(stop_id__in=visible).select_related("rendition").order_by("at", "id"))


def proof(proof_id: UUID) -> Proof:
    """One proof. Refuses `proof.not_found`, also for those whom none of the stop's orders belongs to."""
    found = Proof.objects.select_related("rendition", "blob").filter(id=proof_id).first()
    if found is None or not _may_see(found.stop_id):
        raise not_found("proof", proof_id)
    return found


def blob(sha256: str) -> Blob | None:
    """The blob of that name, if it is known."""
    return Blob.objects.filter(sha256=sha256).first()


def known_blobs(names: Iterable[str]) -> set[str]:
    """Those of the names that a blob has."""
    return set(Blob.objects.filter(sha256__in=list(names)).values_list("sha256", flat=True))


def packages_on(route_id: UUID) -> list[Any]:
    """The packages of all tasks that stand or stood on a route, with their task, by barcode."""
    works = StopTask.objects.filter(stop__route_id=route_id).select_related("task").prefetch_related("task__packages")
    found = {package.id: package for work in works for package in work.task.packages.all()}
    return sorted(found.values(), key=lambda package: (package.barcode, package.id))


def package_balance(route_id: UUID) -> dict[str, int]:
    """What came on board of a route's packages and what became of it: the two sides of invariant I10 by name."""
    packages = packages_on(route_id)
    words = [
        (str(event.subject_id), event.data["state"])
        for package in packages
        for event in history("package", package.id)
        if event.data["route_id"] == str(route_id)
    ]
    return balance(words, sum(package.state == "on_board" for package in packages))


def _may_see(stop_id: UUID) -> bool:
    actor = current_actor()
    if actor.kind == Kind.DRIVER:
        return True  # the proof itself is narrowed to the own route
    if actor.merchant_id is None and actor.order_id is None:
        return True
    return bool(StopTask.objects.filter(stop_id=stop_id).exists())


def _whole(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("shift", "vehicle", "driver").annotate(
        stops_total=Count("stops"), stops_open=Count("stops", filter=Q(stops__state__in=OPEN_STOP))
    )


def _with_works(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("place", "route").prefetch_related("works__task", "works__order", "proofs")
