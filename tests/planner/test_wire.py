"""A problem or a plan survives its JSON, and what is neither is refused with the place of the mistake."""

import json
import pickle
from typing import Any

import pytest
from hypothesis import given

from homestretch.planner import (
    UNREACHABLE,
    Matrix,
    Problem,
    Travel,
    WireError,
    plan_from_json,
    plan_to_json,
    problem_from_json,
    problem_to_json,
)
from homestretch.planner.problem import Plan
from tests.planner.problems import PROPERTY, planned
from tests.planner.town import town, visit


@PROPERTY
@given(planned())
def test_reading_gives_back_what_was_written(asked: tuple[Problem, Plan]):
    problem, made = asked
    assert problem_from_json(json.loads(json.dumps(problem_to_json(problem)))) == problem
    assert plan_from_json(json.loads(json.dumps(plan_to_json(made)))) == made
    assert pickle.loads(pickle.dumps(problem)) == problem


def test_no_way_is_null():
    travel = Travel({"van": Matrix([[0, UNREACHABLE], [1, 0]], [[0, 1], [1, 0]])})
    body = problem_to_json(town([visit("a", 1)], travel=travel))
    assert body["travel"]["van"]["durations"] == [[0, None], [1, 0]]
    assert problem_from_json(body).travel.leg("van", 0, 1) == (UNREACHABLE, UNREACHABLE)


def test_matrices_may_be_kept_elsewhere():
    problem = town([visit("a", 1)])
    body = problem_to_json(problem, travel=False)
    assert "travel" not in body
    assert problem_from_json(body, travel=problem.travel) == problem


@pytest.mark.parametrize(
    ("code", "where", "change"),
    [
        ("wire.format", "format", {"format": "homestretch.problem/2"}),
        ("wire.unknown_field", "colour", {"colour": "red"}),
        ("wire.type", "visits", {"visits": "a"}),
        ("wire.type", "visits[0]", {"visits": [7]}),
        ("wire.unknown_field", "visits[0].lon", {"visits": [{"id": "a", "place": 1, "lon": 2}]}),
        ("wire.type", "visits[0]", {"visits": [{"id": "a"}]}),
        ("wire.type", "visits[0]", {"visits": [{"id": "a", "place": 1.5}]}),
        ("wire.type", "visits[0].windows[1]", {"visits": [{"id": "a", "place": 1, "windows": [[1, 2], [3]]}]}),
        ("wire.type", "travel.van.durations", {"travel": {"van": {"durations": 5, "distances": []}}}),
        ("wire.type", "travel.van", {"travel": {"van": {"durations": [[0, 1], [0]], "distances": [[0]]}}}),
        ("wire.missing_field", "travel.van.distances", {"travel": {"van": {"durations": [[0]]}}}),
    ],
)
def test_a_mistake_is_refused_with_its_place(code: str, where: str, change: dict[str, Any]):
    body = {**problem_to_json(town([visit("a", 1)])), **change}
    with pytest.raises(WireError) as refused:
        problem_from_json(body)
    assert (refused.value.code, refused.value.where) == (code, where)


def test_a_missing_part_is_refused():
    body = problem_to_json(town([visit("a", 1)]))
    del body["shifts"]
    with pytest.raises(WireError) as refused:
        problem_from_json(body)
    assert (refused.value.code, refused.value.where) == ("wire.missing_field", "shifts")


def test_a_plan_that_is_a_list_is_refused():
    with pytest.raises(WireError):
        plan_from_json([])  # type: ignore[arg-type]
