"""The maps' door: open to all, for ever under a version's address, and only what is a map."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from homestretch.atlas.maps import MapInfo, remove
from homestretch.doors.maps.app import Maps
from homestretch.kernel.geo import Point
from homestretch.web.maps import Shelf
from tests.doors.maps.client import ask
from tests.town.island import a_map

URL = "https://maps.test"


@pytest.fixture(scope="module")
def island(tmp_path_factory: pytest.TempPathFactory) -> MapInfo:
    """A map with tiles."""
    return a_map(tmp_path_factory.mktemp("home") / "maps")


@pytest.fixture
def folder(island: MapInfo) -> Path:
    return island.folder.parent


@pytest.fixture
def door(folder: Path) -> Maps:
    return Maps(Shelf(folder), URL, ["maps.test", "127.0.0.1"])


def at(island: MapInfo, rest: str) -> str:
    return f"/map/island/{island.version}/{rest}"


def test_the_list_says_which_maps_there_are_and_whose_they_are(door: Maps, island: MapInfo) -> None:
    status, _, body = ask(door, "/map")
    (only,) = json.loads(body)
    assert status == 200
    assert (only["name"], only["version"]) == ("island", island.version)
    assert only["attribution"] == "© OpenStreetMap contributors"
    assert only["styles"]["dark"] == at(island, "style-dark.json")


def test_a_tile_is_packed_kept_for_ever_and_not_sent_twice(door: Maps, island: MapInfo) -> None:
    status, headers, body = ask(door, at(island, "14/8470/5584.mvt"), accept_encoding="gzip, br")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert "immutable" in headers["cache-control"]
    assert b"12a" in gzip.decompress(body)
    plain_status, plain, unpacked = ask(door, at(island, "14/8470/5584.mvt"))
    assert (plain_status, unpacked) == (200, gzip.decompress(body))
    assert "content-encoding" not in plain
    assert plain["etag"] != headers["etag"]
    again, _, nothing = ask(door, at(island, "14/8470/5584.mvt"), accept_encoding="gzip", if_none_match=headers["etag"])
    assert (again, nothing) == (304, b"")


def test_where_nothing_is_drawn_there_is_no_content(door: Maps, island: MapInfo) -> None:
    status, headers, body = ask(door, at(island, "14/0/0.mvt"))
    assert (status, body) == (204, b"")
    assert "content-type" not in headers


def test_a_style_names_the_tiles_under_the_address_that_was_asked(door: Maps, island: MapInfo) -> None:
    for host, base in (("maps.test", URL), ("127.0.0.1:8000", "https://127.0.0.1:8000"), ("evil.example", URL)):
        _, headers, body = ask(door, at(island, "style-light.json"), host=host)
        style = json.loads(body)
        assert style["sources"]["basemap"]["tiles"] == [f"{base}{at(island, '{z}/{x}/{y}.mvt')}"]
        assert style["sources"]["basemap"]["attribution"] == "© OpenStreetMap contributors"
        assert not {"glyphs", "sprite"} & set(style)
        assert headers["cache-control"].endswith("no-cache")
    dark = json.loads(ask(door, at(island, "style-dark.json"))[2])
    assert dark["layers"] != style["layers"]
    assert [layer["id"] for layer in dark["layers"]] == [layer["id"] for layer in style["layers"]]


def test_an_old_version_leads_to_the_new_one(door: Maps, island: MapInfo) -> None:
    status, headers, _ = ask(door, "/map/island/000000000000/14/8470/5584.mvt")
    assert (status, headers["location"]) == (302, at(island, "14/8470/5584.mvt"))
    assert headers["cache-control"] == "no-store"


def test_a_page_shows_the_map_alone(door: Maps) -> None:
    status, headers, body = ask(door, "/map/island")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'self'" in headers["content-security-policy"]
    assert b"style-dark.json" in body
    assert ask(door, "/map/island", "HEAD")[2] == b""


def test_the_file_itself_is_read_in_stretches(door: Maps, island: MapInfo) -> None:
    whole = island.basemap_path.read_bytes()
    status, headers, body = ask(door, at(island, "basemap.pmtiles"), range="bytes=0-126")
    assert (status, body) == (206, whole[:127])
    assert headers["content-range"] == f"bytes 0-126/{len(whole)}"
    assert ask(door, at(island, "basemap.pmtiles"), range="bytes=100-")[2] == whole[100:]
    for wrong in ("", "bytes=-5", "bytes=1-2,4-5", f"bytes={len(whole)}-"):
        status, _, body = ask(door, at(island, "basemap.pmtiles"), range=wrong)
        assert (status, json.loads(body)["code"]) == (400, "map.range_malformed")


@pytest.mark.parametrize(
    ("rest", "status", "code"),
    [
        ("/map/elsewhere", 404, "map.not_found"),
        ("/map/island/{v}", 404, "map.not_found"),
        ("/map/island/{v}/../../../secret_key", 404, "map.not_found"),
        ("/map/island/{v}/map.json", 404, "map.not_found"),
        ("/map/island/{v}/1/5/0.mvt", 404, "map.tile_not_found"),
        ("/map/island/{v}/99999999/0/0.mvt", 404, "map.tile_not_found"),
        ("/map/island/{v}/a/0/0.mvt", 404, "map.not_found"),
        ("/map/island/{v}/-1/0/0.mvt", 404, "map.not_found"),
    ],
)
def test_what_is_no_map_is_refused(door: Maps, island: MapInfo, rest: str, status: int, code: str) -> None:
    answered, _, body = ask(door, rest.replace("{v}", island.version))
    assert (answered, json.loads(body)["code"]) == (status, code)


def test_maps_are_read_only(door: Maps) -> None:
    status, _, body = ask(door, "/map", "POST")
    assert (status, json.loads(body)["code"]) == (405, "request.method_not_allowed")


def test_a_map_that_is_added_or_removed_shows_at_once(tmp_path: Path) -> None:
    door = Maps(Shelf(tmp_path / "maps"), URL, ["maps.test"])
    assert json.loads(ask(door, "/map")[2]) == []
    a_map(tmp_path / "maps", "first")
    assert [one["name"] for one in json.loads(ask(door, "/map")[2])] == ["first"]
    remove(tmp_path / "maps", "first")
    assert ask(door, "/map/first")[0] == 404


def test_a_day_is_shown_on_the_map_that_most_of_it_is_on(folder: Path) -> None:
    shelf = Shelf(folder)
    inside, outside = Point(49.61, 6.12), Point(10.0, 10.0)
    found = shelf.over([inside, inside, outside])
    assert found is not None
    assert found.name == "island"
    assert shelf.over([inside, outside, outside]) is None
    assert shelf.over([]) is None


def test_the_operators_own_tiles_and_style_go_before(folder: Path, island: MapInfo, tmp_path: Path) -> None:
    style = tmp_path / "style.json"
    style.write_text('{"version": 8, "sources": {"a": {"type": "vector", "tiles": ["{tiles}"]}}, "layers": []}')
    door = Maps(Shelf(folder, str(island.basemap_path), str(style)), URL, ["maps.test"])
    own, added = json.loads(ask(door, "/map")[2])
    assert (own["name"], added["name"]) == ("own", "island")
    tiles = json.loads(ask(door, own["styles"]["light"])[2])["sources"]["a"]["tiles"]
    assert tiles == [f"{URL}/map/own/{own['version']}/{{z}}/{{x}}/{{y}}.mvt"]
    style.write_text("no style")
    status, _, body = ask(door, own["styles"]["light"])
    assert (status, json.loads(body)["code"]) == (503, "map.style_unavailable")
    elsewhere = Shelf(folder, style="https://styles.example/s.json")
    assert elsewhere.maps()[0].style_address("dark") == "https://styles.example/s.json"
