"""The lowest rung: what it estimates is a road's length and an hour's time, and it learns from own drives."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homestretch.kernel.geo import Point, distance_m
from homestretch.kernel.refusal import Refusal
from homestretch.travel.rules import estimate as rules

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
HERE = Point(49.40, 8.68)
points = st.builds(Point, st.floats(-80, 80), st.floats(-179, 179))
VAN = rules.built_in("van")


@given(st.lists(points, min_size=1, max_size=6))
def test_great_circles_agree_with_the_kernels_one_by_one(places: list[Point]) -> None:
    table = rules.great_circle_m(places, places)
    one_by_one = [[distance_m(a, b) for b in places] for a in places]
    assert np.allclose(table, one_by_one, atol=0.01)


def _north(km: float) -> Point:
    return Point(HERE.lat + km / 111.195, HERE.lon)


def test_a_van_needs_two_hundred_seconds_for_a_kilometer_and_less_for_each_further_one() -> None:
    seconds, meters = rules.estimate(VAN, 100, [HERE], [HERE, _north(1), _north(16)])
    assert seconds[0].tolist() == [0, pytest.approx(200, abs=1), pytest.approx(200 * 8, abs=2)]
    assert meters[0].tolist() == [0, pytest.approx(1_600, abs=1), pytest.approx(16 * 1_400 + 200, abs=3)]


@given(st.lists(st.floats(0.001, 50), min_size=2, max_size=2))
def test_a_detour_never_saves_time(legs: list[float]) -> None:
    far = [HERE, _north(legs[0]), _north(sum(legs))]
    seconds, _ = rules.estimate(VAN, 100, far, far)
    assert seconds[0, 2] <= seconds[0, 1] + seconds[1, 2]


def test_the_rush_hour_is_slower_than_the_night() -> None:
    night = rules.mean_pct(VAN, MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2), BERLIN)
    rush = rules.mean_pct(VAN, MONDAY + timedelta(hours=7), MONDAY + timedelta(hours=8), BERLIN)
    assert rush > 1.3 * night


def test_hours_are_read_in_the_zone() -> None:
    model = replace(VAN, hours_pct=tuple(100 + hour for hour in range(24)))
    at_noon_utc = MONDAY + timedelta(hours=12)
    assert rules.mean_pct(model, at_noon_utc, at_noon_utc, BERLIN) == 113


@pytest.mark.parametrize(
    "wrong", [{"km_s": 0}, {"power_milli": 1_200}, {"circuity_pct": 99}, {"hours_pct": (100,) * 23}]
)
def test_a_malformed_model_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal, match=r"travel\.model_malformed"):
        rules.checked(replace(VAN, **wrong))


def test_an_unknown_profile_is_refused_by_name() -> None:
    with pytest.raises(Refusal, match="'rocket'"):
        rules.built_in("rocket")


def _drives(count: int, seed: int, truth: tuple[int, float], slow: float = 1.0) -> list[rules.Drive]:
    """Drives over a town with a river in the middle: who crosses it takes `slow` times as long."""
    random, made = Random(seed), []
    for _ in range(count):
        start = Point(49.35 + random.random() * 0.1, 8.6 + random.random() * 0.14)
        end = Point(49.35 + random.random() * 0.1, 8.6 + random.random() * 0.14)
        hour = random.randint(7, 18)
        km = max(0.05, distance_m(start, end) / 1_000)
        across = slow if (start.lat < 49.41) != (end.lat < 49.41) else 1.0
        seconds = truth[0] * km ** truth[1] * VAN.hours_pct[hour] / 100 * across * random.lognormvariate(0, 0.15)
        cells = (rules.cell_of(start), rules.cell_of(end))
        made.append(rules.Drive(round(km * 1_000), cells, hour, max(1, round(seconds))))
    return made


def test_own_drives_teach_what_a_kilometer_takes() -> None:
    model = rules.calibrated(VAN, _drives(2_000, 1, (260, 0.68)))
    assert model.km_s == pytest.approx(260, rel=0.04)
    assert model.power_milli == pytest.approx(680, abs=25)
    assert rules.checked(model) is model


def test_a_pair_of_cells_with_many_slow_drives_is_slow_and_one_with_few_is_as_the_rest() -> None:
    slow = rules.calibrated(VAN, _drives(20_000, 2, (200, 0.75), slow=1.6))
    south, north = rules.cell_of(Point(49.37, 8.65)), rules.cell_of(Point(49.44, 8.65))
    assert slow.cells_pct[south, north] > 1.05 * slow.cells_pct.get((south, south), 100)
    before = rules.estimate(replace(slow, cells_pct={}), 100, [Point(49.37, 8.65)], [Point(49.44, 8.65)])[0]
    after = rules.estimate(slow, 100, [Point(49.37, 8.65)], [Point(49.44, 8.65)])[0]
    assert after[0, 0] > before[0, 0] * 1.04


def test_too_few_drives_and_wild_ones_teach_nothing() -> None:
    wild = [rules.Drive(0, ("a", "a"), 9, 60), rules.Drive(3_000, ("a", "b"), 9, 90_000)] * 100
    assert rules.calibrated(VAN, wild) is VAN
    assert rules.calibrated(VAN, _drives(rules.LEAST_DRIVES - 1, 3, (400, 0.7))) is VAN


def test_a_twentieth_of_wild_drives_does_not_carry_the_rest_away() -> None:
    drives = _drives(1_000, 4, (200, 0.75))
    spoilt = [replace(d, seconds=min(14_000, d.seconds * 12)) if n % 25 == 0 else d for n, d in enumerate(drives)]
    assert rules.calibrated(VAN, spoilt).km_s == pytest.approx(200, rel=0.05)
