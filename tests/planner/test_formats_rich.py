"""PyVRP's extended VRPLIB: what is read, what the planner is asked, and what the judge finds."""

import os
from pathlib import Path

import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.planner.formats import conventions, guess
from homestretch.planner.formats.instance import Instance
from homestretch.planner.formats.judge import judge
from homestretch.planner.formats.plans import read_plan
from homestretch.planner.problem import Plan, Route
from homestretch.planner.validate import validate

RICH = Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")) / "vrp" / "rich"

NODES = """DIMENSION : 5
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 0 6
3 3 4
4 6 8
5 0 5
DEMAND_SECTION
1 0
2 0
3 4
4 4
5 4
"""

ONE_DEPOT = NODES.replace("2 0\n3 4", "2 4\n3 4")

TWO_DEPOTS = f"""TYPE : MDVRPTW
VEHICLES : 3
VEHICLES_MAX_DURATION : 30
{NODES}CAPACITY_SECTION
1 8
2 8
3 4
VEHICLES_DEPOT_SECTION
1 1
2 1
3 2
VEHICLES_FIXED_COST_SECTION
1 100
2 100
3 7
VEHICLES_UNIT_DISTANCE_COST_SECTION
1 1
2 1
3 2
VEHICLES_ALLOWED_CLIENTS_SECTION
1 3 4 5
2 3 4
3 3 4 5
TIME_WINDOW_SECTION
1 0 50
2 0 40
3 0 40
4 15 40
5 0 40
DEPOT_SECTION
1
2
EOF
"""

TRIPS = f"""TYPE : MTVRPTWR
VEHICLES : 1
CAPACITY : 8
VEHICLES_MAX_RELOADS : 1
{ONE_DEPOT}RELEASE_TIME_SECTION
1 0
2 0
3 0
4 0
5 31
VEHICLES_RELOAD_DEPOT_SECTION
1 1
TIME_WINDOW_SECTION
1 0 50
2 0 40
3 0 40
4 0 40
5 0 40
DEPOT_SECTION
1
EOF
"""

BACKHAULS = f"""TYPE : VRPB
CAPACITY : 8
{ONE_DEPOT.replace("5 4", "5 0")}BACKHAUL_SECTION
1 0
2 0
3 0
4 0
5 8
DEPOT_SECTION
1
EOF
"""

PRIZES = f"""TYPE : PCVRPTW
CAPACITY : 8
VEHICLES : 2
{ONE_DEPOT}PRIZE_SECTION
1 0
2 3
3 0
4 50
5 0
MUTUALLY_EXCLUSIVE_GROUP_SECTION
1 3 5
DEPOT_SECTION
1
EOF
"""


def instance(text: str) -> Instance:
    found = guess.read(text.encode())
    assert isinstance(found, Instance)
    return found


def codes(text: str, *routes: Route, convention: str = "round") -> list[str]:
    return sorted(finding.code for finding in judge(instance(text), convention, Plan(routes)).findings)


def route(vehicle: int, *visits: int, reloads: tuple[int, ...] = ()) -> Route:
    return Route(str(vehicle), tuple(str(visit) for visit in visits), reloads)


def test_vehicles_are_told_apart_and_depots_stand_first() -> None:
    read = instance(TWO_DEPOTS)
    assert (read.depots, read.ids, read.capacity, read.vehicles) == (2, (1, 2, 3, 4, 5), None, None)
    first, second, third = read.fleet
    assert (first.depot, first.capacity, first.fixed, first.rate, first.max_duration) == (0, 8, 100, 1, 30)
    assert (second.barred, third.barred) == (frozenset([4]), frozenset())
    assert (third.depot, third.capacity, third.fixed, third.rate) == (1, 4, 7, 2)


def test_the_planner_is_asked_with_a_shift_a_vehicle_and_skills_for_access() -> None:
    problem = conventions.to_problem(instance(TWO_DEPOTS), "round")
    assert validate(problem) == []
    assert [(shift.start_place, shift.end_place, shift.start, shift.end) for shift in problem.shifts] == [
        (0, 0, 0, 50), (0, 0, 0, 50), (1, 1, 0, 40)]  # fmt: skip
    assert [(shift.costs.fixed, shift.costs.per_meter, shift.max_duration) for shift in problem.shifts] == [
        (100, 1, 30), (100, 1, 30), (7, 2, 30)]  # fmt: skip
    may = {visit.id: [s.id for s in problem.shifts if visit.skills <= s.skills] for visit in problem.visits}
    assert may == {"3": ["1", "2", "3"], "4": ["1", "2", "3"], "5": ["1", "3"]}


def test_a_route_costs_its_vehicle_and_its_distance_at_that_rate() -> None:
    verdict = judge(instance(TWO_DEPOTS), "round", Plan((route(1, 3, 4), route(3, 5))))
    assert (verdict.findings, verdict.cost, verdict.vehicles) == ((), 100 + 5 + 5 + 10 + 7 + 2 * (1 + 1), 2)


@pytest.mark.parametrize(
    ("routes", "found"),
    [
        ((route(1, 3, 4), route(3, 5)), []),
        ((route(1, 3, 4), route(2, 5)), ["access"]),
        ((route(1, 3, 4), route(4, 5)), ["fleet"]),
        ((route(1, 3, 4), route(1, 5)), ["fleet"]),
        ((route(3, 3, 5), route(1, 4)), ["capacity"]),
        ((route(1, 3, 4, reloads=(1,)), route(3, 5)), ["trips"]),
        ((route(1, 3, 4),), ["missing"]),
        ((route(1, 3, 4), route(3, 5, 2)), ["unknown"]),
    ],
)
def test_the_judge_knows_each_vehicle(routes: tuple[Route, ...], found: list[str]) -> None:
    assert codes(TWO_DEPOTS, *routes) == found


