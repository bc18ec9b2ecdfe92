"""The engine: whatever the problem, the plan it gives can be driven, and says what it leaves out."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from homestretch.kernel.refusal import Refusal
from homestretch.planner.check import check
from homestretch.planner.cost import plan_cost, plan_rank
from homestretch.planner.problem import (
    NOWHERE,
    UNREACHABLE,
    Break,
    Costs,
    Goals,
    Group,
    Lock,
    Matrix,
    Pair,
    Plan,
    Problem,
    Relation,
    Route,
    Travel,
)
from homestretch.planner.schedule import schedule
from homestretch.planner.search.engine import solve
from homestretch.planner.stopping import Cancel, First, Iterations, Progress, Seconds
from homestretch.planner.validate import validate
from tests.planner.problems import problems
from tests.planner.town import HOUR, MINUTE, line, plan, shift, town, visit


def solved(problem: Problem, **more: Any) -> Plan:
    """A plan after 60 iterations, judged."""
    assert validate(problem) == []
    made = solve(problem, seed=more.pop("seed", 1), until=more.pop("until", Iterations(60)), **more)
    hard = [b for b in check(problem, made) if b.visit not in made.unassigned]
    assert hard == []
    assert sorted(v for r in made.routes for v in r.visits) + sorted(made.unassigned) != []
    return made


def by_shift(made: Plan) -> dict[str, tuple[str, ...]]:
    return {route.shift: route.visits for route in made.routes}


def test_one_van_serves_a_line_of_visits_in_the_cheapest_order() -> None:
    problem = town([visit("far", 3), visit("near", 1), visit("middle", 2)])
    made = solved(problem)
    assert made.unassigned == ()
    assert plan_cost(problem, made) == 6 * 1000 + 6 * MINUTE  # out and back, 6 km and 6 minutes


def test_windows_decide_the_order() -> None:
    made = solved(
        town([visit("a", 1, (2 * HOUR, 3 * HOUR)), visit("b", 2, (HOUR, HOUR + 60)), visit("c", 3, (0, 600))])
    )
    assert by_shift(made)["van"] == ("c", "b", "a")


def test_of_several_windows_one_is_used() -> None:
    """Place 9 is only open early, so the visit with two windows must take its late one."""
    early, late = (0, 9 * MINUTE), (3 * HOUR, 4 * HOUR)
    visits = [visit("first", 9, early), visit("both", 1, (0, 30), late), visit("last", 8, late)]
    made = solved(town(visits))
    assert made.unassigned == ()
    times = schedule(town(visits), made.routes[0])
    assert {stop.visit: stop.start for stop in times.stops}["both"] >= late[0]


def test_a_window_that_is_past_when_the_shift_begins_is_none() -> None:
    """Beside the depot, so that the van is there in no time; it starts an hour in."""
    visits = [visit("beside", 0, (0, 60), (2 * HOUR, 3 * HOUR)), visit("gone", 0, (0, 60))]
    made = solved(town(visits, [shift(start=HOUR)]))
    assert made.unassigned == ("gone",)


def test_too_much_to_carry_takes_a_second_van_or_stays_behind() -> None:
    visits = [visit(name, 2, deliver={"weight": 6}) for name in "abc"]
    two = [shift("one", capacity={"weight": 10}), shift("two", capacity={"weight": 10})]
    made = solved(town(visits, two, dimensions=("weight",)))
    assert len(made.routes) == 2
    assert len(made.unassigned) == 1


def test_collected_and_delivered_loads_share_the_room() -> None:
    visits = [visit("out", 1, deliver={"weight": 10}), visit("back", 2, collect={"weight": 10})]
    made = solved(town(visits, [shift(capacity={"weight": 10})], dimensions=("weight",)))
    assert by_shift(made) == {"van": ("out", "back")}


def test_skills_choose_the_van() -> None:
    visits = [visit("piano", 1, skills={"crane"}), visit("fish", 2, skills={"cold"}), visit("book", 2)]
    vans = [shift("a", skills={"cold"}), shift("b", skills={"crane"})]
    made = by_shift(solved(town(visits, vans)))
    assert "piano" in made["b"]
    assert "fish" in made["a"]


def test_what_nobody_can_serve_is_left_out_and_the_rest_is_planned() -> None:
    visits = [
        visit("good", 1),
        visit("unskilled", 1, skills={"crane"}),
        visit("nowhere", NOWHERE),
        visit("too_big", 1, deliver={"weight": 99}),
        visit("too_late", 9, (0, 60)),
        visit("too_long", 1, service=9 * HOUR),
    ]
    made = solved(town(visits, [shift(capacity={"weight": 10})], dimensions=("weight",)))
    assert by_shift(made) == {"van": ("good",)}
    assert set(made.unassigned) == {"unskilled", "nowhere", "too_big", "too_late", "too_long"}


def test_an_optional_visit_is_served_when_its_prize_is_worth_the_way() -> None:
    visits = [visit("must", 1), visit("poor", 9, prize=10), visit("rich", 5, prize=1_000_000)]
    made = solved(town(visits))
    assert made.unassigned == ("poor",)


def test_when_not_all_fits_the_required_come_before_the_optional() -> None:
    visits = [visit("must", 1, service=5 * HOUR), visit("may", 2, service=5 * HOUR, prize=10**6)]
    assert solved(town(visits)).unassigned == ("may",)


def test_a_pair_rides_together_pickup_first() -> None:
    visits = [visit("set_down", 1), visit("take_up", 3), visit("other", 2)]
    problem = town(visits, [shift("a", capacity={"pieces": 1}), shift("b", capacity={"pieces": 1})],
                   pairs=[Pair("take_up", "set_down", {"pieces": 1})], dimensions=("pieces",))  # fmt: skip
    made = solved(problem)
    assert made.unassigned == ()
    route = next(visits for visits in by_shift(made).values() if "take_up" in visits)
    assert route.index("take_up") < route.index("set_down")


def test_a_pair_that_cannot_be_served_is_left_out_whole() -> None:
    visits = [visit("take_up", 1), visit("set_down", 2, skills={"crane"}), visit("other", 2)]
    made = solved(town(visits, pairs=[Pair("take_up", "set_down")]))
    assert set(made.unassigned) == {"take_up", "set_down"}


def test_a_break_is_kept_and_what_it_pushes_out_of_its_window_is_moved_or_left_out() -> None:
    """The rest at noon cannot be moved, and the two visits are open only around it."""
    noon = 4 * HOUR
    rest = Break(HOUR, noon, noon)
    tight = [visit("before", 1, (noon - 60, noon + 60)), visit("after", 2, (noon + 60, noon + 1800)), visit("free", 3)]
    problem = town(tight, [shift(breaks=(rest,))])
    made = solved(problem)
    assert "free" in by_shift(made)["van"]
    assert len(made.unassigned) == 1
    two = town(tight, [shift("a", breaks=(rest,)), shift("b")])
    assert solved(two).unassigned == ()


def test_a_lock_to_a_shift_holds() -> None:
    visits = [visit("a", 1), visit("b", 1)]
    made = solved(town(visits, [shift("one"), shift("two")], locks=[Lock("a", "two"), Lock("b", "one")]))
    assert by_shift(made) == {"one": ("b",), "two": ("a",)}


def test_a_van_cannot_leave_before_what_it_carries_is_there() -> None:
    problem = town([visit("early", 1, (0, 600)), visit("released", 1, release=HOUR)], [shift("a"), shift("b")])
    made = solved(problem)
    assert made.unassigned == ()
    assert len(made.routes) == 2


@pytest.mark.parametrize("limit", [{"max_stops": 2}, {"max_distance": 4000}, {"max_duration": 4 * MINUTE}])
def test_limits_of_a_shift_hold(limit: dict[str, int]) -> None:
    made = solved(town([visit("a", 1), visit("b", 2), visit("c", 3)], [shift(**limit)]))
    assert len(made.unassigned) == 1


def test_ways_that_do_not_exist_are_not_driven() -> None:
    rows = [[0, 60, 60], [60, 0, UNREACHABLE], [60, UNREACHABLE, 0]]
    problem = town([visit("a", 1), visit("b", 2)], [shift("x"), shift("y")], travel=Travel({"van": Matrix(rows, rows)}))
    made = solved(problem)
    assert made.unassigned == ()
    assert len(made.routes) == 2


def test_the_cheaper_of_two_kinds_of_shift_drives() -> None:
    dear, cheap = Costs(fixed=50_000, per_km=2000), Costs(fixed=1000, per_hour=100)
    made = solved(town([visit("a", 1), visit("b", 5)], [shift("dear", costs=dear), shift("cheap", costs=cheap)]))
    assert set(by_shift(made)) == {"cheap"}


def test_fewest_vehicles_come_before_the_least_distance() -> None:
    """Each van alone would drive less with the two ends apart; one van can do both."""
    costs = Costs(per_second=1)
    visits = [visit("a", 1, (0, 60)), visit("b", 9, (2 * HOUR, 2 * HOUR))]
    vans = [shift("x", costs=costs), shift("y", costs=costs)]
    assert len(solved(town(visits, vans)).routes) == 2
    assert len(solved(town(visits, vans, goals=Goals(vehicles_first=True))).routes) == 1


def test_shifts_may_start_and_end_elsewhere() -> None:
    from dataclasses import replace

    away = replace(shift(), start_place=9, end_place=5)
    made = solved(town([visit("a", 6), visit("b", 8), visit("c", 7)], [away]))
    assert by_shift(made) == {"van": ("b", "c", "a")}


def test_without_any_cost_routes_are_short_all_the_same() -> None:
    made = solved(town([visit("c", 3), visit("a", 1), visit("b", 2)], [shift(costs=Costs())]))
    problem = town([visit("c", 3), visit("a", 1), visit("b", 2)], [shift(costs=Costs())])
    assert schedule(problem, made.routes[0]).seconds == 6 * MINUTE


def grid() -> Problem:
    """Twenty visits on a line of 30 places with windows: enough for seeds to differ."""
    visits = [visit(f"v{n}", 1 + n * 7 % 29, (n * 97 % 3600, n * 97 % 3600 + HOUR), service=120) for n in range(20)]
    vans = [shift(f"s{n}", capacity={"weight": 8}) for n in range(4)]
    return town([*visits], vans, travel=Travel({"van": line(30)}), dimensions=("weight",))


def test_the_same_seed_gives_the_same_plan() -> None:
    first, second = (solved(grid(), seed=7, until=Iterations(120)) for _ in range(2))
    assert first == second


def test_a_warm_start_is_never_made_worse() -> None:
    good = solved(grid(), until=Iterations(400))
    again = solved(grid(), until=Iterations(1), start=good)
    assert plan_rank(grid(), again) <= plan_rank(grid(), good)


def test_a_start_that_names_strangers_or_leaves_visits_out_still_helps() -> None:
    problem = town([visit("a", 1), visit("b", 2)], [shift("van"), shift("other")])
    made = solved(problem, start=plan(("van", "a")))
    assert made.unassigned == ()


def test_progress_is_told_and_a_cancel_ends_the_search() -> None:
    cancel = Cancel()
    told: list[Progress] = []

    def watch(progress: Progress) -> None:
        told.append(progress)
        cancel.cancel()

    made = solved(grid(), until=First((cancel, Iterations(20_000))), watch=watch)
    assert made.unassigned == ()
    assert told
    assert told[-1].iterations < 100
    assert {visit for route in told[0].plan.routes for visit in route.visits} == {v.id for v in grid().visits}


def test_seconds_stop_before_a_step_that_would_overrun() -> None:
    now = [5.0]
    rule = Seconds(10, clock=lambda: now[0])
    answers = []
    for now[0] in (5.0, 8.0, 11.0, 12.5):  # begins at 5; a step took 3 s, so that one from 12.5 would end after 15
        answers.append(rule())
    assert answers == [False, False, False, True]


def test_a_lock_to_a_position_is_kept() -> None:
    """Along a line from the depot the far one would come last."""
    visits = [visit("a", 1), visit("b", 2), visit("c", 3)]
    made = solved(town(visits, locks=[Lock("c", "van", 0), Lock("a", "van", 1)]))
    assert made.routes == (Route("van", ("c", "a", "b")),)


def test_the_ends_of_a_pair_may_have_windows_loads_and_a_release_of_their_own() -> None:
    visits = [
        visit("a", 1, (0, 9), (2000, 2600), deliver={"weight": 1}, release=300),
        visit("b", 2, (5000, 5100), collect={"weight": 2}),
    ]
    van = shift(max_stops=2, capacity={"weight": 4})
    problem = town(visits, [van], pairs=[Pair("a", "b", {"weight": 2})], dimensions=("weight",))
    made = solved(problem)
    assert made.routes == (Route("van", ("a", "b")),)
    assert solved(replace(problem, shifts=(replace(van, max_stops=1),))).routes == ()
    assert solved(replace(problem, shifts=(replace(van, capacity={"weight": 1}),))).routes == ()


@pytest.mark.parametrize(
    ("more", "what"), [({"groups": [Group(("a",))], "relations": [Relation("adjacent", ("a", "b"))]}, "tied")]
)
def test_what_the_engine_has_no_word_for_is_refused(more: dict[str, Any], what: str) -> None:
    with pytest.raises(Refusal, match=what) as refused:
        solve(town([visit("a", 1), visit("b", 2)], **more), seed=1, until=Iterations(1))
    assert refused.value.code == "engine.unsupported"
    assert refused.value.remedy


def test_nothing_to_do_is_an_empty_plan() -> None:
    assert solve(town([]), seed=1, until=Iterations(5)) == Plan()


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_no_plan_breaches_anything_but_what_it_leaves_out(problem: Problem) -> None:
    if validate(problem):
        return
    try:
        made = solve(problem, seed=3, until=Iterations(30))
    except Refusal as refusal:
        if refusal.code != "engine.unsupported":
            raise
        return
    left_out = set(made.unassigned)
    assert [b for b in check(problem, made) if b.visit not in left_out] == []
    driven = [schedule(problem, route) for route in made.routes]
    assert [b for b in check(problem, made, driven) if b.visit not in left_out] == []
