"""Several trips a day: what fits is set down and taken up in between, and goods are waited for trip by trip."""

from homestretch.planner.problem import Break, Lock, Matrix, Pair, Plan, Route, Slots, Travel
from homestretch.planner.schedule import schedule
from tests.planner.test_engine import by_shift, solved
from tests.planner.town import HOUR, MINUTE, line, shift, town, visit


def test_a_van_that_may_reload_serves_more_than_it_holds() -> None:
    goods = [visit(name, 1, deliver={"pieces": 2}) for name in "abc"]
    one = shift(capacity={"pieces": 2})
    assert len(solved(town(goods, [one], dimensions=("pieces",))).unassigned) == 2
    van = shift(capacity={"pieces": 2}, reload=0, loading=5 * MINUTE)
    problem = town(goods, [van], dimensions=("pieces",))
    made = solved(problem)
    assert made.unassigned == ()
    assert made.routes[0].reloads == (1, 2)
    times = schedule(problem, made.routes[0])
    assert times.duration == 3 * (5 * MINUTE + 2 * MINUTE)
    assert [halt.leave - halt.start for halt in times.reloads] == [5 * MINUTE, 5 * MINUTE]
    assert [times.load["pieces"], *(stop.load["pieces"] for stop in times.stops)] == [2, 0, 0, 0]


def test_trips_are_limited() -> None:
    goods = [visit(name, 1, deliver={"pieces": 2}) for name in "abc"]
    van = shift(capacity={"pieces": 2}, reload=0, max_trips=2)
    assert len(solved(town(goods, [van], dimensions=("pieces",))).unassigned) == 1


def test_what_is_released_late_goes_on_a_later_trip() -> None:
    visits = [visit("early", 1, (0, 10 * MINUTE)), visit("late", 1, release=HOUR)]
    problem = town(visits, [shift(reload=0)])
    made = solved(problem)
    assert made.routes == (Route("van", ("early", "late"), (1,)),)
    times = schedule(problem, made.routes[0])
    assert times.reloads[0].start == HOUR
    assert times.waiting == 0  # idle at a reload is no waiting before a service


def test_a_reload_that_nothing_needs_is_not_driven() -> None:
    made = solved(town([visit("a", 1), visit("b", 2)], [shift(reload=0)]))
    assert made.routes[0].reloads == ()


def test_a_pair_stays_on_one_trip() -> None:
    visits = [visit("up", 2), visit("down", 1), visit("goods", 3, deliver={"pieces": 2})]
    van = shift(capacity={"pieces": 2}, reload=0)
    made = solved(town(visits, [van], pairs=[Pair("up", "down", {"pieces": 2})], dimensions=("pieces",)))
    assert made.unassigned == ()
    trips = made.routes[0].trips()
    assert any({"up", "down"} <= set(trip) for trip in trips)


def test_a_search_begins_with_the_trips_of_a_plan() -> None:
    goods = [visit(name, 1, deliver={"pieces": 2}) for name in "ab"]
    problem = town(goods, [shift(capacity={"pieces": 2}, reload=0)], dimensions=("pieces",),
                   locks=[Lock("a", "van"), Lock("b", "van")])  # fmt: skip
    given = Plan((Route("van", ("b", "a"), (1,)),))
    assert solved(problem, start=given).unassigned == ()
    assert by_shift(solved(problem, start=given)).keys() == {"van"}


def test_ways_by_the_hour_are_timed_as_they_are_driven() -> None:
    """Two slots of an hour: the way out takes a minute in the first and three in the second, and between their middles
    it is on the straight line."""
    slow = Matrix(line().durations * 3, line().distances)
    problem = town([visit("a", 1, (HOUR, HOUR))], [shift()], travel=Travel({"van": Slots((0, HOUR), (line(), slow))}))
    times = schedule(problem, Route("van", ("a",)))
    stop = times.stops[0]
    assert stop.start == HOUR
    assert stop.seconds == stop.arrive - times.depart
    assert MINUTE < stop.seconds < 2 * MINUTE
    assert times.finish - stop.leave == 2 * MINUTE  # at the border of the slots


def test_nobody_works_longer_without_a_break_than_he_may() -> None:
    """Both stops take an hour and a half; a stretch of two hours wants the break between them."""
    visits = [visit(name, 1, service=90 * MINUTE) for name in "ab"]
    van = shift(breaks=(Break(30 * MINUTE, 0, 8 * HOUR),), longest_stretch=2 * HOUR)
    problem = town(visits, [van])
    rest = schedule(problem, Route("van", ("a", "b"))).breaks[0]
    assert (rest.position, rest.after_service) in {(0, True), (1, False)}
