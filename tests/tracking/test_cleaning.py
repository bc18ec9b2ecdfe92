"""From dirty positions to a track: the same for any order of arrival, without what is wrong, with what is right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.dirt import batches, readings, soil
from bench.tracks import Tally, judge, made, stored
from homestretch.kernel.geo import Point, offset
from homestretch.kernel.refusal import Refusal
from homestretch.tracking.rules.cleaning import clean
from homestretch.tracking.rules.clocks import Sent, read_sent, set_right
from homestretch.tracking.rules.fixes import Fix

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SQUARE = Point(49.6117, 6.13)
HOUR = timedelta(hours=1)


def fix(second: float, north: float = 0, east: float = 0, **changes: Any) -> Fix:
    """So many seconds after eight, so many meters from the square."""
    point = offset(SQUARE, north, east)
    return Fix(AT + timedelta(seconds=second), point.lat, point.lon, None, None, 5)._replace(**changes)


def drive(seconds: range, meters: float = 10) -> list[Fix]:
    """Straight to the north, so many meters a second."""
    return [fix(n, n * meters) for n in seconds]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 2**32), st.integers(0, 2**32))
def test_the_track_is_the_same_for_any_order_of_arrival_and_any_batching(day: int, one: int, other: int) -> None:
    random = Random(day)
    device = soil(readings(random, 200), random)
    first, second = (clean(stored(batches(device, Random(seed)))).track for seed in (one, other))
    assert [(f.lat, f.lon, f.said) for f in first] == [(f.lat, f.lon, f.said) for f in second]
    for a, b in zip(first, second, strict=True):
        assert a.at == b.at or (device.wrong and abs(a.at - b.at) < timedelta(seconds=20))


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 300),
            st.integers(-3000, 3000),
            st.integers(-3000, 3000),
            st.sampled_from([None, 0, 20_000, 90_000]),
            st.sampled_from([None, 4, 30, 500]),
        ),
        max_size=80,
    ),
    st.randoms(),
)
def test_whatever_is_reported_order_says_nothing_and_nothing_is_invented(rows: list[Any], random: Random) -> None:
    given = [fix(s, north, east, speed_mh=v, accuracy_m=a) for s, north, east, v, a in rows]
    shuffled = random.sample(given, len(given))
    found, again = clean(given), clean(shuffled)
    assert found == again
    assert set(found.track) <= set(given)
    instants = [one.at for one in found.track]
    assert instants == sorted(set(instants))
    assert len(found.track) + sum(found.left_out.values()) == len(given)


def test_nearly_all_that_is_wrong_goes_and_nearly_nothing_that_is_right() -> None:
    """A slice of what `python -m bench.tracks` shows of a million."""
    found = made(40_000, seed=11).result()
    assert found["same"] == found["devices"]
    assert found["spikes_gone"] >= 0.98
    assert found["good_gone"] <= 0.001
    assert found["under_500_m_gone"] >= 0.85


def test_a_clean_day_is_left_alone() -> None:
    tally, random = Tally(), Random(3)
    judge(readings(random, 3_000), random, tally)
    assert tally.result()["good_gone"] <= 0.0005


# --- what is left out ---


def test_one_instant_is_one_position_the_most_accurate() -> None:
    poor, fine = fix(10, 120, accuracy_m=60), fix(10, 100)
    track = [*drive(range(10)), poor, fine, *drive(range(11, 20))]
    assert fine in clean(track).track
    assert clean(track).left_out["duplicate"] == 1


def test_half_a_zero_is_a_value_that_was_missing() -> None:
    found = clean([*drive(range(10)), fix(11)._replace(lon=0.0), fix(12)._replace(lat=0.0)])
    assert found.left_out["zero"] == 2


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_burst_of_wrong_places_goes_as_a_whole(length: int) -> None:
    wrong = [fix(50 + 5 * n, 300 + n, 2_000) for n in range(length)]
    right = drive(range(0, 50, 5)) + drive(range(50 + 5 * length, 120, 5))
    assert clean(right + wrong).track == right


def test_what_is_wrong_at_the_beginning_does_not_take_the_right_with_it() -> None:
    right = drive(range(10, 100, 5))
    assert clean([fix(0, 9_000), fix(5, 9_010), *right]).track == right


def test_a_place_that_the_device_falls_back_to_is_no_place() -> None:
    home = [fix(n, 8_000) for n in range(200, 320, 5)]
    right = drive(range(0, 200, 5)) + drive(range(320, 520, 5))
    assert clean(home + right).track == right


def test_who_has_moved_unseen_is_believed_once_it_stays() -> None:
    there = [fix(100 + n, 60_000 + n * 9) for n in range(60)]
    assert clean(drive(range(90)) + there).track == drive(range(90)) + there


def test_a_corner_and_a_turning_are_no_spikes() -> None:
    corner = [fix(n, min(n, 60) * 12, max(0, n - 60) * 12) for n in range(0, 120, 6)]
    assert clean(corner).track == corner
    back = [fix(n, 12 * (60 - abs(60 - n))) for n in range(0, 120, 6)]
    assert clean(back).track == back


def test_a_device_whose_speeds_are_made_up_is_read_by_its_places() -> None:
    track = [one._replace(speed_mh=0) for one in drive(range(0, 600, 10), 20)]
    assert clean(track).track == track


# --- clocks ---


def test_a_clock_that_is_right_is_left_alone() -> None:
    track = drive(range(10))
    assert set_right(track, Sent(AT + HOUR), AT + HOUR + timedelta(seconds=50)) == track
    assert set_right(track, None, AT + 9 * HOUR) == track


@pytest.mark.parametrize("wrong", [-10 * HOUR, -timedelta(minutes=5), timedelta(minutes=3), 30 * 24 * HOUR])
def test_a_clock_that_is_wrong_all_day_is_set_right_by_the_sending(wrong: timedelta) -> None:
    track = drive(range(0, 100, 10))
    said = [one._replace(at=one.at + wrong) for one in track]
    sent = AT + HOUR
    right = set_right(said, Sent(sent + wrong), sent + timedelta(seconds=2))
    assert [one.at for one in right] == [one.at + timedelta(seconds=2) for one in track]
    assert [one.said for one in right] == [one.at for one in said]


def test_a_counter_sets_right_what_was_taken_while_the_clock_had_jumped() -> None:
    track = [one._replace(tick_ms=1000 * n) for n, one in enumerate(drive(range(10)))]
    said = [one._replace(at=one.at + 3 * HOUR) if 3 <= n < 6 else one for n, one in enumerate(track)]
    right = set_right(said, Sent(AT + HOUR, 3_600_000), AT + HOUR)
    assert [one.at for one in right] == [one.at for one in track]
    assert [one.said is not None for one in right] == [3 <= n < 6 for n in range(10)]


def test_batches_that_were_long_on_their_way_stand_in_the_order_in_which_they_were_taken() -> None:
    said = [one._replace(at=one.at - HOUR) for one in drive(range(40))]
    slow = set_right(said[:20], Sent(AT - HOUR + timedelta(seconds=20)), AT + timedelta(seconds=32))
    fast = set_right(said[20:], Sent(AT - HOUR + timedelta(seconds=40)), AT + timedelta(seconds=41))
    track = clean([*fast, *slow]).track
    assert [one.said for one in track] == [one.at for one in said]
    assert [one.at - (one.said or one.at) for one in track] == [HOUR + timedelta(seconds=1)] * 40


def test_what_a_batch_says_of_its_sending_is_read() -> None:
    assert read_sent({"positions": []}) is None
    assert read_sent([]) is None
    assert read_sent({"sent_at": "2026-11-23T08:00:00Z", "tick_ms": 5}) == Sent(AT, 5)
    assert read_sent({"sent_at": "2026-11-23T08:00:00Z", "tick_ms": "soon"}) == Sent(AT)
    with pytest.raises(Refusal):
        read_sent({"sent_at": 7})
