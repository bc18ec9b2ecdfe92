"""Halts and forecasts become facts; the facts of a year are added up by the database; each row can be asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.values import StopOutcome
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.insights import measures, queries
from homestretch.insights.actions import digest
from homestretch.insights.models import EtaFact, HaltFact, RouteFact, TaskFact
from homestretch.insights.queries import Narrow
from homestretch.insights.values import Period
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.ids import uuid7
from homestretch.tracking import actions as tracking
from tests.town.dispatch import FIRST, Road, a_road, an_owner
from tests.town.orders import DAY
from tests.town.places import AT

TODAY = Period(DAY, DAY)


def digested(road: Road) -> None:
    """The road's log is read, twice."""
    with scope(system(road.by.organization_id)):
        for _ in range(2):
            for stop in road.stops:
                digest(history("stop", stop.id))
            digest(history("route", road.route_id))


@pytest.fixture
def road(db: Any) -> Road:
    """Two stops: the first served ten minutes late and left five minutes after, the second failed."""
    road = a_road(an_owner(), 2).start()
    first, second = road.stops
    tracking.reforecast(road.route_id, by=road.by, at=AT)
    for stop, at, outcome in (
        (first, FIRST + timedelta(minutes=10), StopOutcome(left_with="recipient")),
        (second, FIRST + timedelta(minutes=40), None),
    ):
        dispatch.arrive_stop(stop.id, by=road.driver, at=at)
        if outcome:
            dispatch.complete_stop(stop.id, outcome, by=road.driver, at=at + timedelta(minutes=4))
            dispatch.depart_stop(stop.id, by=road.driver, at=at + timedelta(minutes=5))
        else:
            reason = StopOutcome(reason="recipient_absent")
            dispatch.fail_stop(stop.id, reason, by=road.driver, at=at + timedelta(minutes=2))
    digested(road)
    return road


def test_a_halt_lasts_from_arriving_to_leaving(road: Road) -> None:
    with scope(road.by):
        served, failed = HaltFact.objects.order_by("arrived_at")
        assert (served.dwell_s, failed.dwell_s) == (300, 120)
        assert served.driver_id == road.driver.driver_id
        assert served.depot_id == road.route.shift.start_depot_id
        assert (served.outcome, failed.outcome) == ("completed", "failed")


def test_what_was_foretold_is_held_against_the_arrival(road: Road) -> None:
    with scope(road.by):
        kept = {(row.stop_id, row.horizon_min): row for row in EtaFact.objects.all()}
        assert kept
        for (stop_id, horizon), row in kept.items():
            assert horizon in (120, 60, 30, 15, 5)
            assert row.error_s == int((row.arrived_at - row.expected).total_seconds())
            assert stop_id in {stop.id for stop in road.stops}
        (row,) = measures.eta_error(queries.all_facts(TODAY))[:1]
        assert row["count"] >= 1


def test_a_plot_leads_to_its_rows(road: Road) -> None:
    with scope(road.by):
        failed = queries.page_of("tasks", TODAY, Narrow(outcome="failed", reason="recipient_absent"), most=10)
        assert [row["order_id"] for row in failed] == [road.orders[1].id]
        place = road.stops[0].place_id
        (halt,) = queries.page_of("halts", TODAY, Narrow(place_id=place), most=10)
        assert halt["dwell_s"] == 300
        first, *_ = queries.page_of("tasks", TODAY, Narrow(), most=1)
        (second,) = queries.page_of("tasks", TODAY, Narrow(), after=(first["day"], first["id"]), most=10)
        assert {first["order_id"], second["order_id"]} == {order.id for order in road.orders}


def test_a_driver_and_a_depot_narrow_what_is_measured(road: Road) -> None:
    other = a_road(road.by, 1, first_number=9).start()
    (stop,) = other.stops
    dispatch.complete_stop(stop.id, StopOutcome(left_with="recipient"), by=other.driver, at=FIRST)
    digested(other)
    with scope(road.by):
        assert measures.attempts(queries.all_facts(TODAY)) == 3
        assert measures.attempts(queries.all_facts(Period(DAY, DAY, driver_id=road.driver.driver_id))) == 2
        assert measures.attempts(queries.all_facts(Period(DAY, DAY, depot_id=uuid7()))) == 0


def a_year(by: Actor) -> int:
    """Facts of 365 days: four tasks and a route a day. Returns how many tasks."""
    with scope(by):
        whose = {"driver_id": uuid7(), "depot_id": uuid7()}
        tasks, halts, etas, routes = [], [], [], []
        for number in range(365):
            day, at = DAY - timedelta(days=number), AT - timedelta(days=number)
            route = uuid7()
            routes.append(
                RouteFact(day=day, route_id=route, stops=4, planned_s=9000, route_s=9900, planned_m=40_000, cost=5000)
            )
            for turn in range(4):
                stop, planned = uuid7(), at + timedelta(hours=turn)
                common = {"day": day, "stop_id": stop, "route_id": route, **whose}
                tasks.append(
                    TaskFact(
                        **common, task_id=uuid7(), order_id=uuid7(), outcome="completed", attempt=1, promised=True,
                        promise_told=True, promise_kept=turn != 3, planned_arrive=planned, arrived_at=planned,
                        ended_at=planned, planned_service_s=120, service_s=150,
                    )
                )  # fmt: skip
                halts.append(
                    HaltFact(
                        **common, place_id=uuid7(), outcome="completed", planned_arrive=planned, arrived_at=planned,
                        ended_at=planned, planned_s=120, dwell_s=150,
                    )
                )  # fmt: skip
                etas.append(
                    EtaFact(
                        **common, horizon_min=60, expected=planned, arrived_at=planned, error_s=turn * 60, inside=True
                    )
                )
        for model, rows in ((TaskFact, tasks), (HaltFact, halts), (EtaFact, etas), (RouteFact, routes)):
            model.objects.bulk_create(rows)
        return len(tasks)


def test_a_year_is_added_up_by_the_database(db: Any) -> None:
    by = an_owner()
    total = a_year(by)
    with scope(by), CaptureQueriesContext(connection) as asked:
        facts = queries.all_facts(Period(DAY - timedelta(days=364), DAY))
    assert len(asked) < 15
    assert len(facts.tasks) == 2  # kinds of outcome, not tasks
    assert len(facts.etas) == 4
    found = measures.measure(facts)
    assert found["attempts"] == total
    assert found["on_time"] == 0.75
    assert len(found["by_day"]) == 365
    by_hour = found["on_time_by_hour"]
    assert {cell["weekday"] for cell in by_hour} == set(range(1, 8))
    assert {cell["hour"] for cell in by_hour} == {8, 9, 10, 11, 12}  # local: an hour later in winter than in UTC
    assert sum(cell["due"] for cell in by_hour) == total
    assert found["eta_error"][0]["median_min"] == 1
