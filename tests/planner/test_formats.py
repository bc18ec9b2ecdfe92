"""Benchmark files: what is read, how a convention counts, and that a broken file is refused at its line."""

import json
from typing import Any

import numpy as np
import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.planner.formats import conventions, guess
from homestretch.planner.formats.instance import Instance
from homestretch.planner.formats.judge import judge
from homestretch.planner.formats.plans import read_plan, written_plan
from homestretch.planner.problem import Plan, Problem, Route
from homestretch.planner.wire import problem_to_json
from tests.planner.town import plan, town, visit

SOLOMON = """T1

VEHICLE
NUMBER     CAPACITY
  3         10

CUSTOMER
CUST NO.   XCOORD.   YCOORD.   DEMAND    READY TIME   DUE DATE   SERVICE TIME

    0      0         0         0         0            100        0
    1      1         1         4         0            50         10
    2      2         0         5         12           60         10
    7      0         3         6         0            90         5
"""

VRPLIB = """NAME : four
COMMENT : "made up"
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 1 1
3 2 0
4 0 3
DEMAND_SECTION
1 0
2 4
3 5
4 6
DEPOT_SECTION
 1
 -1
EOF
"""

LILIM = """3\t10\t1
0\t0\t0\t0\t0\t100\t0\t0\t0
1\t1\t1\t4\t0\t50\t10\t0\t2
2\t2\t0\t-4\t12\t60\t10\t1\t0
"""


def instance(text: str) -> Instance:
    found = guess.read(text.encode())
    assert isinstance(found, Instance)
    return found


def explicit(layout: str, weights: str, size: int = 3, more: str = "") -> str:
    """A VRPLIB file with a matrix."""
    demands = "\n".join(f"{n} {int(n > 1)}" for n in range(1, size + 1))
    return (f"DIMENSION : {size}\nCAPACITY : 9\nEDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : {layout}\n{more}"
            f"EDGE_WEIGHT_SECTION\n{weights}\nDEMAND_SECTION\n{demands}\nDEPOT_SECTION\n1\n-1\nEOF\n")  # fmt: skip


