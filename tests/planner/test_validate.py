"""A fault has a stable code, says where it is, and what to do."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from homestretch.planner import (
    NOWHERE,
    UNREACHABLE,
    Break,
    Costs,
    Lock,
    Matrix,
    Pair,
    Problem,
    Travel,
    Visit,
    Window,
    validate,
)
from tests.planner.problems import PROPERTY, problems
from tests.planner.town import shift, town, visit

A, B, C = visit("a", 1), visit("b", 2), visit("c", 3)
NO_WAY_BACK = Travel({"van": Matrix([[0, 60], [UNREACHABLE, 0]], [[0, 1], [1, 0]])})
SKEWED = Travel({"van": Matrix([[0, 1], [1, 0]], [[0, 1, 2], [1, 0, 2]])})
TWO_SIZES = Travel({"van": Matrix([[0, 1], [1, 0]], [[0, 1], [1, 0]]), "bike": Matrix([[0]], [[0]])})
BELOW = Travel({"van": Matrix([[0, -1], [1, 0]], [[0, 1], [1, 0]])})

FAULTS: list[tuple[str, Problem]] = [
    ("problem.no_shifts", town([A], [])),
    ("problem.bad_epoch", town([A], epoch="tomorrow")),
    ("problem.bad_epoch", town([A], epoch="2026-03-02T00:00:00+01:00")),
    ("visit.duplicate_id", town([A, A])),
    ("shift.duplicate_id", town([A], [shift(), shift()])),
    ("dimension.duplicate_id", town([A], dimensions=["kg", "kg"])),
    ("visit.empty_id", town([visit("", 1)])),
    ("travel.bad_shape", town([A], travel=SKEWED)),
    ("travel.bad_shape", town([A], travel=TWO_SIZES)),
    ("travel.negative", town([A], travel=BELOW)),
    ("visit.unknown_place", town([visit("a", 99)])),
    ("visit.unknown_place", town([visit("a", -2)])),
    ("visit.negative_service", town([visit("a", 1, service=-1)])),
    ("visit.negative_prize", town([visit("a", 1, prize=-1)])),
    ("visit.window_ends_before_start", town([visit("a", 1, (9, 8))])),
    ("visit.windows_overlap", town([visit("a", 1, (5, 9), (9, 10))])),
    ("visit.negative_load", town([visit("a", 1, deliver={"kg": -1})], dimensions=["kg"])),
    ("visit.unknown_dimension", town([visit("a", 1, collect={"kg": 1})])),
    ("visit.unreachable", town([A], travel=NO_WAY_BACK)),
    ("shift.unknown_place", town([A], [replace(shift(), end_place=99)])),
    ("shift.unknown_place", town([A], [replace(shift(), start_place=NOWHERE)])),
    ("shift.ends_before_start", town([A], [shift(start=5, end=4)])),
    ("shift.unknown_profile", town([A], [shift(profile="boat")])),
    ("shift.unknown_dimension", town([A], [shift(capacity={"kg": 1})])),
    ("shift.negative_load", town([A], [shift(capacity={"kg": -1})], dimensions=["kg"])),
    ("shift.negative_limit", town([A], [shift(max_stops=-1)])),
    ("shift.negative_cost", town([A], [shift(costs=Costs(per_km=-1))])),
    ("break.negative_duration", town([A], [shift(breaks=(Break(-1, 0, 9),))])),
    ("break.ends_before_start", town([A], [shift(breaks=(Break(1, 9, 8),))])),
    ("break.outside_shift", town([A], [shift(start=100, breaks=(Break(1, 9, 10),))])),
    ("pair.same_visit", town([A], pairs=[Pair("a", "a")])),
    ("pair.unknown_visit", town([A], pairs=[Pair("a", "x")])),
    ("pair.visit_in_two", town([A, B, C], pairs=[Pair("a", "b"), Pair("a", "c")])),
    ("pair.negative_load", town([A, B], pairs=[Pair("a", "b", {"kg": -1})], dimensions=["kg"])),
    (
        "pair.locked_apart",
        town([A, B], [shift(), shift("car")], pairs=[Pair("a", "b")], locks=[Lock("a", "van"), Lock("b", "car")]),
    ),
    ("lock.unknown_visit", town([A], locks=[Lock("x", "van")])),
    ("lock.unknown_shift", town([A], locks=[Lock("a", "bus")])),
    ("lock.visit_locked_twice", town([A], locks=[Lock("a", "van"), Lock("a", None, 0)])),
    ("lock.empty", town([A], locks=[Lock("a")])),
    ("lock.negative_position", town([A], locks=[Lock("a", None, -1)])),
    ("lock.position_taken", town([A, B], locks=[Lock("a", "van", 0), Lock("b", "van", 0)])),
]


@pytest.mark.parametrize(("code", "problem"), FAULTS)
def test_a_fault_is_named_and_no_other(code: str, problem: Problem):
    found = validate(problem)
    assert {fault.code for fault in found} == {code}
    assert all(fault.cause and fault.where and fault.remedy for fault in found)


def test_every_fault_is_told_at_once():
    problem = town([visit("a", 99), visit("a", 1, (2, 1))], [])
    codes = {"problem.no_shifts", "visit.duplicate_id", "visit.unknown_place", "visit.window_ends_before_start"}
    assert {fault.code for fault in validate(problem)} == codes


def test_a_problem_without_matrices_is_told_so():
    assert "problem.no_travel" in {fault.code for fault in validate(Problem([A], [shift()], Travel({})))}


def test_what_no_shift_can_take_is_no_fault():
    heavy = visit("a", 1, deliver={"kg": 99}, skills={"crane"})
    problem = town([heavy, visit("b", NOWHERE)], [shift(capacity={"kg": 1})], dimensions=["kg"])
    assert validate(problem) == []


@PROPERTY
@given(problems())
def test_random_problems_of_these_tests_are_sound(problem: Problem):
    assert [fault.code for fault in validate(problem) if not fault.code.startswith(("break.", "visit.window"))] == []


@pytest.mark.parametrize(
    "make",
    [
        lambda: Window(0.5, 1),  # type: ignore[arg-type]
        lambda: Window(0, True),
        lambda: Visit(1, 0),  # type: ignore[arg-type]
        lambda: Visit("a", 0, deliver={"kg": 1.5}),  # type: ignore[dict-item]
        lambda: Visit("a", 0, skills="crane"),  # type: ignore[arg-type]
        lambda: Visit("a", 0, windows=[(0, 1)]),  # type: ignore[arg-type]
        lambda: shift(max_stops=1.0),
        lambda: Lock("a", 7),  # type: ignore[arg-type]
        lambda: Matrix([[0.5]], [[1]]),  # type: ignore[list-item]
    ],
)
def test_a_wrong_type_is_refused_where_it_is_made(make: Any):
    with pytest.raises(TypeError):
        make()


def test_a_matrix_is_kept_as_it_was_given():
    rows = [[0, 1], [2, 0]]
    matrix = Matrix(rows, rows)
    rows[0][1] = 99
    assert int(matrix.durations[0, 1]) == 1
    with pytest.raises(ValueError, match="read-only"):
        matrix.durations[0, 1] = 5
