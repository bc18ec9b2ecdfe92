"""The rules of a real day survive their JSON; what is no such rule is refused with its place."""

import json
from typing import Any

import pytest

from homestretch.planner import (
    Balance,
    Goals,
    Group,
    Lock,
    Pair,
    Plan,
    Problem,
    Relation,
    Route,
    Slots,
    Stability,
    Start,
    Travel,
    Window,
    WireError,
    plan_from_json,
    plan_to_json,
    problem_from_json,
    problem_to_json,
)
from tests.planner.random_problems import a_problem, some_families
from tests.planner.random_rules import FAMILIES
from tests.planner.town import line, shift, town, visit

KEPT = Stability(Plan((Route("van", ("a", "b"), (1,)),), ("c",)), {"a": 5}, per_moved=1, per_changed=2, per_minute=3)
VISITS = [
    visit("a", 1, service_by={"van": 5}, crew=2, barred={"car"}, priority=3, goods={"fish"}, due=9, late_per_hour=5),
    *(visit(name, 2, zone="north") for name in "bcd"),
]
VAN = shift(
    crew=2, pace=120, loading=60, max_drive=9000, regular=900, longest_stretch=9999, reload=0, max_trips=2,
    backhauls_last=True, lifo=True, begun=Start(0, 3, (5, 6), (0,), {"kg": 1}),
)  # fmt: skip
PROBLEM = town(
    VISITS,
    [VAN, shift("car")],
    travel=Travel({"van": Slots((0, 500), (line(), line(minute=90)))}),
    goals=Goals(balance=Balance("kg", 1), split_zone=1, stability=KEPT),
    dimensions=("kg",),
    pairs=[Pair("a", "b", {"kg": 1}, 600)],
    locks=[Lock("a", "van", 0, Window(0, 900))],
    groups=[Group(("c", "d"), 5)],
    relations=[Relation("together", ("a", "b"))],
    incompatible=[("fish", "soap")],
)


def test_every_rule_is_read_back():
    body = json.loads(json.dumps(problem_to_json(PROBLEM)))
    assert problem_from_json(body) == PROBLEM


def test_a_rule_that_is_not_asked_for_is_not_written():
    body = problem_to_json(town([visit("a", 1)]))
    assert set(body["visits"][0]) == {"id", "place", "windows"}
    assert not {"begun", "crew", "lifo"} & set(body["shifts"][0])
    assert not {"groups", "relations", "incompatible"} & set(body)
    assert body["goals"] == {}


def test_old_files_are_read():
    """Every field that was written before there were these rules, with its default."""
    old: dict[str, Any] = {
        "format": "homestretch.problem/1",
        "visits": [{"id": "a", "place": 1, "windows": [], "service": 0, "release": 0}],
        "shifts": [{
            "id": "van", "start_place": 0, "end_place": 0, "start": 0, "end": 9, "profile": "van", "breaks": [],
            "costs": {"fixed": 0, "per_hour": 0, "per_km": 0, "per_second": 0, "per_meter": 0},
        }],
        "goals": {"vehicles_first": False},
        "travel": {"van": {"rung": "given", "durations": [[0, 1], [1, 0]], "distances": [[0, 1], [1, 0]]}},
    }  # fmt: skip
    assert isinstance(problem_from_json(old), Problem)


def test_a_plan_keeps_its_reloads():
    plan = Plan((Route("van", ("a", "b"), (1,)),), ("c",))
    assert plan_from_json(json.loads(json.dumps(plan_to_json(plan)))) == plan
    assert "reloads" not in plan_to_json(Plan((Route("van", ("a",)),)))["routes"][0]


@pytest.mark.parametrize(
    ("code", "where", "change"),
    [
        ("wire.type", "locks[0].window", {"locks": [{"visit": "a", "window": [1]}]}),
        ("wire.unknown_field", "groups[0].price", {"groups": [{"visits": ["a"], "price": 1}]}),
        ("wire.type", "relations[0]", {"relations": [{"kind": "together"}]}),
        ("wire.type", "", {"incompatible": [["fish"]]}),
        ("wire.unknown_field", "goals.speed", {"goals": {"speed": 1}}),
        ("wire.type", "goals.balance", {"goals": {"balance": {"of": 7, "price": 1}}}),
        ("wire.missing_field", "goals.stability.plan", {"goals": {"stability": {"per_moved": 1}}}),
        ("wire.missing_field", "goals.stability.plan.routes", {"goals": {"stability": {"plan": {}}}}),
        ("wire.type", "travel.van", {"travel": {"van": {"starts": [0, 1], "matrices": []}}}),
        ("wire.missing_field", "travel.van.matrices", {"travel": {"van": {"starts": [0, 1]}}}),
        ("wire.missing_field", "travel.van.matrices[0].distances",
         {"travel": {"van": {"starts": [0], "matrices": [{"durations": []}]}}}),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_with_its_place(code: str, where: str, change: dict[str, Any]):
    body = {**problem_to_json(town([visit("a", 1)])), **change}
    with pytest.raises(WireError) as refused:
        problem_from_json(body)
    assert (refused.value.code, refused.value.where) == (code, where)


def test_a_begun_shift_that_is_none_is_refused():
    body = problem_to_json(PROBLEM)
    body["shifts"][0]["begun"] = {"at": "noon"}
    with pytest.raises(WireError) as refused:
        problem_from_json(body)
    assert refused.value.where == "shifts[0].begun"


@pytest.mark.parametrize("name", [*FAMILIES, "mixed"])
def test_random_problems_of_each_rule_are_read_back(name: str):
    problem = a_problem(7, some_families(7) if name == "mixed" else [name])
    assert problem_from_json(json.loads(json.dumps(problem_to_json(problem)))) == problem
