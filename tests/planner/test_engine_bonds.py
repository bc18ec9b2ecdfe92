"""The engine under what binds visits to each other, and routes to routes."""

from homestretch.planner.cost import plan_cost
from homestretch.planner.problem import Balance, Goals, Group, Pair, Relation
from tests.planner.test_engine import by_shift, solved
from tests.planner.town import HOUR, MINUTE, shift, town, visit


def test_of_a_group_the_cheapest_is_served_and_no_other() -> None:
    made = solved(town([visit("far", 9), visit("near", 1), visit("else", 2)], groups=[Group(("far", "near"))]))
    assert by_shift(made) == {"van": ("near", "else")} or by_shift(made) == {"van": ("else", "near")}
    assert made.unassigned == ("far",)


def test_a_group_with_a_prize_is_left_out_where_it_costs_more() -> None:
    group = Group(("far", "farther"), prize=5000)
    assert set(solved(town([visit("far", 8), visit("farther", 9)], groups=[group])).unassigned) == {"far", "farther"}
    dear = Group(("far", "farther"), prize=50_000)
    assert solved(town([visit("far", 8), visit("farther", 9)], groups=[dear])).unassigned == ("farther",)


def test_what_belongs_together_rides_on_one_shift() -> None:
    visits = [visit("a", 1, service=HOUR), visit("b", 9, service=HOUR), visit("c", 1), visit("d", 9)]
    vans = [shift("one", max_stops=2), shift("two", max_stops=2)]
    made = solved(town(visits, vans, relations=[Relation("together", ("a", "b"))]))
    assert {"a", "b"} in [set(route.visits) for route in made.routes]
    assert made.unassigned == ()


def test_an_order_is_kept_though_it_is_longer() -> None:
    made = solved(town([visit("near", 1), visit("far", 9)], relations=[Relation("in_order", ("far", "near"))]))
    assert by_shift(made) == {"van": ("far", "near")}


def test_neighbors_stay_neighbors_or_are_left_out_both() -> None:
    relation = Relation("adjacent", ("a", "b"))
    made = solved(town([visit("a", 1), visit("b", 9), visit("between", 5)], relations=[relation]))
    stops = by_shift(made)["van"]
    assert stops.index("b") == stops.index("a") + 1
    never = solved(town([visit("a", 1), visit("b", 9, skills={"crane"}), visit("c", 5)], relations=[relation]))
    assert set(never.unassigned) == {"a", "b"}


def test_neighbors_of_one_pair_and_of_two() -> None:
    visits = [visit("up", 1), visit("next", 2), visit("down", 3), visit("last", 1)]
    relations = [Relation("adjacent", ("up", "next")), Relation("adjacent", ("down", "last"))]
    made = solved(town(visits, pairs=[Pair("up", "down")], relations=relations))
    assert by_shift(made) == {"van": ("up", "next", "down", "last")}


def test_neighbors_that_contradict_each_other_are_left_out() -> None:
    relations = [Relation("adjacent", ("a", "b")), Relation("adjacent", ("b", "a"))]
    assert set(solved(town([visit("a", 1), visit("b", 2), visit("c", 3)], relations=relations)).unassigned) == {
        "a",
        "b",
    }


def test_goods_that_must_not_meet_ride_on_two_vans_or_trips() -> None:
    visits = [
        visit("fish", 1, deliver={"kg": 1}, goods={"fish"}),
        visit("soap", 1, deliver={"kg": 1}, goods={"soap"}),
    ]
    apart = {"dimensions": ("kg",), "incompatible": [("fish", "soap")]}
    assert len(solved(town(visits, [shift("a"), shift("b")], **apart)).routes) == 2
    made = solved(town(visits, [shift("a", reload=0)], **apart))
    assert [len(trip) for trip in made.routes[0].trips()] == [1, 1]


def test_routes_are_alike_where_that_is_worth_more_than_the_way() -> None:
    visits = [visit(name, place) for name, place in zip("abcd", (4, 5, 6, 7), strict=True)]
    vans = [shift("one"), shift("two")]
    assert len(solved(town(visits, vans)).routes) == 1
    fair = Goals(balance=Balance("stops", 10**6))
    problem = town([*visits, visit("east", 9, (0, 9 * MINUTE)), visit("west", 1, (0, MINUTE))], vans, goals=fair)
    made = solved(problem)
    assert {len(route.visits) for route in made.routes} in ({3}, {6})
    assert plan_cost(problem, made) < 10**6


def test_a_zone_is_served_by_one_van_where_splitting_it_costs() -> None:
    visits = [visit("a", 8, (0, 10 * MINUTE), zone="east"), visit("b", 9, (HOUR, 2 * HOUR), zone="east")]
    visits += [visit("c", 1, (HOUR, 2 * HOUR)), visit("d", 2, (0, 10 * MINUTE))]
    vans = [shift("one", max_stops=2), shift("two", max_stops=2)]
    made = solved(town(visits, vans, goals=Goals(split_zone=10**6)))
    assert {"a", "b"} in [set(route.visits) for route in made.routes]
