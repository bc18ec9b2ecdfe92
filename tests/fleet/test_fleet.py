"""The fleet is saved whole, and a day's shifts are made of its rules, once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homestretch.accounts import actions as accounts
from homestretch.events.scope import scope
from homestretch.fleet import actions, queries, rules
from homestretch.fleet.values import BreakData, DepotData, DriverData, ShiftChange, ShiftRuleData, VehicleData
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from tests.orders.facts import facts_of
from tests.town.accounts import a_phone, a_tracker, actor_of
from tests.town.fleet import DAY, a_depot, a_driver, a_fleet, a_shift, a_shift_rule, a_vehicle
from tests.town.places import AT, place_data

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_vehicle_is_made_changed_and_not_changed_twice(us: Actor) -> None:
    depot = a_depot(us)
    van = a_vehicle(us, depot.id, external_id="V1")
    data = VehicleData("Van 1", depot.id, capacity={"pieces": 50}, external_id="V1")
    for version in (1, 2):
        van = actions.save_vehicle(data, ident=van.id, version=version, by=us, at=AT)
    assert (van.capacity, van.version) == ({"pieces": 50}, 2)
    assert facts_of(us, van.id) == ["vehicle.changed", "vehicle.changed"]
    with pytest.raises(Refusal, match=r"vehicle\.stale"):
        actions.save_vehicle(data, ident=van.id, version=1, by=us, at=AT)
    with pytest.raises(Refusal, match=r"vehicle\.external_id_taken"):
        a_vehicle(us, depot.id, external_id="V1")


def test_who_is_switched_off_loses_their_devices_and_nobody_else(us: Actor) -> None:
    depot = a_depot(us)
    vans = [a_vehicle(us, depot.id, name=name) for name in ("One", "Other")]
    drivers = [a_driver(us, name=name) for name in ("Sam", "Kim")]
    phones = [a_phone(us, driver.id) for driver in drivers]
    trackers = [a_tracker(us, van.id) for van in vans]
    _, waiting = accounts.pair_device("phone", driver_id=drivers[0].id, by=us, at=AT)
    for _ in range(2):
        actions.save_driver(DriverData("Sam", active=False), ident=drivers[0].id, by=us, at=AT)
        actions.save_vehicle(VehicleData("One", depot.id, active=False), ident=vans[0].id, by=us, at=AT)
    assert [actor_of(token) is None for token in (*phones, *trackers)] == [True, False, True, False]
    with pytest.raises(Refusal, match=r"device\.code_invalid"):
        accounts.claim_device(waiting, at=AT)
    actions.save_driver(DriverData("Sam"), ident=drivers[0].id, by=us, at=AT)
    assert actor_of(phones[0]) is None  # back at work, with another phone


def test_a_driver_is_reached_by_an_international_number(us: Actor) -> None:
    assert a_driver(us, phone="621 123 456", language="de_lu").phone == "+352621123456"
    with pytest.raises(Refusal, match=r"contact\.phone_invalid"):
        a_driver(us, phone="12")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"profile": "boat"}, "vehicle.profile_unknown"),
        ({"capacity": {"pieces": -1}}, "load.negative"),
        ({"cost_fixed": -1}, "vehicle.cost_invalid"),
        ({"name": " "}, "fleet.name_missing"),
        ({"skills": ("",)}, "skill.invalid"),
    ],
)
def test_a_vehicle_that_cannot_be_is_refused(us: Actor, changes: Any, code: str) -> None:
    depot = a_depot(us)
    with pytest.raises(Refusal) as refused:
        a_vehicle(us, depot.id, **changes)
    assert refused.value.code == code
    with scope(us):
        assert not queries.vehicles().exists()


def test_a_depot_has_a_zone_that_exists(us: Actor) -> None:
    assert a_depot(us, zone="").zone == "Europe/Luxembourg"
    with pytest.raises(Refusal, match=r"zone\.unknown"):
        actions.save_depot(DepotData("X", place_data(2), "Europe/Atlantis"), by=us, at=AT)


def test_a_day_is_opened_once_with_what_each_shift_needs(us: Actor) -> None:
    shifts = a_fleet(us)
    assert len(shifts) == 3
    again = actions.open_day(DAY, by=us, at=AT)
    assert {shift.id for shift in again} == {shift.id for shift in shifts}
    assert facts_of(us, shifts[0].id) == ["shift.changed"]
    with scope(us):
        (first, *_) = queries.shifts_on(DAY, [shifts[0].start_depot_id])
        assert queries.shifts_on(DAY, []) == []
    assert first.start_depot.place.lat == first.end_depot.place.lat
    assert first.starts_at == datetime(2026, 11, 23, 7, tzinfo=UTC)


def test_a_rule_of_the_day_replaces_the_weekdays_and_off_means_none(us: Actor) -> None:
    depot = a_depot(us)
    one, other = (a_vehicle(us, depot.id, name=name) for name in ("Van 1", "Van 2"))
    a_shift_rule(us, one.id)
    a_shift_rule(us, other.id)
    a_shift_rule(us, one.id, weekday=None, day=DAY, starts=time(10))
    a_shift_rule(us, other.id, weekday=None, day=DAY, off=True)
    (only,) = actions.open_day(DAY, by=us, at=AT)
    assert (only.vehicle_id, only.starts_at.hour) == (one.id, 9)
    assert len(actions.open_day(DAY + timedelta(days=7), by=us, at=AT)) == 2
    assert actions.open_day(DAY + timedelta(days=1), by=us, at=AT) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"weekday": None}, "shift.when_unclear"),
        ({"day": DAY}, "shift.when_unclear"),
        ({"weekday": 7}, "shift.weekday_invalid"),
        ({"ends": time(8)}, "shift.empty"),
        ({"max_stops": 0}, "shift.limit_invalid"),
        ({"breaks": (BreakData(1800, time(18), time(19)),)}, "shift.break_invalid"),
        ({"starts": time(16), "ends": time(20)}, "shift.rules_overlap"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(us: Actor, changes: Any, code: str) -> None:
    van = a_vehicle(us, a_depot(us).id)
    a_shift_rule(us, van.id)
    with pytest.raises(Refusal) as refused:
        a_shift_rule(us, van.id, **changes)
    assert refused.value.code == code


def test_a_driver_is_in_one_shift_at_a_time(us: Actor) -> None:
    depot = a_depot(us)
    shifts = [a_shift(us, driver=False, depot=depot) for _ in range(2)]
    dora = a_driver(us)
    for _ in range(2):
        assert actions.name_driver(shifts[0].id, dora.id, by=us, at=AT).driver_id == dora.id
    with pytest.raises(Refusal, match=r"shift\.driver_busy"):
        actions.name_driver(shifts[1].id, dora.id, by=us, at=AT)
    later = ShiftChange(starts_at=shifts[0].ends_at, ends_at=shifts[0].ends_at + timedelta(hours=4))
    actions.change_shift(shifts[1].id, later, by=us, at=AT)
    assert actions.name_driver(shifts[1].id, dora.id, by=us, at=AT).driver_id == dora.id
    assert facts_of(us, shifts[0].id) == ["shift.changed", "shift.changed"]
    actions.name_driver(shifts[0].id, None, by=us, at=AT)


def test_a_shift_does_not_end_before_it_starts_and_its_version_counts(us: Actor) -> None:
    shift = a_shift(us)
    with pytest.raises(Refusal, match=r"window\.ends_before_start"):
        actions.change_shift(shift.id, ShiftChange(ends_at=shift.starts_at - timedelta(hours=1)), by=us, at=AT)
    assert actions.change_shift(shift.id, ShiftChange(off=True), version=1, by=us, at=AT).version == 2
    with pytest.raises(Refusal, match=r"shift\.stale"):
        actions.change_shift(shift.id, ShiftChange(off=False), version=1, by=us, at=AT)
    with scope(us):
        assert queries.shifts_on(DAY) == []


def test_the_stranger_has_none_of_it(us: Actor, stranger: Actor) -> None:
    shift = a_shift(us)
    for attempt in (
        lambda: actions.name_driver(shift.id, None, by=stranger, at=AT),
        lambda: actions.change_shift(shift.id, ShiftChange(off=True), by=stranger, at=AT),
        lambda: a_vehicle(stranger, shift.start_depot_id),
        lambda: a_shift_rule(stranger, shift.vehicle_id),
    ):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.code.endswith(".not_found")


@pytest.mark.parametrize(
    ("day", "starts", "ends", "hours", "begins"),
    [
        (date(2026, 11, 23), time(22), time(6), 8, "2026-11-23T21:00"),
        (date(2026, 3, 28), time(22), time(6), 7, "2026-03-28T21:00"),  # the night that lacks an hour
        (date(2026, 10, 24), time(22), time(6), 9, "2026-10-24T20:00"),  # and the one that has one more
        (date(2026, 3, 29), time(2, 30), time(8), 5, "2026-03-29T01:00"),  # a skipped start: when the clocks go on
    ],
)
def test_a_span_lasts_as_long_as_the_night_does(day: date, starts: time, ends: time, hours: int, begins: str) -> None:
    window = rules.span_of(starts, ends, (), day, BERLIN).window
    assert window.end - window.start == timedelta(hours=hours)
    assert window.start.isoformat(timespec="minutes")[:16] == begins


TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0))
DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))


@given(TIMES, TIMES, DAYS, st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]))
def test_any_span_ends_after_it_starts_within_a_day_and_an_hour(starts: time, ends: time, day: date, zone: str) -> None:
    if starts == ends:
        return
    window = rules.span_of(starts, ends, (), day, ZoneInfo(zone)).window
    assert timedelta(0) <= window.end - window.start <= timedelta(hours=25)


def test_a_break_of_a_night_is_placed_behind_midnight() -> None:
    breaks = [{"duration_s": 1800, "earliest": "01:00", "latest": "03:00"}]
    span = rules.span_of(time(22), time(6), breaks, DAY, ZoneInfo("UTC"))
    assert span.breaks == [{"duration_s": 1800, "earliest": "2026-11-24T01:00:00Z", "latest": "2026-11-24T03:00:00Z"}]
    rules.check_rule(ShiftRuleData(VEHICLE, time(22), time(6), weekday=0, breaks=(BreakData(1800, time(1), time(3)),)))


VEHICLE = UUID(int=7)


def test_the_next_days_have_their_shifts_each_night(us: Actor) -> None:
    van = a_vehicle(us, a_depot(us).id)
    week = [ShiftRuleData(van.id, time(8), time(17), weekday=number) for number in range(7)]
    actions.save_shift_rules(week, by=us, at=AT)
    made = actions.open_ahead(by=us, at=AT)
    assert [shift.day for shift in made] == [DAY + timedelta(days=number) for number in range(7)]
    assert actions.open_ahead(by=us, at=AT + timedelta(hours=1)) == made
    later = actions.open_ahead(by=us, at=AT + timedelta(days=1))
    assert [shift.id for shift in later[:6]] == [shift.id for shift in made[1:]]


def test_the_night_is_the_organizations() -> None:
    zone = ZoneInfo("Europe/Luxembourg")
    assert rules.next_night(datetime(2026, 11, 23, 1, 59, tzinfo=UTC), zone) == datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert rules.next_night(datetime(2026, 11, 23, 2, tzinfo=UTC), zone) == datetime(2026, 11, 24, 2, tzinfo=UTC)
