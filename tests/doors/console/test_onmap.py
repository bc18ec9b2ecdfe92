"""The running day where a map covers it: on it, its lines along the roads; and the plain chart where none does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from homestretch.atlas.maps import build
from homestretch.atlas.maps.parts import PARTS
from homestretch.atlas.town import write_town
from homestretch.doors.console.today import onmap
from homestretch.doors.console.today.day import day_of
from homestretch.events.scope import scope
from homestretch.kernel.geo import Point
from homestretch.places.values import PlaceData
from homestretch.web.maps import Shelf
from tests.town.accounts import signed_in
from tests.town.dispatch import a_road, an_owner
from tests.town.fleet import a_depot
from tests.town.orders import an_order
from tests.town.places import AT


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    """A home with the map of a small invented town, and some of the town's houses."""
    folder = tmp_path_factory.mktemp("home")
    town = write_town(folder / "town.osm.pbf", seed=7, size="small")
    build(town.path, folder / "maps", name="town", parts=[part for part in PARTS if part.name in {"roads", "basemap"}])
    return folder, list(town.addresses)


@pytest.fixture
def mapped(home: tuple[Path, list[Any]], monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """The town's houses, while its map is installed and the pages' scripts are built."""
    folder, houses = home
    monkeypatch.setattr(onmap.finders, "find", lambda name: name)
    onmap._KEPT.clear()
    with override_settings(HOMESTRETCH_HOME=folder, HOMESTRETCH_MAPS=Shelf(folder / "maps")):
        yield houses


def a_route(by: Any, houses: list[Any], number: int = 1, near: Point | None = None) -> Any:
    spread = houses[number :: len(houses) // 4][:4]
    orders = [
        an_order(by, 10 * number + step, task={"place": {"address": house.text, "lat": house.lat, "lon": house.lon}})
        for step, house in enumerate(spread)
    ]
    depot = a_depot(by, name=f"Depot {number}", place=PlaceData("Depot", point=near or _point(houses[0])))
    return a_road(by, orders=orders, depot=depot).start()


def _point(house: Any) -> Point:
    return Point(house.lat, house.lon)


@pytest.mark.django_db
def test_a_day_in_the_town_is_on_its_map_along_its_roads(in_the_morning: None, mapped: list[Any]) -> None:
    by = an_owner()
    a_route(by, mapped)
    page = signed_in(by).get("/").content.decode()
    told = json.loads(re.search(r'id="day-map" type="application/json">(.*?)</script>', page)[1])  # type: ignore[index]
    (route,) = told["routes"]
    assert told["on_roads"] is True
    assert len(route["line"]) > 3 * len(told["stops"])
    assert [stop["number"] for stop in told["stops"]] == [1, 2, 3, 4]
    assert all(6 < stop["at"][0] < 7 and 49 < stop["at"][1] < 50 for stop in told["stops"])
    assert told["basemap"]["styles"]["dark"].startswith("/map/town/")
    assert "web/built/today-map.js" in page
    assert f'data-find="{route["id"]}"' in page


@pytest.mark.django_db
def test_a_depot_off_the_map_costs_its_own_drives_alone(mapped: list[Any]) -> None:
    by = an_owner()
    a_route(by, mapped, near=Point(49.9, 6.4))
    with scope(by):
        told = day_of(AT).on_map
    assert told is not None
    assert told["on_roads"] is False
    (route,) = told["routes"]
    assert len(route["line"]) > 3 * len(told["stops"])
    assert route["line"][0] == [6.4, 49.9]


@pytest.mark.django_db
def test_the_lines_are_kept_and_more_routes_ask_no_more(mapped: list[Any]) -> None:
    by = an_owner()

    def asked() -> int:
        with scope(by), CaptureQueriesContext(connection) as queries:
            assert day_of(AT).on_map
        return len(queries)

    a_route(by, mapped, 1)
    first = asked()
    a_route(by, mapped, 2)
    a_route(by, mapped, 3)
    assert asked() <= first
    assert asked() < first


@pytest.mark.django_db
def test_without_a_map_the_chart_stays_and_says_so(settings: Any, tmp_path: Path) -> None:
    settings.HOMESTRETCH_MAPS = Shelf(tmp_path)
    by = an_owner()
    a_road(by, 2)
    page = signed_in(by).get("/").content.decode()
    assert "no map is installed here" in page
    assert "day-map" not in page
    assert "today-map.js" not in page
    assert 'svg id="map"' in page
