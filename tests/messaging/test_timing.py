"""Nobody is disturbed in the quiet hours of the organization's own clock, on the days of the change of clocks too."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homestretch.accounts.actions import update_organization
from homestretch.dispatch import actions as dispatch
from homestretch.kernel.actor import Actor
from homestretch.messaging.rules.timing import Quiet, is_quiet, next_try, quiet_until, slot
from tests.town.dispatch import a_road
from tests.town.messaging import Post, it_is, said, states
from tests.town.orders import an_order
from tests.town.places import AT

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Quiet(time(21), time(7), BERLIN)
ROSA = {"name": "Rosa", "phone": "+352621000009", "consent": {"sms": True}}


def local(text: str, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-23T20:59", None),
        ("2026-11-23T21:00", "2026-11-24T07:00"),
        ("2026-11-24T00:00", "2026-11-24T07:00"),
        ("2026-11-24T06:59", "2026-11-24T07:00"),
        ("2026-11-24T07:00", None),
        ("2026-03-28T22:00", "2026-03-29T07:00"),  # the night is an hour shorter
        ("2026-10-24T22:00", "2026-10-25T07:00"),  # an hour longer
    ],
)
def test_a_night_ends_at_its_wall_time(at, until):
    assert quiet_until(NIGHT, local(at)) == (local(until) if until else None)


def test_the_short_night_is_eight_hours_and_the_long_one_ten():
    assert quiet_until(NIGHT, local("2026-03-28T22:00")) - local("2026-03-28T22:00") == timedelta(hours=8)
    assert quiet_until(NIGHT, local("2026-10-24T22:00")) - local("2026-10-24T22:00") == timedelta(hours=10)


def test_an_end_that_the_clocks_jump_over_is_when_they_have_jumped():
    quiet = Quiet(time(21), time(2, 30), BERLIN)
    assert quiet_until(quiet, local("2026-03-29T01:00")) <= local("2026-03-29T03:30")
    assert not is_quiet(quiet, quiet_until(quiet, local("2026-03-29T01:00")))


def test_an_end_that_comes_twice_counts_the_next_time():
    quiet = Quiet(time(21), time(2, 30), BERLIN)
    assert quiet_until(quiet, local("2026-10-25T02:10")) == local("2026-10-25T02:30")
    assert quiet_until(quiet, local("2026-10-25T02:10", fold=1)) == local("2026-10-25T02:30", fold=1)


def test_quiet_hours_by_day_and_none_at_all():
    siesta = Quiet(time(13), time(15), BERLIN)
    assert quiet_until(siesta, local("2026-11-23T14:00")) == local("2026-11-23T15:00")
    assert quiet_until(siesta, local("2026-11-23T12:00")) is None
    assert quiet_until(Quiet(time(7), time(7), BERLIN), local("2026-11-23T07:00")) is None


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.times(),
    st.times(),
)
def test_quiet_hours_end_later_and_are_over_then(at, start, end):
    quiet = Quiet(start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0), BERLIN)
    until = quiet_until(quiet, at)
    assert (until is None) == (not is_quiet(quiet, at))
    if until is not None:
        assert at < until <= at + timedelta(hours=26)
        assert not is_quiet(quiet, until)


def test_a_message_whose_patience_ends_in_the_night_is_dropped():
    at = local("2026-11-23T22:00")
    assert slot(at, at + timedelta(hours=1), NIGHT, at).why == "quiet_hours"
    assert slot(at, at + timedelta(hours=24), NIGHT, at).due_at == local("2026-11-24T07:00")
    assert slot(at, at + timedelta(hours=1), NIGHT, at + timedelta(hours=2)).why == "too_late"


def test_tries_wait_longer_and_not_less_than_was_asked():
    assert next_try(1, AT, None) == AT + timedelta(seconds=30)
    assert next_try(50, AT, None) == AT + timedelta(minutes=30)
    assert next_try(1, AT, 600) == AT + timedelta(minutes=10)


def test_what_is_released_at_night_is_told_in_the_morning(us: Actor, post: Post) -> None:
    night = AT + timedelta(hours=14)  # ten in the evening, in the town
    it_is(night)
    a_road(us, orders=[an_order(us, 9, recipient=ROSA)], at=night)
    it_is(night)
    assert (states(us), post.taken()) == ([("scheduled", "sms", "planned", "")], [])
    assert said(us)[0].due_at == datetime(2026, 11, 24, 6, tzinfo=UTC)
    it_is(datetime(2026, 11, 24, 5, 59, tzinfo=UTC))
    assert post.taken() == []
    it_is(datetime(2026, 11, 24, 6, tzinfo=UTC))
    assert states(us) == [("scheduled", "sms", "sent", "")]


def test_nobody_hears_at_night_that_the_driver_comes(us: Actor, post: Post) -> None:
    road = a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    it_is(AT)
    update_organization({"quiet_from": time(8), "quiet_to": time(20)}, by=us, at=AT)
    road.start()
    dispatch.begin_stop(road.stops[0].id, by=road.driver, at=AT)
    it_is(AT)
    assert states(us, kind="on_the_way") == [("on_the_way", "sms", "dropped", "quiet_hours")]


def test_quiet_hours_that_were_set_after_it_was_planned_hold_too(us: Actor, post: Post) -> None:
    post.faults(sms=[{"match": "*", "outcome": "deferred", "times": 1}])
    a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    it_is(AT)
    update_organization({"quiet_from": time(8), "quiet_to": time(10)}, by=us, at=AT)
    it_is(AT + timedelta(minutes=1))
    assert states(us)[0][2] == "deferred"
    it_is(AT + timedelta(hours=2))
    assert states(us) == [("scheduled", "sms", "sent", "")]
