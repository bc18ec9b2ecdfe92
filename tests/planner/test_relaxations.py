"""What would let a visit in lets it in; a place costs what it is said to cost; none that is better is overlooked."""

from dataclasses import replace

import pytest
from hypothesis import given

from homestretch.planner import (
    Answers,
    Break,
    Costs,
    Lock,
    Pair,
    Problem,
    Relaxation,
    Route,
    answers,
    check,
    move,
    plan_cost,
    relaxed,
    schedule,
)
from homestretch.planner.edit import put_in, taken_off
from homestretch.planner.explain.relaxing import another
from homestretch.planner.problem import Plan, Window
from tests.planner.problems import PROPERTY, planned
from tests.planner.test_live import clean_routes, worse
from tests.planner.town import HOUR, MINUTE, plan, shift, town, visit

QUARTER = 15 * MINUTE


def ways(problem: Problem, made: Plan | None = None) -> dict[str, Relaxation]:
    """What would let "x" in, by code."""
    return {way.code: way for way in answers(problem, made or plan(unassigned="x")).relaxations["x"]}


def x(place: int = 5, *windows: tuple[int, int], **more: object):
    return visit("x", place, *windows, prize=10**6, **more)


@pytest.mark.parametrize(
    ("problem", "code", "amount", "text"),
    [
        (town([x(9, (0, 480))]), "window_later", QUARTER, "Let its window end 15 min later."),
        (
            town([x(9, (1020, 2000))], [shift(end=1200)]),
            "window_earlier",
            QUARTER,
            "Let its window begin 15 min sooner.",
        ),
        (town([x(9)], [shift(end=17 * MINUTE)]), "overtime", QUARTER, "Let the shift end 15 min later."),
        (town([x(9)], [shift(max_duration=17 * MINUTE)]), "duration", QUARTER, "Let the route last 15 min longer."),
        (town([x(9)], [shift(max_distance=17_000)]), "distance", 1000, "Allow 1000 m more."),
        (town([x(9)], [shift(max_drive=17 * MINUTE)]), "drive", QUARTER, "Allow 15 min more on the road."),
        (town([x(9)], [shift(max_stops=0)]), "stops", 1, "Allow 1 more stops."),
        (town([x(9, skills={"crane", "cold"})]), "skill", 0, "Give the shift: cold, crane."),
        (town([x(9, crew=2)]), "crew", 0, "Give the shift a crew of 2."),
        (town([x(9, barred=frozenset({"van"}))]), "barred", 0, "Let this shift serve it."),
        (town([x(1)], [shift(), shift("car", end=1)], locks=[Lock("x", "car")]), "lock", 0, "Drop its lock."),
        (
            town([x(9, deliver={"kg": 9})], [shift(capacity={"kg": 5})], dimensions=["kg"]),
            "load:kg",
            4,
            "Make room for 4 more kg.",
        ),
    ],
)
def test_the_least_of_one_rule_is_named(problem: Problem, code: str, amount: int, text: str):
    way = ways(problem)[code]
    assert (way.amount, way.text) == (amount, text)
    assert way.cost > 0


def test_another_van_and_another_visit_left_out_are_ways_too():
    problem = town(
        [visit("a", 5, prize=77), x(6)], [shift(max_stops=1, costs=Costs(fixed=500, per_hour=3600, per_km=1000))]
    )
    found = ways(problem, plan(("van", "a"), unassigned="x"))
    assert found["van"].cost == 500 + 12 * 60 + 12_000
    assert (found["without"].visit, found["without"].cost) == ("a", 2 * 60 + 2_000 + 77)
    assert found["without"].text == "Leave out a instead."
    assert [way.cost for way in found.values()] == sorted(way.cost for way in found.values())


def test_a_required_visit_is_the_last_to_be_left_out():
    problem = town([visit("a", 5), x(6)], [shift(max_stops=1)])
    found = answers(problem, plan(("van", "a"), unassigned="x")).relaxations["x"]
    assert [way.code for way in found][-1] == "without"
    assert found[-1].required


def test_a_locked_visit_is_not_left_out_for_another():
    problem = town([visit("a", 5, prize=1), x(6)], [shift(max_stops=1)], locks=[Lock("a", "van")])
    assert "without" not in ways(problem, plan(("van", "a"), unassigned="x"))


def test_nothing_has_to_be_given_up_for_a_visit_that_fits():
    assert ways(town([x(3)])) == {}


