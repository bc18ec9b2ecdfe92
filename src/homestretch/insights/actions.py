"""Digesting the log into facts. Reads the slices below; writes nothing but its own tables."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import OperationalError, transaction

from homestretch.accounts import queries as accounts
from homestretch.dispatch import queries as dispatch
from homestretch.events.models import Event
from homestretch.insights import measures
from homestretch.insights.models import EtaFact, HaltFact, RouteFact, TaskFact
from homestretch.insights.values import begun
from homestretch.orders import queries as orders
from homestretch.tracking import queries as tracking

log = logging.getLogger(__name__)
SERVED = ("completed", "partial", "failed")


def digest(events: list[Event]) -> None:
    """Take a page of the log in, within the drain's transaction. Saying it again changes nothing.

    An event that can't be taken in is passed over and logged: one such must not end all measures. Most often what it
    is about is gone, for a restored log may be ahead of it.
    """
    for event in events:
        take = _TAKES.get(event.type)
        if take is not None:
            _take(take, event)


def _take(take: Callable[[Event], None], event: Event) -> None:
    try:
        with transaction.atomic():
            take(event)
    except OperationalError:
        raise  # the database, not the event: the page is read again
    except Exception:
        log.exception("an event is passed over by the measures: %s %s", event.type, event.id)


def _stop_ended(event: Event) -> None:
    stop = dispatch.stop(event.subject_id)
    route = dispatch.route(stop.route_id)
    _halt(stop, route)
    for work in stop.works.all():
        if work.outcome in SERVED and work.ended_at == event.at:
            _task(stop, work, route, event.at)


def _left(event: Event) -> None:
    """How long a halt took is known when the vehicle leaves; a stop that is left without an outcome is none."""
    stop = dispatch.stop(event.subject_id)
    if stop.state in SERVED:
        _halt(stop, dispatch.route(stop.route_id))


def _halt(stop: Any, route: Any) -> None:
    """The halt, and what was foretold of its arrival."""
    whose = {
        "day": route.day,
        "route_id": route.id,
        "driver_id": route.driver_id,
        "depot_id": route.shift.start_depot_id,
    }
    over = stop.left_at or stop.ended_at
    since = None if stop.arrived_at is None else begun(stop.arrived_at, over, dispatch.windows_of(stop))
    HaltFact.objects.update_or_create(
        stop_id=stop.id,
        defaults={
            **whose,
            "place_id": stop.place_id,
            "outcome": stop.state,
            "planned_arrive": stop.planned_arrive,
            "arrived_at": stop.arrived_at,
            "ended_at": stop.ended_at,
            "planned_s": stop.service_s,
            "dwell_s": max(0, int((over - stop.arrived_at).total_seconds())) if stop.arrived_at else None,
            "begun_at": since,
            "service_s": None if since is None else max(0, int((over - since).total_seconds())),
            "windows": stop.windows,
            "effort": dispatch.efforts([stop])[stop.id].plain(),
        },
    )
    for said in tracking.foretold(stop.id) if stop.arrived_at else ():
        EtaFact.objects.update_or_create(
            stop_id=stop.id,
            horizon_min=said.horizon_min,
            defaults={
                **whose,
                "expected": said.p50,
                "arrived_at": stop.arrived_at,
                "error_s": int((stop.arrived_at - said.p50).total_seconds()),
                "inside": said.p10 <= stop.arrived_at <= said.p90,
            },
        )


def _task(stop: Any, work: Any, route: Any, at: datetime) -> None:
    settled = orders.settlement_at(work.task_id, at)
    earlier = TaskFact.objects.filter(task_id=work.task_id, ended_at__lt=at).exclude(stop_id=stop.id).count()
    service = max(0, int((at - stop.arrived_at).total_seconds())) if stop.arrived_at else None
    TaskFact.objects.update_or_create(
        stop_id=stop.id,
        task_id=work.task_id,
        defaults={
            "day": route.day,
            "order_id": work.order_id,
            "route_id": route.id,
            "driver_id": route.driver_id,
            "depot_id": route.shift.start_depot_id,
            "merchant_id": work.order.merchant_id,
            "outcome": work.outcome,
            "reason": work.reason,
            "attempt": earlier + 1,
            "promised": settled is not None,
            "promise_kept": bool(settled and settled.kept),
            "promise_told": bool(settled and settled.told),
            "told_ahead_s": orders.told_ahead_s(settled) if settled else None,
            "late_s": settled.late_s if settled else 0,
            "planned_arrive": stop.planned_arrive,
            "arrived_at": stop.arrived_at,
            "ended_at": at,
            "planned_service_s": stop.service_s,
            "service_s": service,
        },
    )


def _promise_broken(event: Event) -> None:
    """Nobody came because we cancelled: no stop tells of it. What a stop broke is counted with the stop."""
    settled = orders.settlement(event.subject_id)
    if settled is None or settled.arrived_at is not None:
        return
    promise, task, order = settled.promise, settled.promise.task, settled.promise.order
    zone = ZoneInfo(accounts.organization().zone)
    TaskFact.objects.update_or_create(
        stop_id=None,
        task_id=task.id,
        defaults={
            "day": promise.start.astimezone(zone).date(),
            "order_id": order.id,
            "merchant_id": order.merchant_id,
            "outcome": "cancelled",
            "attempt": TaskFact.objects.filter(task_id=task.id, stop_id__isnull=False).count() + 1,
            "promised": True,
            "promise_told": settled.told,
            "told_ahead_s": orders.told_ahead_s(settled),
            "ended_at": settled.at,
            "planned_service_s": task.service_s,
        },
    )


def _route_finished(event: Event) -> None:
    route = dispatch.route(event.subject_id)
    if route.started_at is None or route.finished_at is None:
        return
    seconds = max(0, int((route.finished_at - route.started_at).total_seconds()))
    stops = sum(stop.state in SERVED for stop in dispatch.stops_of(route.id))
    vehicle = route.vehicle
    rates = (vehicle.cost_fixed, vehicle.cost_per_hour, vehicle.cost_per_km)
    meters = route.planned_m if route.driven_m is None else route.driven_m
    RouteFact.objects.update_or_create(
        route_id=route.id,
        defaults={
            "day": route.day,
            "driver_id": route.driver_id,
            "vehicle_id": route.vehicle_id,
            "depot_id": route.shift.start_depot_id,
            "stops": stops,
            "planned_s": max(0, int((route.planned_end - route.planned_start).total_seconds())),
            "route_s": seconds,
            "planned_m": route.planned_m,
            "driven_m": route.driven_m,
            "cost": measures.route_cost(rates, seconds, meters),
        },
    )


def _rated(event: Event) -> None:
    order_id, score = UUID(event.data["order_id"]), int(event.data["score"])
    TaskFact.objects.filter(order_id=order_id).update(score=score)


_TAKES: dict[str, Callable[[Event], None]] = {
    "stop.completed": _stop_ended,
    "stop.partial": _stop_ended,
    "stop.failed": _stop_ended,
    "stop.departed": _left,
    "promise.broken": _promise_broken,
    "route.finished": _route_finished,
    "route.driven": _route_finished,
    "survey.submitted": _rated,
}
