"""How likely a plan holds: without doubt it is the schedule, more buffer never hurts, and what hurts is named."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homestretch.planner import Break, Lock, Pair, Plan, Problem, Route, Slots, Start, Travel, schedule
from homestretch.planner.odds import Doubt, Spread, odds
from homestretch.planner.odds.asking import MINUTES, _timed
from homestretch.planner.odds.doubt import drawn
from homestretch.planner.odds.driving import arrive, driven
from homestretch.planner.schedule import leg_of
from tests.planner.problems import PROPERTY, planned
from tests.planner.town import HOUR, MINUTE, line, plan, shift, town, visit

NONE = Doubt()
WIDE = Doubt(Spread(-0.3, 0.05, 0.45, 0.2, 0.2), Spread(-0.7, 0.0, 0.8, 0.2, 0.25))


def roads(problem: Problem, route: Route, doubt: Doubt, samples: int = 40) -> Any:
    return _timed(problem, route, doubt, {}, drawn(0, len(route.visits), samples=samples, seed=3))


def agrees(problem: Problem, route: Route) -> None:
    """Without doubt every draw is what `schedule` says."""
    times = schedule(problem, route)
    days = driven(roads(problem, route, NONE, 3).road, [times.depart])
    assert [begin.tolist() for begin in days.begins] == [[[stop.start] * 3] for stop in times.stops]
    assert days.finish.tolist() == [[times.finish] * 3]


@PROPERTY
@given(planned())
def test_without_doubt_it_is_the_schedule_to_the_second(asked: tuple[Problem, Plan]) -> None:
    problem, made = asked
    for route in made.routes:
        if route.visits:
            agrees(problem, route)
    found = odds(problem, made, NONE, samples=3)
    for of in found.routes:
        times = schedule(problem, made.route_of(of.shift))
        assert [stop.on_time for stop in of.stops] == [float(stop.late == 0) for stop in times.stops]
        assert of.overtime == float(times.overtime > 0)


def hourly() -> Travel:
    """Ways that take longer each hour, and then less again."""
    matrices = tuple(line(minute=MINUTE * slow // 2) for slow in (2, 3, 6, 3, 2))
    return Travel({"van": Slots(tuple(hour * HOUR for hour in range(5)), matrices)})


def test_without_doubt_it_is_the_schedule_with_reloads_rides_stretches_and_hours_too() -> None:
    reloading = shift(loading=600, reload=0, pace=150)
    visits = [visit("a", 2, service=300), visit("b", 5, release=2 * HOUR), visit("c", 7, (3 * HOUR, 4 * HOUR))]
    agrees(town(visits, [reloading]), Route("van", ("a", "b", "c"), (1,)))
    waits = [visit("a", 1, (0, HOUR)), visit("b", 2, (HOUR, HOUR)), visit("c", 3, (0, 180))]
    agrees(town(waits, pairs=[Pair("a", "b", max_ride=300)]), Route("van", ("c", "a", "b")))
    rests = (Break(600, HOUR, 2 * HOUR), Break(900, 0, 6 * HOUR))
    stretched = shift(breaks=rests, longest_stretch=HOUR + 1800)
    long = [visit(name, 3 + place, service=1500) for place, name in enumerate("abcd")]
    agrees(town(long, [stretched]), Route("van", tuple("abcd")))
    agrees(town(visits, travel=hourly()), Route("van", ("a", "b", "c")))


@given(st.lists(st.integers(0, 30_000), min_size=1, max_size=30))
def test_ways_by_the_hour_are_driven_as_the_clock_drives_them(leaves: list[int]) -> None:
    leg = leg_of(hourly().profiles["van"], 1, 9)
    assert arrive(leg, np.array(leaves)).tolist() == [leg.arrive(leave) for leave in leaves]


@PROPERTY
@given(planned(), st.lists(st.integers(0, 4000), min_size=1, max_size=4))
def test_who_sets_out_earlier_is_later_nowhere(asked: tuple[Problem, Plan], buffers: list[int]) -> None:
    problem, made = asked
    for route in made.routes:
        if route.visits:
            one = roads(problem, route, WIDE)
            days = driven(one.road, [one.trace.depart - buffer for buffer in sorted(buffers)])
            for times in (*days.begins, days.finish):
                assert (np.diff(times, axis=0) <= 0).all()


def test_nobody_arrives_before_setting_out_however_the_hours_differ() -> None:
    problem = town([visit("a", 9, (2 * HOUR + 1800, 3 * HOUR))], travel=hourly())
    one = roads(problem, Route("van", ("a",)), Doubt(ways=Spread(-2.5, -1.5, 0.1)))
    (begins,) = driven(replace(one.road, steps=[replace(one.road.steps[0], spans=()), *one.road.steps[1:]]), [0]).begins
    assert (begins >= 0).all()


def a_tight_day(at: int = 0, **more: Any) -> Problem:
    """Two windows right after each other, and all day for the last; they open `at`."""
    visits = [visit("a", 3, (at, at + 10 * MINUTE), service=5 * MINUTE)]
    visits += [visit("b", 6, (at + 10 * MINUTE, at + 20 * MINUTE)), visit("c", 9, (0, 8 * HOUR))]
    return town(visits, **more)


DAY = plan(("van", "a b c"))


def test_the_same_seed_gives_the_same_answer_and_another_nearly_the_same() -> None:
    first, again, other = (odds(a_tight_day(), DAY, WIDE, seed=seed, samples=2000) for seed in (7, 7, 8))
    assert first == again
    assert first != other
    assert abs(first.kept - other.kept) < 0.1


def test_the_end_of_the_window_counts_or_what_is_said_to_be_due() -> None:
    loose, strict = odds(a_tight_day(), DAY, WIDE), odds(a_tight_day(), DAY, WIDE, {"c": 0, "a": 9 * HOUR})
    assert [stop.on_time for stop in loose.routes[0].stops][2] == 1
    assert [stop.on_time for stop in strict.routes[0].stops][::2] == [1, 0]
    unbound = odds(town([visit("a", 9)]), plan(("van", "a")), WIDE)
    assert (unbound.kept, unbound.weakest) == (1, ())


def test_what_hurts_a_weak_stop_most_is_named_with_what_it_costs() -> None:
    slow = Doubt(services=Spread(-0.1, 0, 1.5))
    found = odds(a_tight_day(), DAY, slow).weakest[0]
    assert (found.visit, found.part, found.of) == ("b", "service", "a")
    assert found.on_time + found.gain == 1
    ways = odds(a_tight_day(), DAY, Doubt(ways=Spread(-0.1, 0, 2.0))).weakest[0]
    assert (ways.visit, ways.part) == ("b", "way")
    assert ways.gain > 0


def test_an_earlier_start_brings_more_and_never_before_shift_goods_or_rest() -> None:
    problem = a_tight_day(HOUR)
    leaves = schedule(problem, DAY.routes[0]).depart
    (route,) = odds(problem, DAY, WIDE).routes
    assert [one.minutes for one in route.earlier] == [minutes for minutes in MINUTES if minutes * MINUTE <= leaves]
    gains = [one.gain for one in route.earlier]
    assert gains == sorted(gains)
    assert 0 < gains[-1] <= 3 - route.kept + 1e-9
    released = replace(problem, visits=tuple(replace(one, release=leaves - 700) for one in problem.visits))
    assert [one.minutes for one in odds(released, DAY, WIDE).routes[0].earlier] == [5, 10]
    rested = a_tight_day(HOUR, shifts=[shift(breaks=(Break(leaves - 400, 0, 100),))])
    assert [one.minutes for one in odds(rested, DAY, WIDE).routes[0].earlier] == [5]
    begun = a_tight_day(HOUR, shifts=[shift(begun=Start(leaves))])
    assert odds(begun, DAY, WIDE).routes[0].earlier == ()


def test_the_visit_whose_leaving_helps_the_others_most_comes_first() -> None:
    found = odds(a_tight_day(), DAY, WIDE)
    assert (found.out[0].visit, found.out[0].shift) == ("a", "van")
    assert 0 < found.out[0].gain <= 1
    assert all(out.visit != "a" for out in odds(a_tight_day(locks=[Lock("a", shift="van")]), DAY, WIDE).out)


def test_a_slow_day_is_slow_for_all_routes_at_once() -> None:
    visits = [visit(name, 9, (0, 10 * MINUTE)) for name in "ab"]
    problem = town(visits, [shift("one"), shift("two")])
    for spread, alike in ((Spread(day_sd=0.3), True), (Spread(-0.4, 0, 0.4), False)):
        both = [roads(problem, Route(name, (stop,)), Doubt(ways=spread)) for name, stop in (("one", "a"), ("two", "b"))]
        both[1] = _timed(problem, both[1].route, Doubt(ways=spread), {}, drawn(1, 1, samples=40, seed=3))
        first, second = (driven(one.road, [one.trace.depart]).begins[0] for one in both)
        assert (first == second).all() == alike


def test_the_draws_have_the_quantiles_that_are_asked_for() -> None:
    spread = Spread(-0.3, 0.1, 0.6)
    more = spread.beyond(10_000, (np.zeros(2000),) * 2, drawn(0, 1, samples=2000, seed=1).own[0, 0])
    found = np.log1p(np.quantile(more, (0.1, 0.5, 0.9)) / 10_000)
    assert np.allclose(found, (-0.3, 0.1, 0.6), atol=0.01)


def test_what_cannot_be_is_refused() -> None:
    for wrong in ((0.1, 0.0, 0.2), (0.0, 0.3, 0.2)):
        with pytest.raises(ValueError, match="rise"):
            Spread(*wrong)
    with pytest.raises(ValueError, match="negative"):
        Spread(day_sd=-1)
    with pytest.raises(ValueError, match="samples"):
        odds(a_tight_day(), DAY, WIDE, samples=0)
    assert odds(a_tight_day(), Plan((), ("a", "b", "c")), WIDE).stops == 0
