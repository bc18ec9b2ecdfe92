"""From a plan's revision to routes on the road, all in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from homestretch.accounts.queries import organization
from homestretch.dispatch.events import RouteReleased
from homestretch.dispatch.models import Route, Stop, StopTask
from homestretch.dispatch.queries.news import known_of
from homestretch.dispatch.rules import releasing
from homestretch.dispatch.rules.automata import LIVE_ROUTE
from homestretch.events.action import action
from homestretch.events.log import record
from homestretch.fleet import queries as fleet
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import iso
from homestretch.kernel.windows import Window
from homestretch.orders import actions as orders
from homestretch.orders import queries as orders_queries
from homestretch.plans import actions as plans
from homestretch.plans import queries as plans_queries
from homestretch.plans.values import RouteDraft, StopDraft


@action
def release(plan_id: UUID, revision: int, *, by: Actor, at: datetime) -> list[Route]:
    """Put a revision on the road: a route per shift that has stops, orders scheduled, promises where there are none.

    Refuses `plan.not_found`, `plan.already_released`, `plan.state_conflict` (superseded by another, or dropped),
    `plan.revision_conflict`, `plan.has_breaches`, `plan.empty`, `shift.no_driver`, `shift.has_route`, `shift.off`,
    `task.not_ready`, `task.not_open`, `task.later_day`, `task.on_another_route`.
    """
    plan = plans.mark_released(plan_id, revision, by=by, at=at)  # takes the plan's lock
    drafts = [draft for draft in plans_queries.release_view(plan_id, revision) if draft.stops]
    if not drafts:
        raise Refusal("plan.empty", "no stop stands on any route", remedy="plan again with orders and shifts")
    return put_on_road(drafts, plan.id, revision, by=by, at=at)


def put_on_road(
    drafts: Sequence[RouteDraft], plan_id: UUID | None, revision: int, *, by: Actor, at: datetime
) -> list[Route]:
    """Make routes of drafts, in the open transaction."""
    shifts = _checked_shifts([draft.shift_id for draft in drafts])
    task_ids = [task_id for draft in drafts for stop in draft.stops for task_id in stop.task_ids]
    views = {view.task_id: view for view in orders_queries.task_views(task_ids)}
    releasing.check_tasks(task_ids, views)
    routes = []
    for draft in drafts:
        tasks = {task_id: views[task_id].day for stop in draft.stops for task_id in stop.task_ids}
        releasing.check_day(shifts[draft.shift_id].day, tasks)
        route = _route(draft, shifts[draft.shift_id], plan_id, revision)
        route.known_stops = known_of(_stops(route, draft, {ident: view.order_id for ident, view in views.items()}))
        route.save(update_fields=["known_stops"])
        orders.schedule([task_id for stop in draft.stops for task_id in stop.task_ids], route.id, by=by, at=at)
        record(RouteReleased(route.id, plan_id, route.driver_id, len(draft.stops)), by=by, at=at)
        routes.append(route)
    _promise([stop for draft in drafts for stop in draft.stops], by=by, at=at)
    return routes


def _checked_shifts(shift_ids: Sequence[UUID]) -> dict[UUID, Any]:
    rows = fleet.shifts().filter(id__in=list(shift_ids)).order_by("id").select_for_update(of=("self",))
    shifts = {shift.id: shift for shift in rows}
    live = Route.objects.filter(shift_id__in=list(shift_ids), state__in=LIVE_ROUTE)
    busy = set(live.values_list("shift_id", flat=True))
    for shift_id in shift_ids:
        shift = shifts.get(shift_id) or fleet.shift(shift_id)
        releasing.check_shift(
            shift_id, has_driver=shift.driver_id is not None, has_route=shift_id in busy, off=shift.off
        )
    return shifts


def _route(draft: RouteDraft, shift: Any, plan_id: UUID | None, revision: int) -> Route:
    return Route.objects.create(
        plan_id=plan_id,
        revision=revision,
        shift_id=shift.id,
        vehicle_id=shift.vehicle_id,
        driver_id=shift.driver_id,
        day=shift.day,
        state="released",
        planned_start=draft.start,
        planned_end=draft.end,
        planned_m=draft.meters,
        planned_cost=draft.cost,
    )


def _stops(route: Route, draft: RouteDraft, order_of: dict[UUID, UUID]) -> list[Stop]:
    stops = [_stop(route, number, stop) for number, stop in enumerate(draft.stops, start=1)]
    Stop.objects.bulk_create(stops)
    works = [
        StopTask(stop=row, task_id=task_id, order_id=order_of[task_id])
        for row, stop in zip(stops, draft.stops, strict=True)
        for task_id in stop.task_ids
    ]
    insert_works(works)
    return stops


def insert_works(works: Sequence[StopTask]) -> None:
    """Put tasks on stops. The database has the last word on "one live route per task": refuses `task.not_ready`."""
    try:
        with transaction.atomic():
            StopTask.objects.bulk_create(works)
    except IntegrityError as error:
        raise Refusal(
            "task.not_ready",
            "one of the tasks has just been put on another route",
            remedy="plan again",
            task_ids=[str(work.task_id) for work in works[:10]],
        ) from error


def _stop(route: Route, number: int, stop: StopDraft) -> Stop:
    return Stop(
        route=route,
        place_id=stop.place_id,
        position=number,
        state="planned",
        planned_arrive=stop.arrive,
        planned_leave=stop.leave,
        service_s=stop.service_s,
        windows=[{"start": iso(window.start), "end": iso(window.end)} for window in stop.windows],
    )


def _promise(stops: Sequence[StopDraft], *, by: Actor, at: datetime) -> None:
    """Promise what no promise stands for yet."""
    rule = organization()
    wanted: list[tuple[UUID, Window]] = []
    for stop in stops:
        window = releasing.promise(stop.start, stop.windows, rule.promise_early_s, rule.promise_late_s)
        wanted += [(task_id, window) for task_id in stop.task_ids]
    orders.make_promises(wanted, "release", by=by, at=at)
