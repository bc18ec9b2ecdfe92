"""For each rule of a real day a plan that breaks just this one: it is found, and with the rule off the plan passes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from homestretch.planner import (
    Break,
    Group,
    Lock,
    Matrix,
    Pair,
    Plan,
    Problem,
    Relation,
    Route,
    RouteTimes,
    Slots,
    Start,
    Travel,
    Window,
    check,
)
from tests.planner.oracle.routes import option_of
from tests.planner.oracle.stated import stated
from tests.planner.town import HOUR, MINUTE, line, plan, shift, town, visit

A, B, C = visit("a", 1), visit("b", 2), visit("c", 3)
TWO = [shift(), shift("car")]
KG = {"dimensions": ("kg",)}
ONE = {"kg": 1}
AB, ABC = plan(("van", "a b")), plan(("van", "a b c"))
SPLIT = plan(("van", "a"), ("car", "b"))
TRIPS = Plan((Route("van", ("a", "b"), (1,)),))
LOADED = [visit("a", 1, deliver={"kg": 5}), visit("b", 2, deliver={"kg": 5})]
SMALL = {"capacity": {"kg": 9}}
FISH, SOAP = visit("a", 1, deliver=ONE, goods={"fish"}), visit("b", 2, deliver=ONE, goods={"soap"})
NOON = Break(600, 0, HOUR)
SLOW_LATER = Travel({"van": Slots((0, 100), (line(), line(minute=600)))})
LONG = shift(breaks=(NOON,), longest_stretch=HOUR)


def off(problem: Problem, **fields: Any) -> Problem:
    """The problem with other shifts' fields."""
    return replace(problem, shifts=tuple(replace(each, **fields) for each in problem.shifts))


def rule(code: str, asked: Problem, made: Plan, without: Problem | dict[str, Any]) -> Any:
    """One planted breach; `without` is the problem with the rule off, or what to change in its shifts for that."""
    plain = off(asked, **without) if isinstance(without, dict) else without
    return pytest.param(code, asked, plain, made, id=code)


OLD = town([A, B])
PLANTED = [
    rule("crew", town([visit("a", 1, crew=2), B]), AB, {"crew": 2}),
    rule("barred", town([visit("a", 1, barred={"van"}), B]), AB, OLD),
    rule("max_drive", town([A, B], [shift(max_drive=239)]), AB, {"max_drive": 240}),
    rule("lock_window", town([A, B], locks=[Lock("a", window=Window(0, 59))]), AB, OLD),
    rule("max_ride", town([A, visit("b", 2, service=99), C], pairs=[Pair("a", "c", {}, 218)]), ABC,
         town([A, visit("b", 2, service=99), C], pairs=[Pair("a", "c", {}, 219)])),
    rule("backhauls_last", town([visit("a", 1, collect=ONE), visit("b", 2, deliver=ONE)],
                                [shift(backhauls_last=True)], **KG), AB, {"backhauls_last": False}),
    rule("lifo", town([A, visit("b", 2, deliver=ONE), C], [shift(lifo=True)], pairs=[Pair("a", "c")], **KG), ABC,
         {"lifo": False}),
    rule("lifo", town([A, visit("b", 2, collect=ONE), C], [shift(lifo=True)], pairs=[Pair("a", "c")], **KG), ABC,
         {"lifo": False}),
    rule("incompatible", town([FISH, SOAP], incompatible=[("soap", "fish")], **KG), AB, town([FISH, SOAP], **KG)),
    rule("group", town([A, B], groups=[Group(("a", "b"))]), AB, OLD),
    rule("group_required", town([A, B], groups=[Group(("a", "b"))]), plan(unassigned="a b"),
         town([A, B], groups=[Group(("a", "b"), 5)])),
    rule("together", town([A, B], TWO, relations=[Relation("together", ("a", "b"))]), SPLIT, town([A, B], TWO)),
    rule("in_order", town([A, B], relations=[Relation("in_order", ("b", "a"))]), AB, OLD),
    rule("in_order", town([A, B], TWO, relations=[Relation("in_order", ("a", "b"))]), SPLIT, town([A, B], TWO)),
    rule("adjacent", town([A, B, C], relations=[Relation("adjacent", ("a", "c"))]), ABC, town([A, B, C])),
    rule("adjacent", town([A, visit("b", 2, prize=1)], relations=[Relation("adjacent", ("a", "b"))]),
         plan(("van", "a"), unassigned="b"), town([A, visit("b", 2, prize=1)])),
    rule("adjacent", town([A, B], [shift(reload=0)], relations=[Relation("adjacent", ("a", "b"))]), TRIPS,
         town([A, B], [shift(reload=0)])),
    rule("reload", town([A, B]), TRIPS, {"reload": 0}),
    rule("reload", town([A, B], [shift(reload=0)]), Plan((Route("van", ("a", "b"), (2,)),)),
         town([A, B, C], [shift(reload=0)])),
    rule("max_trips", town([A, B], [shift(reload=0, max_trips=1)]), TRIPS, {"max_trips": 2}),
    rule("pair", town([A, B], [shift(reload=0)], pairs=[Pair("a", "b")]), TRIPS, town([A, B], [shift(reload=0)])),
    rule("load:kg", town(LOADED, [shift(reload=0, **SMALL)], **KG), AB, {"capacity": {"kg": 10}}),
    rule("longest_stretch", town([A, visit("b", 2, service=HOUR)], [LONG]), AB, {"longest_stretch": 2 * HOUR}),
    rule("shift_end", town([A, B], [shift(end=300, loading=61)]), AB, {"loading": 60}),
    rule("shift_end", town([visit("a", 1, service=100), B], [shift(end=360, pace=121)]), AB, {"pace": 120}),
    rule("shift_end", town([visit("a", 1, service_by={"van": 121}), B], [shift(end=360)]), AB,
         town([visit("a", 1, service=120), B], [shift(end=360)])),
    rule("shift_end", town([visit("a", 9)], [shift(end=1100)], travel=SLOW_LATER), plan(("van", "a")),
         town([visit("a", 9)], [shift(end=1100)])),
    rule("release", town([A, visit("b", 2, release=500)], [shift(begun=Start(499))]), AB,
         town([A, B], [shift(begun=Start(499))])),
    rule("shift_end", town([A, B], [shift(end=400, begun=Start(161, 0))]), AB, {"begun": Start(160, 0)}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "asked", "plain", "made"), PLANTED)
