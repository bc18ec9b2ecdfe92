"""No position is kept off shift; what is ahead of its tap waits unseen, and not for long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction

from homestretch.dispatch import actions as dispatch
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, Kind, Role, system
from homestretch.tracking import actions, queries
from homestretch.tracking.models import Duty
from homestretch.tracking.rules.fixes import Fix
from tests.town.dispatch import a_road, an_owner
from tests.town.fleet import a_driver
from tests.town.places import AT, SQUARE, spot
from tests.town.tracking import a_phone, a_tracker, bring, kept, on_duty


def fix(minutes: float) -> Fix:
    """A fix so many minutes after seven (the route is planned from 7:10 to 8:30 UTC)."""
    return Fix(AT + timedelta(minutes=minutes), SQUARE.lat, SQUARE.lon)


def minutes_kept(by: Actor) -> list[float]:
    """When the kept positions were taken, in minutes after seven."""
    return [(at - AT).total_seconds() / 60 for _, at in kept(by)]


def held(superuser: Any) -> int:
    """How many wait, as only a superuser can see."""
    return int(superuser.execute("select count(*) from tracking_held").fetchone()[0])


@pytest.fixture
def road(db: Any) -> Any:
    return a_road(an_owner())


def settle(road: Any, minutes: float = 0) -> Any:
    return actions.settle_duty(road.route_id, by=system(road.by.organization_id), at=AT + timedelta(minutes=minutes))


def test_before_any_tap_the_plan_says_when(road: Any) -> None:
    phone, _ = on_duty(road)
    bring(road.by, phone, map(fix, [-21, -20, 0, 210, 211]))
    assert minutes_kept(road.by) == [-20, 0, 210]


def test_the_start_tap_cuts_what_was_before_it(road: Any) -> None:
    phone, _ = on_duty(road)
    bring(road.by, phone, map(fix, [-10, 5, 15]))
    road.start(AT + timedelta(minutes=5))
    settle(road)
    assert minutes_kept(road.by) == [5, 15]


def test_what_was_ahead_of_an_early_tap_waits_and_is_let_in(road: Any) -> None:
    phone, _ = on_duty(road)
    bring(road.by, phone, map(fix, [-60, -50]))
    assert minutes_kept(road.by) == []
    road.start(AT - timedelta(minutes=55))
    settle(road)
    assert minutes_kept(road.by) == [-50]


def test_after_the_end_tap_nothing_is_kept_nor_waits(committed: Any, superuser: Any) -> None:
    road = a_road(an_owner())
    phone, _ = on_duty(road)
    road.start()
    bring(road.by, phone, map(fix, [10, 100, 130]))
    dispatch.finish_route(road.route_id, by=road.driver, at=AT + timedelta(minutes=90))
    settle(road)
    assert minutes_kept(road.by) == [10]
    bring(road.by, phone, map(fix, [85, 95, 200]))
    assert minutes_kept(road.by) == [10, 85]
    assert held(superuser) == 0


def test_a_route_taken_back_takes_the_duty_with_it(road: Any) -> None:
    phone, _ = on_duty(road)
    bring(road.by, phone, map(fix, [-5, 5]))
    dispatch.recall(road.route_id, by=road.by, at=AT)
    settle(road, 0)
    assert minutes_kept(road.by) == [-5]


def test_another_drivers_phone_follows_the_route_from_then_on(road: Any) -> None:
    other = a_driver(road.by, name="Otto")
    first, _ = on_duty(road)
    second, _ = a_phone(road.by, other.id)
    road.start()
    settle(road)
    dispatch.reassign(road.route_id, other.id, by=road.by, at=AT + timedelta(minutes=30))
    settle(road, 30)
    bring(road.by, first, map(fix, [10, 40]))
    bring(road.by, second, [fix(45)])
    assert minutes_kept(road.by) == [10, 45]


def test_the_vehicles_tracker_is_on_duty_too(road: Any) -> None:
    tracker, _ = a_tracker(road.by, road.route.vehicle_id)
    settle(road)
    bring(road.by, tracker, [fix(0)])
    assert kept(road.by) == [(tracker, AT)]


def test_the_same_position_twice_is_one(road: Any) -> None:
    phone, _ = on_duty(road)
    bring(road.by, phone, [fix(0), fix(0), fix(1)])
    bring(road.by, phone, [fix(0)])
    assert minutes_kept(road.by) == [0, 1]


def test_nobody_reads_what_waits(road: Any) -> None:
    phone, _ = on_duty(road)
    bring(road.by, phone, [fix(-100)])
    with pytest.raises(Error, match="permission denied"), scope(road.by), connection.cursor() as cursor:
        cursor.execute("select * from tracking_held")


def test_what_waits_too_long_and_what_is_too_old_is_erased(committed: Any, superuser: Any) -> None:
    road = a_road(an_owner())
    phone, _ = on_duty(road)
    bring(road.by, phone, map(fix, [-100, 0]))
    by = system(road.by.organization_id)
    assert actions.erase_old(by=by, at=AT + timedelta(hours=22)) == 0
    assert held(superuser) == 1
    assert actions.erase_old(by=by, at=AT + timedelta(hours=23, minutes=1)) == 1
    assert held(superuser) == 0
    assert actions.erase_old(by=by, at=AT + timedelta(days=59)) == 0
    assert actions.erase_old(by=by, at=AT + timedelta(days=61)) == 1
    assert kept(road.by) == []


def test_positions_are_of_one_organization(road: Any) -> None:
    phone, _ = on_duty(road)
    bring(road.by, phone, [fix(0)])
    assert kept(an_owner("Next Door")) == []


@pytest.mark.parametrize("narrow", [{"merchant_id": "merchant"}, {"order_id": "order"}, {"driver_id": "driver"}])
def test_no_narrow_eyes_see_raw_positions(road: Any, narrow: dict[str, str]) -> None:
    phone, _ = on_duty(road)
    bring(road.by, phone, [fix(0)])
    ids = {"merchant": road.route_id, "order": road.orders[0].id, "driver": road.driver.driver_id}
    actor = Actor(Kind.KEY, road.by.organization_id, None, Role.MERCHANT, **{k: ids[v] for k, v in narrow.items()})
    assert kept(actor) == []


def test_a_partition_is_closed_to_the_app(road: Any) -> None:
    phone, _ = on_duty(road)
    bring(road.by, phone, [fix(0)])
    with pytest.raises(Error, match="permission denied"), scope(road.by), connection.cursor() as cursor:
        cursor.execute(f"select * from tracking_position_{AT:%Y%m%d}")
    with pytest.raises(Error, match="no positions are kept"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select make_day('1999-01-01')")


def test_settling_again_changes_nothing(road: Any) -> None:
    phone, _ = on_duty(road)
    bring(road.by, phone, [fix(0)])
    settle(road)
    settle(road)
    assert minutes_kept(road.by) == [0]
    with scope(road.by):
        assert Duty.objects.count() == 1


# --- tracks ---


def test_after_eight_days_the_track_stays_and_what_was_reported_goes(road: Any) -> None:
    phone, _ = on_duty(road)
    road.start()
    point = spot(1)
    day = [Fix(AT + timedelta(seconds=10 * n), point.lat + n * 1e-4, point.lon, None, None, 5) for n in range(300)]
    spike = Fix(AT + timedelta(seconds=1001), point.lat + 0.5, point.lon, None, None, 5)
    bring(road.by, phone, [*day, spike])
    us = system(road.by.organization_id)
    with scope(road.by):
        assert queries.trace(road.route_id, AT - timedelta(days=1)) == day, "the spike is no part of it"
    assert actions.thin_route(road.route_id, by=us, at=AT + timedelta(days=7)) is None, "an outbox may still come"
    jobs_at = AT + timedelta(days=9)
    with scope(road.by):
        assert queries.routes_to_thin(jobs_at, 5) == [road.route_id]
    track = actions.thin_route(road.route_id, by=us, at=jobs_at)
    assert track is not None
    assert track.left_out["spike"] == 1
    assert kept(road.by) == []
    with scope(road.by):
        thinned = queries.trace(road.route_id, AT - timedelta(days=1))
        assert queries.routes_to_thin(jobs_at, 5) == []
    assert thinned == [day[0], day[-1]], "a straight way at one speed is told by its ends"
    actions.erase_old(by=us, at=AT + timedelta(days=61))
    with scope(road.by):
        assert queries.trace(road.route_id, AT - timedelta(days=1)) == []


def test_two_readings_of_one_instant_are_both_kept_and_the_better_one_is_the_track(road: Any) -> None:
    phone, _ = on_duty(road)
    poor, fine = fix(10)._replace(lat=spot(1).lat + 0.001, accuracy_m=90), fix(10)._replace(accuracy_m=5)
    for order in ([poor, fine], [fine, poor]):
        bring(road.by, phone, order)
    assert minutes_kept(road.by) == [10, 10]
    with scope(road.by):
        assert queries.trace(road.route_id, AT - timedelta(days=1)) == [fine]
