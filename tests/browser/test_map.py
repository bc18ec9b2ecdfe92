"""Maps in a real browser: tiles from our origin alone, letters drawn, attribution seen, the day's own marks on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from homestretch.atlas.maps import build
from homestretch.atlas.maps.parts import PARTS
from homestretch.atlas.town import write_town
from homestretch.events.scope import scope
from homestretch.tracking import queries
from tests.browser.conftest import Morning
from tests.browser.day import NOW, PASSWORD
from tests.browser.desk import quiet
from tests.browser.maps import STATIC, a_map_page, look
from tests.browser.site import Site, a_page, a_site, sign_in
from tests.browser.test_today import drive

BUILT = STATIC / "web" / "built" / "basemap.js"
pytestmark = pytest.mark.skipif(not BUILT.exists(), reason="the pages' scripts are not built: make install")
CREDIT = "© OpenStreetMap contributors"
SEEN_ON_MAP = """(layers) => new Promise((done) => {
  const map = window.homestretchMap;
  const found = () => map.queryRenderedFeatures({ layers: layers.filter((id) => map.getLayer(id)) });
  done(found().map((one) => one.properties.name || one.properties.words || one.properties.number || ""));
})"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the invented town as its map."""
    folder = tmp_path_factory.mktemp("home")
    extract = folder / "town.osm.pbf"
    write_town(extract, seed=7, size="town")
    parts = [part for part in PARTS if part.name in {"roads", "basemap"}]
    build(extract, folder / "maps", name="town", parts=parts)
    return folder


@pytest.fixture(scope="module")
def mapped(morning: Morning, home: Path) -> Iterator[Site]:
    """The same crowded day, served where the map of its town is."""
    with a_site(morning.site, home, HOMESTRETCH_HOME=str(home)) as site:  # type: ignore[arg-type]
        yield site


def opened(page: Page, morning: Morning) -> None:
    """The day of the dispatcher, on its map."""
    sign_in(page, morning.scene.email, PASSWORD)
    page.locator(".live-map[data-drawn=yes]").wait_for(timeout=60_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_town_is_drawn_from_our_own_origin_with_its_names(morning: Morning, home: Path, scheme: Any) -> None:
    with a_map_page(morning.browser, home / "maps", color_scheme=scheme) as (page, seen):
        asked: list[str] = []
        page.on("request", lambda request: asked.append(urlsplit(request.url).path))
        look(page, "town", 15, 49.611, 6.13)
        quiet(seen)
        assert len([path for path in asked if path.endswith(".mvt")]) >= 4
        assert any(path.endswith(f"style-{scheme}.json") for path in asked)
        credit = page.locator(".maplibregl-ctrl-attrib")
        expect(credit).to_contain_text(CREDIT)
        expect(credit).to_be_visible()
        names = page.evaluate(SEEN_ON_MAP, ["road-name-small", "road-name-middle", "road-name-large"])
        assert len({name for name in names if name}) >= 5


def test_the_day_is_on_the_map_and_says_what_is_what(morning: Morning, mapped: Site) -> None:
    with a_page(morning.browser, mapped) as (page, seen):
        opened(page, morning)
        expect(page.locator(".live-map .van")).to_have_count(4)
        expect(page.locator(".live-map .van.is-silent")).to_have_count(1)
        expect(page.locator(".maplibregl-ctrl-attrib")).to_contain_text(CREDIT)
        expect(page.locator("svg#map")).to_be_hidden()
        told = json.loads(page.locator("#day-map").text_content() or "")
        assert all(len(route["line"]) > 40 for route in told["routes"]), "lines follow the roads"
        words = page.evaluate(SEEN_ON_MAP, ["day-stops"])
        assert len([text for text in words if ": " in text]) >= 30
        page.locator(".find").first.focus()
        page.keyboard.press("Enter")
        quiet(seen)


def test_the_map_stays_when_the_panel_is_new_and_a_vehicle_moves(morning: Morning, mapped: Site) -> None:
    from datetime import timedelta

    road = morning.scene.roads[0]
    with scope(road.by):
        assert queries.whereabouts([road.route_id])
    with a_page(morning.browser, mapped) as (page, seen):
        opened(page, morning)
        expect(page.locator("#line")).to_have_text("Live")
        page.evaluate("document.querySelector('.live-map').stayed = true")
        van = page.locator(".live-map .van").first
        before = van.get_attribute("style")
        drive(road, NOW + timedelta(minutes=3))
        expect(van).not_to_have_attribute("style", before or "")
        page.evaluate("document.dispatchEvent(new CustomEvent('today:panel'))")
        assert page.evaluate("document.querySelector('#map-place .live-map').stayed") is True
        quiet(seen)


def test_a_phone_shows_the_map_without_scrolling_sideways(morning: Morning, mapped: Site) -> None:
    with a_page(morning.browser, mapped, viewport={"width": 390, "height": 844}) as (page, seen):
        opened(page, morning)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        quiet(seen)
