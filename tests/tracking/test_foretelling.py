"""Forecasts as quantiles: never crossing, never before now, rising along a route, wider the further ahead, and the same
for the same state; paces shrink as they should; corrections make intervals honest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homestretch.tracking.rules.composing import Ahead, arrivals
from homestretch.tracking.rules.conformal import corrected, corrections, in_turn, quantile, widened
from homestretch.tracking.rules.foretelling import Today, foretold, raw
from homestretch.tracking.rules.pace import Evidence, Pace, Seen, evidence, paces, spreads
from homestretch.travel.rules.timing import Corrected, Times, built_in, horizon_of

TIMES = built_in()


def ahead(legs: Any, services: Any, **changes: Any) -> Ahead:
    """Routes of as many stops, from here and now; no windows."""
    leg_s, service_s = np.atleast_2d(np.array(legs, float)), np.atleast_2d(np.array(services, float))
    routes, stops = leg_s.shape
    none = np.full((routes, stops, 1), np.inf)
    usual = {
        "count": np.full(routes, stops),
        "leg_s": leg_s,
        "leg_log": np.array(TIMES.legs.usual)[:, None, None] * np.ones((1, routes, stops)),
        "service_s": service_s,
        "service_log": np.array(TIMES.services.usual)[:, None, None] * np.ones((1, routes, stops)),
        "driven_s": np.zeros(routes),
        "at_door": np.zeros(routes, bool),
        "served_s": np.zeros(routes),
        "opens": -none,
        "closes": none,
    }
    return Ahead(**{**usual, **changes})


def sure(routes: int = 1) -> Pace:
    """No pace, and no doubt of it."""
    return Pace(np.zeros(routes), np.zeros(routes))


routes = st.lists(st.tuples(st.integers(1, 4000), st.integers(0, 3000)), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(routes, st.integers(0, 5000), st.integers(0, 3000), st.booleans())
def test_quantiles_never_cross_nor_go_back_in_time_nor_overtake(
    stops: list[tuple[int, int]], driven: int, served: int, at_door: bool
) -> None:
    legs, services = zip(*stops, strict=True)
    state = ahead([legs], [services], driven_s=np.array([float(driven)]), at_door=np.array([at_door]))
    told = foretold(TIMES, replace(state, served_s=np.array([float(served)])), Today.nothing(1))
    assert (told >= 0).all()
    assert (np.diff(told, axis=0) >= -1e-6).all()
    assert (np.diff(told, axis=2) >= -1e-6).all()


def test_the_further_ahead_the_wider_when_nothing_is_known() -> None:
    told = raw(TIMES, ahead([[600] * 15], [[240] * 15]), Today.nothing(1))
    assert (np.diff(told[2] - told[0], axis=1) > 0).all()


def test_the_same_state_has_the_same_forecast_whoever_else_is_asked() -> None:
    alone = raw(TIMES, ahead([[300, 500]], [[100, 100]]), Today.nothing(1))
    among = raw(TIMES, ahead([[900, 900], [300, 500]], [[60, 60], [100, 100]]), Today.nothing(2))
    assert np.array_equal(alone[:, 0], among[:, 1])


def test_a_vehicle_waits_for_a_window_and_the_next_stop_is_surer_for_it() -> None:
    free = arrivals(ahead([[600, 600]], [[60, 60]]), sure(), sure())
    opens, closes = np.full((1, 2, 1), -np.inf), np.full((1, 2, 1), np.inf)
    opens[0, 0], closes[0, 0] = 3600, 7200
    told = arrivals(ahead([[600, 600]], [[60, 60]], opens=opens, closes=closes), sure(), sure())
    assert np.array_equal(told[:, 0, 0], free[:, 0, 0])  # it arrives as it would
    assert told[0, 0, 1] > 3600 + 60
    assert told[2, 0, 1] - told[0, 0, 1] < free[2, 0, 1] - free[0, 0, 1]


def test_a_second_window_is_waited_for_once_the_first_is_missed() -> None:
    opens, closes = np.array([[[0.0, 5000.0], [-np.inf, np.inf]]]), np.array([[[100.0, 9000.0], [np.inf, np.inf]]])
    told = arrivals(ahead([[600, 600]], [[60, 60]], opens=opens, closes=closes), sure(), sure())
    assert told[0, 0, 1] > 5000


def test_a_break_delays_what_comes_after_it() -> None:
    rests = np.zeros((1, 2, 2, 2))
    rests[0, 0, 1] = (1800, 5000)
    told = arrivals(ahead([[600, 600]], [[60, 60]], rests=rests), sure(), sure())
    free = arrivals(ahead([[600, 600]], [[60, 60]]), sure(), sure())
    assert told[1, 0, 0] == free[1, 0, 0]
    assert told[0, 0, 1] > 5000 + 1800


def test_what_lasts_long_already_is_expected_to_last_on() -> None:
    begun = arrivals(ahead([[600]], [[60]], driven_s=np.array([300.0])), sure(), sure())[:, 0, 0]
    overdue = arrivals(ahead([[600]], [[60]], driven_s=np.array([1200.0])), sure(), sure())[:, 0, 0]
    assert begun[1] == pytest.approx(300, rel=0.15)
    assert 0 < overdue[1] < 300  # it must be near, and nobody knows how near
    assert overdue[2] > overdue[0]


def test_beyond_a_routes_last_stop_nothing_is_told() -> None:
    told = raw(TIMES, ahead([[100, 0], [100, 200]], [[9, 9], [9, 9]], count=np.array([1, 2])), Today.nothing(2))
    assert np.isnan(told[:, 0, 1]).all()
    assert not np.isnan(told[:, 1]).any()


# --- pace ---


def test_a_slow_morning_makes_the_afternoon_later_and_surer() -> None:
    slow = Today(
        evidence(Seen(np.zeros(12, int), np.full(12, 0.3), np.full(12, 0.2)), 1, 1.0),
        Today.nothing(1).services,
        np.zeros(1, int),
    )
    state = ahead([[600] * 8], [[100] * 8])
    usual, late = raw(TIMES, state, Today.nothing(1)), raw(TIMES, state, slow)
    assert late[1, 0, -1] > 1.1 * usual[1, 0, -1]
    assert (late[2] - late[0])[0, -1] / late[1, 0, -1] < (usual[2] - usual[0])[0, -1] / usual[1, 0, -1]


def test_paces_are_the_posterior_of_the_hierarchy() -> None:
    """Against the covariance written out: route totals are normal with day_sd² shared, route_sd² own, noise."""
    day_sd, route_sd = 0.2, 0.15
    seen = Seen(np.array([0, 0, 1]), np.array([0.2, 0.1, -0.05]), np.array([0.3, 0.2, 0.25]))
    found = paces(evidence(seen, 3, 10.0), np.zeros(3, int), day_sd, route_sd)
    prior = np.full((3, 3), day_sd**2) + np.eye(3) * route_sd**2
    design = np.eye(3)[seen.route]
    gain = prior @ design.T @ np.linalg.inv(design @ prior @ design.T + np.diag(seen.sd**2))
    assert found.mean == pytest.approx(gain @ seen.residual)
    assert found.sd**2 == pytest.approx(np.diag(prior - gain @ design @ prior))


def test_without_anything_driven_the_pace_is_the_prior() -> None:
    found = paces(Evidence(np.zeros(2), np.zeros(2)), np.array([0, 1]), 0.3, 0.4)
    assert found.mean == pytest.approx([0, 0])
    assert found.sd == pytest.approx([0.5, 0.5])


def test_spreads_are_found_again_in_what_they_made() -> None:
    random = np.random.default_rng(4)
    group = np.repeat(np.arange(300), 4)
    of_route = random.normal(0, 0.2, 300)[group] + random.normal(0, 0.1, 1200)
    route = np.repeat(np.arange(1200), 25)
    day_sd, route_sd = spreads(of_route[route] + random.normal(0, 0.3, len(route)), route, group)
    assert (day_sd, route_sd) == (pytest.approx(0.2, rel=0.1), pytest.approx(0.1, rel=0.15))


# --- honesty ---


def test_corrections_make_the_share_right_on_days_to_come() -> None:
    random = np.random.default_rng(2)

    def told(n: int) -> tuple[Any, Any]:
        middle = random.uniform(1900, 3500, n)
        width = 0.1 * middle
        return np.stack([middle - width, middle, middle + width]), middle * random.lognormal(0.05, 0.3, n)

    said, came = told(3000)
    found = corrections(said, came, horizon_of(said[1]))
    said, came = told(20_000)
    better = corrected(said, found)
    inside = (better[0] <= came) & (came <= better[2])
    assert ((said[0] <= came) & (came <= said[2])).mean() < 0.35
    assert inside.mean() == pytest.approx(0.8, abs=0.025)
    assert (came < better[0]).mean() == pytest.approx(0.1, abs=0.02)


def test_the_conformal_quantile_counts_the_one_to_come() -> None:
    assert quantile(np.arange(1.0, 10.0), 0.9) == 9  # of nine the tenth rank is not there: the last
    assert quantile(np.arange(1.0, 20.0), 0.9) == 18


def test_horizons_with_few_arrivals_are_left_as_they_are() -> None:
    said = np.array([[100.0], [200.0], [300.0]]).repeat(10, axis=1)
    assert corrections(said, np.full(10, 250.0), horizon_of(said[1])) == {}
    assert corrected(said, {}) == pytest.approx(said)


def test_corrections_of_two_horizons_do_not_overtake() -> None:
    told = np.array([[[100.0, 90.0, np.nan]], [[200.0, 190.0, np.nan]], [[300.0, 310.0, np.nan]]])
    assert in_turn(told)[0, 0, :2].tolist() == [100, 100]


def test_a_depot_that_misses_is_widened_and_narrowed_again() -> None:
    wide = widened(0.0, [(50, 20)] * 5)
    assert wide > 0.3
    assert widened(wide, [(50, 50)] * 14) < 0
    assert widened(0.0, [(40, 32)] * 9) == pytest.approx(0)
    said = np.array([[900.0], [1000.0], [1100.0]])
    assert corrected(said, {}, {15: np.log(2)})[:, 0].tolist() == pytest.approx([800, 1000, 1200])


def test_a_correction_moves_the_middle_and_each_side() -> None:
    times = Times(TIMES.legs, TIMES.services, {15: Corrected(0.5, 2.0, 3.0)})
    said = corrected(np.array([[900.0], [1000.0], [1200.0]]), times.corrected)
    assert said[:, 0].tolist() == [1150 - 200, 1150, 1150 + 600]
