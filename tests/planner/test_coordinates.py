"""Places by coordinates: the same numbers as a matrix, without one."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import numpy as np
import pytest

from homestretch.kernel.geo import Point, distance_m
from homestretch.planner import (
    Costs,
    Globe,
    Iterations,
    Matrix,
    Plan,
    Plane,
    Problem,
    Shift,
    Travel,
    Visit,
    Window,
    check,
    explain,
    move,
    plan_cost,
    problem_from_json,
    problem_to_json,
    schedule,
    solve,
    validate,
)
from homestretch.planner.coordinates import whole
from homestretch.planner.formats import conventions, guess
from homestretch.planner.formats.instance import Instance
from homestretch.planner.formats.judge import judge
from homestretch.planner.search import engine as engine_module
from homestretch.planner.search import model as model_module
from homestretch.planner.search import spread as spread_module
from homestretch.planner.search.model import Model
from homestretch.planner.wire import WireError

Coordinates = Plane | Globe


def a_plane(places: int = 40, seed: int = 1, **more: object) -> Plane:
    draw = random.Random(seed)
    x, y = ([draw.randrange(10_000) / 10 for _ in range(places)] for _ in "xy")
    return Plane(x, y, **more)  # type: ignore[arg-type]


def a_globe(places: int = 40, seed: int = 1) -> Globe:
    draw = random.Random(seed)
    lat, lon = ([middle + draw.random() / 10 for _ in range(places)] for middle in (51.0, 4.0))
    return Globe(lat, lon, speed_mh=36_000, detour_pct=130)


def a_day(profile: Coordinates | Matrix, vans: int = 12, *, windows: bool = False) -> Problem:
    visits = [
        Visit(
            f"v{n}",
            n,
            windows=(Window(600 * (n % 9), 600 * (n % 9) + 7200),) if windows else (),
            service=60,
            deliver={"load": 1 + n % 3},
        )
        for n in range(1, len(profile))
    ]
    shifts = [
        Shift(f"van{n}", 0, 0, 0, 50_000, capacity={"load": 12}, costs=Costs(fixed=300, per_meter=1))
        for n in range(vans)
    ]
    return Problem(visits, shifts, Travel({"van": profile}), dimensions=("load",))


def as_matrix(profile: Coordinates) -> Matrix:
    return Matrix(whole(profile.durations), whole(profile.distances), profile.rung)


def solved(problem: Problem, rounds: int = 60, threads: int = 1) -> Plan:
    assert validate(problem) == []
    made = solve(problem, seed=1, until=Iterations(rounds), threads=threads)
    times = [schedule(problem, route) for route in made.routes]
    assert check(problem, made, times) == []
    return made


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if more than 15 visits were too many for one matrix, and 10 enough for a piece."""
    for module in (engine_module, model_module, spread_module):
        monkeypatch.setattr(module, "WHOLE", 15)
    monkeypatch.setattr(spread_module, "PIECE", 10)
    monkeypatch.setattr(spread_module, "LEAST_ROUTES", 1)


def test_a_length_is_rounded_once_in_each_of_three_ways() -> None:
    plane = Plane([0, 3, 1.5], [0, 4, 0], 1.0, 3.0, "nearest", "up")
    assert (plane.distances[0, 1], plane.durations[0, 1]) == (5, 15)
    assert (plane.distances[0, 2], plane.durations[2, 0]) == (2, 5)
    down = Plane([0, 1.99], [0, 0], round_meters="down", round_seconds="down")
    assert down.distances[0, 1] == down.durations[0, 1] == 1
    assert whole(plane.distances).tolist() == [[0, 5, 2], [5, 0, 4], [2, 4, 0]]


def test_legs_are_looked_at_like_an_array() -> None:
    for profile in (a_plane(), a_globe()):
        array = whole(profile.distances)
        assert array.shape == profile.distances.shape == (40, 40)
        assert np.array_equal(profile.distances[3], array[3])
        assert np.array_equal(profile.distances[:, 5], array[:, 5])
        assert np.array_equal(profile.distances[[1, 2, 3], [4, 5, 6]], array[[1, 2, 3], [4, 5, 6]])
        assert np.array_equal(profile.distances[np.ix_([1, 2], [7, 8])], array[np.ix_([1, 2], [7, 8])])
        assert array.max() <= profile.distances.longest()


def test_a_globe_measures_great_circles_with_their_detour() -> None:
    globe = a_globe()
    a, b = (Point(float(globe.lat[k]), float(globe.lon[k])) for k in (0, 1))
    assert abs(int(globe.distances[0, 1]) - 1.3 * distance_m(a, b)) <= 0.6
    assert abs(int(globe.durations[0, 1]) - 1.3 * distance_m(a, b) / 10) <= 0.6
    assert Travel({"van": globe}).leg("van", 0, 1) == (int(globe.durations[0, 1]), int(globe.distances[0, 1]))


