"""The lowest rung: what it estimates is a road's length and an hour's speed, and it says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homestretch.kernel.geo import Point, distance_m
from homestretch.kernel.refusal import Refusal
from homestretch.travel import rules

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
points = st.builds(Point, st.floats(-80, 80), st.floats(-179, 179))


@given(st.lists(points, min_size=1, max_size=6))
def test_great_circles_agree_with_the_kernels_one_by_one(places: list[Point]) -> None:
    table = rules.great_circle_m(places, places)
    one_by_one = [[distance_m(a, b) for b in places] for a in places]
    assert np.allclose(table, one_by_one, atol=0.01)


def test_a_drive_is_longer_than_the_great_circle_by_the_circuity() -> None:
    a, b = Point(49.40, 8.68), Point(49.42, 8.70)
    seconds, meters = rules.estimate(rules.built_in("van"), 36_000, [a], [b])
    assert meters[0, 0] == round(distance_m(a, b) * 1.3)
    assert seconds[0, 0] == -(-int(meters[0, 0]) // 10)  # 36 km/h is ten meters a second


def test_the_rush_hour_is_slower_than_the_night() -> None:
    van = rules.built_in("van")
    night = rules.mean_speed(van, MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2), BERLIN)
    rush = rules.mean_speed(van, MONDAY + timedelta(hours=7), MONDAY + timedelta(hours=8), BERLIN)
    assert rush < 0.8 * night


def test_the_mean_of_a_span_is_harmonic_for_time_is_what_adds_up() -> None:
    speeds = (10_000,) * 12 + (30_000,) * 12
    model = rules.SpeedModel("van", 130, speeds)
    mean = rules.mean_speed(model, MONDAY, MONDAY + timedelta(days=1), ZoneInfo("UTC"))
    assert mean == 15_000


def test_hours_are_read_in_the_zone() -> None:
    speeds = tuple(1_000 * (hour + 1) for hour in range(24))
    model = rules.SpeedModel("van", 130, speeds)
    at_noon_utc = MONDAY + timedelta(hours=12)
    assert rules.mean_speed(model, at_noon_utc, at_noon_utc, BERLIN) == 14_000


@pytest.mark.parametrize(
    ("circuity", "speeds"), [(99, [20_000] * 24), (130, [20_000] * 23), (130, [20_000] * 23 + [0])]
)
def test_a_malformed_model_is_refused(circuity: int, speeds: list[int]) -> None:
    with pytest.raises(Refusal, match=r"travel\.model_malformed"):
        rules.read_model("van", circuity, speeds, 1)


def test_an_unknown_profile_is_refused_by_name() -> None:
    with pytest.raises(Refusal, match="'rocket'"):
        rules.built_in("rocket")
