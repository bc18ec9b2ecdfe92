"""Facts added up by the database: as few rows as there are kinds of them, however many the days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Count, ExpressionWrapper, F, IntegerField, Q, QuerySet, Sum
from django.db.models.functions import Cast, ExtractHour, ExtractIsoWeekDay, Round

from homestretch.accounts import queries as accounts
from homestretch.events.scope import current_actor
from homestretch.insights import measures
from homestretch.insights.models import EtaFact, HaltFact, RouteFact, TaskFact
from homestretch.insights.values import Period

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
    """The tasks, routes and ratings of the days [first, last]. A merchant has tasks, and no routes: those carry others'
    goods too."""
    return _facts(Period(first, last))


def _facts(period: Period) -> measures.Facts:
    rows = TaskFact.objects.filter(**period.lookups)
    rated = rows.filter(score__isnull=False).values_list("score")
    return measures.Facts(
        tasks=[_task(row) for row in _alike(rows)],
        routes=[] if current_actor().merchant_id else _routes(period),
        scores=dict(rated.annotate(orders=Count("order_id", distinct=True)).order_by()),
    )


def all_facts(period: Period) -> measures.Facts:
    """As `facts`, and what only a closer look asks for: by hour, by horizon, by place, by day."""
    narrow, zone = current_actor().merchant_id is not None, ZoneInfo(accounts.organization().zone)
    return replace(
        _facts(period),
        hours=_hours(period, zone),
        etas=[] if narrow else _etas(period),
        dwells=[] if narrow else _dwells(period),
        days=_days(period, narrow=narrow),
    )


def _due(period: Period) -> QuerySet[Any]:
    return TaskFact.objects.filter(**period.lookups, promised=True, promise_told=True)


def _hours(period: Period, zone: ZoneInfo) -> list[measures.Hour]:
    rows = _due(period).filter(planned_arrive__isnull=False)
    parts = {
        "weekday": ExtractIsoWeekDay("planned_arrive", tzinfo=zone),
        "hour": ExtractHour("planned_arrive", tzinfo=zone),
    }
    counts = {"due": Count("id"), "kept": Count("id", filter=Q(promise_kept=True))}
    return [measures.Hour(**row) for row in rows.annotate(**parts).values(*parts).annotate(**counts).order_by()]


def _etas(period: Period) -> list[measures.Eta]:
    minutes = Cast(Round(F("error_s") / 60.0), IntegerField())
    rows = EtaFact.objects.filter(**period.lookups).annotate(error_min=minutes).values("horizon_min", "error_min")
    counts = {"count": Count("id"), "inside": Count("id", filter=Q(inside=True))}
    return [measures.Eta(**row) for row in rows.annotate(**counts).order_by()]


def _dwells(period: Period) -> list[measures.Dwell]:
    rows = HaltFact.objects.filter(**period.lookups, dwell_s__isnull=False).values("place_id")
    sums = rows.annotate(halts=Count("id"), planned=Sum("planned_s"), taken=Sum("dwell_s")).order_by()
    return [measures.Dwell(row["place_id"], row["halts"], int(row["planned"]), int(row["taken"])) for row in sums]


def _days(period: Period, *, narrow: bool) -> list[measures.Day]:
    """Tasks' and routes' sums of each day."""
    due = Q(promised=True, promise_told=True)
    tasks = (
        TaskFact.objects.filter(**period.lookups)
        .values("day")
        .annotate(
            kept=Count("id", filter=due & Q(promise_kept=True)),
            due=Count("id", filter=due),
            attempts=Count("id", filter=~Q(outcome="cancelled")),
            failed=Count("id", filter=Q(outcome="failed")),
        )
    )
    found: dict[date, dict[str, Any]] = {row["day"]: row for row in tasks.order_by()}
    for row in () if narrow else _routes_by_day(period):
        sums = {name: int(value or 0) for name, value in row.items() if name != "day"}
        found.setdefault(row["day"], {"day": row["day"]}).update(sums)
    return [measures.Day(**row) for row in found.values()]


def _routes_by_day(period: Period) -> QuerySet[Any]:
    known = Q(driven_m__isnull=False)
    return (
        RouteFact.objects.filter(**period.lookups)
        .values("day")
        .annotate(known_m=Sum("planned_m", filter=known))
        .annotate(**{name: Sum(name) for name in ("stops", "planned_s", "route_s", "driven_m", "cost")})
        .order_by()
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


def _routes(period: Period) -> list[measures.Route]:
    names = ("stops", "planned_s", "route_s", "planned_m", "driven_m", "cost")
    rows = RouteFact.objects.filter(**period.lookups)
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
