"""The ladder answers always, by one rung as a whole, and says which one it is and why not a better one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from homestretch.atlas.town import Town
from homestretch.kernel.geo import Point
from homestretch.kernel.windows import Window
from homestretch.planner.legs import leg_of
from homestretch.planner.travel import UNREACHABLE, Matrix, Slots
from homestretch.providers.errors import ProviderError
from homestretch.travel import ladder
from homestretch.travel.rules.closures import Closure
from homestretch.travel.rules.estimate import built_in
from homestretch.travel.rules.speeds import Speed
from homestretch.travel.rules.weather import Weather
from homestretch.travel.rungs import roads, service
from homestretch.travel.values import Asked, Known

LUXEMBOURG = ZoneInfo("Europe/Luxembourg")
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
SHIFT = Window(MONDAY + timedelta(hours=6), MONDAY + timedelta(hours=12))
VAN = Known("van", LUXEMBOURG, built_in("van"))


def homes(town: Town, count: int, seed: int = 1) -> tuple[Point, ...]:
    """Some of the town's houses; the first is the depot."""
    chosen = Random(seed).sample(town.addresses, count - 1)
    return tuple(Point(house.lat, house.lon) for house in [town.depots[0], *chosen])


def asked(points: tuple[Point, ...], span: Window = SHIFT, **more: Any) -> Asked:
    return Asked(points, span, frozenset({0}), **more)


def test_a_map_answers_by_roads_with_a_matrix_for_each_hour_that_differs(town: Town) -> None:
    answer = ladder.matrix(asked(homes(town, 30)), VAN)
    assert (answer.rung, answer.source, answer.fell, answer.off_road) == ("roads", "town", (), ())
    assert isinstance(answer.profile, Slots)
    assert answer.profile.starts == tuple(hour * 3600 for hour in range(6))
    rush, noon = answer.profile.matrices[1], answer.profile.matrices[5]
    assert rush.durations.sum() > 1.1 * noon.durations.sum()
    assert (answer.profile.durations < UNREACHABLE).all()
    assert (np.diag(rush.durations) == 0).all()


def test_three_in_the_morning_is_faster_than_eight_and_a_bicycle_does_not_mind(town: Town) -> None:
    points = homes(town, 10)
    at = [Window(MONDAY + timedelta(hours=hour), MONDAY + timedelta(hours=hour)) for hour in (2, 7)]
    night, rush = (ladder.matrix(asked(points, span), VAN).profile.durations.sum() for span in at)
    assert night < rush
    bike = replace(VAN, profile="bike", estimate=built_in("bike"))
    assert isinstance(ladder.matrix(asked(points), bike).profile, Matrix)


def test_who_leaves_later_never_arrives_sooner(town: Town) -> None:
    profile = ladder.matrix(asked(homes(town, 12)), VAN).profile
    for start, end in [(0, 5), (3, 9), (11, 2)]:
        way = leg_of(profile, start, end)
        arrivals = [way.arrive(second) for second in range(-3600, 8 * 3600, 97)]
        assert arrivals == sorted(arrivals)


def test_a_path_is_a_line_along_roads_that_takes_what_the_matrix_says(town: Town) -> None:
    points = homes(town, 8)
    moment = SHIFT.start + timedelta(hours=4, minutes=30)
    matrix = ladder.matrix(asked(points, Window(moment, moment)), VAN).profile
    drive = ladder.path(points, moment, VAN)
    assert drive.rung == "roads"
    for number, leg in enumerate(drive.legs):
        assert leg.seconds == pytest.approx(int(matrix.durations[number, number + 1]), rel=0.12, abs=3)
        assert len(leg.points) > 2


def test_without_a_map_the_great_circle_answers_and_says_so(no_map: None) -> None:
    answer = ladder.matrix(asked((Point(49.6, 6.1), Point(49.61, 6.12))), VAN)
    assert answer.rung == "great_circle"
    assert [(fell.rung, fell.code) for fell in answer.fell] == [("roads", "travel.no_map")]
    assert ladder.path((Point(49.6, 6.1), Point(49.61, 6.12)), MONDAY, VAN).rung == "great_circle"


def test_a_depot_beside_the_map_and_many_stops_beside_it_are_for_the_next_rung(town: Town) -> None:
    far = Point(town.north + 0.5, town.east)
    assert ladder.matrix(asked((far, *homes(town, 30))), VAN).fell[0].code == "travel.off_map"
    answer = ladder.matrix(asked((*homes(town, 10), far, far)), VAN)
    assert (answer.rung, answer.fell[0].code) == ("great_circle", "travel.off_map")
    assert "2 of 12 points" in answer.fell[0].cause


def test_one_stop_beside_the_map_is_named_and_reached_by_nobody(town: Town) -> None:
    points = (*homes(town, 30), Point(town.north + 0.5, town.east))
    answer = ladder.matrix(asked(points), VAN)
    assert answer.rung == "roads"
    assert [(off.point, off.code) for off in answer.off_road] == [(30, "place.off_map")]
    assert (answer.profile.durations[30, :30] == UNREACHABLE).all()
    assert (answer.profile.durations[:30, :30] < UNREACHABLE).all()


def test_what_was_asked_before_is_grown_by_what_is_new(town: Town) -> None:
    points = homes(town, 20)
    before = ladder.matrix(asked(points), VAN).profile
    grown = ladder.matrix(asked((points[0], *points[5:], homes(town, 3, seed=9)[2])), VAN).profile
    alone = roads.Kept()
    kept, roads._kept = roads._kept, alone
    try:
        fresh = ladder.matrix(asked((points[0], *points[5:], homes(town, 3, seed=9)[2])), VAN).profile
    finally:
        roads._kept = kept
    assert (grown.durations == fresh.durations).all()
    assert (grown.distances == fresh.distances).all()
    assert (grown.durations[1:16, 1:16] == before.durations[5:, 5:]).all()


