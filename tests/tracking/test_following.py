"""Positions move a route on: whereabouts, arrivals, departures, forecasts, silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch import queries as dispatch_queries
from homestretch.dispatch.values import StopOutcome
from homestretch.events.log import tail
from homestretch.events.models import Event
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, Kind, system
from homestretch.kernel.geo import Point
from homestretch.kernel.ids import uuid7
from homestretch.kernel.units import iso
from homestretch.tracking import actions, queries
from homestretch.tracking.actions.forecasting import _risks
from homestretch.tracking.models import Forecast, Whereabouts
from homestretch.tracking.rules.forecast import grade_of
from homestretch.travel import actions as travel
from homestretch.travel.rules.estimate import built_in
from tests.town.dispatch import a_road, an_owner
from tests.town.places import AT, spot
from tests.town.tracking import bring, halt, kept, on_duty, track

DEPOT = spot(0)


def minute(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


@pytest.fixture
def road(db: Any) -> Any:
    """A started route of three stops, its phone on duty."""
    made = a_road(an_owner())
    made.phone, made.token = on_duty(made)
    made.start()
    actions.settle_duty(made.route_id, by=us(made), at=AT)
    return made


def us(road: Any) -> Actor:
    return system(road.by.organization_id)


def follow(road: Any, minutes: float) -> bool:
    return actions.follow(road.route_id, by=us(road), at=minute(minutes))


def where(road: Any) -> Any:
    with scope(road.by):
        return Whereabouts.objects.get()


def facts(road: Any, *types: str) -> list[Any]:
    with scope(road.by):
        return list(Event.objects.filter(type__in=types).order_by("recorded_at", "id"))


def point(stop: Any) -> Point:
    return Point(stop.place.lat, stop.place.lon)


def drive_to_first(road: Any) -> None:
    """Twenty minutes to the first stop, and a minute there."""
    target = point(road.stops[0])
    bring(road.by, road.phone, track(DEPOT, target, AT, seconds=1200), now=minute(20))
    bring(road.by, road.phone, halt(target, minute(20), seconds=60), now=minute(21))


def test_arrival_is_seen_and_told_to_dispatch(road: Any) -> None:
    drive_to_first(road)
    assert follow(road, 21)
    first = road.stops[0]
    assert first.state == "arrived"
    assert minute(19) < first.arrived_at <= minute(20.1)
    (told,) = facts(road, "stop.arrived")
    assert told.data["seen_by"] == "geofence"
    assert where(road).at == minute(21)
    assert where(road).driven_m > 300
    assert not follow(road, 21), "nothing is new"


def test_a_tap_that_was_faster_stands(road: Any) -> None:
    dispatch.arrive_stop(road.stops[0].id, by=road.driver, at=minute(19))
    drive_to_first(road)
    assert follow(road, 21)
    assert road.stops[0].arrived_at == minute(19)


def test_departure_is_seen(road: Any) -> None:
    drive_to_first(road)
    follow(road, 21)
    first, second, _ = road.stops
    dispatch.complete_stop(first.id, StopOutcome(left_with="recipient"), by=road.driver, at=minute(22))
    bring(road.by, road.phone, halt(point(first), minute(21.5), seconds=60), now=minute(23))
    bring(road.by, road.phone, track(point(first), point(second), minute(23), seconds=300), now=minute(28))
    follow(road, 28)
    assert minute(23) <= road.stops[0].left_at <= minute(25)


def test_a_whole_offline_morning_at_once(road: Any) -> None:
    first, second, _ = road.stops
    drive_to_first(road)
    bring(road.by, road.phone, track(point(first), point(second), minute(24), seconds=600), now=minute(35))
    bring(road.by, road.phone, halt(point(second), minute(34.1), seconds=60), now=minute(36))
    follow(road, 36)
    assert road.stops[0].state == "arrived"
    assert road.stops[0].left_at is not None, "it went on before the outbox came in"
    dispatch.complete_stop(first.id, StopOutcome(left_with="recipient"), by=road.driver, at=minute(22))


def test_a_tap_that_seems_missing_is_proposed_to_the_driver_and_the_next_arrival_is_seen(road: Any) -> None:
    first, second, _ = road.stops
    drive_to_first(road)
    follow(road, 21)
    assert on_sheet(road)[0]["seems_left_at"] is None
    bring(road.by, road.phone, track(point(first), point(second), minute(24), seconds=600), now=minute(35))
    bring(road.by, road.phone, halt(point(second), minute(34.1), seconds=60), now=minute(36))
    follow(road, 36)
    left = road.stops[0].left_at
    assert on_sheet(road)[0]["seems_left_at"] == iso(left)
    assert road.stops[0].state == "arrived", "nobody but the driver says that it is done"
    assert [stop.state for stop in road.stops[:2]] == ["arrived", "arrived"]
    dispatch.complete_stop(first.id, StopOutcome(left_with="recipient"), by=road.driver, at=minute(37))
    assert on_sheet(road)[0]["seems_left_at"] is None


def on_sheet(road: Any) -> list[Any]:
    with scope(road.driver):
        return list(dispatch_queries.route_sheet(road.driver.driver_id)["stops"])


def test_two_stops_in_one_building_are_reached_one_after_the_other(db: Any) -> None:
    road = a_road(an_owner())
    road.phone, _ = on_duty(road)
    road.start()
    first, second, _ = road.stops
    with scope(road.by):
        second.place.__class__.objects.filter(id=second.place_id).update(lat=first.place.lat, lon=first.place.lon)
    bring(road.by, road.phone, halt(point(first), minute(20), seconds=240), now=minute(24))
    follow(road, 24)
    assert [stop.state for stop in road.stops[:2]] == ["arrived", "planned"], "one at a time"
    dispatch.complete_stop(first.id, StopOutcome(left_with="recipient"), by=road.driver, at=minute(24))
    bring(road.by, road.phone, halt(point(first), minute(24.1), seconds=60), now=minute(26))
    follow(road, 26)
    assert [stop.state for stop in road.stops[:2]] == ["completed", "arrived"]


def test_the_last_position_never_goes_back(road: Any) -> None:
    drive_to_first(road)
    follow(road, 21)
    bring(road.by, road.phone, halt(DEPOT, minute(5.01), seconds=30), now=minute(22))
    follow(road, 22)
    assert where(road).at == minute(21)
    assert len(kept(road.by)) == 241 + 12 + 7, "it is kept all the same"


def test_before_the_start_there_is_a_place_and_no_distance(db: Any) -> None:
    road = a_road(an_owner())
    road.phone, _ = on_duty(road)
    drive_to_first(road)
    follow(road, 21)
    assert where(road).driven_m == 0
    assert road.stops[0].state == "planned"


@pytest.mark.parametrize("read_before", [False, True])
def test_a_finished_route_notes_how_far_it_was_driven(road: Any, read_before: bool) -> None:
    drive_to_first(road)
    if read_before:
        follow(road, 24)
    dispatch.finish_route(road.route_id, by=road.driver, at=minute(25))
    actions.settle_duty(road.route_id, by=us(road), at=minute(25))
    follow(road, 25)
    assert road.route.driven_m == where(road).driven_m > 300


# --- forecasts ---


def reforecast(road: Any, minutes: float) -> dict[Any, Any]:
    return {row.stop_id: row for row in actions.reforecast(road.route_id, by=us(road), at=minute(minutes))}


def test_every_open_stop_is_expected_in_order(road: Any) -> None:
    made = reforecast(road, 0)
    rows = [made[stop.id] for stop in road.stops]
    assert [row.p50 for row in rows] == sorted(row.p50 for row in rows)
    assert all(row.made_at == AT and row.p10 <= row.p50 < row.p90 for row in rows)


def test_a_late_vehicle_shifts_its_etas_once(road: Any) -> None:
    reforecast(road, 0)
    before = len(facts(road, "eta.shifted"))
    bring(road.by, road.phone, halt(DEPOT, minute(40), seconds=300), now=minute(45))
    follow(road, 45)
    made = reforecast(road, 45)
    shifted = facts(road, "eta.shifted")[before:]
    assert {event.data["stop_id"] for event in shifted} == {str(stop.id) for stop in road.stops}
    assert all(event.data["shift_s"] >= 300 for event in shifted)
    reforecast(road, 46)
    assert len(facts(road, "eta.shifted")) == before + 3, "a minute more is not said"
    assert made[road.stops[0].id].p50 > minute(45)


def test_a_promise_that_stays_at_risk_is_so_once(road: Any) -> None:
    bring(road.by, road.phone, halt(DEPOT, minute(200), seconds=300), now=minute(205))
    follow(road, 205)
    reforecast(road, 205)
    at_risk = facts(road, "promise.at_risk")
    assert {event.data["order_id"] for event in at_risk} == {str(order.id) for order in road.orders}
    assert all(event.data["late_s"] > 0 for event in at_risk)
    reforecast(road, 215)
    assert len(facts(road, "promise.at_risk")) == 3
    assert any(event.data["late_s"] > 0 for event in facts(road, "eta.shifted"))


@pytest.mark.parametrize(("late_s", "grade"), [(0, 0), (1, 1), (899, 1), (900, 2), (3599, 2), (3600, 3)])
def test_a_risk_has_grades(late_s: int, grade: int) -> None:
    assert grade_of(late_s) == grade


def test_a_promise_at_risk_is_said_again_when_it_is_graver_or_comes_back_after_it_was_safe() -> None:
    promise = SimpleNamespace(id=uuid7(), order_id=uuid7(), end=minute(60))
    row = Forecast(organization_id=uuid7())
    said = []
    for at in (55, 61, 62, 76, 70, 59, 61, 58, 61, 130):
        row.p50 = minute(at)
        said += [(at, risk.late_s // 60) for risk in _risks(row, [promise])]
    assert said == [(61, 1), (76, 16), (61, 1), (130, 70)], "59 is safe by a hair only: 61 after it is no news"


def test_the_next_stop_is_announced_once_when_near(road: Any) -> None:
    first = road.stops[0]
    reforecast(road, 0)
    facts_before = facts(road, "stop.approaching")
    bring(road.by, road.phone, halt(point(first), minute(15), seconds=5), now=minute(15.1))
    follow(road, 15.1)
    actions.announce(road.route_id, by=us(road), at=minute(15.1))
    actions.announce(road.route_id, by=us(road), at=minute(15.2))
    told = facts(road, "stop.approaching")
    assert [event.data["stop_id"] for event in told] == [str(first.id)]
    assert len(facts_before) <= 1


def test_drift_asks_for_new_forecasts(road: Any) -> None:
    reforecast(road, 0)
    bring(road.by, road.phone, halt(DEPOT, minute(1), seconds=5), now=minute(1.1))
    follow(road, 1.1)
    reforecast(road, 1.1)
    assert not actions.announce(road.route_id, by=us(road), at=minute(1.2))
    bring(road.by, road.phone, halt(DEPOT, minute(9), seconds=5), now=minute(9.1))
    follow(road, 9.1)
    assert actions.announce(road.route_id, by=us(road), at=minute(9.1))


def test_a_forecast_is_held_against_the_same_speed_that_made_it(road: Any) -> None:
    """At a rush hour the next half hour is slower than the rest of the shift, and that is no drift."""
    rush = tuple(500 if hour in {7, 8} else 40 for hour in range(24))
    travel.adopt(replace(built_in("van"), hours_pct=rush), source="measured", by=road.by, at=AT)
    bring(road.by, road.phone, halt(DEPOT, minute(1), seconds=5), now=minute(1.1))
    follow(road, 1.1)
    reforecast(road, 1.1)
    assert not actions.announce(road.route_id, by=us(road), at=minute(1.2))


def test_where_the_vehicle_is_seen_nothing_is_taken_off_its_way(road: Any) -> None:
    first = road.stops[0]
    dispatch.begin_stop(first.id, by=road.driver, at=minute(1))
    with scope(road.by):
        seen = dispatch_queries.running(road.route, at=minute(1.5), here=DEPOT)
        unseen = dispatch_queries.running(road.route, at=minute(1.5))
    arrivals = [running.times([halt.stop_id for halt in running.halts]).stops[0].arrive for running in (seen, unseen)]
    assert arrivals[0] - arrivals[1] == 30, "half a minute of the way from the depot is behind it"


def test_a_stop_being_served_stands_before_the_others(road: Any) -> None:
    first, second, _ = road.stops
    dispatch.arrive_stop(first.id, by=road.driver, at=minute(20))
    made = reforecast(road, 21)
    assert first.id not in made
    assert made[second.id].p50 >= minute(22), "two minutes of service since twenty past"


def test_a_forecast_says_how_old_it_is(road: Any) -> None:
    reforecast(road, 0)
    with scope(road.by):
        view = queries.forecasts([road.stops[0].id])[0]
    assert not view.stale(minute(10))
    assert view.stale(minute(10.1))


def test_the_forecast_of_a_vehicle_that_fell_silent_is_as_old_as_its_last_word(road: Any) -> None:
    bring(road.by, road.phone, halt(DEPOT, minute(4), seconds=5), now=minute(5))
    follow(road, 5)
    actions.look_for_silence(road.route_id, by=us(road), at=minute(30))
    reforecast(road, 30)
    with scope(road.by):
        view = queries.forecasts([road.stops[0].id])[0]
    assert minute(4) < view.made_at < minute(5)
    assert view.stale(minute(30))
    bring(road.by, road.phone, halt(DEPOT, minute(31), seconds=5), now=minute(31))
    follow(road, 31)
    reforecast(road, 31)
    with scope(road.by):
        assert not queries.forecasts([road.stops[0].id])[0].stale(minute(32))


def test_nothing_is_expected_of_a_route_that_is_not_started(db: Any) -> None:
    road = a_road(an_owner())
    assert reforecast(road, 0) == {}
    with scope(road.by):
        assert Forecast.objects.count() == 0


# --- silence ---


def test_a_silent_vehicle_is_told_once_and_heard_again(road: Any) -> None:
    look = actions.look_for_silence(road.route_id, by=us(road), at=minute(5))
    assert look == minute(15)
    assert actions.look_for_silence(road.route_id, by=us(road), at=minute(15)) == minute(30)
    actions.look_for_silence(road.route_id, by=us(road), at=minute(30))
    (silent,) = facts(road, "vehicle.silent")
    assert silent.data["last_at"] is None
    bring(road.by, road.phone, halt(DEPOT, minute(31), seconds=5), now=minute(31))
    follow(road, 31)
    assert len(facts(road, "vehicle.heard")) == 1
    assert actions.look_for_silence(road.route_id, by=us(road), at=minute(32)) > minute(45)


# --- who sees what ---


def test_a_recipient_sees_the_van_only_when_the_own_stop_is_next(road: Any) -> None:
    drive_to_first(road)
    follow(road, 21)
    first, second = road.orders[0], road.orders[1]

    def seen(order: Any) -> Any:
        link = Actor(Kind.LINK, road.by.organization_id, None, order_id=order.id)
        with scope(link):
            return queries.vehicle_for_order(order.id)

    assert seen(first).at == minute(21)
    assert seen(second) is None
    dispatch.complete_stop(road.stops[0].id, StopOutcome(left_with="recipient"), by=road.driver, at=minute(22))
    assert seen(first) is None
    assert seen(second) is not None


def test_next_door_sees_nothing(road: Any) -> None:
    drive_to_first(road)
    follow(road, 21)
    reforecast(road, 21)
    with scope(an_owner("Next Door")):
        assert queries.vehicles_on_road() == []
        assert queries.whereabouts([road.route_id]) == []
        assert queries.forecasts([stop.id for stop in road.stops]) == []
        assert tail() == []
