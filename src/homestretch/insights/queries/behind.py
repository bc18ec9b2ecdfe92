"""The rows behind each measure, page by page, in the order in which they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay

from homestretch.accounts import queries as accounts
from homestretch.events.scope import current_actor
from homestretch.insights.calibration import ahead_span
from homestretch.insights.models import EtaFact, HaltFact, RouteFact, TaskFact
from homestretch.insights.values import Period

COLUMNS: dict[str, tuple[str, ...]] = {
    "tasks": (
        *("day", "order_id", "task_id", "stop_id", "route_id", "driver_id", "outcome", "reason", "attempt"),
        *(
            "promised",
            "promise_kept",
            "promise_told",
            "told_ahead_s",
            "late_s",
            "planned_arrive",
            "arrived_at",
            "ended_at",
        ),
        *("planned_service_s", "service_s", "score"),
    ),
    "halts": (
        *("day", "place_id", "stop_id", "route_id", "driver_id", "outcome"),
        *("planned_arrive", "arrived_at", "ended_at", "planned_s", "dwell_s"),
    ),
    "etas": (
        *("day", "stop_id", "route_id", "driver_id", "horizon_min", "expected", "arrived_at", "error_s", "inside"),
    ),
    "routes": (
        *("day", "route_id", "driver_id", "vehicle_id", "stops", "planned_s", "route_s", "planned_m", "driven_m"),
        "cost",
    ),
}
KINDS = {"tasks": TaskFact, "halts": HaltFact, "etas": EtaFact, "routes": RouteFact}


@dataclass(frozen=True, slots=True)
class Narrow:
    """Which rows of a plot are asked for: those of one cell, bar or point. What is None does not narrow."""

    due: bool | None = None  # promises that were told and settled
    kept: bool | None = None
    weekday: int | None = None  # 1 is Monday
    hour: int | None = None
    outcome: str | None = None
    reason: str | None = None
    attempt: int | None = None
    score: int | None = None
    rated: bool | None = None
    horizon_min: int | None = None
    ahead_min: int | None = None  # first told so long before its window, one of `calibration.AHEAD_MIN`
    place_id: UUID | None = None


def page_of(kind: str, period: Period, narrow: Narrow, *, after: tuple[Any, UUID] | None = None, most: int) -> Any:
    """At most `most` rows of a kind of fact as dictionaries of its `COLUMNS` and `id`, by day; the next page is `after`
    the last one's (day, id). Routes and halts carry others' goods too: a merchant sees none."""
    if current_actor().merchant_id is not None and kind != "tasks":
        return []
    rows = _narrowed(kind, KINDS[kind].objects.filter(**period.lookups), narrow)
    if after is not None:
        day, ident = after
        rows = rows.filter(Q(day__gt=day) | Q(day=day, id__gt=ident))
    return list(rows.order_by("day", "id").values("id", *COLUMNS[kind])[:most])


def _narrowed(kind: str, rows: QuerySet[Any], narrow: Narrow) -> QuerySet[Any]:
    names = {"outcome", "reason", "attempt", "score", "horizon_min", "place_id"} & set(COLUMNS[kind])
    wanted = {name: getattr(narrow, name) for name in names if getattr(narrow, name) is not None}
    rows = rows.filter(**wanted)
    return _of_tasks(rows, narrow) if kind == "tasks" else rows


def _told_ahead(ahead_min: int) -> dict[str, Any]:
    low, high = ahead_span(ahead_min)
    ends = {"told_ahead_s__gte": low, "told_ahead_s__lt": high}
    return {"told_ahead_s__isnull": False, **{name: 60 * end for name, end in ends.items() if end is not None}}


def _of_tasks(rows: QuerySet[Any], narrow: Narrow) -> QuerySet[Any]:
    if narrow.due:
        rows = rows.filter(promised=True, promise_told=True)
    if narrow.kept is not None:
        rows = rows.filter(promise_kept=narrow.kept)
    if narrow.ahead_min is not None:
        rows = rows.filter(**_told_ahead(narrow.ahead_min))
    if narrow.rated:
        rows = rows.filter(score__isnull=False)
    if narrow.attempt is not None:
        rows = rows.exclude(outcome="cancelled")
    if narrow.weekday is None and narrow.hour is None:
        return rows
    zone = ZoneInfo(accounts.organization().zone)
    rows = rows.annotate(
        weekday=ExtractIsoWeekDay(F("planned_arrive"), tzinfo=zone), hour=ExtractHour(F("planned_arrive"), tzinfo=zone)
    )
    parts = {"weekday": narrow.weekday, "hour": narrow.hour}
    return rows.filter(**{name: value for name, value in parts.items() if value is not None})