def _crossing(town: Town) -> tuple[Point, Point, Any]:
    """Two doors, and the named street that most of the way between them follows."""
    points = homes(town, 12, seed=4)
    network = roads.network_at(points)
    snap = network.snap([p.lat for p in points], [p.lon for p in points], "van")
    ways = [(a, b, network.metric("van").path(snap, a, snap, b)) for a in range(12) for b in range(12) if a != b]
    start, end, way = max((one for one in ways if one[2] is not None), key=lambda one: one[2].seconds)
    arc = way.arcs[len(way.arcs) // 2]
    return points[start], points[end], network.graph.way[arc >> 1]


def test_a_closed_area_is_gone_round_while_it_is_closed_and_no_longer(town: Town) -> None:
    start, end, _ = _crossing(town)
    free = ladder.path((start, end), MONDAY + timedelta(hours=10), VAN).legs[0]
    middle = free.points[len(free.points) // 2]
    area = tuple(Point(middle.lat + a * 2e-4, middle.lon + b * 3e-4) for a, b in ((-1, -1), (-1, 1), (1, 1), (1, -1)))
    closure = Closure(uuid4(), "", None, (area,), MONDAY + timedelta(hours=9), MONDAY + timedelta(hours=11))
    shut = replace(VAN, closures=(closure,))
    round_it = ladder.path((start, end), MONDAY + timedelta(hours=10), shut).legs[0]
    assert round_it.seconds > free.seconds
    assert middle not in round_it.points
    assert ladder.path((start, end), MONDAY + timedelta(hours=11), shut).legs[0] == free
    profile = ladder.matrix(asked((start, end)), shut).profile
    usual = ladder.matrix(asked((start, end)), VAN).profile
    assert isinstance(profile, Slots)
    assert isinstance(usual, Slots)
    changed = [
        hour for hour in range(6) if profile.matrices[hour].durations[0, 1] != usual.matrices[hour].durations[0, 1]
    ]
    assert changed == [3, 4]


def test_a_speed_that_somebody_knows_counts_on_its_way_in_its_hours(town: Town) -> None:
    start, end, way = _crossing(town)
    slow = Speed(int(way), 0, 0, 10, 11, 500)
    known = replace(VAN, speeds=((slow,),), speeds_key=("csv/1",))
    at_ten, at_noon = (ladder.path((start, end), MONDAY + timedelta(hours=h), known).legs[0] for h in (9, 11))
    usual = ladder.path((start, end), MONDAY + timedelta(hours=11), VAN).legs[0]
    assert at_noon == usual
    assert at_ten.seconds > usual.seconds
    factor = replace(VAN, speeds=((Speed(int(way), 0, -1, 0, 24, 0, 3_000),),), speeds_key=("own/1",))
    assert ladder.path((start, end), MONDAY + timedelta(hours=11), factor).legs[0].seconds > usual.seconds


def test_snow_slows_the_hours_in_which_it_falls(town: Town) -> None:
    snow = replace(VAN, weather=(Weather("snow", MONDAY + timedelta(hours=10), MONDAY + timedelta(hours=12)),))
    profile, clear = (ladder.matrix(asked(homes(town, 6)), known).profile for known in (snow, VAN))
    assert isinstance(profile, Slots)
    assert isinstance(clear, Slots)
    sums = [
        (int(a.durations.sum()), int(b.durations.sum())) for a, b in zip(profile.matrices, clear.matrices, strict=True)
    ]
    assert [a > b for a, b in sums] == [False, False, False, False, True, True]


@pytest.fixture
def fake_service(settings: Any, no_map: None, monkeypatch: Any) -> Any:
    """A service that answers, on an installation without a map."""
    settings.HOMESTRETCH_PROVIDERS = {**settings.HOMESTRETCH_PROVIDERS, "matrix": ("fake", {})}
    made = service._service
    made.cache_clear()
    service._kept.clear()
    monkeypatch.setattr(service, "_breaker", service.Breaker())
    yield service
    made.cache_clear()
    service._kept.clear()


def test_a_service_is_asked_where_no_map_answers_and_only_outside_of_transactions(fake_service: Any) -> None:
    points = (Point(49.6, 6.1), Point(49.61, 6.12), Point(49.62, 6.1))
    answer = ladder.matrix(asked(points), VAN, outside=True)
    assert (answer.rung, [fell.rung for fell in answer.fell]) == ("fake", ["roads"])
    assert ladder.matrix(asked(points), VAN).rung == "great_circle"
    assert ladder.path(points, MONDAY, VAN, outside=True).rung == "fake"


def test_a_service_that_dies_is_fallen_from_and_then_left_alone(fake_service: Any, monkeypatch: Any) -> None:
    calls = []

    class Dead:
        def durations_and_distances(self, *_: Any, **__: Any) -> Any:
            calls.append(1)
            raise ProviderError("deferred", "no_answer", "no answer in time")

    monkeypatch.setattr(fake_service, "_service", lambda: Dead())
    answers = [ladder.matrix(asked((Point(49.6, 6.1), Point(49.61, 6.1 + n))), VAN, outside=True) for n in range(8)]
    assert {answer.rung for answer in answers} == {"great_circle"}
    assert answers[0].fell[-1].code == "provider.no_answer"
    assert answers[-1].fell[-1].code == "provider.resting"
    assert len(calls) == 5
