"""Why a visit was left out: a true reason for every shift, and what would let it in."""

from dataclasses import replace

import pytest
from hypothesis import given

from homestretch.planner import NOWHERE, UNREACHABLE, Break, Lock, Matrix, Pair, Problem, Reason, Travel, explain, move
from homestretch.planner.check import check
from homestretch.planner.problem import Plan, Window
from homestretch.planner.schedule import schedule
from tests.planner.problems import PROPERTY, planned
from tests.planner.town import HOUR, MINUTE, plan, shift, town, visit

CODES = ("time_window", "skill", "shift_end", "max_stops", "max_distance", "unreachable", "not_located")
CODES += ("service_longer_than_window", "locked_elsewhere", "lower_priority", "load:weight", "load:pieces")
NO_WAY = Travel({"van": Matrix([[0, 60], [UNREACHABLE, 0]], [[0, 1], [1, 0]])})


def reasons(problem: Problem, made: Plan | None = None) -> list[Reason]:
    return explain(problem, made or plan(unassigned="x"))["x"]


def x(place: int = 5, *windows: tuple[int, int], **more: object):
    return visit("x", place, *windows, prize=1000, **more)


@pytest.mark.parametrize(
    ("problem", "code", "amount", "would"),
    [
        (town([x(9, (0, 480))]), "time_window", 60, "A window 1 min longer at x."),
        (town([x(9)], [shift(end=17 * MINUTE)]), "shift_end", 60, "A shift 1 min longer."),
        (town([x(9)], [shift(max_duration=17 * MINUTE)]), "shift_end", 60, "A longest route 1 min longer."),
        (town([x(9)], [shift(max_distance=17_000)]), "max_distance", 1000, "1000 m more allowed distance."),
        (town([x(9)], [shift(max_stops=0)]), "max_stops", 1, "1 more allowed stops."),
        (town([x(9, skills={"crane", "cold"})]), "skill", 2, "A shift with: cold, crane."),
        (
            town([x(9, deliver={"kg": 9})], [shift(capacity={"kg": 5})], dimensions=["kg"]),
            "load:kg",
            4,
            "4 kg more capacity.",
        ),
        (town([x(1)], travel=NO_WAY), "unreachable", 0, "Move its pin to a road."),
        (town([x(NOWHERE)]), "not_located", 0, "Set the pin of its place."),
        (
            town([x(1, service=9 * HOUR)]),
            "service_longer_than_window",
            HOUR,
            "A shift 60 min longer, or a shorter service.",
        ),
        (town([x(1)], [shift("van"), shift("car")], locks=[Lock("x", "car")]), "locked_elsewhere", 0, "Drop the lock."),
        (town([x(9, crew=2)]), "crew", 1, "A crew of 2."),
        (town([x(9, barred=frozenset({"van"}))]), "barred", 0, "Drop the bar."),
        (town([x(9)], [shift(max_drive=17 * MINUTE)]), "max_drive", 60, "1 min more allowed driving."),
        (
            town([x(9, service=60, service_by={"van": 121})], [shift(end=30 * MINUTE, pace=700, loading=60)]),
            "shift_end",
            187,
            "A shift 4 min longer.",
        ),
        (
            town([x(1, (0, 60))], locks=[Lock("x", None, None, Window(70, 90))]),
            "lock_window",
            0,
            "Drop the lock, or move its window.",
        ),
        (
            town([x(9, (0, 540))], [shift(breaks=(Break(600, 60, 120),))]),
            "time_window",
            420,
            "A break up to 7 min later.",
        ),
    ],
)
def test_the_reason_is_named_with_what_would_let_it_in(problem: Problem, code: str, amount: int, would: str):
    found = reasons(problem)[0]
    assert (found.code, found.amount, found.would_let_in) == (code, amount, would)
    assert found.text


def test_every_shift_says_its_own_reason():
    problem = town([x(9)], [shift(end=600), shift("car", max_stops=0)])
    assert [(found.shift, found.code) for found in reasons(problem)] == [("van", "shift_end"), ("car", "max_stops")]


def test_a_visit_that_costs_more_than_its_prize_has_a_lower_priority():
    found = reasons(town([replace(x(5), prize=10)]))[0]
    assert (found.code, found.amount) == ("lower_priority", 10_600 - 10)


def test_a_visit_that_fits_says_where():
    found = reasons(town([visit("a", 2), replace(x(3), prize=None)]), plan(("van", "a"), unassigned="x"))[0]
    assert found.code == "lower_priority"
    assert found.would_let_in.startswith("Move it to position ")


def test_a_visit_that_would_make_another_late_names_that_one():
    problem = town([visit("a", 9, (0, 540)), replace(x(8, (0, 480)), service=60)])
    found = reasons(problem, plan(("van", "a"), unassigned="x"))[0]
    assert (found.code, found.text) == ("time_window", "Service would begin 1 min after the last window of a.")


def test_the_other_end_of_a_pair_holds_it():
    problem = town([visit("c", 1), x(2)], [shift(), shift("car")], pairs=[Pair("c", "x")])
    found = reasons(problem, plan(("car", "c"), unassigned="x"))
    assert (found[0].shift, found[0].code) == ("van", "locked_elsewhere")


def test_ends_of_a_pair_are_explained_together():
    problem = town([visit("c", NOWHERE, prize=1), x(2)], pairs=[Pair("c", "x")])
    assert [found.code for found in explain(problem, plan(unassigned="c x"))["x"]] == ["not_located"]


@pytest.mark.parametrize(
    ("rules", "code"), [({"backhauls_last": True}, "backhauls_last"), ({"lifo": True}, "lifo"), ({}, "lower_priority")]
)
def test_the_order_of_loading_keeps_it_out(rules: dict[str, bool], code: str):
    visits = [visit("a", 1, (0, 60), collect={"kg": 1}), replace(x(2, (120, 180)), deliver={"kg": 1})]
    problem = town(visits, [shift(**rules)], dimensions=["kg"])
    assert reasons(problem, plan(("van", "a"), unassigned="x"))[0].code == code


def test_goods_that_would_ride_too_long_keep_a_pair_out():
    pairs = [Pair("c", "x", {"kg": 1}, max_ride=59)]
    problem = town([visit("c", 1, prize=1), x(2)], pairs=pairs, dimensions=["kg"])
    assert [(found.code, found.amount) for found in reasons(problem, plan(unassigned="c x"))] == [("max_ride", 1)]


def test_locked_positions_hold_a_route():
    problem = town([visit("a", 1), x(2)], locks=[Lock("x", None, 5)])
    assert reasons(problem, plan(("van", "a"), unassigned="x"))[0].code == "locked_elsewhere"


def now_breached(problem: Problem, made: Plan, shift_id: str) -> bool:
    return any(each.shift == shift_id for each in check(problem, made, [schedule(problem, r) for r in made.routes]))


@PROPERTY
@given(planned())
def test_every_shift_has_a_true_reason(asked: tuple[Problem, Plan]):
    problem, made = asked
    for name, found in explain(problem, made).items():
        assert {each.shift for each in found} == {each.id for each in problem.shifts}
        assert {each.code for each in found} <= set(CODES)
        for each in found:
            if each.code == "lower_priority" or name in problem.pair_of:
                continue
            room = range(len(made.route_of(each.shift).visits) + 1)
            tried = [move(problem, made, name, (each.shift, position)) for position in room]
            assert all(now_breached(problem, after, each.shift) for after in tried)
