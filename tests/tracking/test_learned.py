"""A trained model reaches the forecasts of running routes; what is driven today moves them, also those of others."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from bench.eta_days import Size, made_days
from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.values import StopOutcome
from homestretch.events.scope import scope
from homestretch.insights.training.training import trained
from homestretch.kernel.actor import system
from homestretch.tracking import actions
from homestretch.tracking.models import DepotWidth, RoutePace
from homestretch.travel import actions as travel_actions
from homestretch.travel.rules.timing_form import packed
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.places import AT

pytestmark = pytest.mark.django_db


@cache
def a_model() -> bytes:
    """Trained on days of other towns."""
    times = trained(made_days(5, Size(towns=2, days=20, routes=3, stops=12)))
    assert times is not None
    return packed(times)


@pytest.fixture
def road() -> Road:
    """A started route of six stops, in an organization that a trained model serves."""
    by = an_owner()
    travel_actions.keep_times(a_model(), {}, source="other towns", adopt=True, by=system(by.organization_id), at=AT)
    return a_road(by, 6).start()


def spans(road: Road, at: Any) -> dict[Any, tuple[Any, Any, Any]]:
    """What is expected of the route's stops."""
    rows = actions.reforecast(road.route_id, by=system(road.by.organization_id), at=at)
    return {row.stop_id: (row.p10, row.p50, row.p90) for row in rows}


def serve(road: Road, number: int, arrived: Any, left: Any) -> None:
    stop = road.stops[number]
    dispatch.arrive_stop(stop.id, seen_by="driver", by=road.driver, at=arrived)
    dispatch.complete_stop(stop.id, StopOutcome(), by=road.driver, at=left)


def test_forecasts_come_from_the_model_that_serves(road: Road) -> None:
    learned = spans(road, AT)
    assert len(learned) == 6
    assert all(p10 < p50 < p90 for p10, p50, p90 in learned.values())
    assert [s.id for s in road.stops] == sorted(learned, key=lambda stop_id: learned[stop_id][1])
    travel_actions.withdraw_times(by=system(road.by.organization_id), at=AT)
    usual = spans(road, AT)
    assert {p50 for _, p50, _ in usual.values()} != {p50 for _, p50, _ in learned.values()}


def test_what_takes_long_today_is_expected_to_go_on_so(road: Road) -> None:
    spans(road, AT)
    serve(road, 0, AT + timedelta(minutes=20), AT + timedelta(minutes=23))
    spans(road, AT + timedelta(minutes=23))
    serve(road, 1, AT + timedelta(minutes=95), AT + timedelta(minutes=125))
    at = AT + timedelta(minutes=125)
    slow = spans(road, at)
    with scope(road.by):
        pace = RoutePace.objects.get()
        assert (pace.model, pace.leg_weight > 0, pace.leg_sum > 0, pace.service_sum > 0) == (1, True, True, True)
        RoutePace.objects.update(leg_sum=-pace.leg_sum, service_sum=-pace.service_sum)
    assert slow == spans(road, at)  # the own ones are made anew
    last = road.stops[-1].id
    with scope(road.by):
        DepotWidth.objects.bulk_create(
            DepotWidth(depot_id=pace.depot_id, horizon_min=h, wider=0.7, day=AT.date()) for h in (0, 5, 15, 30, 60)
        )
    wide = spans(road, at)
    assert wide[last][2] - wide[last][0] > 1.5 * (slow[last][2] - slow[last][0])


def test_the_depots_other_routes_tell_of_the_day(road: Road) -> None:
    other = a_road(road.by, 4, first_number=20).start()
    before = spans(other, AT + timedelta(minutes=10))
    spans(road, AT)
    with scope(road.by):
        depot_id = road.route.shift.start_depot_id
        same = other.route.shift.start_depot_id == depot_id
        RoutePace.objects.update_or_create(
            route_id=road.route_id,
            defaults={
                "day": road.route.day,
                "depot_id": other.route.shift.start_depot_id,
                "model": 1,
                "leg_weight": 900.0,
                "leg_sum": 600.0,
                "service_weight": 900.0,
                "service_sum": 600.0,
            },
        )
    after = spans(other, AT + timedelta(minutes=10))
    last = other.stops[-1].id
    assert same or depot_id
    assert after[last][1] > before[last][1] + timedelta(seconds=30)
