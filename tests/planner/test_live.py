"""Where one more visit would go: every option can be driven, and none that can is overlooked."""

from dataclasses import replace

import pytest
from hypothesis import given

from homestretch.planner import (
    NOWHERE,
    Break,
    Costs,
    Live,
    LiveError,
    Lock,
    Pair,
    Problem,
    Route,
    Start,
    check,
    move,
    plan_cost,
    schedule,
)
from homestretch.planner.problem import Plan
from tests.planner.problems import PROPERTY, planned
from tests.planner.town import HOUR, plan, shift, town, visit

NEW = visit("new", 3, prize=10**9)
ON_THE_WAY = [visit("a", 2), visit("b", 5)]


def test_the_best_place_is_on_the_way():
    live = Live(town([*ON_THE_WAY, NEW]), plan(("van", "a b"), unassigned="new"))
    best = live.insert("new")[0]
    assert (best.shift, best.position, best.cost, best.seconds, best.meters) == ("van", 1, 0, 0, 0)
    assert best.visits == ("a", "new", "b")
    assert live.quote("new")[0].option == best


def test_options_come_from_every_shift_the_cheapest_first():
    problem = town([*ON_THE_WAY, NEW], [shift(), shift("car", costs=Costs(fixed=99, per_km=1000))])
    options = Live(problem, plan(("van", "a b"), unassigned="new")).insert("new", limit=9)
    assert {option.shift for option in options} == {"van", "car"}
    assert [option.cost for option in options] == sorted(option.cost for option in options)
    assert next(option for option in options if option.shift == "car").cost == 99 + 6000


def test_a_place_that_makes_others_late_is_offered_only_on_request():
    visits = [visit("a", 2), visit("b", 5, (0, 300)), visit("new", 3, service=60, prize=1)]
    live = Live(town(visits, [shift(end=720)]), plan(("van", "a b"), unassigned="new"))
    assert [option.position for option in live.insert("new")] == [2]
    late = live.insert("new", late_ok=True)
    assert late[0].late == ()
    assert (("b", 60),) in [option.late for option in late]


def test_lateness_that_is_there_already_does_not_forbid_what_adds_none():
    visits = [visit("a", 5, (0, 100)), visit("new", 5, prize=1)]
    live = Live(town(visits), plan(("van", "a"), unassigned="new"))
    assert {option.position for option in live.insert("new")} == {0, 1}


def test_pairs_go_in_together_collect_first():
    visits = [*ON_THE_WAY, visit("from", 3, prize=1), visit("to", 4, prize=1)]
    problem = town(visits, pairs=[Pair("from", "to", {"kg": 1})], dimensions=["kg"])
    for name in ("from", "to"):
        best = Live(problem, plan(("van", "a b"), unassigned="from to")).insert(name)[0]
        assert best.visits == ("a", "from", "to", "b")
        assert best.visits[best.position] == name


def test_the_other_end_of_a_pair_follows_to_its_route():
    visits = [visit("from", 3), visit("to", 1, prize=1)]
    problem = town(visits, [shift(), shift("car")], pairs=[Pair("from", "to")])
    options = Live(problem, plan(("car", "from"), unassigned="to")).insert("to")
    assert [(option.shift, option.position) for option in options] == [("car", 1)]


def test_what_bars_a_visit_leaves_no_option():
    asked = [
        town([visit("new", NOWHERE, prize=1)]),
        town([visit("new", 1, skills={"crane"}, prize=1)]),
        town([visit("new", 1, prize=1)], [shift(), shift("car", end=1)], locks=[Lock("new", "car")]),
        town([visit("new", 1, deliver={"kg": 2}, prize=1)], [shift(capacity={"kg": 1})], dimensions=["kg"]),
        town([visit("new", 1, prize=1)], [shift(max_stops=0)]),
        town([visit("new", 1, prize=1)], [shift(max_distance=1999)]),
    ]
    for problem in asked:
        assert Live(problem, plan(unassigned="new")).insert("new") == []


def test_nothing_goes_before_a_locked_position():
    problem = town([*ON_THE_WAY, visit("new", 1, prize=1)], locks=[Lock("a", "van", 0)])
    options = Live(problem, plan(("van", "a b"), unassigned="new")).insert("new")
    assert {option.position for option in options} == {1, 2}


