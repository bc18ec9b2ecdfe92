"""Measures through the API: nothing measured is null, a silly span is refused, a spreadsheet runs nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homestretch.events.scope import scope
from homestretch.insights.models import RouteFact, TaskFact
from homestretch.kernel.ids import uuid7
from tests.town.accounts import AT, a_key, a_merchant, an_organization, bearing, owner_of

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
    lines = theirs.get("/api/v1/measures/facts.csv", DAYS).content.decode().splitlines()
    assert len(lines) == 2
    assert ",'=cmd()," in lines[1]
