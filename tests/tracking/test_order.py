"""Who leaves the planned order is followed: what is passed over is expected where the driver is likely to serve it."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

from homestretch.kernel.geo import Point, offset
from homestretch.tracking.rules.order import Waiting, first_by_position, has_left, likely

DEPOT = Point(49.6, 6.1)


def waiting(*states: str, first: int = 1) -> list[Waiting]:
    """Stops along a street, a kilometer apart, in their planned order."""
    return [Waiting(UUID(int=n), n, offset(DEPOT, 1000 * n, 0), state) for n, state in enumerate(states, start=first)]


def ids(*numbers: int) -> list[UUID]:
    return [UUID(int=n) for n in numbers]


def never(_: list[UUID]) -> tuple[int, int]:
    raise AssertionError("nobody has to judge")


def test_the_plan_is_the_order_while_it_is_kept() -> None:
    assert likely(waiting("en_route", "planned", "planned"), None, never) == ids(1, 2, 3)
    assert likely(waiting("planned", "planned", first=4), 3, never) == ids(4, 5)
    assert likely([], 3, never) == []


def test_stops_put_off_by_the_driver_are_no_departure() -> None:
    stops = [*waiting("planned", "planned", first=3), *waiting("skipped")]
    assert not has_left(stops, 2)


def driven(order: list[UUID], start: int) -> tuple[int, int]:
    """Along the street."""
    places = [start, *(stop.int for stop in order)]
    return 0, sum(abs(a - b) for a, b in pairwise(places))


def test_who_serves_the_far_end_first_comes_back_along_the_street() -> None:
    stops = waiting("planned", "planned", "planned", "en_route")
    turned = [stops[3], *stops[:3]]
    assert likely(turned, None, lambda order: driven(order, 4)) == ids(4, 3, 2, 1)


def test_who_jumped_over_one_and_drives_on_serves_it_at_the_end_where_that_is_shorter() -> None:
    stops = [*waiting("en_route", first=2), *waiting("planned"), *waiting("planned", "planned", first=3)]
    late_first = {1: 900}

    def judge(order: list[UUID]) -> tuple[int, int]:
        return 0, order.index(UUID(int=3)) + late_first.get(order[1].int, 0)

    assert likely(stops, None, judge) == ids(2, 3, 4, 1)


def test_an_order_that_makes_somebody_late_is_less_likely_than_a_longer_one() -> None:
    stops = [*waiting("en_route", first=3), *waiting("planned", "planned")]

    def judge(order: list[UUID]) -> tuple[int, int]:
        return (0 if order[1].int == 1 else 600), (9000 if order[1].int == 1 else 100)

    assert likely(stops, None, judge) == ids(3, 1, 2)


def test_who_stands_at_another_door_is_at_that_stop() -> None:
    stops = waiting("en_route", "planned", "planned")
    there = offset(stops[2].point, 20, 20)
    assert [stop.position for stop in first_by_position(stops, there, 0)] == [3, 1, 2]
    assert [stop.position for stop in first_by_position(stops, there, 30_000)] == [1, 2, 3]  # it only passes by
    assert [stop.position for stop in first_by_position(stops, DEPOT, 0)] == [1, 2, 3]
    served = waiting("arrived", "planned", "planned")
    assert [stop.position for stop in first_by_position(served, there, 0)] == [1, 2, 3]


def test_a_driver_at_an_unplanned_door_is_believed_to_have_left_the_order() -> None:
    stops = first_by_position(waiting("planned", "planned", "planned"), waiting("", "", "")[2].point, 0)
    assert [stop.position for stop in stops] == [3, 1, 2]
    assert likely(stops, None, lambda order: driven(order, 3)) == ids(3, 2, 1)