def test_a_vehicle_between_places_finishes_its_way_first():
    problem = town([*ON_THE_WAY, NEW])
    starts = {"van": Start(at=500, first_leg=(30, 400))}
    live = Live(problem, plan(("van", "a b"), unassigned="new"), starts)
    assert {option.position for option in live.insert("new")} == {1, 2}


def test_a_route_that_moved_on_is_taken_in():
    problem = town([*ON_THE_WAY, NEW])
    live = Live(problem, plan(("van", "a b"), unassigned="new"))
    live.take([Route("van", ("b",))], {"van": Start(at=200, place=2)})
    assert live.plan == plan(("van", "b"), unassigned="new")
    assert live.insert("new")[0].visits == ("new", "b")
    live.take([Route("van", ("b", "new"))])
    assert live.shift_of["new"] == "van"
    assert live.plan.unassigned == ()


def test_questions_that_make_no_sense_are_refused():
    live = Live(town([*ON_THE_WAY]), plan(("van", "a b")))
    for name, code in (("a", "live.on_route"), ("x", "live.unknown_visit")):
        with pytest.raises(LiveError) as refused:
            live.insert(name)
        assert refused.value.code == code
    with pytest.raises(LiveError):
        live.take([Route("bus")])


def test_a_break_moves_for_a_visit():
    rest = Break(600, 0, HOUR)
    visits = [visit("a", 2, (0, HOUR)), visit("b", 5, (2 * HOUR, 3 * HOUR)), visit("new", 2, (0, 240), prize=1)]
    problem = town(visits, [shift(breaks=(rest,))])
    assert Live(problem, plan(("van", "a b"), unassigned="new")).quote("new")[0].option is not None


def worse(problem: Problem, before: Plan, after: Plan, name: str) -> list[str]:
    """Codes of breaches on a shift that the plan before did not have, or had to a lesser amount (of time or load: an
    order of a pair or a lock that is wrong already may be wrong by more stops)."""

    def amounts(made: Plan) -> dict[tuple[str, str], int]:
        times = [schedule(problem, route) for route in made.routes]
        found = [each for each in check(problem, made, times) if each.shift == name]
        return {(each.code, each.visit): 0 if each.code in ("pair", "lock") else each.amount for each in found}

    known = amounts(before)
    return [code for (code, stop), amount in amounts(after).items() if amount > known.get((code, stop), -1)]


def clean_routes(problem: Problem, made: Plan) -> list[Route]:
    times = [schedule(problem, route) for route in made.routes]
    breached = {each.shift for each in check(problem, made, times)}
    return [route for route in made.routes if route.shift not in breached]


@PROPERTY
@given(planned())
def test_options_can_be_driven_cost_what_they_say_and_none_is_overlooked(asked: tuple[Problem, Plan]):
    problem, made = asked
    live = Live(problem, made)
    for name in made.unassigned:
        options = live.insert(name)
        for option in options:
            routes = [route for route in made.routes if route.shift != option.shift]
            rest = tuple(visit for visit in made.unassigned if visit not in option.visits)
            after = Plan((*routes, Route(option.shift, option.visits)), rest)
            assert worse(problem, made, after, option.shift) == []
            gained = sum(problem.visit[stop].prize or 0 for stop in set(made.unassigned) - set(rest))
            assert option.cost == plan_cost(problem, after) - plan_cost(problem, made) + gained
        if not options and name not in problem.pair_of:
            for route in clean_routes(problem, made):
                for position in range(len(route.visits) + 1):
                    after = move(problem, made, name, (route.shift, position))
                    assert worse(problem, made, after, route.shift)


def test_goods_whose_collect_is_on_no_route_are_not_on_board_before_it_is():
    """A delivery that stands alone carries nothing; with its collect put in, the goods are on board between the two."""
    visits = [visit("out", 1, prize=1), visit("back", 2), visit("full", 1, deliver={"w": 5})]
    problem = replace(
        town(visits, [shift(capacity={"w": 4})]), pairs=(Pair("out", "back", {"w": 9}),), dimensions=("w",)
    )
    assert Live(problem, plan(("van", "full back"), unassigned="out")).insert("out") == []
