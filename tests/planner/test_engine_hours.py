"""The engine where ways depend on the hour, work without a break is limited, and goods wait to be taken up."""

from homestretch.planner.problem import Break, Matrix, Pair, Problem, Slots, Travel
from homestretch.planner.schedule import schedule
from tests.planner.test_engine import by_shift, solved
from tests.planner.town import HOUR, MINUTE, line, shift, town, visit


def rush() -> Travel:
    """Ways take ten times as long in the second hour."""
    slow = Matrix(line().durations * 10, line().distances)
    return Travel({"van": Slots((0, HOUR, 2 * HOUR), (line(), slow, line()))})


def test_a_route_avoids_the_hour_in_which_ways_are_slow() -> None:
    """Both orders are as far; in one of them the long way falls into the second hour."""
    visits = [visit("far", 9, (0, 8 * HOUR), service=30 * MINUTE), visit("near", 1, (HOUR + 1800, HOUR + 1800))]
    problem = town(visits, [shift()], travel=rush())
    made = solved(problem)
    assert by_shift(made) == {"van": ("far", "near")} or by_shift(made) == {"van": ("near", "far")}
    times = schedule(problem, made.routes[0])
    assert times.seconds < 60 * MINUTE


def test_what_can_only_be_reached_before_the_slow_hour_is_served_first() -> None:
    late = [visit("early", 9, (0, 30 * MINUTE)), visit("any", 1, service=50 * MINUTE)]
    made = solved(town(late, [shift(end=3 * HOUR)], travel=rush()))
    assert by_shift(made) == {"van": ("early", "any")}


def test_a_search_parts_the_work_by_a_break() -> None:
    visits = [visit(name, 1, service=90 * MINUTE) for name in "ab"]
    rest = Break(30 * MINUTE, 0, 8 * HOUR)
    assert solved(town(visits, [shift(breaks=(rest,), longest_stretch=2 * HOUR)])).unassigned == ()
    assert len(solved(town(visits, [shift(longest_stretch=2 * HOUR)])).unassigned) == 1


def test_goods_are_taken_up_later_so_that_they_do_not_ride_too_long() -> None:
    """The way is the same in each order; the van waits before it takes up what is wanted in the afternoon."""
    visits = [visit("up", 1), visit("down", 2, (5 * HOUR, 6 * HOUR)), visit("early", 3, (0, HOUR))]
    problem = town(visits, pairs=[Pair("up", "down", max_ride=30 * MINUTE)])
    made = solved(problem)
    assert made.unassigned == ()
    stops = {stop.visit: stop for stop in schedule(problem, made.routes[0]).stops}
    assert stops["down"].start - stops["up"].leave <= 30 * MINUTE


def test_the_fleet_may_be_large_and_slots_few() -> None:
    """One slot for ever is a plain matrix."""
    travel = Travel({"van": Slots((0,), (line(),))})
    problem: Problem = town([visit("a", 1), visit("b", 2)], [shift("x"), shift("y")], travel=travel)
    assert solved(problem).unassigned == ()
