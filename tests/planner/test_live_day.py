"""A running day: visits come and go, routes are mended, and the kept routes never differ from ones made afresh."""

import random
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homestretch.planner import (
    Break,
    Costs,
    Legs,
    Live,
    LiveError,
    Lock,
    Matrix,
    Pair,
    Plan,
    Problem,
    Route,
    Shift,
    Start,
    Steady,
    Travel,
    Visit,
    Window,
    check,
    plan_cost,
    route_cost,
    schedule,
    solve,
)
from homestretch.planner.kept.routes import Kept
from homestretch.planner.stopping import Iterations
from tests.planner.problems import PROPERTY, planned
from tests.planner.town import HOUR, plan, shift, town, visit


@PROPERTY
@given(planned(), st.randoms(use_true_random=False))
def test_the_clock_of_kept_routes_says_what_schedule_says(asked: tuple[Problem, Plan], dice: random.Random):
    problem, made = asked
    kept = Kept(problem, made.routes, {"s0": Start(dice.randrange(2000), 1)} if dice.random() < 0.3 else {})
    for route in made.routes:
        start = kept.starts.get(route.shift)
        names = dice.sample([each.id for each in problem.visits], dice.randint(1, len(problem.visits)))
        other = Route(route.shift, tuple(names))
        said, was, now = kept.trial(other), kept.times(route.shift), schedule(problem, other, start)
        assert said.cost == route_cost(problem, now) - route_cost(problem, was)
        assert (said.seconds, said.meters) == (now.duration - was.duration, now.meters - was.meters)


def options(live: Live) -> list[object]:
    return [live.insert(name) for name in live.plan.unassigned]


@PROPERTY
@given(planned(), st.randoms(use_true_random=False))
def test_after_any_sequence_of_changes_live_is_as_if_made_from_its_plan(
    asked: tuple[Problem, Plan], dice: random.Random
):
    problem, made = asked
    live = Live(problem, made)
    for _ in range(6):
        placed = list(live.shift_of)
        if placed and dice.random() < 0.5:
            live.cancel(dice.choice(placed))
        elif live.plan.unassigned:
            found = live.insert(dice.choice(live.plan.unassigned), late_ok=dice.random() < 0.5)
            before = plan_cost(problem, live.plan)
            for option in found[:1]:
                out = set(live.plan.unassigned)
                live.accept(option)
                gained = sum(problem.visit[name].prize or 0 for name in out - set(live.plan.unassigned))
                assert plan_cost(problem, live.plan) == before + option.cost - gained
    afresh = Live(problem, live.plan)
    assert {route.shift: route for route in afresh.plan.routes} == {route.shift: route for route in live.plan.routes}
    assert options(afresh) == options(live)


def test_each_window_has_its_own_price():
    problem = town([visit("a", 8, (HOUR, HOUR + 60)), visit("new", 3, prize=1)])
    live = Live(problem, plan(("van", "a"), unassigned="new"))
    early, late, never = Window(0, 2 * HOUR), Window(3 * HOUR, 4 * HOUR), Window(0, 100)
    prices = {quote.window: quote.option for quote in live.quote("new", [early, late, never])}
    assert prices[early] is not None
    assert prices[late] is not None
    assert prices[early].cost < prices[late].cost
    assert prices[never] is None
    assert [quote.window for quote in live.quote("new")] == [None]
    assert live.problem.visit["new"].windows == ()


def legs(problem: Problem, like: int) -> dict[str, Legs]:
    """Of a place that lies where another does."""
    made = {}
    for name, matrix in problem.travel.profiles.items():
        seconds, meters = matrix.durations, matrix.distances
        rows = (seconds[:, like], meters[:, like], seconds[like], meters[like])
        made[name] = Legs(*(list(map(int, row)) for row in rows))
    return made


def test_a_new_visit_at_a_new_place_is_taken_in():
    problem = town([visit("a", 2), visit("b", 5)])
    live = Live(problem, plan(("van", "a b")))
    live.admit(Visit("new", 10, prize=1), legs(problem, 3))
    best = live.insert("new")[0]
    assert (best.visits, best.cost) == (("a", "new", "b"), 0)
    live.accept(best)
    assert live.plan.unassigned == ()
    assert check(live.problem, live.plan) == []
    assert problem.travel.places == 10


def test_problems_that_grow_from_one_do_not_see_each_others_places():
    first = town([visit("a", 2)])
    one = first.with_visit(Visit("x", 10), legs(first, 3))
    other = first.with_visit(Visit("y", 10), legs(first, 7))
    both = one.with_visit(Visit("z", 11), legs(one, 5))
    assert [problem.travel.leg("van", 0, 10)[0] for problem in (one, other, both)] == [180, 420, 180]
    assert both.travel.leg("van", 11, 10) == (120, 2000)
    assert np.shares_memory(one.travel.profiles["van"].durations, both.travel.profiles["van"].durations)
    assert one == Problem(one.visits, one.shifts, one.travel)


