"""The engine on a day that runs: vans under way, and a plan that is not to change without need."""

from random import Random

from homestretch.planner.check import check
from homestretch.planner.cost import plan_rank
from homestretch.planner.problem import Break, Goals, Matrix, Plan, Problem, Route, Stability, Start, Travel, Visit
from homestretch.planner.schedule import schedule
from homestretch.planner.search.engine import solve
from homestretch.planner.stopping import Iterations
from tests.planner.test_engine import by_shift, solved
from tests.planner.town import HOUR, MINUTE, shift, town, visit


def test_a_van_under_way_goes_on_from_where_it_stands() -> None:
    """It is at place 5 and sets off there and then, with what is nearest first."""
    van = shift(begun=Start(HOUR, place=5))
    problem = town([visit("near", 6), visit("back", 1)], [van])
    made = solved(problem)
    assert by_shift(made) == {"van": ("near", "back")}
    times = schedule(problem, made.routes[0])
    assert (times.depart, times.stops[0].start, times.finish) == (HOUR, HOUR + MINUTE, HOUR + 7 * MINUTE)


def test_a_van_between_places_has_its_own_first_way_wherever_it_goes() -> None:
    van = shift(begun=Start(0, first_leg=(10 * MINUTE, 100)))
    made = solved(town([visit("a", 1, (0, 9 * MINUTE)), visit("b", 9, (0, 10 * MINUTE))], [van]))
    assert by_shift(made) == {"van": ("b",)}


def test_breaks_that_were_taken_are_over_and_goods_on_board_take_room() -> None:
    rest = Break(HOUR, 0, MINUTE - 1)
    tight = [visit("a", 1, (0, 20 * MINUTE), deliver={"pieces": 2})]
    taken = shift(breaks=(rest,), capacity={"pieces": 3}, begun=Start(0, breaks_taken=(0,), on_board={"pieces": 1}))
    assert solved(town(tight, [taken], dimensions=("pieces",))).unassigned == ()
    owed = shift(breaks=(rest,), capacity={"pieces": 3}, begun=Start(0))
    assert solved(town(tight, [owed], dimensions=("pieces",))).unassigned == ("a",)
    full = shift(capacity={"pieces": 2}, begun=Start(0, on_board={"pieces": 1}))
    assert solved(town(tight, [full], dimensions=("pieces",))).unassigned == ("a",)


def test_goods_that_are_not_there_yet_do_not_go_with_a_van_that_has_left() -> None:
    vans = [shift("gone", begun=Start(0)), shift("later", start=HOUR)]
    made = solved(town([visit("a", 1, release=10 * MINUTE)], vans))
    assert by_shift(made) == {"later": ("a",)}


def test_a_kept_plan_changes_only_where_that_is_worth_its_price() -> None:
    kept = Plan((Route("one", ("far", "near")),))
    visits = [visit("near", 1), visit("far", 5), visit("new", 5)]
    vans = [shift("one"), shift("two")]
    dear = Goals(stability=Stability(kept, {"near": 9 * MINUTE}, per_moved=10**6, per_changed=10**6, per_minute=10**5))
    made = solved(town(visits, vans, goals=dear))
    assert [name for name in by_shift(made)["one"] if name != "new"] == ["far", "near"]
    cheap = Goals(stability=Stability(kept, per_moved=0, per_changed=0))
    free = solved(town(visits, vans, goals=cheap))
    assert plan_rank(town(visits, vans), free) <= plan_rank(town(visits, vans), made)


def a_town(random: Random, count: int) -> Problem:
    points = [(random.randint(0, 9000), random.randint(0, 9000)) for _ in range(count + 1)]
    meters = [[abs(x - p) + abs(y - q) for p, q in points] for x, y in points]
    seconds = [[value // 8 for value in row] for row in meters]
    visits = [Visit(f"v{k}", k + 1, service=200, deliver={"pieces": 1}) for k in range(count)]
    vans = [shift(f"s{k}", capacity={"pieces": 15}) for k in range(count // 8)]
    return Problem(visits, vans, Travel({"van": Matrix(seconds, meters)}), dimensions=("pieces",))


def test_one_stop_less_and_two_more_leave_nearly_all_others_where_they_were() -> None:
    problem = a_town(Random(1), 120)
    plan = solve(Problem(problem.visits[:118], problem.shifts, problem.travel, dimensions=("pieces",)), seed=1,
                 until=Iterations(20))  # fmt: skip
    starts = {stop.visit: stop.start for route in plan.routes for stop in schedule(problem, route).stops}
    goals = Goals(stability=Stability(plan, starts, per_moved=3000, per_changed=9000, per_minute=20))
    today = Problem(problem.visits[1:], problem.shifts, problem.travel, goals, dimensions=("pieces",))
    made = solve(today, seed=1, until=Iterations(30))
    assert check(today, made) == []
    was = {visit: route.shift for route in plan.routes for visit in route.visits}
    changed = [visit for route in made.routes for visit in route.visits if was.get(visit, route.shift) != route.shift]
    assert len(changed) <= 5