def refused(text: str | bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        guess.read(text if isinstance(text, bytes) else text.encode())
    assert caught.value.remedy
    return caught.value


def test_solomon_is_read_with_the_files_own_ids() -> None:
    read = instance(SOLOMON.replace("\n", "\r\n"))
    assert (read.form, read.ids, read.capacity, read.vehicles) == ("solomon", (0, 1, 2, 7), 10, 3)
    assert read.windows is not None
    assert read.windows[2] == (12, 60)
    assert read.service == (0, 10, 10, 5)


def test_vrplib_is_read_with_the_files_own_ids_and_the_depot_first() -> None:
    assert instance(VRPLIB).ids == (1, 2, 3, 4)
    moved = instance(VRPLIB.replace("\n1 0\n", "\n1 6\n").replace("\n4 6\n", "\n4 0\n").replace(" 1\n -1", " 4\n -1"))
    assert moved.ids == (4, 1, 2, 3)
    assert moved.demand == (0, 6, 4, 5)
    assert moved.coords is not None
    assert moved.coords[0].tolist() == [0, 3]


@pytest.mark.parametrize(
    ("layout", "weights"),
    [
        ("LOWER_ROW", "1 2 3"),
        ("UPPER_COL", "1 2 3"),
        ("UPPER_ROW", "1 2\n3"),
        ("LOWER_COL", "1 2 3"),
        ("LOWER_DIAG_ROW", "0\n1 0\n2 3 0"),
        ("UPPER_DIAG_ROW", "0 1 2 0 3 0"),
        ("FULL_MATRIX", "0 1 2\n1 0 3\n2 3 0"),
    ],
)
def test_every_layout_of_a_symmetric_matrix_is_the_same_matrix(layout: str, weights: str) -> None:
    assert instance(explicit(layout, weights)).matrix.tolist() == [[0, 1, 2], [1, 0, 3], [2, 3, 0]]


def test_an_asymmetric_matrix_costs_by_its_direction() -> None:
    read = instance(explicit("FULL_MATRIX", "0 1 20\n300 0 4000\n50000 600000 0"))
    assert judge(read, "round", Plan((Route("1", ("2", "3")),))).cost == 1 + 4000 + 50000
    assert judge(read, "round", Plan((Route("1", ("3", "2")),))).cost == 20 + 600000 + 300


def test_li_lim_pairs_are_read_and_the_speed_that_files_leave_zero_is_no_matter() -> None:
    assert instance(LILIM).pairs == ((1, 2),)
    assert instance(LILIM.replace("10\t1\n", "10\t0\n")).pairs == ((1, 2),)


def test_our_json_is_read_as_a_problem() -> None:
    problem = town([visit("a", 1)])
    assert guess.read(json.dumps(problem_to_json(problem)).encode()) == problem


@pytest.mark.parametrize(
    ("convention", "leg", "service"),
    [("dimacs", 14, 100), ("exact", 1414, 10_000), ("round", 1, 10), ("sintef", 1414, 10_000)],
)
def test_a_convention_scales_and_rounds_distances_and_times(convention: str, leg: int, service: int) -> None:
    """The leg from (0, 0) to (1, 1) is the root of two."""
    problem = conventions.to_problem(instance(SOLOMON), convention)
    assert int(problem.travel.profiles["van"].distances[0, 1]) == leg
    assert problem.visits[0].service == service
    seconds = int(problem.travel.profiles["van"].durations[0, 1])
    assert seconds == (1415 if convention == "sintef" else leg)
    assert problem.goals.vehicles_first == (convention == "sintef")


def test_round_takes_a_half_up() -> None:
    read = instance(VRPLIB.replace("2 1 1", "2 0 0.5").replace("3 2 0", "3 0 2.5"))
    assert conventions.to_problem(read, "round").travel.profiles["van"].distances[0].tolist() == [0, 1, 3, 3]


def test_the_real_distance_is_summed_before_it_is_rounded() -> None:
    verdict = judge(instance(SOLOMON), "sintef", plan(("1", "1 2"), ("2", "7")))
    assert verdict.cost == round(1000 * (2**0.5 + 2**0.5 + 2 + 6))
    assert verdict.vehicles == 2
    assert verdict.findings == ()


@pytest.mark.parametrize(
    ("routes", "codes"),
    [
        ([["1", "2"], ["7"]], []),
        ([["1", "2"]], ["missing"]),
        ([["1", "2", "1"], ["7"]], ["twice", "capacity"]),
        ([["1", "2"], ["7", "9"]], ["unknown"]),
        ([["1", "2"], ["7", "0"]], ["unknown"]),
        ([["2", "7"], ["1"]], ["capacity"]),
        ([["1"], ["2"], ["7"]], []),
        ([["7", "1"], ["2"]], []),
    ],
)
def test_the_judge_names_every_breach(routes: list[list[str]], codes: list[str]) -> None:
    made = Plan(tuple(Route(str(n), tuple(visits)) for n, visits in enumerate(routes, 1)))
    assert sorted(f.code for f in judge(instance(SOLOMON), "dimacs", made).findings) == sorted(codes)


def test_the_judge_finds_late_visits_a_late_return_and_too_many_routes() -> None:
    late = SOLOMON.replace("0            50 ", "0            1  ")
    assert [f.visit for f in judge(instance(late), "dimacs", plan(("1", "1 2"), ("2", "7"))).findings] == ["1"]
    home = SOLOMON.replace("0            100 ", "0            20  ")
    found = judge(instance(home), "dimacs", plan(("1", "1 2"), ("2", "7"))).findings
    assert [(f.code, f.visit) for f in found] == [("window", "0")]
    few = SOLOMON.replace("  3         10", "  1         90")
    assert [f.code for f in judge(instance(few), "dimacs", plan(("1", "1 2"), ("2", "7"))).findings] == ["fleet"]


def test_the_judge_finds_a_window_missed_by_the_hundredth_that_rounding_hides() -> None:
    """(0, 0) to (1, 1) takes 1.414...: in time for 1.41 only by the cut-off tenths of dimacs."""
    text = SOLOMON.replace("0            50 ", "0            1.41 ")
    assert judge(instance(text), "dimacs", plan(("1", "1 2"), ("2", "7"))).findings == ()
    assert [f.code for f in judge(instance(text), "sintef", plan(("1", "1 2"), ("2", "7"))).findings] == ["window"]


def test_the_judge_finds_a_pair_driven_backwards_or_apart() -> None:
    read = instance(LILIM)
    assert judge(read, "sintef", plan(("1", "1 2"))).findings == ()
    assert [f.code for f in judge(read, "sintef", plan(("1", "2 1"))).findings] == ["pair"]
    assert [f.code for f in judge(read, "sintef", plan(("1", "1"), ("2", "2"))).findings] == ["pair"]


def test_a_limit_of_the_route_counts_driving_and_service() -> None:
    read = instance(VRPLIB.replace("CAPACITY", "DISTANCE : 9\nSERVICE_TIME : 3\nCAPACITY"))
    assert judge(read, "round", plan(("1", "2"), ("2", "3"), ("3", "4"))).findings == ()
    assert [f.code for f in judge(read, "round", plan(("1", "2 3"), ("2", "4"))).findings] == ["duration"]


def test_a_sol_file_counts_customers_from_the_depot_as_zero() -> None:
    made = read_plan(b"Route #1: 1 2\nRoute #2: 3\nCost 14\n", instance(VRPLIB))
    assert [route.visits for route in made.routes] == [("2", "3"), ("4",)]
    made = read_plan(b"Route 1 : 3\nCost 6\n", instance(SOLOMON))
    assert made.routes[0].visits == ("7",)


def test_plans_come_back_as_written_or_as_printed() -> None:
    read, made = instance(VRPLIB), plan(("1", "2 3"), unassigned="4")
    assert read_plan(written_plan(made).encode(), read) == made
    assert read_plan(b'{"cost": 1, "routes": [[2, 3]], "unassigned": [4]}', read) == made


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "format.empty"),
        (b"hello", "format.unknown"),
        (b"Route #1: 9", "format.unknown_customer"),
        (b"Route #1: x", "format.number"),
        (b"Cost 3", "format.truncated"),
        (b'{"routes": 3}', "format.truncated"),
        (b'{"routes": [[[]]]}', "format.unknown_customer"),
        (b'{"routes": [[1]', "format.json"),
        (b'{"format": "homestretch.plan/9", "routes": []}', "wire.format"),
    ],
)
def test_a_plan_that_is_none_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_plan(data, instance(VRPLIB))
    assert caught.value.code == code


