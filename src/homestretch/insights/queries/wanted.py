"""What a past day was to bring about: what was planned for its morning, and what came in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from homestretch.dispatch import queries as dispatch
from homestretch.events.log import history
from homestretch.fleet import queries as fleet
from homestretch.insights.twin.scene import Job
from homestretch.kernel.geo import Point
from homestretch.kernel.windows import Window
from homestretch.orders import queries as orders
from homestretch.orders.values import Filter
from homestretch.plans import queries as plans
from homestretch.plans.values import StopDraft
from homestretch.recovery.rules.suggesting import STANDS_STILL

AHEAD = timedelta(minutes=30)  # what came in earlier than that before the first vehicle sets out is known by then
OFF = "order_cancelled"
Stops = Mapping[UUID, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The jobs of a day, `chains` of promises by task; for the others see `Scene` and `Past`."""

    jobs: tuple[Job, ...]
    routes: Mapping[UUID, tuple[UUID, ...]]
    planned: Mapping[UUID, datetime]
    chains: Mapping[UUID, Sequence[Any]]
    left_out: int


def is_served(stop: Any) -> bool:
    """Whether somebody came to serve it."""
    if stop.state not in ("completed", "partial", "failed") or stop.ended_at is None:
        return False
    stood_still = any(work.reason in STANDS_STILL for work in stop.works.all())
    return not stood_still and (stop.state != "failed" or stop.arrived_at is not None)


def wanted_on(day: date, span: Window, routes: Sequence[Any], stops: Stops) -> Wanted:
    """What stood on a day's routes, and what came in for that day and found no place on them."""
    works = _works(stops)
    released = min(history("route", route.id)[0].at for route in routes)
    late = _unplaced(day, Window(released, max(released, span.end)), set(works))
    chains = orders.chains_on([*works, *(job.id for job in late)], span)
    kept = {task: rows for task, rows in works.items() if not _called_off(rows, chains.get(task, ()), span)}
    drafts = {route.id: _released(route) for route in routes}
    morning = {job.id: job for draft in drafts.values() for stop in draft for job in _planned(stop, kept)}
    first = min(route.started_at or route.planned_start for route in routes) - AHEAD
    by_day = [job for task, rows in kept.items() if task not in morning for job in _came(rows[0], released, stops)]
    depot = routes[0].shift.start_depot.place.halt_at
    later = [replace(job, known_at=max(first, job.known_at), depot=job.depot or depot) for job in (*by_day, *late)]
    jobs = _promised([*morning.values(), *later], chains)
    named = {job.id for job in jobs}
    tasks = {route: tuple(task for stop in draft for task in _tasks(stop, kept)) for route, draft in drafts.items()}
    return Wanted(
        jobs=jobs,
        routes=tasks,
        planned={task: stop.arrive for draft in drafts.values() for stop in draft for task in _tasks(stop, kept)},
        chains={task: chain for task, chain in chains.items() if task in named},
        left_out=len(works) - len(kept),
    )


def _works(stops: Stops) -> dict[UUID, list[Any]]:
    """Where each task stood that day, in the order in which it came there."""
    found: dict[UUID, list[Any]] = {}
    rows = [work for each in stops.values() for stop in each for work in stop.works.all()]
    for work in sorted(rows, key=lambda work: work.id):
        found.setdefault(work.task_id, []).append(work)
    return found


def _called_off(rows: Sequence[Any], chain: Sequence[Any], span: Window) -> bool:
    """Whether nobody came because the order was called off, or its recipient chose another day; or its place is
    forgotten."""
    if any(row.stop.place.halt_at is None for row in rows):
        return True
    if any(is_served(row.stop) for row in rows):
        return False
    put_off = bool(chain) and chain[-1].consented and chain[-1].start >= span.end
    return put_off or rows[-1].reason == OFF


def _released(route: Any) -> Sequence[StopDraft]:
    """The stops of a route as the plan had them that was released."""
    if route.plan_id is None:
        return ()
    drafts = plans.revision(route.plan_id, route.revision).routes
    return next((draft.stops for draft in drafts if draft.shift_id == route.shift_id), ())


def _tasks(stop: StopDraft, works: Mapping[UUID, Sequence[Any]]) -> list[UUID]:
    return sorted(task for task in stop.task_ids if task in works)


def _planned(stop: StopDraft, works: Mapping[UUID, Sequence[Any]]) -> Iterator[Job]:
    """The jobs of a halt: the last of them bears its time at the door."""
    tasks = _tasks(stop, works)
    for task in tasks:
        yield _job(works[task][0], stop.service_s if task == tasks[-1] else 0, stop.windows)


def _came(work: Any, released: datetime, stops: Stops) -> Iterator[Job]:
    """A task that came in by day: as it was ordered, or, if it had been ordered before, when it was put on a route."""
    known = work.order.created_at
    if known <= released:
        put = (e.at for e in history("order", work.order_id) if e.type == "order.scheduled" and _names(e, stops))
        known = next(put, released)
    made = _job(work, work.stop.service_s, dispatch.windows_of(work.stop))
    yield replace(made, known_at=known, depot=_depot(work.order.depot_id))


def _names(event: Any, stops: Stops) -> bool:
    return UUID(event.data["route_id"]) in stops


def _job(work: Any, service_s: int, windows: Sequence[Window]) -> Job:
    task = work.task
    return Job(
        id=task.id,
        order_id=work.order_id,
        kind=task.kind,
        point=work.stop.place.halt_at,
        service_s=service_s,
        windows=tuple(windows),
        loads=dict(task.loads),
        pair=task.pair,
        skills=frozenset(task.skills),
    )


def _unplaced(day: date, ordered: Window, known: set[UUID]) -> list[Job]:
    """What was ordered for the day after its routes were released, and was put on none of them."""
    rows = orders.orders(Filter(states=("ready", "failed"), day=day))
    rows = rows.filter(created_at__gt=ordered.start, created_at__lt=ordered.end)
    since = {task.id: order.created_at for order in rows for task in order.tasks.all() if task.id not in known}
    return [
        Job(
            id=view.task_id,
            order_id=view.order_id,
            kind=view.kind,
            point=Point(view.lat, view.lon),
            service_s=view.access_s + view.service_s,
            windows=view.windows,
            loads=dict(view.loads),
            pair=view.pair,
            skills=frozenset(view.skills),
            known_at=since[view.task_id],
            depot=_depot(view.depot_id),
        )
        for view in orders.task_views(since)
    ]


def _depot(depot_id: UUID | None) -> Point | None:
    """Where the goods of an order are; None: at any depot."""
    return None if depot_id is None else fleet.depot(depot_id).place.halt_at


def _promised(jobs: Sequence[Job], chains: Mapping[UUID, Sequence[Any]]) -> tuple[Job, ...]:
    """With the window that the day had to keep: the last that the recipient chose, else the first; and pairs only where
    both ends are there."""
    ends = [(job.order_id, job.pair) for job in jobs]
    made = []
    for job in jobs:
        chain = chains.get(job.id, ())
        chosen = [each for each in chain if each.consented] or chain[:1]
        window = Window(chosen[-1].start, chosen[-1].end) if chosen else None
        pair = job.pair if ends.count((job.order_id, job.pair)) == 2 else ""
        made.append(replace(job, promise=window, pair=pair))
    return tuple(made)