def test_the_longest_duration_is_from_the_latest_departure_that_is_back_as_early() -> None:
    """To (6, 8) and home is 20; leaving for its window from 15 on costs no waiting: it leaves at 5."""
    assert codes(TWO_DEPOTS.replace("_DURATION : 30", "_DURATION : 20"), route(1, 3, 4), route(3, 5)) == []
    waits = TWO_DEPOTS.replace("_DURATION : 30", "_DURATION : 20").replace("3 0 40", "3 0 2", 1)
    assert "window" in codes(waits, route(1, 3, 4), route(3, 5))
    waits = TWO_DEPOTS.replace("_DURATION : 30", "_DURATION : 20").replace("3 0 40", "3 0 5", 1)
    assert codes(waits, route(1, 3, 4), route(3, 5)) == ["duration"]


def test_trips_are_loaded_apart_and_none_leaves_before_its_goods_are_there() -> None:
    sound = route(1, 3, 4, 2, 5, reloads=(2,))
    early = TRIPS.replace("5 31", "5 20")
    assert codes(early, sound) == []
    assert judge(instance(early), "round", Plan((sound,))).cost == 20 + 12
    assert "window" in codes(TRIPS.replace("5 0 40", "5 0 35"), sound)
    assert "capacity" in codes(early, route(1, 3, 4, 2, 5))
    assert "trips" in codes(early, route(1, 3, 4, 2, 5, reloads=(1, 2)))
    shift = conventions.to_problem(instance(TRIPS), "round").shifts[0]
    assert (shift.reload, shift.max_trips) == (0, 2)


def test_a_backhaul_is_neither_first_nor_before_a_delivery() -> None:
    assert codes(BACKHAULS, route(1, 2, 5), route(2, 3, 4)) == []
    assert codes(BACKHAULS, route(1, 5), route(2, 3, 4), route(3, 2)) == ["backhaul"]
    assert "backhaul" in codes(BACKHAULS, route(1, 3, 5, 4), route(2, 2))
    problem = conventions.to_problem(instance(BACKHAULS), "round")
    assert problem.visit["5"].collect == {"load": 8}
    assert problem.shifts[0].backhauls_last
    assert problem.travel.leg("van", 0, 4) == (5, 2 * 5 * 10)
    assert validate(problem) == []


def test_prizes_are_paid_for_who_is_left_out_and_one_of_a_group_is_served() -> None:
    read = instance(PRIZES)
    verdict = judge(read, "round", Plan((route(1, 5),)))
    assert (verdict.findings, verdict.cost) == ((), 5 + 5 + 3 + 50)
    assert codes(PRIZES, route(1, 3, 5)) == ["group"]
    assert codes(PRIZES, route(1, 2)) == ["group"]
    problem = conventions.to_problem(read, "round")
    assert [problem.visit[name].prize for name in ("2", "3", "4", "5")] == [3, None, 50, None]
    assert [group.visits for group in problem.groups] == [("3", "5")]
    assert validate(problem) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (TWO_DEPOTS.replace("VEHICLES : 3\n", ""), "truncated"),
        (TWO_DEPOTS.replace("VEHICLES : 3", "VEHICLES : 2"), "truncated"),
        (TWO_DEPOTS.replace("3 2\nVEHICLES_FIXED", "3 3\nVEHICLES_FIXED"), "depot_missing"),
        (TWO_DEPOTS.replace("3 2\nVEHICLES_FIXED", "3 1 2\nVEHICLES_FIXED"), "unsupported"),
        (TWO_DEPOTS.replace("2 3 4\n", "2 3 9\n"), "unknown_customer"),
        (TWO_DEPOTS.replace("3 7\n", "3 -7\n"), "negative"),
        (TWO_DEPOTS.replace("1 8\n", "1 8 9\n"), "unsupported"),
        (TWO_DEPOTS.replace("1 8\n", "1 8.5\n"), "not_whole"),
        (PRIZES.replace("1 3 5\n", "1 3 3\n"), "unknown_customer"),
        (PRIZES.replace("2 3\n", "2 -3\n"), "negative"),
        (BACKHAULS.replace("BACKHAUL_SECTION\n1 0", "BACKHAUL_SECTION\n1 2"), "depot_missing"),
    ],
)
def test_a_broken_rich_file_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        guess.read(text.encode())
    assert caught.value.code == f"format.{code}"


@pytest.mark.skipif(not RICH.is_dir(), reason=f"no benchmark files at {RICH}; set HOMESTRETCH_DATA")
@pytest.mark.parametrize(
    ("name", "convention", "cost"),
    [
        ("HFVRP_X289-HVRP", "exact", 12_797_960_732),
        ("MDVRPTW_PR15A", "exact", 12_714_063),
        ("SDVRPTW_PR15A", "exact", 18_774_025),
        ("MTVRPTWR_RC204R0.5", "dimacs", 17_494),
        ("PCVRPTW_RC1_10_3", "dimacs", 244_608),
        ("VRPB_X-n586-50-k80", "round", 122_264),
    ],
)
def test_the_published_plans_are_sound_and_cost_what_is_published(name: str, convention: str, cost: int) -> None:
    read = instance((RICH / f"{name}.vrp").read_text())
    verdict = judge(read, convention, read_plan((RICH / f"{name}.sol").read_bytes(), read))
    assert (verdict.findings, verdict.cost) == ((), cost)