def test_a_file_without_a_fleet_has_shifts_enough() -> None:
    assert conventions.fleet_size(instance(VRPLIB)) == 3
    assert conventions.fleet_size(instance(SOLOMON)) == 3


CASES: list[tuple[str | bytes, str, int | None]] = [
    (b"", "empty", None),
    (b" \r\n ", "empty", None),
    (b"\x7fELF\x00\x00", "binary", 1),
    ("hello\nworld", "unknown", 1),
    ("[1, 2]", "unknown", 1),
    ('{"format": ', "json", 1),
    ('{"visits": NaN}', "json", None),
    ("[" * 99999, "unknown", 1),
    ('{"a":' * 99999, "json", None),
    (SOLOMON.replace("    1      1 ", "    1      nan "), "number", 11),
    (SOLOMON.replace("    1      1 ", "    1      inf "), "number", 11),
    (SOLOMON.replace("    1      1 ", "    1      1e300 "), "number_too_large", 11),
    (SOLOMON.replace("    1      1 ", "    1      1_0 "), "number", 11),
    (SOLOMON.replace("    1      1 ", "    0      1 "), "duplicate_id", 11),
    (SOLOMON.replace(" 1         4  ", " 1        -4  "), "negative", 11),
    (SOLOMON.replace("12           60", "62           60"), "window_reversed", 12),
    (SOLOMON.replace("60         10", "60"), "truncated", 12),
    (SOLOMON.replace("60         10", "60        -10"), "negative", 12),
    (SOLOMON[: SOLOMON.index("    0      0")], "depot_missing", None),
    (SOLOMON[: SOLOMON.index("CUST NO")], "truncated", None),
    (SOLOMON[: SOLOMON.index("  3  ")], "truncated", None),
    (SOLOMON.replace("    0      0         0         0 ", "    0      0         0         1 "), "depot_missing", 10),
    (VRPLIB[: VRPLIB.index("DEPOT_SECTION")], "depot_missing", None),
    (VRPLIB.replace("\n 1\n -1", "\n 9\n -1"), "depot_missing", 18),
    (VRPLIB.replace("\n 1\n -1", "\n -1"), "depot_missing", 17),
    (VRPLIB.replace("\n 1\n -1", "\n 1\n 2\n -1"), "unsupported", 19),
    (VRPLIB[: VRPLIB.index("3 5")], "truncated", 14),
    (VRPLIB.replace("DIMENSION : 4", "DIMENSION : 40000000000"), "number_too_large", 4),
    (VRPLIB.replace("DIMENSION : 4", "DIMENSION : 900000"), "too_large", 4),
    (VRPLIB.replace("DIMENSION : 4", "DIMENSION : -4"), "truncated", 4),
    (VRPLIB.replace("DIMENSION : 4\n", ""), "truncated", None),
    (VRPLIB.replace("CAPACITY : 10\n", ""), "truncated", None),
    (VRPLIB.replace("\n3 5\n", "\n3 -5\n"), "negative", 15),
    (VRPLIB.replace("\n3 5\n", "\n3 5.5\n"), "not_whole", 15),
    (VRPLIB.replace("\n3 5\n", "\n2 5\n"), "duplicate_id", 15),
    (VRPLIB.replace("\n3 2 0\n", "\n9 2 0\n"), "duplicate_id", 10),
    (VRPLIB.replace("EUC_2D", "GEO"), "unsupported", 5),
    (VRPLIB.replace("CVRP", "TSP"), "unsupported", 3),
    (VRPLIB.replace("DEPOT_SECTION", "ROUTE_SECTION\n1 4\nDEPOT_SECTION"), "unsupported", 17),
    (VRPLIB.replace("DEPOT_SECTION", "PRIZE_SECTION\n1 4\nDEPOT_SECTION"), "truncated", 18),
    (VRPLIB.replace("DEPOT_SECTION", "CAPACITY_SECTION\n1 4\nDEPOT_SECTION"), "truncated", None),
    (explicit("FULL_MATRIX", "0 1 2 3"), "truncated", 6),
    (explicit("FULL_MATRIX", "0 1 2\n-1 0 3\n2 3 0"), "number", 7),
    (explicit("FULL_MATRIX", "0 1 2\n1 0 x\n2 3 0"), "number", 7),
    (explicit("FULL_MATRIX", "0 1 2\n1 0 nan\n2 3 0"), "number", 7),
    (explicit("SPIRAL", "0 1 2"), "unsupported", 4),
    (LILIM.replace("0\t2\n", "0\t3\n"), "pair_broken", 3),
    (LILIM.replace("-4", "-5"), "pair_broken", 3),
    (LILIM.replace("\t0\t2\n", "\t0\t0\n"), "pair_broken", 3),
    (LILIM.replace("\t1\t0\n", "\t1\n"), "truncated", 4),
    (LILIM.replace("10\t1\n", "10\t7\n"), "unsupported", 1),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "line"), CASES)
