"""Whether what was said came true: against a naive count, of planted facts, of many, and from the ledger itself."""

from __future__ import annotations

import statistics
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.values import StopOutcome
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.insights import queries
from homestretch.insights.actions import digest
from homestretch.insights.calibration import (
    AHEAD_MIN,
    HORIZONS_MIN,
    Held,
    Off,
    Said,
    ahead_class,
    ahead_span,
    forecasts_held,
    wilson,
    windows_held,
)
from homestretch.insights.models import EtaFact, TaskFact
from homestretch.insights.queries import Narrow
from homestretch.insights.values import Period
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.ids import uuid7
from homestretch.orders import actions as orders
from homestretch.orders import queries as orders_queries
from tests.town.accounts import a_merchant, an_organization, owner_of
from tests.town.dispatch import FIRST, a_road, an_owner
from tests.town.orders import DAY
from tests.town.places import AT

TODAY = Period(DAY, DAY)
one_forecast = st.tuples(st.sampled_from(HORIZONS_MIN), st.integers(-9000, 9000), st.booleans())


@given(st.lists(one_forecast, max_size=60))
def test_forecasts_are_counted_as_one_by_one(forecasts: list[tuple[int, int, bool]]) -> None:
    counted = {one: forecasts.count(one) for one in forecasts}
    offs = [Off(horizon, error, count * inside, count) for (horizon, error, inside), count in counted.items()]
    found = {row["horizon_min"]: row for row in forecasts_held(Said(offs=offs))}
    assert list(found) == [horizon for horizon in HORIZONS_MIN if any(one[0] == horizon for one in forecasts)]
    for horizon, row in found.items():
        errors = [error for at, error, _ in forecasts if at == horizon]
        outside = [error for at, error, inside in forecasts if at == horizon and not inside]
        assert row["count"] == len(errors)
        assert row["inside"] == round(1 - len(outside) / len(errors), 4)
        assert row["early"] == round(sum(error < 0 for error in outside) / len(errors), 4)
        assert row["late"] == round(sum(error >= 0 for error in outside) / len(errors), 4)
        assert row["mean_min"] == round(statistics.fmean(map(abs, errors)) / 60, 1)
        assert row["bias_min"] == round(statistics.median_low(errors) / 60, 1)


@given(st.lists(st.tuples(st.integers(-60, 400), st.booleans()), max_size=60))
def test_each_told_window_counts_once_at_the_longest_lead(told: list[tuple[int, bool]]) -> None:
    counted = {one: told.count(one) for one in told}
    found = windows_held(Said(windows=[Held(ahead, kept * n, n) for (ahead, kept), n in counted.items()]))
    assert sum(row["count"] for row in found) == len(told)
    for row in found:
        longer = min([other for other in AHEAD_MIN if other > row["ahead_min"]], default=10**6)
        mine = [kept for ahead, kept in told if (row["ahead_min"] or -(10**6)) <= ahead < longer]
        assert (row["count"], row["kept"]) == (len(mine), round(sum(mine) / len(mine), 4))


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_interval_holds_the_share_and_narrows_with_more(part: int, more: int) -> None:
    low, high = wilson(part, part + more)
    assert 0 <= low <= high <= 1
    if part + more:
        assert low - 1e-9 <= part / (part + more) <= high + 1e-9
        closer = wilson(4 * part, 4 * (part + more))
        assert closer[1] - closer[0] < high - low


def test_the_interval_is_the_one_in_the_books() -> None:
    # Newcombe 1998 (Statistics in Medicine 17:857), method 3: 81/263 and 0/20.
    assert [round(end, 4) for end in wilson(81, 263)] == [0.2553, 0.3662]
    assert [round(end, 4) for end in wilson(0, 20)] == [0.0, 0.1611]


@pytest.mark.parametrize(
    ("inside", "count", "verdict"),
    [
        (4, 5, "too_few"),
        (40, 50, "too_few"),
        (80, 100, "as_meant"),
        (799, 1000, "as_meant"),
        (79_000, 100_000, "as_meant"),
        (60, 100, "too_narrow"),
        (7000, 10_000, "too_narrow"),
        (100, 100, "too_wide"),
    ],
)
def test_what_a_share_is_read_as(inside: int, count: int, verdict: str) -> None:
    (row,) = forecasts_held(Said(offs=[Off(60, 0, inside, count)]))
    assert row["verdict"] == verdict


@given(st.integers(-500, 500))
def test_a_lead_lies_in_the_span_of_its_class_alone(ahead: int) -> None:
    def inside(low: int | None, high: int | None) -> bool:
        return (low is None or ahead >= low) and (high is None or ahead < high)

    assert [one for one in AHEAD_MIN if inside(*ahead_span(one))] == [ahead_class(ahead)]


