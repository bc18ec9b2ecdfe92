"""Measures: one JSON answer, and the facts behind it as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Field, Query, Router, Schema

from homestretch.events.scope import scope
from homestretch.insights import queries
from homestretch.insights.measures import measure
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.web.csv import streamed
from homestretch.web.entry import READ

router = Router(tags=["measures"])
MOST_DAYS = 400


class Days(Schema):
    """Which days, both included."""

    first: date = Field(examples=["2026-11-01"])
    last: date = Field(examples=["2026-11-30"])


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
    on_time_untold: float | None
    untold_promises: int
    attempts: int
    failed_attempts: dict[str, int] = Field(description="By reason.")
    first_attempt_rate: float | None
    stops_per_hour: float | None
    km_per_hour: float | None
    planned_against_driven: PlannedAgainstDriven
    service_share: float | None
    ratings: Ratings
    cost_per_stop: float | None = Field(description="Minor units.")


def checked(days: Days) -> Days:
    """A span that can be measured. Refuses `measures.days_invalid`."""
    if not 0 <= (days.last - days.first).days < MOST_DAYS:
        raise Refusal(
            "measures.days_invalid",
            f"{days.first} to {days.last} is not a span of 1 to {MOST_DAYS} days",
            remedy="let `last` be the same day as `first`, or up to a year later",
            field="last",
        )
    return days


@router.get("", auth=READ("measures", merchant=True), response=MeasuresOut)
def get_measures(request: HttpRequest, days: Query[Days]) -> dict[str, Any]:
    """Every measure of the days; a merchant's are of the own orders."""
    span = checked(days)
    with scope(request.auth):
        return {"first": span.first, "last": span.last, **measure(queries.facts(span.first, span.last))}


@router.get("/facts.csv", auth=READ("measures", merchant=True), response={200: str})
def get_facts_csv(request: HttpRequest, days: Query[Days]) -> StreamingHttpResponse:
    """The facts behind the measures, a line per attempted task or broken promise of a cancelled one, as CSV."""
    span = checked(days)
    return streamed(f"facts-{span.first}-{span.last}.csv", queries.CSV_COLUMNS, _pages(request.auth, span))


def _pages(actor: Actor, span: Days) -> Iterator[list[list[Any]]]:
    """Day by day, each page in a short transaction of its own."""
    for number in range((span.last - span.first).days + 1):
        day, after = span.first + timedelta(days=number), None
        while True:
            with scope(actor):
                rows = queries.rows(day, after)
            if rows:
                yield [[row[name] for name in queries.CSV_COLUMNS] for row in rows]
            if len(rows) < queries.PAGE:
                break
            after = (rows[-1]["ended_at"], rows[-1]["id"])