def test_a_broken_file_is_refused_with_its_code_and_line(text: str | bytes, code: str, line: int | None) -> None:
    refusal = refused(text)
    assert (refusal.code, refusal.details.get("line")) == (f"format.{code}", line)


@pytest.mark.parametrize("text", [SOLOMON, VRPLIB, LILIM, explicit("FULL_MATRIX", "0 1 2\n1 0 3\n2 3 0"),
                                  json.dumps(problem_to_json(town([visit("a", 1)])))])  # fmt: skip
def test_a_file_cut_or_garbled_anywhere_is_read_or_refused_and_nothing_else(text: str) -> None:
    dice = np.random.default_rng(5)
    junk: list[Any] = ["", "nan", "-", "\x00", "9" * 30, "1e999", ":", "\n", "{", "é", "-7", "EOF"]
    for _ in range(400):
        at, until = sorted(int(n) for n in dice.integers(0, len(text), 2))
        if dice.random() < 0.5:
            until = min(len(text), at + 3)
        garbled = text[:at] + str(dice.choice(junk)) + text[until:]
        try:
            read = guess.read(garbled.encode())
            if isinstance(read, Instance):
                conventions.to_problem(read, conventions.convention_of(read, None))
        except Refusal as refusal:
            if not refusal.code.startswith(("format.", "wire.")):
                raise
        else:
            assert isinstance(read, Instance | Problem)