@pytest.mark.parametrize("place", [9, 11])
def test_a_place_that_does_not_fit_is_refused(place: int):
    problem = town([visit("a", 2)])
    with pytest.raises(ValueError, match="is not the new one"):
        problem.with_visit(Visit("x", place), legs(problem, 3))
    with pytest.raises(ValueError, match="already"):
        problem.with_visit(Visit("a", 3))
    with pytest.raises(ValueError, match="leg to and from each"):
        problem.with_visit(Visit("x", 10), {"van": Legs([1], [1], [1], [1])})
    with pytest.raises(ValueError, match="each of the profiles"):
        problem.with_visit(Visit("x", 10), {})


def test_what_is_on_no_route_cannot_be_cancelled():
    live = Live(town([visit("a", 1)]), plan(unassigned="a"))
    with pytest.raises(LiveError) as refused:
        live.cancel("a")
    assert refused.value.code == "live.off_route"


def running_day(seed: int, visits: int = 60, shifts: int = 6) -> Problem:
    """A day of windows, loads and breaks around a depot."""
    dice = random.Random(seed)
    points = np.array([(0, 0), *((dice.gauss(0, 5000), dice.gauss(0, 5000)) for _ in range(visits))])
    meters = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)).astype(np.int64)
    stops = []
    for number in range(1, visits + 1):
        opens = dice.choice([0, 2, 4]) * HOUR
        windows = (Window(opens, opens + 3 * HOUR),) if dice.random() < 0.5 else ()
        stops.append(Visit(f"v{number}", number, windows, 300, {"kg": dice.randint(1, 9)}, prize=10**6))
    rest = (Break(1800, 3 * HOUR, 5 * HOUR),)
    costs = Costs(fixed=2000, per_hour=2400, per_km=50)
    vans = [Shift(f"s{n}", 0, 0, 0, 8 * HOUR, {"kg": 75}, costs=costs, breaks=rest) for n in range(shifts)]
    return Problem(stops, vans, Travel({"van": Matrix(meters // 8, meters)}), dimensions=("kg",))


def lives(seed: int) -> Iterator[tuple[Live, str, str]]:
    """A running day, one visit that is cancelled and one that is new."""
    problem = running_day(seed)
    made = solve(problem, seed=1, until=Iterations(20))
    live = Live(problem, made)
    gone, new = made.routes[0].visits[1], made.routes[1].visits[2]
    live.cancel(gone)
    live.cancel(new)
    yield live, live.problem.visit[gone].id, new


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_repair_puts_in_changes_little_and_breaks_nothing(seed: int):
    for live, gone, new in lives(seed):
        was, cost = dict(live.shift_of), plan_cost(live.problem, live.plan)
        made = live.repair([new], ["s0"])
        assert made.placed == (new,)
        assert dict(live.shift_of) == was
        live.accept(made)
        assert plan_cost(live.problem, live.plan) == cost + made.cost - 10**6
        assert {name for name in was if live.shift_of[name] != was[name]} == set(made.changed)
        assert len(made.changed) <= 1
        assert gone in live.plan.unassigned
        assert [each for each in check(live.problem, live.plan) if each.shift] == []


def test_a_repair_costs_no_more_than_to_put_the_visit_in():
    for live, _, new in lives(4):
        assert live.repair([new]).cost <= live.insert(new)[0].cost


def test_change_is_made_where_it_is_worth_its_price():
    problem = town([visit("a", 9), visit("b", 9), visit("new", 8, prize=1)], [shift(), shift("car")])
    live = Live(problem, plan(("van", "a"), ("car", "b"), unassigned="new"))
    cheap, dear = (live.repair(["new"], steady=Steady(price, 0, most_changed=9)) for price in (0, 10**6))
    assert (cheap.cost, len(cheap.changed)) == (-(18 * 60 + 18_000), 1)
    assert (dear.cost, dear.changed) == (0, ())
    assert live.repair(["new"], steady=Steady(0, 0, most_changed=0)).changed == ()


def test_a_repair_leaves_alone_what_is_under_way_and_locked():
    problem = town(
        [visit("a", 5), visit("b", 6), visit("new", 1, prize=1)], [shift(), shift("car")], locks=[Lock("b", "van")]
    )
    starts = {"van": Start(100, first_leg=(200, 3000))}
    live = Live(problem, plan(("van", "a b"), unassigned="new"), starts)
    live.accept(live.repair(steady=Steady(0, 0)))
    assert live.plan.route_of("van").visits[:1] == ("a",)
    assert live.shift_of["b"] == "van"
    assert "new" in live.shift_of


def test_both_ends_of_a_pair_are_put_in():
    problem = town([visit("a", 5), visit("c", 2, prize=1), visit("d", 4, prize=1)], pairs=[Pair("c", "d")])
    live = Live(problem, plan(("van", "a"), unassigned="c d"))
    made = live.repair(["d"])
    assert set(made.placed) == {"c", "d"}
    assert made.cost == 0


def test_a_rule_that_the_search_does_not_know_is_kept_all_the_same():
    visits = [visit("a", 5, goods={"food"}), visit("new", 6, goods={"paint"}, prize=1)]
    problem = town(visits, [shift(), shift("car")], incompatible=[("food", "paint")], dimensions=["kg"])
    live = Live(problem, plan(("van", "a"), unassigned="new"))
    live.accept(live.repair())
    assert check(problem, live.plan) == []
