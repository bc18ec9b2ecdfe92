"""Times follow from decisions, and from nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given

from homestretch.planner import Break, Costs, Lock, Pair, Problem, Route, Start, check, plan_cost, plan_rank, schedule
from homestretch.planner.problem import Goals, Plan, Window
from tests.planner.problems import PROPERTY, planned
from tests.planner.town import HOUR, MINUTE, plan, shift, town, visit

TIMES = {"time_window", "shift_start", "shift_end", "release", "break", "max_duration", "times"}


def test_a_route_arrives_serves_and_comes_home():
    problem = town([visit("a", 2, service=5 * MINUTE), visit("b", 5, service=MINUTE)])
    times = schedule(problem, Route("van", ("a", "b")))
    a, b = times.stops
    assert (times.depart, a.arrive, a.start, a.leave) == (0, 120, 120, 420)
    assert (b.arrive, b.leave, times.finish) == (600, 660, 960)
    assert (times.seconds, times.meters, times.duration, times.overtime) == (600, 10_000, 960, 0)


def test_a_route_leaves_as_late_as_it_can_without_finishing_later():
    problem = town([visit("a", 1), visit("b", 2, (HOUR, 2 * HOUR))])
    times = schedule(problem, Route("van", ("a", "b")))
    assert times.depart == HOUR - 2 * MINUTE
    assert times.waiting == 0
    assert times.finish == HOUR + 2 * MINUTE


def test_leaving_late_keeps_earlier_windows():
    problem = town([visit("a", 1, (0, 600)), visit("b", 2, (HOUR, 2 * HOUR))])
    times = schedule(problem, Route("van", ("a", "b")))
    assert times.stops[0].start == 600
    assert times.stops[1].wait == HOUR - 600 - MINUTE


def test_of_several_windows_the_next_open_one_counts():
    problem = town([visit("a", 1, (2 * HOUR, 3 * HOUR), (0, 30))])
    times = schedule(problem, Route("van", ("a",)))
    assert times.stops[0].start == 2 * HOUR
    assert times.late == 0


def test_lateness_and_overtime_are_stated_and_not_mended():
    problem = town([visit("a", 9, (0, 500), service=HOUR)], [shift(end=HOUR)])
    times = schedule(problem, Route("van", ("a",)))
    assert times.stops[0].start == times.stops[0].arrive == 540
    assert times.stops[0].late == 40
    assert times.overtime == 2 * 540


def test_goods_that_are_released_late_hold_the_departure():
    problem = town([visit("a", 1), visit("b", 2, release=HOUR)])
    assert schedule(problem, Route("van", ("a", "b"))).depart == HOUR


def test_with_several_windows_too_it_leaves_as_late_as_it_can():
    problem = town([visit("a", 1, (0, 600), (3000, 3100), (5000, 9000)), visit("b", 2, (HOUR, HOUR), (4000, 4100))])
    times = schedule(problem, Route("van", ("a", "b")))
    assert (times.depart, times.finish) == (3100 - MINUTE, HOUR + 2 * MINUTE)


def test_a_route_that_would_last_too_long_leaves_later_and_finishes_later():
    visits = [visit("a", 1, (0, 60), (5000, 6000)), visit("b", 2, (4000, 6000))]
    times = schedule(town(visits, [shift(max_duration=HOUR)]), Route("van", ("a", "b")))
    assert (times.depart, times.stops[0].start, times.finish) == (4940, 5000, 5180)


def test_the_vehicle_is_loaded_after_the_departure_and_service_is_by_shift():
    problem = town([visit("a", 1, (HOUR, HOUR), service=100, service_by={"van": 31})], [shift(loading=600, pace=150)])
    times = schedule(problem, Route("van", ("a",)))
    assert (times.depart, times.stops[0].leave) == (HOUR - MINUTE - 600, HOUR + 47)
    assert times.paid == 600 + 60 + 47 + 60


def test_service_begins_in_the_window_of_its_lock_as_well():
    locked = town([visit("a", 1, (0, 900), (HOUR, 2 * HOUR))], locks=[Lock("a", window=Window(800, HOUR + 10))])
    assert schedule(locked, Route("van", ("a",))).stops[0].start == 800
    late = replace(locked, locks=(Lock("a", window=Window(0, 20)),))
    assert schedule(late, Route("van", ("a",))).late == 40


def test_goods_that_may_not_ride_long_are_taken_up_later():
    visits = [visit("a", 1, (0, HOUR)), visit("b", 2, (HOUR, HOUR))]
    problem = town([*visits, visit("c", 3, (0, 180))], pairs=[Pair("a", "b", max_ride=300)])
    times = schedule(problem, Route("van", ("c", "a", "b")))
    assert (times.depart, times.stops[1].start, times.stops[1].wait) == (0, HOUR - 300, HOUR - 300 - 300)


def test_of_equal_times_the_fewest_breaks_count_then_the_least_cost():
    rest = Break(600, 0, HOUR)
    visits = [visit("a", 1, (0, 0), (3000, 3060)), visit("b", 2, (HOUR, HOUR), due=0, late_per_hour=3600)]
    assert schedule(town(visits, [shift(breaks=(rest,))]), Route("van", ("a", "b"))).breaks == ()
    early = Break(300, 3060, 3060)
    (taken,) = schedule(town(visits, [shift(breaks=(early,))]), Route("van", ("a", "b"))).breaks
    assert (taken.start, taken.after_service) == (3060, True)


def test_a_break_is_taken_while_waiting_where_it_costs_nothing():
    rest = Break(30 * MINUTE, HOUR, 2 * HOUR)
    visits = [visit("a", 1, (HOUR - 600, HOUR)), visit("b", 2, (3 * HOUR, 4 * HOUR))]
    times = schedule(town(visits, [shift(breaks=(rest,))]), Route("van", ("a", "b")))
    assert [(taken.position, taken.start) for taken in times.breaks] == [(0, HOUR)]
    assert times.stops[1].start == 3 * HOUR
    assert times.paid == times.duration - 30 * MINUTE


def test_a_break_that_can_wait_until_after_the_route_is_not_on_it():
    problem = town([visit("a", 1)], [shift(breaks=(Break(600, 0, HOUR),))])
    assert schedule(problem, Route("van", ("a",))).breaks == ()


def test_a_break_that_nothing_can_keep_is_taken_late_and_stated():
    problem = town([visit("a", 9, (0, 540))], [shift(breaks=(Break(600, 60, 120),))])
    (taken,) = schedule(problem, Route("van", ("a",))).breaks
    assert taken.start > 120


def test_from_here_and_now_it_neither_waits_nor_takes_breaks_again():
    problem = town([visit("a", 5), visit("b", 7, (HOUR, 2 * HOUR))], [shift(breaks=(Break(900, 0, 300),))])
    start = Start(at=400, first_leg=(33, 500), breaks_taken=(0,), on_board={"pieces": 2})
    times = schedule(problem, Route("van", ("a", "b")), start)
    assert times.depart == 400
    assert times.stops[0].arrive == 433
    assert times.stops[1].wait == HOUR - 433 - 120
    assert times.stops[1].load["pieces"] == 2
    assert times.meters == 500 + 2000 + 7000


def test_from_a_place_of_the_matrix_the_way_home_is_timed_too():
    times = schedule(town([]), Route("van"), Start(at=1000, place=4))
    assert (times.depart, times.finish, times.meters) == (1000, 1240, 4000)


def test_loads_fall_where_goods_are_delivered_and_rise_where_they_are_collected():
    visits = [visit("a", 1, deliver={"kg": 3}), visit("b", 2, collect={"kg": 4}), visit("c", 3), visit("d", 4)]
    problem = town(visits, pairs=[Pair("c", "d", {"kg": 10})], dimensions=["kg"])
    times = schedule(problem, Route("van", ("a", "b", "c", "d")))
    assert times.load == {"kg": 3}
    assert [stop.load["kg"] for stop in times.stops] == [0, 4, 14, 4]


def test_goods_of_a_pair_that_were_taken_up_before_are_on_board_at_the_start():
    problem = town([visit("c", 3), visit("d", 4)], pairs=[Pair("c", "d", {"kg": 10})], dimensions=["kg"])
    times = schedule(problem, Route("van", ("d",)), Start(at=0, place=3))
    assert (times.load["kg"], times.stops[0].load["kg"]) == (10, 0)


def test_an_empty_route_takes_no_time_and_costs_nothing():
    problem = town([visit("a", 1, prize=77)], [shift(costs=Costs(fixed=500))])
    assert schedule(problem, Route("van")).duration == 0
    assert plan_cost(problem, plan(("van", ""), unassigned="a")) == 77


def test_cost_is_fixed_and_paid_time_and_distance_rounded_down_once_a_route():
    problem = town([visit("a", 1, service=59)], [shift(costs=Costs(fixed=5, per_hour=3601, per_km=7, per_meter=2))])
    assert plan_cost(problem, plan(("van", "a"))) == 5 + 179 * 3601 // 3600 + 14 + 4000


def test_overtime_waiting_and_lateness_cost():
    costs = Costs(per_hour=3600, overtime_per_hour=1800, waiting_per_hour=7200)
    visits = [visit("a", 1, (0, 60), due=30, late_per_hour=60 * 60), visit("b", 2, (400, 400))]
    problem = town(visits, [shift(costs=costs, regular=400)])
    assert plan_cost(problem, plan(("van", "a b"))) == 520 + 60 + 2 * 280 + 30


def test_a_visit_of_a_higher_priority_outweighs_all_lower_ones():
    problem = town([visit("a", 1, priority=3), visit("b", 1), visit("c", 1), visit("d", 1, prize=5)])
    assert plan_rank(problem, plan(unassigned="a d"))[0] == (1, 0)
    assert plan_rank(problem, plan(unassigned="b c d"))[0] == (0, 2)


@pytest.mark.parametrize(("first", "expected"), [(True, 1), (False, 0)])
def test_plans_rank_by_required_visits_then_vehicles_then_cost(first: bool, expected: int):
    problem = town([visit("a", 1), visit("b", 1)], goals=Goals(vehicles_first=first))
    assert plan_rank(problem, plan(("van", "a"), unassigned="b"))[:2] == ((1,), expected)


@PROPERTY
@given(planned())
def test_the_judge_finds_no_contradiction_and_nothing_that_another_timing_would_keep(asked: tuple[Problem, Plan]):
    problem, made = asked
    stated = check(problem, made, [schedule(problem, route) for route in made.routes])
    assert not [breach for breach in stated if breach.code == "times"]
    late = {breach.shift for breach in stated if breach.code in TIMES}
    assert late >= {breach.shift for breach in check(problem, made) if breach.code in TIMES}


@PROPERTY
@given(planned())
def test_leaving_later_would_finish_later_or_make_something_late(asked: tuple[Problem, Plan]):
    problem, made = asked
    for route in made.routes:
        if route.visits and not problem.shift[route.shift].breaks:
            times = schedule(problem, route)
            later = schedule(problem, route, Start(times.depart + 1))
            assert later.finish > times.finish or later.late > times.late
