"""The judge names every breach that is planted, and no other."""

from dataclasses import replace
from typing import Any

import pytest

from homestretch.planner import (
    NOWHERE,
    UNREACHABLE,
    Break,
    Lock,
    Matrix,
    Pair,
    Problem,
    Route,
    Travel,
    check,
    schedule,
)
from homestretch.planner.problem import Plan
from tests.planner.town import HOUR, MINUTE, plan, shift, town, visit

A, B, C = visit("a", 1), visit("b", 2), visit("c", 3)
NO_WAY = Travel({"van": Matrix([[0, 60], [UNREACHABLE, 0]], [[0, 1], [1, 0]])})
SMALL = {"capacity": {"kg": 5}}


def stated(problem: Problem, made: Plan) -> list[Any]:
    return check(problem, made, [schedule(problem, route) for route in made.routes])


PLANTED: list[tuple[str, Problem, Plan]] = [
    ("visit_unknown", town([A]), plan(("van", "a x"))),
    ("visit_twice", town([A, B]), plan(("van", "a b a"))),
    ("visit_twice", town([visit("a", 1, prize=1)]), plan(("van", "a"), unassigned="a")),
    ("visit_missing", town([A, B]), plan(("van", "a"))),
    ("visit_required", town([A, B]), plan(("van", "a"), unassigned="b")),
    ("shift_unknown", town([A]), plan(("car", "a"))),
    ("shift_twice", town([A, B]), plan(("van", "a"), ("van", "b"))),
    ("time_window", town([visit("a", 9, (0, 500))]), plan(("van", "a"))),
    ("shift_end", town([A], [shift(end=119)]), plan(("van", "a"))),
    ("load:kg", town([visit("a", 1, deliver={"kg": 6})], [shift(**SMALL)], dimensions=["kg"]), plan(("van", "a"))),
    ("load:kg", town([visit("a", 1, collect={"kg": 6})], [shift(**SMALL)], dimensions=["kg"]), plan(("van", "a"))),
    (
        "load:kg",
        town([A, B], [shift(**SMALL)], pairs=[Pair("a", "b", {"kg": 6})], dimensions=["kg"]),
        plan(("van", "a b")),
    ),
    ("skill", town([visit("a", 1, skills={"crane"})]), plan(("van", "a"))),
    ("pair", town([A, B], pairs=[Pair("b", "a")]), plan(("van", "a b"))),
    ("pair", town([A, B], [shift(), shift("car")], pairs=[Pair("a", "b")]), plan(("van", "a"), ("car", "b"))),
    ("lock", town([A], [shift(), shift("car")], locks=[Lock("a", "car")]), plan(("van", "a"))),
    ("lock", town([A, B], locks=[Lock("a", None, 1)]), plan(("van", "a b"))),
    ("lock", town([visit("a", 1, prize=1)], locks=[Lock("a", "van")]), plan(unassigned="a")),
    ("break", town([visit("a", 9, (0, 540))], [shift(breaks=(Break(600, 60, 120),))]), plan(("van", "a"))),
    ("max_stops", town([A, B], [shift(max_stops=1)]), plan(("van", "a b"))),
    ("max_distance", town([A], [shift(max_distance=1999)]), plan(("van", "a"))),
    ("max_duration", town([A], [shift(max_duration=119)]), plan(("van", "a"))),
    ("unreachable", town([A], travel=NO_WAY), plan(("van", "a"))),
    ("not_located", town([visit("a", NOWHERE)]), plan(("van", "a"))),
]


@pytest.mark.parametrize(("code", "problem", "made"), PLANTED)
def test_a_planted_breach_is_found_and_no_other(code: str, problem: Problem, made: Plan):
    assert {breach.code for breach in check(problem, made)} == {code}


@pytest.mark.parametrize(
    ("code", "problem", "made"), [each for each in PLANTED if each[0] not in ("visit_unknown", "shift_unknown")]
)
def test_it_is_found_in_stated_times_too(code: str, problem: Problem, made: Plan):
    assert code in {breach.code for breach in stated(problem, made)}


def test_a_plan_that_keeps_all_has_no_breach():
    problem = town([A, B, visit("c", 3, prize=5)])
    made = plan(("van", "a b"), unassigned="c")
    assert check(problem, made) == []
    assert stated(problem, made) == []


def test_a_breach_says_by_how_much():
    problem = town([visit("a", 9, (0, 500))])
    (breach,) = check(problem, plan(("van", "a")))
    assert (breach.shift, breach.visit, breach.amount) == ("van", "a", 40)


def test_a_break_is_kept_if_any_placing_keeps_it():
    rests = (Break(1800, 0, HOUR), Break(1800, 2 * HOUR, 3 * HOUR))
    visits = [visit("a", 1, (HOUR, HOUR + 60)), visit("b", 2, (4 * HOUR, 5 * HOUR))]
    problem = town(visits, [shift(breaks=rests)])
    assert check(problem, plan(("van", "a b"))) == []
    assert stated(problem, plan(("van", "a b"))) == []


def bent(**changes: Any) -> list[str]:
    """Codes found when the second stop's times, or the route's, are changed."""
    problem = town([visit("a", 1, service=60), visit("b", 2, (1000, 2000))], [shift(start=100, breaks=())])
    times = schedule(problem, Route("van", ("a", "b")))
    on_route = {name: value for name, value in changes.items() if name in ("depart", "finish", "breaks")}
    on_stop = {name: value for name, value in changes.items() if name not in on_route}
    stops = (times.stops[0], replace(times.stops[1], **on_stop))
    found = check(problem, plan(("van", "a b")), [replace(times, stops=stops, **on_route)])
    return [breach.code for breach in found]


@pytest.mark.parametrize(
    "changes",
    [
        {"arrive": 999},
        {"leave": 1001},
        {"wait": 1},
        {"seconds": 59},
        {"meters": 999},
        {"start": 999, "leave": 999},
        {"visit": "a"},
        {"depart": 0},
        {"finish": 1},
        {"leave": 1001, "finish": 1121},
        {"arrive": 999, "wait": 1},
        {"start": 999, "leave": 999, "finish": 1119},
    ],
)
def test_times_that_contradict_the_problem_are_found(changes: dict[str, Any]):
    assert "times" in bent(**changes)
    assert bent() == []


def test_a_departure_before_the_shift_or_the_release_is_found():
    problem = town([visit("a", 1, release=500)], [shift(start=600)])
    times = schedule(town([visit("a", 1)]), Route("van", ("a",)))
    codes = {breach.code for breach in check(problem, plan(("van", "a")), [times])}
    assert codes == {"shift_start", "release"}


def test_a_break_left_out_of_stated_times_is_found():
    problem = town([visit("a", 9, service=HOUR)], [shift(breaks=(Break(600, 20 * MINUTE, HOUR),))])
    times = schedule(town([visit("a", 9, service=HOUR)]), Route("van", ("a",)))
    (breach,) = check(problem, plan(("van", "a")), [times])
    assert breach.code == "break"


def test_a_route_without_stated_times_and_times_without_a_route_are_found():
    problem = town([A, B], [shift(), shift("car")])
    times = schedule(problem, Route("car", ("b",)))
    codes = [breach.code for breach in check(problem, plan(("van", "a b")), [times])]
    assert codes == ["times", "times"]
