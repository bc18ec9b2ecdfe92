"""Measures and facts of a span of days, for one organization, or a merchant's part of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet, Sum

from homestretch.events.scope import current_actor
from homestretch.insights import measures
from homestretch.insights.models import RouteFact, TaskFact

PAGE = 2000
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
    """The facts of the days [first, last], added up by the database: as long as the kinds of outcome that there are,
    however many the days. A merchant has tasks, and no routes: those carry others' goods too."""
    rows = TaskFact.objects.filter(day__range=(first, last))
    rated = rows.filter(score__isnull=False).values_list("score")
    return measures.Facts(
        tasks=[_task(row) for row in _alike(rows)],
        routes=[] if current_actor().merchant_id else _routes(first, last),
        scores=dict(rated.annotate(orders=Count("order_id", distinct=True)).order_by()),
    )


def _alike(rows: QuerySet[Any]) -> QuerySet[Any]:
    known = ExpressionWrapper(Q(service_s__isnull=False), output_field=BooleanField())
    kinds = ("outcome", "reason", "attempt", "promised", "promise_kept", "promise_told", "known")
    sums = {"count": Count("id"), "planned": Sum("planned_service_s"), "taken": Sum("service_s")}
    return rows.annotate(known=known).values(*kinds).annotate(**sums).order_by()


def _task(row: dict[str, Any]) -> measures.Task:
    return measures.Task(
        outcome=row["outcome"],
        reason=row["reason"],
        attempt=row["attempt"],
        promise=row["promise_kept"] if row["promised"] else None,
        told=row["promise_told"],
        planned_service_s=int(row["planned"]),
        service_s=int(row["taken"]) if row["known"] else None,
        count=row["count"],
    )


def _routes(first: date, last: date) -> list[measures.Route]:
    names = ("stops", "planned_s", "route_s", "planned_m", "driven_m", "cost")
    rows = RouteFact.objects.filter(day__range=(first, last))
    made = []
    for unknown in (False, True):
        half: dict[str, Any] = rows.filter(driven_m__isnull=unknown).aggregate(**{name: Sum(name) for name in names})
        if half["stops"] is not None:
            totals: dict[str, Any] = {name: None if total is None else int(total) for name, total in half.items()}
            made.append(measures.Route(**totals))
    return made


def rows(day: date, after: tuple[datetime, UUID] | None = None) -> list[dict[str, Any]]:
    """A page of a day's facts, by time, as `CSV_COLUMNS` and `id`; the next one is `after` the last (ended_at, id)."""
    found = TaskFact.objects.filter(day=day)
    if after is not None:
        at, ident = after
        found = found.filter(Q(ended_at__gt=at) | Q(ended_at=at, id__gt=ident))
    return list(found.order_by("ended_at", "id").values("id", *CSV_COLUMNS)[:PAGE])
