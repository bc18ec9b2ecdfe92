"""Live traffic: what a service says of the roads around running routes counts for the present hour, and no longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from homestretch.events.scope import scope
from homestretch.kernel.actor import system
from homestretch.kernel.geo import Point
from homestretch.kernel.windows import Window
from homestretch.providers.errors import ProviderError
from homestretch.providers.traffic import Flow
from homestretch.tracking import traffic
from homestretch.travel import ladder
from homestretch.travel import queries as travel
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.orders import an_order
from tests.town.places import AT
from tests.town.roads import the_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def road(settings: Any) -> Road:
    """A started route through the town, whose map is installed."""
    town, settings.HOMESTRETCH_HOME = the_town()
    by = an_owner()
    homes = town.addresses[:: len(town.addresses) // 3][:3]
    places = [{"address": home.text, "lat": home.lat, "lon": home.lon} for home in homes]
    orders = [an_order(by, number, task={"place": place}) for number, place in enumerate(places, start=1)]
    return a_road(by, orders=orders).start()


class Told:
    """A service that knows one road."""

    def __init__(self, flows: list[Flow]) -> None:
        self.flows, self.asked = flows, 0

    def speeds(self, where: Any, *, at: Any) -> list[Flow]:
        self.asked += 1
        return self.flows


def way(road: Road) -> tuple[Point, ...]:
    """The way between the route's first two stops."""
    with scope(road.by):
        points = [Point(stop.place.lat, stop.place.lon) for stop in road.stops[:2]]
        return travel.path(points, AT, "van").legs[0].points


def seconds(road: Road, hours: float) -> int:
    """How long it takes from the first stop to the second, so many hours from now."""
    at = AT + timedelta(hours=hours)
    with scope(road.by):
        points = [Point(stop.place.lat, stop.place.lon) for stop in road.stops[:2]]
        return ladder.path(tuple(points), at, travel.known("van", Window(AT, at))).legs[0].seconds


def flow(points: tuple[Point, ...], **changes: Any) -> Flow:
    told = {"speed_mh": 4_000, "free_speed_mh": 50_000, "road_closed": False, "confidence": 0.9, "as_of": AT}
    return Flow(points=points, **{**told, **changes})


def test_slow_roads_slow_the_present_hour_alone(road: Road, monkeypatch: Any) -> None:
    usual, later = seconds(road, 0), seconds(road, 3)
    told = Told([flow(way(road)[1:-1])])
    monkeypatch.setattr(traffic, "_service", lambda: told)
    assert traffic.look(system(road.by.organization_id), AT)
    assert seconds(road, 0) > 1.2 * usual
    assert seconds(road, 3) == later
    with scope(road.by):
        assert travel.known("van", Window(AT + timedelta(minutes=16), AT + timedelta(hours=1))).speeds == ()


def test_what_is_assumed_rather_than_measured_does_not_count(road: Road, monkeypatch: Any) -> None:
    usual = seconds(road, 0)
    monkeypatch.setattr(traffic, "_service", lambda: Told([flow(way(road)[1:-1], confidence=0.2)]))
    assert traffic.look(system(road.by.organization_id), AT)
    assert seconds(road, 0) == usual


def test_nobody_is_asked_while_nobody_drives_or_without_roads(
    road: Road, monkeypatch: Any, settings: Any, tmp_path: Any
) -> None:
    told = Told([])
    monkeypatch.setattr(traffic, "_service", lambda: told)
    assert not traffic.look(system(an_owner("Next door").organization_id), AT)
    settings.HOMESTRETCH_HOME = tmp_path
    assert traffic.look(system(road.by.organization_id), AT)
    assert told.asked == 0


def test_a_service_that_fails_changes_nothing(road: Road, monkeypatch: Any) -> None:
    class Failing:
        def speeds(self, *_: Any, **__: Any) -> Any:
            raise ProviderError("deferred", "no_answer", "no answer in time")

    monkeypatch.setattr(traffic, "_service", lambda: Failing())
    with pytest.raises(ProviderError):
        traffic.look(system(road.by.organization_id), AT)
    with scope(road.by):
        assert travel.speed_sets() == []