def test_a_planted_breach_is_found_and_no_other(code: str, asked: Problem, plain: Problem, made: Plan):
    assert {breach.code for breach in check(asked, made)} == {code}
    if len(plain.visits) == len(asked.visits):
        assert check(plain, made) == []


def times(problem: Problem, made: Plan) -> list[RouteTimes]:
    """Canonical times of a plan that can be driven."""
    found = []
    for route in made.routes:
        option = option_of(problem, route)
        assert option is not None
        visits = [problem.visit[name] for name in route.visits]
        found.append(stated(problem, problem.shift[route.shift], visits, option.timed))
    return found


UNTIMED = {"shift_end", "reload", "release"}


@pytest.mark.parametrize(
    ("code", "asked", "plain", "made"), [each for each in PLANTED if each.values[0] not in UNTIMED]
)
def test_it_is_found_in_stated_times_too(code: str, asked: Problem, plain: Problem, made: Plan):
    driven = times(plain, made)
    assert {breach.code for breach in check(asked, made, driven)} == {code}
    assert check(plain, made, driven) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"pace": 101},
        {"loading": 1},
        {"reload": 5},
        {"begun": Start(0)},
        {"profile": "bike"},
    ],
)
def test_times_that_forget_a_rule_are_found(changes: dict[str, Any]):
    travel = Travel({"van": line(), "bike": Slots((0, 100), (line(minute=61), line(minute=70)))})
    visits = [visit("a", 1, (600, 900), service=100), visit("b", 2, service=50)]
    problem = town(visits, [shift(reload=0)], travel=travel)
    driven = times(problem, TRIPS)
    assert check(problem, TRIPS, driven) == []
    assert {breach.code for breach in check(off(problem, **changes), TRIPS, driven)} == {"times"}


def test_stated_reloads_are_verified():
    problem = town([A, visit("b", 2, release=500)], [shift(reload=0, loading=60)])
    (driven,) = times(problem, TRIPS)
    (halt,) = driven.reloads
    assert (halt.position, halt.start, halt.leave) == (1, 500, 560)
    for bent, code in (
        ({"reloads": ()}, "times"),
        ({"reloads": (replace(halt, position=2),)}, "times"),
        ({"reloads": (replace(halt, leave=559),)}, "times"),
        ({"reloads": (replace(halt, seconds=1),)}, "times"),
        ({"reloads": (replace(halt, start=499, leave=559),)}, "release"),
        ({"reloads": (replace(halt, start=501),)}, "times"),
        ({"seconds": 1}, "times"),
        ({"meters": 1}, "times"),
        ({"paid": 1}, "times"),
        ({"overtime": 1}, "times"),
    ):
        assert code in {breach.code for breach in check(problem, TRIPS, [replace(driven, **bent)])}


def test_goods_that_are_released_later_go_on_a_later_trip():
    late = visit("b", 2, (0, 700), release=500)
    problem = town([visit("a", 1, (0, 300)), late], [shift(reload=0)])
    assert {breach.code for breach in check(problem, AB)} == {"time_window"}
    assert check(problem, TRIPS) == []


def test_what_was_collected_is_set_down_at_a_reload():
    goods = [visit("a", 1, collect={"kg": 5}), visit("b", 2, collect={"kg": 5})]
    problem = town(goods, [shift(reload=0, **SMALL)], **KG)
    assert {breach.code for breach in check(problem, AB)} == {"load:kg"}
    assert check(problem, TRIPS) == []


