"""The basemap: the sea is closed from its coast, cut areas at the edge, and the tiles hold what was drawn."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from shapely.geometry import Point

from homestretch.atlas.osm import Bounds
from homestretch.atlas.tiles.build import build_tiles
from homestretch.atlas.tiles.coast import ISLAND_MARGIN_DEG, sea_of
from homestretch.atlas.tiles.credit import LAST_ZOOM
from homestretch.atlas.tiles.cut import closed
from homestretch.atlas.tiles.store import open_tiles
from tests.town.island import an_island

BOX = Bounds(0, 0, 1, 1)
ISLAND = [(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6), (0.4, 0.4)]  # land on the left: against the clock
DATA = Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")) / "osm"


def test_an_island_alone_lies_in_a_sea_that_goes_on() -> None:
    sea = sea_of([ISLAND[:3], ISLAND[2:]], BOX)
    assert not sea.contains(Point(0.5, 0.5))
    assert sea.contains(Point(0.1, 0.9))
    assert sea.contains(Point(1 + ISLAND_MARGIN_DEG / 2, 0.5))


@pytest.mark.parametrize(
    ("coast", "wet", "dry"),
    [
        ([(-1.0, 0.5), (2.0, 0.5)], (0.5, 0.2), (0.5, 0.8)),  # eastward: the sea is on the right, in the south
        ([(2.0, 0.5), (-1.0, 0.5)], (0.5, 0.8), (0.5, 0.2)),
        ([(0.2, 0.5), (0.8, 0.5)], (0.5, 0.2), (0.5, 0.8)),  # loose ends inside the box
        ([(0.5, -1.0), (0.5, 0.6), (2.0, 0.6)], (0.8, 0.2), (0.2, 0.8)),
    ],
)
def test_an_open_coast_is_closed_along_the_box(
    coast: list[tuple[float, float]], wet: tuple[float, float], dry: tuple[float, float]
) -> None:
    sea = sea_of([coast], BOX)
    assert sea.contains(Point(wet))
    assert not sea.intersects(Point(dry))
    assert sea.bounds[2] <= 1


def test_an_island_before_a_coast_stays_dry_and_a_bay_is_wet() -> None:
    coast = [(-1.0, 0.8), (2.0, 0.8)]
    bay = [(0.45, 0.85), (0.45, 0.9), (0.55, 0.9), (0.55, 0.85), (0.45, 0.85)]  # with the clock: water inside
    sea = sea_of([coast, ISLAND, bay], BOX)
    assert not sea.contains(Point(0.5, 0.5))
    assert sea.contains(Point(0.5, 0.87))
    assert sea.contains(Point(0.1, 0.1))
    assert not sea.contains(Point(0.1, 0.9))


def test_no_coast_is_no_sea() -> None:
    assert sea_of([], BOX).is_empty
    assert sea_of([[(0.1, 0.1)]], BOX).is_empty


def test_a_cut_area_is_closed_the_shorter_way_outside() -> None:
    lake = closed([[(0.2, 1.2), (0.2, 0.7), (0.6, 0.7), (0.6, 1.2)]], [], BOX)
    assert lake.contains(Point(0.4, 0.9))
    assert not lake.contains(Point(0.4, 0.5))
    assert not lake.contains(Point(0.9, 0.9))


def test_an_outline_with_a_hole_in_the_data_is_left_out() -> None:
    assert closed([[(0.2, 0.2), (0.2, 0.7), (0.6, 0.7)]], [], BOX).is_empty
    assert closed([], [], BOX).is_empty


def test_the_tiles_of_a_made_island_hold_what_is_on_it(tmp_path: Path) -> None:
    shares: list[float] = []
    target = tmp_path / "basemap.pmtiles"
    counts = build_tiles(an_island(tmp_path / "island.osm.pbf"), target, work=tmp_path, told=shares.append)
    assert counts.features["road"] == 2
    assert {"water", "building", "house", "land", "place"} <= set(counts.features)
    assert counts.bytes == target.stat().st_size
    assert shares == sorted(shares)
    tiles = open_tiles(target)
    assert (tiles.last_zoom, tiles.is_gzipped) == (LAST_ZOOM, True)
    found = [tiles.tile(14, 8470, y) for y in (5583, 5584)]  # 6.12, 49.61 is in the second
    said = b"".join(gzip.decompress(tile) for tile in found if tile)
    for word in (b"12a", b"Quai Neuf", b"N 7", b"building", b"wood"):
        assert word in said, word
    assert tiles.tile(0, 0, 0) is not None
    assert tiles.tile(14, 0, 0) is None
    with pytest.raises(ValueError, match="bounds"):
        tiles.tile(1, 2, 0)


def test_a_file_that_holds_no_tiles_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.pmtiles").write_bytes(b"no tiles here" * 30)
    with pytest.raises(ValueError, match="PMTiles"):
        open_tiles(tmp_path / "x.pmtiles")


@pytest.mark.skipif(not DATA.is_dir(), reason="no extracts: set HOMESTRETCH_DATA to the folder that has osm/")
def test_helsinki_has_its_sea_and_its_streets(tmp_path: Path) -> None:
    counts = build_tiles(DATA / "helsinki-centre.osm.pbf", tmp_path / "h.pmtiles", work=tmp_path)
    assert counts.features["road"] > 2000
    assert counts.features["house"] > 1400
    found = open_tiles(tmp_path / "h.pmtiles").tile(14, 9327, 4742)
    assert found is not None
    assert b"sea" in gzip.decompress(found)
