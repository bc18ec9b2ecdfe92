"""What can be asked wrongly of the rules of a real day has a code of its own."""

from dataclasses import replace
from typing import Any

import pytest

from homestretch.planner import (
    UNREACHABLE,
    Balance,
    Break,
    Costs,
    Goals,
    Group,
    Lock,
    Matrix,
    Pair,
    Problem,
    Relation,
    Slots,
    Stability,
    Start,
    Travel,
    Visit,
    Window,
    validate,
)
from homestretch.planner.problem import Plan
from tests.planner.town import line, shift, town, visit

A, B, C = visit("a", 1), visit("b", 2), visit("c", 3)
TWO = [shift(), shift("car")]
OPEN, CLOSED = Matrix([[0, 1], [1, 0]], [[0, 1], [1, 0]]), Matrix([[0, UNREACHABLE], [1, 0]], [[0, 1], [1, 0]])


def begun(**more: Any) -> Problem:
    return town([A], [shift(begun=Start(0, **more))])


FAULTS: list[tuple[str, Problem]] = [
    ("problem.too_many_priorities", town([visit(f"v{number}", 1, priority=number) for number in range(5)])),
    ("visit.bad_priority", town([visit("a", 1, priority=101)])),
    ("visit.bad_priority", town([visit("a", 1, priority=-1)])),
    ("visit.negative_service", town([visit("a", 1, service_by={"van": -1})])),
    ("visit.unknown_profile", town([visit("a", 1, service_by={"boat": 1})])),
    ("visit.unknown_shift", town([visit("a", 1, barred={"bus"})])),
    ("visit.bad_crew", town([visit("a", 1, crew=0)])),
    ("visit.negative_lateness", town([visit("a", 1, due=5, late_per_hour=-1)])),
    ("visit.lateness_without_due", town([visit("a", 1, late_per_hour=1)])),
    ("shift.bad_crew", town([A], [shift(crew=0)])),
    ("shift.bad_pace", town([A], [shift(pace=0)])),
    ("shift.bad_pace", town([A], [shift(pace=1001)])),
    ("shift.negative_loading", town([A], [shift(loading=-1)])),
    ("shift.negative_limit", town([A], [shift(max_drive=-1)])),
    ("shift.negative_limit", town([A], [shift(regular=-1)])),
    ("shift.negative_limit", town([A], [shift(longest_stretch=-1)])),
    ("shift.negative_cost", town([A], [shift(costs=Costs(waiting_per_hour=-1))])),
    ("shift.negative_cost", town([A], [shift(costs=Costs(overtime_per_hour=-1))])),
    ("shift.overtime_without_regular", town([A], [shift(costs=Costs(overtime_per_hour=1))])),
    ("shift.bad_max_trips", town([A], [shift(reload=0, max_trips=0)])),
    ("shift.unknown_place", town([A], [shift(reload=99)])),
    ("shift.unknown_place", begun(place=99)),
    ("begun.negative_leg", begun(first_leg=(-1, 0))),
    ("begun.unknown_break", begun(breaks_taken=(0,))),
    ("begun.unknown_dimension", begun(on_board={"kg": 1})),
    ("begun.negative_load", replace(begun(on_board={"kg": -1}), dimensions=("kg",))),
    ("pair.negative_ride", town([A, B], pairs=[Pair("a", "b", max_ride=-1)])),
    ("lock.window_ends_before_start", town([A], locks=[Lock("a", window=Window(2, 1))])),
    ("lock.barred_shift", town([visit("a", 1, barred={"van"})], TWO, locks=[Lock("a", "van")])),
    ("group.empty", town([A], groups=[Group(())])),
    ("group.unknown_visit", town([A], groups=[Group(("a", "x"))])),
    ("group.visit_in_two", town([A, B, C], groups=[Group(("a", "b")), Group(("a", "c"))])),
    ("group.visit_twice", town([A, B], groups=[Group(("a", "b", "a"))])),
    ("group.member_with_prize", town([A, visit("b", 1, prize=0)], groups=[Group(("a", "b"))])),
    ("group.member_with_prize", town([A, visit("b", 1, priority=1)], groups=[Group(("a", "b"))])),
    ("group.member_in_pair", town([A, B, C], pairs=[Pair("b", "c")], groups=[Group(("a", "b"))])),
    ("group.negative_prize", town([A, B], groups=[Group(("a", "b"), -1)])),
    ("group.locked_twice", town([A, B], groups=[Group(("a", "b"))], locks=[Lock("a", "van"), Lock("b", "van")])),
    ("relation.unknown_kind", town([A, B], relations=[Relation("near", ("a", "b"))])),
    ("relation.unknown_visit", town([A, B], relations=[Relation("together", ("a", "x"))])),
    ("relation.too_few", town([A, B], relations=[Relation("in_order", ("a",))])),
    ("relation.visit_twice", town([A, B], relations=[Relation("adjacent", ("a", "b", "a"))])),
    (
        "relation.locked_apart",
        town(
            [A, B], TWO, relations=[Relation("together", ("a", "b"))], locks=[Lock("a", "van"), Lock("b", "car")]
        ),
    ),
    ("goods.with_themselves", town([A], incompatible=[("fish", "fish")])),
    ("goals.negative_price", town([A], goals=Goals(split_zone=-1))),
    ("goals.negative_price", town([A], goals=Goals(balance=Balance("minutes", -1)))),
    ("goals.negative_price", town([A], goals=Goals(stability=Stability(Plan(), {}, per_moved=-1)))),
    ("goals.unknown_balance", town([A], goals=Goals(balance=Balance("kg", 1)))),
    ("travel.slots_not_rising", town([A], travel=Travel({"van": Slots((5, 5), (line(), line()))}))),
    ("travel.slots_differ_in_ways", town([A], travel=Travel({"van": Slots((0, 5), (OPEN, CLOSED))}))),
    ("travel.negative", town([A], travel=Travel({"van": Slots((0, 5), (line(), line(minute=-1)))}))),
]  # fmt: skip