def plant(by: Actor, depot_id: UUID, *, errors_s: list[int], horizon_min: int = 60, ahead_s: int | None = 7200) -> None:
    """Of each error a forecast, inside up to ten minutes, and a told promise, kept up to then."""
    with scope(by):
        etas, tasks = [], []
        for error in errors_s:
            common = {"day": DAY, "stop_id": uuid7(), "route_id": uuid7(), "driver_id": uuid7(), "depot_id": depot_id}
            arrived, held = AT + timedelta(seconds=error), abs(error) <= 600
            etas.append(
                EtaFact(
                    **common, horizon_min=horizon_min, expected=AT, arrived_at=arrived, error_s=error, inside=held
                )
            )  # fmt: skip
            tasks.append(
                TaskFact(
                    **common, task_id=uuid7(), order_id=uuid7(), outcome="completed", attempt=1, promised=True,
                    promise_told=True, promise_kept=held, told_ahead_s=ahead_s, ended_at=arrived, planned_service_s=60,
                )
            )  # fmt: skip
        EtaFact.objects.bulk_create(etas)
        TaskFact.objects.bulk_create(tasks)


def test_thousands_are_added_up_by_the_database_for_one_depot(db: Any) -> None:
    by, ours, other = an_owner(), uuid7(), uuid7()
    errors = [(number * 37) % 1500 - 500 for number in range(4000)]
    plant(by, ours, errors_s=errors)
    plant(by, other, errors_s=[5000] * 3, horizon_min=5)
    plant(owner_of(an_organization("Next door")), ours, errors_s=[9000] * 50)
    with scope(by), CaptureQueriesContext(connection) as asked:
        said = queries.said(Period(DAY, DAY, depot_id=ours))
    assert len(asked) == 2
    (row,) = forecasts_held(said)
    assert (row["horizon_min"], row["count"]) == (60, 4000)
    assert row["inside"] == round(sum(abs(error) <= 600 for error in errors) / 4000, 4)
    assert row["bias_min"] == round(statistics.median_low(errors) / 60, 1)
    (told,) = windows_held(said)
    assert (told["ahead_min"], told["count"], told["kept"]) == (120, 4000, row["inside"])
    with scope(by):
        assert sum(window.count for window in queries.said(TODAY).windows) == 4003
        assert {off.horizon_min for off in queries.said(TODAY).offs} == {60}


@pytest.mark.parametrize(
    ("ahead_s", "ahead_min"),
    [(14_400, 240), (14_399, 120), (900, 15), (899, 0), (0, 0), (-1, 0), (-90_000, 0), (900_000, 240)],
)
def test_a_lead_is_cut_to_the_minute_and_leads_to_its_rows(db: Any, ahead_s: int, ahead_min: int) -> None:
    by = an_owner()
    plant(by, uuid7(), errors_s=[0], ahead_s=ahead_s)
    plant(by, uuid7(), errors_s=[0], ahead_s=None)
    with scope(by):
        (row,) = windows_held(queries.said(TODAY))
        assert (row["ahead_min"], row["count"]) == (ahead_min, 1)
        for ahead in AHEAD_MIN:
            rows = queries.page_of("tasks", TODAY, Narrow(due=True, ahead_min=ahead), most=9)
            assert [one["told_ahead_s"] for one in rows] == ([ahead_s] if ahead == ahead_min else [])


def test_a_merchant_sees_the_own_windows_and_no_forecasts(db: Any) -> None:
    by = an_owner()
    plant(by, uuid7(), errors_s=[0, 0])
    shop = a_merchant(by)
    with scope(by):
        TaskFact.objects.filter(id=TaskFact.objects.earliest("id").id).update(merchant_id=shop.id)
    with scope(Actor(by.kind, by.organization_id, by.id, by.role, merchant_id=shop.id)):
        said = queries.said(TODAY)
    assert (list(said.offs), sum(window.count for window in said.windows)) == ([], 1)


def test_how_long_before_is_reckoned_from_the_first_telling_to_the_window_that_was_told(db: Any) -> None:
    road = a_road(an_owner(), 2).start()
    told, untold = road.stops
    with scope(road.by):
        promise = orders_queries.promises_of(road.orders[0].id)[0]
    orders.promise_told(promise.id, "email", by=road.by, at=promise.start - timedelta(minutes=45))
    orders.promise_told(promise.id, "sms", by=road.by, at=promise.start - timedelta(minutes=10))
    for stop in (told, untold):
        dispatch.arrive_stop(stop.id, by=road.driver, at=FIRST)
        done = StopOutcome(left_with="recipient")
        dispatch.complete_stop(stop.id, done, by=road.driver, at=FIRST + timedelta(minutes=3))
    with scope(system(road.by.organization_id)):
        for stop in road.stops:
            digest(history("stop", stop.id))
        kept = {fact.stop_id: fact.told_ahead_s for fact in TaskFact.objects.all()}
        (row,) = windows_held(queries.said(TODAY))
        TaskFact.objects.update(told_ahead_s=None)
        with connection.cursor() as cursor:  # what was digested before is filled in alike
            cursor.execute(import_module("homestretch.insights.migrations.0005_told_ahead").TOLD)
        assert {fact.stop_id: fact.told_ahead_s for fact in TaskFact.objects.all()} == kept
    assert kept == {told.id: 45 * 60, untold.id: None}
    assert (row["ahead_min"], row["count"]) == (30, 1)
