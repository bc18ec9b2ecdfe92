"""A plan on the town's roads: its times are the roads' at the hour of each leg. No plan fails because of the map."""

from __future__ import annotations

import shutil
from itertools import pairwise
from typing import Any

import pytest

from homestretch.atlas.town import Town
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point
from homestretch.places.models import Place
from homestretch.places.values import PlaceData
from homestretch.plans import actions, queries
from homestretch.plans.models import Question
from homestretch.plans.store import problem_of
from homestretch.providers.errors import ProviderError
from homestretch.travel import actions as telling
from homestretch.travel import queries as travel
from homestretch.travel.rungs import service
from homestretch.travel.values import ClosureData
from tests.town.fleet import DAY, a_depot, a_shift
from tests.town.orders import an_order
from tests.town.organizations import an_organization
from tests.town.places import AT
from tests.town.roads import the_town
from tests.work import run_jobs

pytestmark = pytest.mark.django_db
FAR = {"address": "Lighthouse 1", "lat": 49.9, "lon": 6.9}


@pytest.fixture
def town(settings: Any) -> Town:
    """The invented town, its map installed."""
    town, home = the_town()
    settings.HOMESTRETCH_HOME = home
    return town


@pytest.fixture
def us(settings: Any) -> Actor:
    """Two vans at the town's depot, thirty orders at its houses."""
    town, _ = the_town()
    by = an_organization()
    house = town.depots[0]
    depot = a_depot(by, place=PlaceData(house.text, Point(house.lat, house.lon)))
    for _ in range(2):
        a_shift(by, depot=depot)
    for number, home in enumerate(town.addresses[:: len(town.addresses) // 30][:30], start=1):
        order(by, number, {"address": home.text, "lat": home.lat, "lon": home.lon})
    return by


def order(by: Actor, number: int, place: dict[str, Any]) -> Any:
    return an_order(by, number, task={"place": place})


def view_of(by: Actor) -> Any:
    """The day's plan, solved."""
    plan = actions.ask(DAY, [], options={"seconds": 1}, by=by, at=AT)
    run_jobs()
    with scope(by):
        assert queries.optimization(plan.id).failure is None
        return queries.revision(plan.id)


def test_a_plan_takes_the_roads_times_at_the_hour_of_each_leg(us: Actor, town: Town) -> None:
    view = view_of(us)
    assert (view.rung, view.travel["van"]["source"], len(view.unassigned), view.breaches) == ("roads", "town", 0, ())
    checked = 0
    for route in view.routes:
        for before, after in pairwise(route.stops):
            with scope(us):
                start, end = _point(us, before), _point(us, after)
                drive = travel.path([start, end], before.leave, "van").legs[0]
            lasted = (after.arrive - before.leave).total_seconds()
            # between the midpoints of two hours the seconds are on the line between the hours' own
            assert lasted == pytest.approx(drive.seconds, rel=0.2, abs=5)
            checked += 1
    assert checked > 20


def _point(by: Actor, stop: Any) -> Point:
    place = Place.objects.get(id=stop.place_id)
    return Point(place.lat, place.lon)


def test_only_the_hours_of_the_shifts_are_asked(us: Actor, town: Town) -> None:
    view_of(us)
    with scope(us):
        kept = Question.objects.get()
        slots = problem_of(kept).travel.profiles["van"]
    assert slots.starts == tuple(hour * 3600 for hour in range(9))  # from eight to five
    assert len({id(matrix) for matrix in slots.matrices}) <= 3


def test_a_place_beside_the_map_is_left_out_and_says_why(us: Actor, town: Town) -> None:
    order(us, 31, FAR)
    view = view_of(us)
    assert view.rung == "roads"
    assert [reason["code"] for left in view.unassigned for reason in left.reasons] == ["unreachable"]
    assert "beside the map" in view.unassigned[0].reasons[0]["text"]
    assert [off["code"] for off in view.travel["van"]["off_road"]] == ["place.off_map"]


def test_a_street_that_is_closed_all_day_is_not_driven(us: Actor, town: Town) -> None:
    before = view_of(us)
    middle = town.addresses[len(town.addresses) // 2]
    corners = [
        [middle.lon + x * 2e-3, middle.lat + y * 1.5e-3] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    ]
    area = {"type": "Polygon", "coordinates": [corners]}
    telling.close_road(ClosureData("Flood", "", None, area, AT.replace(hour=0)), by=us, at=AT)
    after = view_of(us)
    assert all(reason["code"] == "unreachable" for left in after.unassigned for reason in left.reasons)
    assert sum(route.meters for route in after.routes) != sum(route.meters for route in before.routes)


def test_without_a_map_a_plan_is_made_by_the_great_circle_and_says_so(us: Actor, settings: Any, tmp_path: Any) -> None:
    settings.HOMESTRETCH_HOME = tmp_path
    view = view_of(us)
    assert (view.rung, len(view.unassigned)) == ("great_circle", 0)
    assert view.travel["van"]["fell"] == [{"rung": "roads", "code": "travel.no_map", "cause": "no map is installed"}]


def test_a_service_that_dies_in_the_middle_of_a_plan_does_not_end_it(
    us: Actor, settings: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    settings.HOMESTRETCH_HOME = tmp_path
    settings.HOMESTRETCH_PROVIDERS = {**settings.HOMESTRETCH_PROVIDERS, "matrix": ("osrm", {})}

    class Dying:
        def durations_and_distances(self, *_: Any, **__: Any) -> Any:
            raise ProviderError("deferred", "connection_lost", "the connection was lost before the answer")

    monkeypatch.setattr(service, "_service", lambda: Dying())
    monkeypatch.setattr(service, "_breaker", service.Breaker())
    view = view_of(us)
    assert (view.rung, len(view.unassigned)) == ("great_circle", 0)
    assert [fell["code"] for fell in view.travel["van"]["fell"]] == ["travel.no_map", "provider.connection_lost"]


def test_a_service_that_answers_is_what_the_plan_is_made_on(us: Actor, settings: Any, tmp_path: Any) -> None:
    settings.HOMESTRETCH_HOME = tmp_path
    settings.HOMESTRETCH_PROVIDERS = {**settings.HOMESTRETCH_PROVIDERS, "matrix": ("fake", {})}
    service._service.cache_clear()
    try:
        assert view_of(us).rung == "fake"
    finally:
        service._service.cache_clear()


def test_a_map_that_cannot_be_read_is_fallen_from(us: Actor, settings: Any, tmp_path: Any) -> None:
    _, home = the_town()
    shutil.copytree(home / "maps" / "town", tmp_path / "maps" / "town")
    (tmp_path / "maps" / "town" / "roads.npz").write_bytes(b"half a fi")
    settings.HOMESTRETCH_HOME = tmp_path
    view = view_of(us)
    assert view.rung == "great_circle"
    assert view.travel["van"]["fell"][0]["code"] == "map.roads_unreadable"