@pytest.mark.parametrize(("code", "problem"), FAULTS)
def test_a_fault_is_named_and_no_other(code: str, problem: Problem):
    found = validate(problem)
    reached = {fault.code for fault in found} - {"visit.unreachable"}
    assert reached == {code}
    assert all(fault.cause and fault.where and fault.remedy for fault in found)


def test_a_problem_with_every_rule_has_no_fault():
    visits = [
        visit(
            "a", 1, service_by={"van": 5}, crew=2, barred={"car"}, priority=3, goods={"fish"}, due=9, late_per_hour=5
        ),
        visit("b", 2, zone="north"),
        visit("c", 3),
        visit("d", 4),
        visit("e", 5),
    ]
    van = shift(
        crew=2, pace=120, loading=60, max_drive=9000, regular=900, longest_stretch=9999, reload=0, max_trips=2,
        backhauls_last=True, lifo=True, begun=Start(0, 3, (5, 6), (0,), {"kg": 1}), breaks=(Break(1, 2, 3),),
        costs=Costs(overtime_per_hour=1, waiting_per_hour=1),
    )  # fmt: skip
    goals = Goals(
        balance=Balance("kg", 1), split_zone=1, stability=Stability(Plan(), {"a": 1}, per_moved=1, per_changed=1)
    )
    problem = town(
        visits,
        [van, shift("car")],
        travel=Travel({"van": Slots((0, 500), (line(), line(minute=90)))}),
        goals=goals,
        dimensions=("kg",),
        pairs=[Pair("a", "b", {"kg": 1}, 600)],
        locks=[Lock("a", "van", 0, Window(0, 900))],
        groups=[Group(("c", "d"), 5)],
        relations=[Relation("together", ("a", "e"))],
        incompatible=[("fish", "soap")],
    )
    assert validate(problem) == []


@pytest.mark.parametrize(
    "make",
    [
        lambda: Visit("a", 0, service_by={"van": 1.5}),  # type: ignore[dict-item]
        lambda: Visit("a", 0, barred="van"),  # type: ignore[arg-type]
        lambda: Visit("a", 0, due="noon"),  # type: ignore[arg-type]
        lambda: shift(lifo=1),
        lambda: shift(begun=7),
        lambda: shift(pace=1.1),
        lambda: Start(1.5),  # type: ignore[arg-type]
        lambda: Start(1, first_leg=(1, 2, 3)),  # type: ignore[arg-type]
        lambda: Lock("a", window=(1, 2)),  # type: ignore[arg-type]
        lambda: Group("ab"),  # type: ignore[arg-type]
        lambda: Relation(1, ("a",)),  # type: ignore[arg-type]
        lambda: Balance("stops", 0.5),  # type: ignore[arg-type]
        lambda: Stability({}),  # type: ignore[arg-type]
        lambda: town([A], incompatible=[("a", "b", "c")]),
    ],
)
def test_a_wrong_type_is_refused_where_it_is_made(make: Any):
    with pytest.raises(TypeError):
        make()


@pytest.mark.parametrize(("starts", "matrices"), [((), ()), ((0,), (OPEN, OPEN)), ((0, 1), (OPEN, line()))])
def test_slots_that_do_not_fit_together_are_refused(starts: tuple[int, ...], matrices: tuple[Matrix, ...]):
    with pytest.raises(ValueError, match="Slots"):
        Slots(starts, matrices)