def test_a_window_of_another_visit_may_be_the_least():
    problem = town([visit("a", 9, (0, 540)), replace(x(8, (0, 480)), service=60)])
    way = ways(problem, plan(("van", "a"), unassigned="x"))["window_later"]
    assert way.visit in ("a", "x")
    assert way.amount == QUARTER


def test_the_best_other_place_is_on_the_other_van():
    problem = town([visit("a", 5), visit("b", 5), visit("c", 6)], [shift(), shift("car")])
    found = answers(problem, plan(("van", "a"), ("car", "b c"))).elsewhere
    assert (found["a"].shift, found["a"].cost) == ("car", -(10 * 60 + 10_000))
    assert found["b"].cost == 0


def test_both_ends_of_a_pair_move_together():
    problem = town([visit("c", 1), visit("d", 2), visit("a", 2)], [shift(), shift("car")], pairs=[Pair("c", "d")])
    place = answers(problem, plan(("van", "c d"), ("car", "a"))).elsewhere["d"]
    assert (place.shift, place.cost) == ("car", -(4 * 60 + 4_000))


def applied(problem: Problem, made: Plan, name: str, way: Relaxation) -> tuple[Problem, Plan]:
    """The relaxed problem, and the plan in it with the visit in its place."""
    after, route = relaxed(problem, name, way), made.route_of(way.shift)
    rest = tuple(stop for stop in made.unassigned if stop != name)
    if way.code == "van":
        return after, Plan((*made.routes, Route(another(problem.shift[way.shift]).id, (name,))), rest)
    if way.code == "without":
        route, rest = taken_off(route, way.visit), (*rest, way.visit)
    others = tuple(each for each in made.routes if each.shift != way.shift)
    return after, Plan((*others, put_in(route, name, way.position)), rest)


@PROPERTY
@given(planned())
def test_a_relaxation_lets_the_visit_in_for_its_price(asked: tuple[Problem, Plan]):
    problem, made = asked
    for name, found in answers(problem, made).relaxations.items():
        for way in found:
            if name in problem.pair_of:
                continue
            after, then = applied(problem, made, name, way)
            times = [schedule(after, route) for route in then.routes if route.visits]
            assert not [each for each in check(after, then, times) if each.visit == name]
            shift_id = another(problem.shift[way.shift]).id if way.code == "van" else way.shift
            assert way.code == "van" or worse(after, made, then, shift_id) == []
            gained = problem.visit[name].prize or 0
            assert way.cost == plan_cost(after, then) - plan_cost(problem, made) + gained


def others(problem: Problem, made: Plan, name: str) -> dict[int, list[Plan]]:
    """Plans with the visit at every other place that adds no breach to either route, by what they cost more."""
    found: dict[int, list[Plan]] = {}
    was = next(route for route in made.routes if name in route.visits)
    for shift_id in problem.shift:
        room = len(taken_off(made.route_of(shift_id), name).visits) + 1
        for position in range(room):
            after = move(problem, made, name, (shift_id, position))
            if after.route_of(shift_id) != made.route_of(shift_id) and not any(
                worse(problem, made, after, each) for each in (shift_id, was.shift)
            ):
                found.setdefault(plan_cost(problem, after) - plan_cost(problem, made), []).append(after)
    return found


@PROPERTY
@given(planned())
def test_the_best_other_place_costs_what_it_says_and_is_the_best(asked: tuple[Problem, Plan]):
    problem, made = asked
    said: Answers = answers(problem, made)
    clean = {route.shift for route in clean_routes(problem, made)}
    for route in made.routes:
        for name in route.visits:
            place = said.elsewhere[name]
            if name in problem.pair_of:
                continue
            if place is not None:
                after = move(problem, made, name, (place.shift, place.position))
                assert place.cost == plan_cost(problem, after) - plan_cost(problem, made)
            if clean == {each.shift for each in made.routes}:
                best = others(problem, made, name)
                assert (place is None) == (not best)
                assert place is None or place.cost == min(best)


def test_every_answer_is_there_for_every_visit():
    problem = town([visit("a", 5), x(6, (0, 60))], [shift(breaks=(Break(60, 0, HOUR),))])
    said = answers(problem, plan(("van", "a"), unassigned="x"))
    assert (set(said.reasons), set(said.relaxations), set(said.elsewhere)) == ({"x"}, {"x"}, {"a"})
    assert said.elsewhere["a"] is None
    assert problem.visit["x"].windows == (Window(0, 60),)
