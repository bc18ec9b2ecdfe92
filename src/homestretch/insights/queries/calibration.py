"""What was said of arrivals, added up by the database."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, FloatField, IntegerField, Q
from django.db.models.functions import Cast, Floor, Greatest, Least

from homestretch.events.scope import current_actor
from homestretch.insights.calibration import AHEAD_MIN, HORIZONS_MIN, Held, Off, Said
from homestretch.insights.models import EtaFact, TaskFact
from homestretch.insights.values import Period


def said(period: Period) -> Said:
    """The forecasts of a span of days, and the promises told of that were settled. A merchant has the own promises,
    and no forecasts: those are of others' arrivals too."""
    return Said(offs=[] if current_actor().merchant_id else _offs(period), windows=_windows(period))


def _offs(period: Period) -> list[Off]:
    rows = EtaFact.objects.filter(**period.lookups, horizon_min__in=HORIZONS_MIN).values("horizon_min", "error_s")
    counts = {"count": Count("id"), "inside": Count("id", filter=Q(inside=True))}
    return [Off(**row) for row in rows.annotate(**counts).order_by()]


def _windows(period: Period) -> list[Held]:
    """By the minute, as far as minutes make a difference."""
    minutes: Any = Cast(Floor(Cast(F("told_ahead_s"), FloatField()) / 60), IntegerField())
    rows = TaskFact.objects.filter(**period.lookups, promised=True, promise_told=True, told_ahead_s__isnull=False)
    rows = rows.annotate(ahead_min=Least(Greatest(minutes, -1), AHEAD_MIN[0]))
    counts = {"count": Count("id"), "kept": Count("id", filter=Q(promise_kept=True))}
    return [Held(**row) for row in rows.values("ahead_min").annotate(**counts).order_by()]
