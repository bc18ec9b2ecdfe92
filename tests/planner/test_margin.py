"""Planning on times that hold on a chosen share of days."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from homestretch.planner.coordinates import Globe, Plane
from homestretch.planner.odds import Doubt, Margin, Spread, beyond, margin_of, odds, stretched
from homestretch.planner.problem import Plan, Problem, Route, Shift, Visit, Window
from homestretch.planner.schedule import schedule
from homestretch.planner.travel import UNREACHABLE, Matrix, Slots, Travel

DAYS = Doubt(Spread(-0.12, 0.0, 0.12, 0.2, 0.15), Spread(-0.2, 0.05, 0.25, 0.25, 0.2))


def line(stops: int = 12, *, end: int = 60_000) -> Problem:
    """A van that drives along a row of stops, ten minutes each way and four at each door."""
    visits = [Visit(f"v{n}", n + 1, (), service=240) for n in range(stops)]
    matrix = Matrix(
        [[abs(a - b) * 600 for b in range(stops + 1)] for a in range(stops + 1)], np.zeros((stops + 1,) * 2, int)
    )
    return Problem(visits, [Shift("van", 0, 0, 0, end)], Travel({"van": matrix}))


@pytest.mark.parametrize("quantile", [50, 70, 80, 90, 95])
def test_stops_begin_by_their_planned_second_on_about_as_many_days_as_were_chosen(quantile: int) -> None:
    margin = margin_of(DAYS, quantile)
    problem = stretched(line(), margin)
    route = Route("van", tuple(visit.id for visit in problem.visits))
    due = {stop.visit: stop.start for stop in schedule(problem, route).stops}
    found = odds(problem, Plan((route,)), beyond(DAYS, margin), due, samples=4_000, seed=3)
    likely = [stop.on_time for stop in found.routes[0].stops]
    assert min(likely) > quantile / 100 - 0.06
    assert likely[-1] < min(1.0, quantile / 100 + 0.08), "no more margin than is asked for"


def test_the_doubt_of_stretched_times_is_that_of_the_bare_ones() -> None:
    """The same days, told once against the plan's own times, once against times with a margin."""
    margin = margin_of(DAYS, 80)
    bare, longer = line(), stretched(line(), margin)
    route = Route("van", tuple(visit.id for visit in bare.visits))
    due = {visit.id: 9_000 for visit in bare.visits}
    one = odds(bare, Plan((route,)), DAYS, due, samples=2_000, seed=5).routes[0]
    two = odds(longer, Plan((route,)), beyond(DAYS, margin), due, samples=2_000, seed=5).routes[0]
    assert [stop.on_time for stop in one.stops] == pytest.approx([stop.on_time for stop in two.stops], abs=0.002)


def test_a_higher_quantile_never_takes_less_time() -> None:
    made = [margin_of(DAYS, quantile) for quantile in range(1, 100)]
    assert all(a.ways <= b.ways and a.services <= b.services for a, b in pairwise(made))
    assert (margin_of(Doubt(), 90).ways, margin_of(Doubt(), 90).services) == (1_000, 1_000), "of what is certain, none"
    wild = Spread(-1.0, 0.0, 1.0, 5.0, 5.0)
    assert (margin_of(Doubt(wild, wild), 99).ways, margin_of(Doubt(wild, wild), 1).ways) == (4_000, 500)


def test_every_kind_of_travel_is_stretched_and_what_has_no_way_has_none() -> None:
    seconds = np.array([[0, 101, UNREACHABLE], [7, 0, 2**31 - 2], [1, 1, 0]], dtype=np.int64)
    meters = np.arange(9).reshape(3, 3)
    table = Matrix(seconds, meters, "roads")
    points = np.array([0.0, 3.0, 4.0])
    profiles = {
        "matrix": table,
        "slots": Slots((0, 100, 200), (table, Matrix(seconds[::-1, ::-1], meters), Matrix(table.durations, meters))),
        "plane": Plane(points, points, seconds_per_unit=100.0),
        "globe": Globe(points / 100, points / 100, 30_000),
    }
    visits = [Visit("a", 1, (Window(0, 10),), service=101, service_by={"matrix": 7})]
    made = stretched(Problem(visits, [Shift("s", 0, 0, 0, 9)], Travel(profiles)), Margin(80, 1_500, 1_101))
    assert (made.visits[0].service, made.visits[0].service_by, made.visits[0].windows) == (
        112,
        {"matrix": 8},
        (Window(0, 10),),
    )
    longer = made.travel.profiles
    assert longer["matrix"].durations.tolist() == [[0, 152, UNREACHABLE], [11, 0, UNREACHABLE - 1], [2, 2, 0]]
    assert longer["matrix"].distances.tolist() == meters.tolist() and longer["matrix"].rung == "roads"
    slots = longer["slots"]
    assert isinstance(slots, Slots) and slots.starts == (0, 100, 200)
    assert slots.matrices[0].durations is slots.matrices[2].durations, "a table that slots share is kept once"
    assert slots.matrices[1].durations[0, 1] == 2
    assert longer["plane"].durations[0, 1] == round(1.5 * 100 * 18**0.5)
    assert longer["globe"].durations[0, 2] == pytest.approx(1.5 * profiles["globe"].durations[0, 2], rel=1e-3)
    assert longer["globe"].distances[0, 2] == profiles["globe"].distances[0, 2]


def test_a_margin_that_cannot_be_is_refused() -> None:
    for quantile in (0, 100, -5):
        with pytest.raises(ValueError, match="1 to 99"):
            margin_of(DAYS, quantile)
    with pytest.raises(ValueError, match="some time"):
        Margin(80, 0, 1_000)
