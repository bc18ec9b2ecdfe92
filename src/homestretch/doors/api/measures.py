"""Measures: one JSON answer, and the facts behind it as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Field, Query, Router, Schema

from homestretch.events.scope import scope
from homestretch.insights import queries
from homestretch.insights.calibration import calibrated
from homestretch.insights.measures import measure
from homestretch.insights.values import Period, check_days
from homestretch.kernel.actor import Actor
from homestretch.web.csv import streamed
from homestretch.web.entry import READ

router = Router(tags=["measures"])


class Days(Schema):
    """Which days, both included."""

    first: date = Field(examples=["2026-11-01"])
    last: date = Field(examples=["2026-11-30"])


class Whose(Schema):
    """Narrows what is measured."""

    driver_id: UUID | None = Field(None, description="Only what this driver drove.")
    depot_id: UUID | None = Field(None, description="Only the routes that begin at this depot.")


class HourOut(Schema):
    """Promises of stops planned for an hour of a weekday."""

    weekday: int = Field(description="1 is Monday.")
    hour: int
    due: int
    share: float | None


class EtaErrorOut(Schema):
    """How far forecasts were off that were made so far ahead."""

    horizon_min: int
    count: int
    median_min: int
    p90_min: int
    bias_min: float | None
    inside: float | None


class AttemptOut(Schema):
    """A task's first, second, ... try."""

    attempt: int
    tried: int
    completed: int
    partial: int
    failed: int


class FailureOut(Schema):
    """A reason of failed tries."""

    reason: str
    count: int
    share: float | None
    together: float | None


class PlaceDwell(Schema):
    """A place's halts."""

    place_id: UUID
    halts: int
    mean_min: float | None
    planned_min: float | None


class DwellOut(Schema):
    """Minutes at the door."""

    halts: int
    mean_min: float | None
    planned_min: float | None
    places: list[PlaceDwell] = Field(max_length=50)


class DayOut(Schema):
    """What a day comes to."""

    day: date
    on_time: float | None
    attempts: int
    failed: int
    planned_m: int
    driven_m: int
    planned_s: int
    driven_s: int
    stops: int
    cost_per_stop: float | None


class PlannedAgainstDriven(Schema):
    """What was planned, and what it took."""

    planned_m: int
    driven_m: int
    meters_share: float | None
    planned_s: int
    driven_s: int
    seconds_share: float | None


class Ratings(Schema):
    """How recipients rated."""

    count: int
    mean: float | None
    scores: dict[str, int]


class MeasuresOut(Schema):
    """Every measure of a span of days; null where there is nothing to measure. The docs define each."""

    first: date
    last: date
    on_time: float | None = Field(description="Promises kept, of those told and settled.")
    on_time_by_hour: list[HourOut] = Field(max_length=168)
    on_time_untold: float | None
    untold_promises: int
    eta_error: list[EtaErrorOut] = Field(max_length=10)
    attempts: int
    attempts_funnel: list[AttemptOut] = Field(max_length=20)
    failed_attempts: dict[str, int] = Field(description="By reason.")
    failure_shares: list[FailureOut] = Field(max_length=50)
    first_attempt_rate: float | None
    stops_per_hour: float | None
    km_per_hour: float | None
    planned_against_driven: PlannedAgainstDriven
    service_share: float | None
    dwell: DwellOut
    ratings: Ratings
    cost_per_stop: float | None = Field(description="Minor units.")
    by_day: list[DayOut] = Field(max_length=400)


class ForecastsHeldOut(Schema):
    """How many arrivals lay where forecasts said that were made so far ahead."""

    horizon_min: int
    count: int
    inside: float = Field(description="Between p10 and p90; 0.8 is meant.")
    low: float = Field(description="95 % interval of `inside`.")
    high: float
    early: float = Field(description="Before p10.")
    late: float = Field(description="After p90.")
    mean_min: float = Field(description="Mean distance from p50.")
    bias_min: float = Field(description="Median of arrival minus p50.")
    verdict: Literal["too_few", "as_meant", "too_narrow", "too_wide"]


class WindowsHeldOut(Schema):
    """How many told promises held that were first told so long before their window."""

    ahead_min: int = Field(description="At least; 0: later than the shortest.")
    count: int
    kept: float
    low: float = Field(description="95 % interval of `kept`.")
    high: float
    verdict: Literal["too_few", "enough"]


class CalibrationOut(Schema):
    """Whether what was said of a span of days came true. The docs define each."""

    first: date
    last: date
    forecasts_held: list[ForecastsHeldOut] = Field(max_length=10)
    windows_held: list[WindowsHeldOut] = Field(max_length=10)


@router.get("", auth=READ("measures", merchant=True), response=MeasuresOut)
def get_measures(request: HttpRequest, days: Query[Days], whose: Query[Whose]) -> dict[str, Any]:
    """Every measure of the days; a merchant's are of the own orders."""
    check_days(days.first, days.last)
    period = Period(days.first, days.last, whose.driver_id, whose.depot_id)
    with scope(request.auth):
        return {"first": days.first, "last": days.last, **measure(queries.all_facts(period))}


@router.get("/calibration", auth=READ("measures", merchant=True), response=CalibrationOut)
def get_calibration(request: HttpRequest, days: Query[Days], whose: Query[Whose]) -> dict[str, Any]:
    """Whether what was said of the days' arrivals came true; a merchant's are the windows of the own orders."""
    check_days(days.first, days.last)
    period = Period(days.first, days.last, whose.driver_id, whose.depot_id)
    with scope(request.auth):
        return {"first": days.first, "last": days.last, **calibrated(queries.said(period))}


@router.get("/facts.csv", auth=READ("measures", merchant=True), response={200: str})
def get_facts_csv(request: HttpRequest, days: Query[Days]) -> StreamingHttpResponse:
    """The facts behind the measures, a line per attempted task or broken promise of a cancelled one, as CSV."""
    check_days(days.first, days.last)
    return streamed(f"facts-{days.first}-{days.last}.csv", queries.CSV_COLUMNS, _pages(request.auth, days))


def _pages(actor: Actor, span: Days) -> Iterator[list[list[Any]]]:
    """Day by day, each page in a short transaction of its own."""
    for number in range((span.last - span.first).days + 1):
        day, after = span.first + timedelta(days=number), None
        while True:
            with scope(actor):
                rows = queries.rows(day, after)
            if not rows:
                break
            yield [[row[name] for name in queries.CSV_COLUMNS] for row in rows]
            after = (rows[-1]["ended_at"], rows[-1]["id"])