def test_incompatible_goods_may_follow_each_other():
    """What is collected at the last stop never meets what was delivered before it."""
    given, taken = visit("a", 1, deliver=ONE, goods={"fish"}), visit("b", 2, collect=ONE, goods={"soap"})
    problem = town([given, taken], incompatible=[("fish", "soap")], **KG)
    assert check(problem, AB) == []
    assert {breach.code for breach in check(problem, plan(("van", "b a")))} == {"incompatible"}


def test_a_route_may_wait_before_it_takes_up_what_must_not_ride_long():
    visits = [visit("first", 1, (0, 90)), A, visit("b", 2, (HOUR, 2 * HOUR))]
    problem = town([*visits], pairs=[Pair("a", "b", {}, 5 * MINUTE)])
    assert check(problem, plan(("van", "first a b"))) == []


def test_a_break_on_the_route_parts_a_stretch_and_one_outside_does_not():
    visits = [visit("a", 1, service=40 * MINUTE), visit("b", 2, service=40 * MINUTE)]
    resting = shift(longest_stretch=HOUR, breaks=(Break(600, 0, 2 * HOUR),))
    assert check(town(visits, [resting]), AB) == []
    early = replace(resting, breaks=(Break(600, 0, 0),))
    assert {breach.code for breach in check(town(visits, [early]), AB)} == {"longest_stretch"}


def test_goods_meet_where_one_is_set_down_and_the_other_taken_up():
    given, taken = visit("a", 1, goods={"fish"}), visit("b", 2, collect=ONE, goods={"soap"})
    problem = town([given, taken], pairs=[Pair("a", "b")], incompatible=[("soap", "fish")], **KG)
    assert {breach.code for breach in check(problem, AB)} == {"incompatible"}


def test_what_is_on_board_already_takes_room():
    problem = town([visit("a", 1, deliver={"kg": 5})], [shift(begun=Start(0, on_board={"kg": 4}), **SMALL)], **KG)
    assert check(problem, plan(("van", "a"))) == []
    assert {breach.code for breach in check(off(problem, capacity={"kg": 8}), plan(("van", "a")))} == {"load:kg"}


def test_a_later_trip_waits_for_its_goods():
    problem = town([A, visit("b", 2, release=500)], [shift(reload=0, end=740)])
    assert check(problem, TRIPS) == []
    assert {breach.code for breach in check(off(problem, end=739), TRIPS)} == {"shift_end"}


def test_a_route_may_finish_later_to_be_short_enough():
    visits = [visit("a", 1, (0, 60), (5000, 5100)), visit("b", 2, (1000, 6000))]
    problem = town(visits, [shift(max_duration=240)])
    assert check(problem, AB) == []
    assert {breach.code for breach in check(off(problem, max_duration=239), AB)} == {"max_duration"}


SLOTS = Slots(
    (0, 1000), (Matrix([[0, 1000], [1000, 0]], [[0, 5], [5, 0]]), Matrix([[0, 100], [100, 0]], [[0, 7], [7, 0]]))
)


@pytest.mark.parametrize(
    ("depart", "seconds", "meters"),
    [
        (0, 1000, 5),
        (500, 1000, 5),
        (501, 1000, 5),
        (502, 999, 5),
        (999, 551, 5),
        (1000, 550, 7),
        (1500, 100, 7),
        (9999, 100, 7),
    ],
)
def test_seconds_run_straight_between_the_middles_of_slots(depart: int, seconds: int, meters: int):
    """From 1000 s at second 500 to 100 s at second 1500: nine tenths of a second less each second, rounded up."""
    asked = town([A], [replace(shift(begun=Start(depart)), end=99_999)], travel=Travel({"van": SLOTS}))
    (driven,) = times(asked, plan(("van", "a")))
    assert (driven.stops[0].seconds, driven.stops[0].meters) == (seconds, meters)
    assert check(asked, plan(("van", "a")), [driven]) == []


def test_who_leaves_later_never_arrives_sooner():
    """From 2000 s to 100 s within a thousand: the seconds fall by one each second, and meet the later value late."""
    fall = Slots(
        (0, 1000), (Matrix([[0, 2000], [0, 0]], [[0, 1], [1, 0]]), Matrix([[0, 100], [0, 0]], [[0, 1], [1, 0]]))
    )
    arrivals = []
    for depart in (400, 500, 600, 1500, 2399, 2400, 2401):
        asked = town([A], [replace(shift(begun=Start(depart)), end=99_999)], travel=Travel({"van": fall}))
        (driven,) = times(asked, plan(("van", "a")))
        arrivals.append(driven.stops[0].arrive)
        assert check(asked, plan(("van", "a")), [driven]) == []
    assert arrivals == [2400, 2500, 2500, 2500, 2500, 2500, 2501]
