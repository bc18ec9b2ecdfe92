"""Hours become the planner's slots: those that a span touches, in local time, and nobody who waits arrives sooner."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homestretch.kernel.windows import Window
from homestretch.planner.legs import leg_of
from homestretch.planner.travel import UNREACHABLE, Matrix, Slots
from homestretch.travel.rules.slots import BLOCKED_S, profile_of, slots_of

BERLIN, KATHMANDU = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kathmandu")
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def test_only_the_hours_that_a_shift_touches_have_a_slot() -> None:
    slots = slots_of(Window(MONDAY + timedelta(hours=6, minutes=40), MONDAY + timedelta(hours=9)), BERLIN)
    assert [slot.hour for slot in slots] == [7, 8, 9]
    assert slots[0].start == MONDAY + timedelta(hours=6)


def test_hours_and_days_are_local() -> None:
    late = slots_of(Window(MONDAY - timedelta(hours=2), MONDAY), BERLIN)
    assert [(slot.hour, slot.day) for slot in late] == [(23, "sunday"), (0, "work")]
    assert slots_of(Window(MONDAY, MONDAY), KATHMANDU)[0].start == MONDAY - timedelta(minutes=45)


def test_a_summer_time_night_has_the_hours_that_it_has() -> None:
    spring = datetime(2026, 3, 29, tzinfo=UTC)
    assert [s.hour for s in slots_of(Window(spring, spring + timedelta(hours=3)), BERLIN)] == [1, 3, 4]


def _table(seconds: int) -> tuple[np.ndarray, np.ndarray]:
    durations = np.array([[0, seconds], [seconds, 0]], dtype=np.int64)
    return durations, np.where(durations >= UNREACHABLE, UNREACHABLE, durations * 10)


def _starts(count: int) -> list[datetime]:
    return [MONDAY + timedelta(hours=hour) for hour in range(count)]


def test_hours_that_are_alike_share_one_matrix() -> None:
    rush, calm = _table(900), _table(600)
    profile = profile_of(_starts(3), [rush, calm, rush], MONDAY, "roads")
    assert isinstance(profile, Slots)
    assert profile.starts == (0, 3600, 7200)
    assert profile.matrices[0] is profile.matrices[2]
    alone = profile_of(_starts(2), [calm, calm], MONDAY, "roads")
    assert isinstance(alone, Matrix)


def test_a_way_that_opens_in_an_hour_takes_until_then() -> None:
    shut, clear = _table(UNREACHABLE), _table(600)
    profile = profile_of(_starts(3), [shut, shut, clear], MONDAY, "roads")
    way = leg_of(profile, 0, 1)
    assert way.arrive(0) == 7200 + 600
    assert way.arrive(7200 + 1800) == 7200 + 1800 + 600


def test_a_way_that_closes_for_good_is_there_before_and_far_after() -> None:
    shut, clear = _table(UNREACHABLE), _table(600)
    profile = profile_of(_starts(3), [clear, shut, shut], MONDAY, "roads")
    assert int(profile.matrices[0].durations[0, 1]) == 600
    assert int(profile.matrices[1].durations[0, 1]) >= BLOCKED_S
    assert int(profile.matrices[1].distances[0, 1]) < UNREACHABLE


def test_a_way_that_is_never_there_stays_so() -> None:
    gone, other = _table(UNREACHABLE), _table(UNREACHABLE)
    other[0][1, 0] = 5
    profile = profile_of(_starts(2), [gone, other], MONDAY, "roads")
    assert all(int(matrix.durations[0, 1]) == UNREACHABLE for matrix in profile.matrices)


@settings(deadline=None)
@given(st.lists(st.sampled_from([60, 600, 1_200, 5_400, UNREACHABLE]), min_size=2, max_size=6), st.data())
def test_who_leaves_later_never_arrives_sooner(hours: list[int], data: st.DataObject) -> None:
    profile = profile_of(_starts(len(hours)), [_table(seconds) for seconds in hours], MONDAY, "roads")
    way = leg_of(profile, 0, 1)
    if way.seconds >= UNREACHABLE:
        assert set(hours) == {UNREACHABLE}
        return
    first, second = sorted(data.draw(st.tuples(st.integers(0, 25_000), st.integers(0, 25_000))))
    assert way.arrive(first) <= way.arrive(second)


@pytest.mark.parametrize("minutes", [0, 59, 61])
def test_a_span_of_no_length_has_its_hour(minutes: int) -> None:
    moment = MONDAY + timedelta(minutes=minutes)
    assert len(slots_of(Window(moment, moment), BERLIN)) == 1