@pytest.mark.parametrize("windows", [False, True])
@pytest.mark.parametrize("profile", [a_plane(), a_globe(), a_plane(seconds_per_unit=2, round_seconds="up")])
def test_coordinates_give_the_plan_of_a_matrix_of_the_same_numbers(profile: Coordinates, windows: bool) -> None:
    problem, other = a_day(profile, windows=windows), a_day(as_matrix(profile), windows=windows)
    made = solved(problem)
    assert made == solved(other)
    assert plan_cost(problem, made) == plan_cost(other, made)
    less = move(problem, made, "v3", None)
    assert explain(problem, less)["v3"] == explain(other, less)["v3"] != []


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("windows", [False, True])
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("profile", [a_plane(), a_globe()])
def test_a_large_problem_is_solved_in_pieces_without_a_matrix_of_all(
    profile: Coordinates, threads: int, windows: bool
) -> None:
    problem, other = a_day(profile, windows=windows), a_day(as_matrix(profile), windows=windows)
    assert Model(problem).by_coordinates == {"van"}
    assert Model(other).by_coordinates == set()
    made = solved(problem, threads=threads)
    assert made.unassigned == ()
    assert plan_cost(problem, made) == plan_cost(other, made)
    assert check(other, made) == []
    assert plan_cost(problem, made) <= 1.05 * plan_cost(problem, solved(other, 150))


@pytest.mark.usefixtures("large")
def test_a_matrix_of_many_places_is_searched_in_pieces_too() -> None:
    assert solved(a_day(as_matrix(a_plane()))).unassigned == ()


def test_three_thousand_places_have_a_plan_in_seconds() -> None:
    problem = a_day(a_plane(3000), 700)
    made = solved(problem, 30)
    assert made.unassigned == ()
    assert sum(len(route.visits) for route in made.routes) == 2999


def test_json_keeps_coordinates() -> None:
    for profile in (a_plane(6, seconds_per_unit=2.5, round_meters="down", rung="map"), a_globe(6)):
        problem = a_day(profile)
        body = json.loads(json.dumps(problem_to_json(problem)))
        again = problem_from_json(body)
        assert again.travel.profiles["van"] == profile
        assert again == problem
    body["travel"]["van"]["speed_kmh"] = 3
    with pytest.raises(WireError, match="no such field"):
        problem_from_json(body)
    del body["travel"]["van"]["speed_kmh"], body["travel"]["van"]["lon"]
    with pytest.raises(WireError, match="lon"):
        problem_from_json(body)


def test_wrong_types_raise_and_wrong_values_are_faults() -> None:
    with pytest.raises(TypeError):
        Plane(["a"], ["b"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="as many"):
        Plane([1, 2], [1])
    with pytest.raises(ValueError, match="rounding"):
        Plane([1], [1], round_meters="half")
    globe = a_globe(6)
    cases: list[tuple[Coordinates, str]] = [
        (Plane([0, float("nan"), 1], [0, 1, 2]), "travel.bad_coordinates"),
        (replace(globe, lat=[91, *globe.lat[1:]]), "travel.bad_coordinates"),
        (replace(globe, speed_mh=0), "travel.negative"),
        (Plane([0, 1], [0, 1], meters_per_unit=-1.0), "travel.negative"),
        (Plane([0, 1e9], [0, 0]), "travel.too_long"),
    ]
    for profile, code in cases:
        assert [fault.code for fault in validate(a_day(profile))] == [code]
    two = Travel({"van": a_plane(6), "bike": a_plane(5)})
    assert "travel.bad_shape" in {fault.code for fault in validate(replace(a_day(a_plane(6)), travel=two))}


VRP = """NAME : many
TYPE : CVRP
DIMENSION : 30
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 20
NODE_COORD_SECTION
{nodes}
DEMAND_SECTION
1 0
{demands}
DEPOT_SECTION
1
-1
EOF
"""


@pytest.mark.parametrize("convention", ["dimacs", "exact", "round", "sintef"])
def test_large_files_are_read_into_coordinates_that_count_like_their_matrix(
    convention: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = random.Random(3)
    nodes = "\n".join(f"{n} {draw.randrange(1000)} {draw.randrange(1000)}" for n in range(1, 31))
    demands = "\n".join(f"{n} {draw.randrange(1, 6)}" for n in range(2, 31))
    instance = guess.read(VRP.format(nodes=nodes, demands=demands).encode())
    assert isinstance(instance, Instance)
    matrix = conventions.to_problem(instance, convention).travel.profiles["van"]
    monkeypatch.setattr(conventions, "MATRIX_NODES", 20)
    problem = conventions.to_problem(instance, convention)
    plane = problem.travel.profiles["van"]
    assert isinstance(matrix, Matrix)
    assert isinstance(plane, Plane)
    assert as_matrix(plane) == matrix
    made = solved(problem)
    assert judge(instance, convention, made).findings == ()
