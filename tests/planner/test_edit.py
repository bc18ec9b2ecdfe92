"""A move keeps every visit in the plan once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homestretch.planner import EditError, Problem, move
from homestretch.planner.problem import Plan, Route
from tests.planner.problems import PROPERTY, planned
from tests.planner.town import plan, shift, town, visit

PROBLEM = town([visit("a", 1), visit("b", 2), visit("c", 3)], [shift(), shift("car")])


def test_a_visit_moves_within_its_route():
    assert move(PROBLEM, plan(("van", "a b c")), "a", ("van", 2)) == plan(("van", "b c a"))


def test_a_visit_moves_to_a_shift_that_had_no_route():
    assert move(PROBLEM, plan(("van", "a b")), "a", ("car", 0)) == plan(("van", "b"), ("car", "a"))


def test_a_visit_is_taken_off_and_put_back():
    off = move(PROBLEM, plan(("van", "a b")), "a", None)
    assert off == plan(("van", "b"), unassigned="a")
    assert move(PROBLEM, off, "a", ("van", 0)) == plan(("van", "a b"))


@pytest.mark.parametrize(
    ("code", "name", "to"),
    [
        ("edit.unknown_visit", "x", None),
        ("edit.unknown_shift", "a", ("bus", 0)),
        ("edit.bad_position", "a", ("van", 2)),
        ("edit.bad_position", "a", ("van", -1)),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(code: str, name: str, to: tuple[str, int] | None):
    with pytest.raises(EditError) as refused:
        move(PROBLEM, plan(("van", "a b")), name, to)
    assert refused.value.code == code
    assert refused.value.remedy


@PROPERTY
@given(planned(), st.data())
def test_every_visit_stays_in_the_plan_once(asked: tuple[Problem, Plan], data: st.DataObject):
    problem, made = asked
    name = data.draw(st.sampled_from([each.id for each in problem.visits]))
    target = data.draw(st.sampled_from([each.id for each in problem.shifts]))
    room = len([stop for stop in made.route_of(target).visits if stop != name])
    to = data.draw(st.one_of(st.none(), st.tuples(st.just(target), st.integers(0, room))))
    after = move(problem, made, name, to)
    everyone = [stop for route in after.routes for stop in route.visits] + list(after.unassigned)
    assert sorted(everyone) == sorted(each.id for each in problem.visits)
    if to:
        assert after.route_of(target).visits[to[1]] == name


@pytest.mark.parametrize(
    ("name", "to", "visits", "reloads"),
    [
        ("a", None, "b c d", (1,)),
        ("c", None, "a b d", (2,)),
        ("d", None, "a b c", (2,)),
        ("d", ("van", 0), "d a b c", (3,)),
        ("a", ("van", 1), "b a c d", (1,)),
        ("c", ("van", 3), "a b d c", (2,)),
    ],
)
def test_reloads_stay_before_the_visits_that_they_were_before(
    name: str, to: tuple[str, int] | None, visits: str, reloads: tuple[int, ...]
):
    problem = town([visit(each, 1) for each in "abcd"], [shift(reload=0)])
    made = move(problem, Plan((Route("van", ("a", "b", "c", "d"), (2,)),)), name, to)
    assert made.routes == (Route("van", tuple(visits.split()), reloads),)


def test_a_trip_without_visits_is_none():
    problem = town([visit("a", 1), visit("b", 1)], [shift(reload=0)])
    made = move(problem, Plan((Route("van", ("a", "b"), (1,)),)), "b", None)
    assert made.routes == (Route("van", ("a",)),)
