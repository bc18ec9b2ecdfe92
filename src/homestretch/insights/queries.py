"""Measures and facts of a span of days, for one organization, or a merchant's part of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from homestretch.events.scope import current_actor
from homestretch.insights import measures
from homestretch.insights.models import RouteFact, TaskFact

CSV_COLUMNS = (
    "day",
    "order_id",
    "task_id",
    "stop_id",
    "route_id",
    "outcome",
    "reason",
    "attempt",
    "promised",
    "promise_kept",
    "promise_told",
    "late_s",
    "planned_arrive",
    "arrived_at",
    "ended_at",
    "planned_service_s",
    "service_s",
    "score",
)


def facts(first: date, last: date) -> measures.Facts:
    """The facts of the days [first, last]. A merchant has tasks, and no routes: those carry others' goods too."""
    tasks = [
        measures.Task(
            day=row.day,
            order_id=str(row.order_id),
            outcome=row.outcome,
            reason=row.reason,
            attempt=row.attempt,
            promise=row.promise_kept if row.promised else None,
            told=row.promise_told,
            late_s=row.late_s,
            planned_service_s=row.planned_service_s,
            service_s=row.service_s,
            score=row.score,
        )
        for row in TaskFact.objects.filter(day__range=(first, last)).iterator()
    ]
    return measures.Facts(tasks, [] if current_actor().merchant_id else _routes(first, last))


def _routes(first: date, last: date) -> list[measures.Route]:
    names = ("day", "stops", "planned_s", "route_s", "planned_m", "driven_m", "cost")
    rows = RouteFact.objects.filter(day__range=(first, last)).values(*names)
    return [measures.Route(**row) for row in rows]


def rows(first: date, last: date) -> Iterator[dict[str, Any]]:
    """The tasks' facts of the days [first, last], by day and time, as `CSV_COLUMNS`."""
    found = TaskFact.objects.filter(day__range=(first, last)).order_by("day", "ended_at", "id")
    yield from found.values(*CSV_COLUMNS).iterator(chunk_size=1000)
