"""Measures through the API: nothing measured is null, a silly span is refused, a spreadsheet runs nothing."""

from __future__ import annotations

import csv
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

from homestretch.events.scope import scope
from homestretch.insights import queries
from homestretch.insights.models import RouteFact, TaskFact
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from tests.insights.test_calibration import plant
from tests.town.accounts import AT, a_key, a_merchant, an_organization, bearing, owner_of
from tests.town.orders import DAY

pytestmark = pytest.mark.django_db
DAYS = {"first": "2026-11-23", "last": "2026-11-23"}


def test_of_an_empty_day_there_is_nothing_to_measure() -> None:
    program = bearing(a_key(owner_of(an_organization()), "measures:read"))
    found = program.get("/api/v1/measures", DAYS).json()
    assert (found["on_time"], found["attempts"], found["cost_per_stop"]) == (None, 0, None)


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    program = bearing(a_key(owner_of(an_organization()), "measures:read"))
    answer = program.get("/api/v1/measures", {"first": "2026-11-23", "last": "2026-11-22"})
    assert (answer.status_code, answer.json()["code"]) == (422, "measures.days_invalid")


def test_a_merchant_measures_the_own_orders_and_no_routes() -> None:
    owner = owner_of(an_organization())
    shop, other = a_merchant(owner), a_merchant(owner, "Other")
    with scope(owner):
        for merchant in (shop, other):
            TaskFact.objects.create(
                day=AT.date(),
                task_id=uuid7(),
                stop_id=uuid7(),
                order_id=uuid7(),
                route_id=uuid7(),
                merchant_id=merchant.id,
                outcome="completed",
                reason="=cmd()",
                attempt=1,
                planned_arrive=AT,
                ended_at=AT + timedelta(minutes=3),
                planned_service_s=120,
            )
        RouteFact.objects.create(
            day=AT.date(), route_id=uuid7(), stops=2, planned_s=60, route_s=60, planned_m=10, driven_m=10, cost=7
        )
    theirs = bearing(a_key(owner, "measures:read", merchant_id=shop.id))
    found = theirs.get("/api/v1/measures", DAYS).json()
    assert (found["attempts"], found["cost_per_stop"]) == (1, None)
    lines = b"".join(theirs.get("/api/v1/measures/facts.csv", DAYS)).decode().splitlines()
    assert len(lines) == 2
    assert ",'=cmd()," in lines[1]


def facts_of(owner: Actor, count: int, order_ids: int, **changes: Any) -> None:
    """`count` tasks of the day, three minutes apart, of that many orders in turn."""
    orders = [uuid7() for _ in range(order_ids)]
    values = {"outcome": "completed", "attempt": 1, "planned_service_s": 120, "service_s": 150, "score": 4, **changes}
    with scope(owner):
        for number in range(count):
            at = AT + timedelta(minutes=3 * (number // 2))  # two at the same instant
            ids = {name: uuid7() for name in ("task_id", "stop_id", "route_id")}
            TaskFact.objects.create(day=AT.date(), order_id=orders[number % order_ids], ended_at=at, **ids, **values)


def test_the_database_adds_up_and_an_order_is_rated_once() -> None:
    owner = owner_of(an_organization())
    facts_of(owner, 6, 3, promised=True, promise_kept=True, promise_told=True)
    facts_of(owner, 2, 2, promised=True, promise_told=True, outcome="failed", reason="refused", service_s=None, score=1)
    with scope(owner):
        for driven_m in (66_000, None):
            RouteFact.objects.create(
                day=AT.date(),
                route_id=uuid7(),
                stops=10,
                planned_s=16_000,
                route_s=18_000,
                planned_m=60_000,
                driven_m=driven_m,
                cost=21_000,
            )
        assert len(queries.facts(AT.date(), AT.date()).tasks) == 2
    found = bearing(a_key(owner, "measures:read")).get("/api/v1/measures", DAYS).json()
    assert (found["attempts"], found["on_time"], found["failed_attempts"]) == (8, 0.75, {"refused": 2})
    assert (found["service_share"], found["ratings"]["count"], found["ratings"]["mean"]) == (1.25, 5, 2.8)
    assert (found["stops_per_hour"], found["km_per_hour"], found["cost_per_stop"]) == (2.0, 13.2, 2100.0)


def test_calibration_says_the_same_as_its_page() -> None:
    owner, depot = owner_of(an_organization()), uuid7()
    plant(owner, depot, errors_s=[60] * 280 + [-3600] * 120)
    plant(owner, uuid7(), errors_s=[0] * 8)
    program = bearing(a_key(owner, "measures:read"))
    whole = {"first": str(DAY), "last": str(DAY)}
    (row,) = program.get("/api/v1/measures/calibration", {**whole, "depot_id": str(depot)}).json()["forecasts_held"]
    assert row == {
        "horizon_min": 60, "count": 400, "inside": 0.7, "low": 0.6534, "high": 0.7428, "early": 0.3, "late": 0.0,
        "mean_min": 18.7, "bias_min": 1.0, "verdict": "too_narrow",
    }  # fmt: skip
    (told,) = program.get("/api/v1/measures/calibration", whole).json()["windows_held"]
    assert (told["ahead_min"], told["count"], told["kept"], told["verdict"]) == (120, 408, 0.7059, "enough")
    backwards = program.get("/api/v1/measures/calibration", {"first": "2026-11-23", "last": "2026-11-22"})
    assert (backwards.status_code, backwards.json()["code"]) == (422, "measures.days_invalid")


def test_a_long_table_comes_in_pages_that_miss_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("homestretch.insights.queries.facts"), "PAGE", 3)
    owner = owner_of(an_organization())
    facts_of(owner, 7, 7)
    answer = bearing(a_key(owner, "measures:read")).get("/api/v1/measures/facts.csv", {**DAYS, "last": "2026-11-25"})
    parts = [part.decode() for part in answer]
    assert len(parts) == 1 + 3
    rows = list(csv.DictReader("".join(parts).splitlines()))
    assert len({row["task_id"] for row in rows}) == 7
    assert [row["ended_at"] for row in rows] == sorted(row["ended_at"] for row in rows)
