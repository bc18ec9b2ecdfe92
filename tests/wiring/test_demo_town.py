"""The demo's town is drawn and made into a map once, and again only where a part is missing."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from homestretch.atlas.maps import build, installed
from homestretch.atlas.maps.parts import PARTS
from homestretch.atlas.town import write_town
from homestretch.simulation.town.directory import read_directory
from homestretch.wiring.demo import town

ROADS = tuple(part for part in PARTS if part.name == "roads")  # tiles take long, and are tested elsewhere


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(town, "write_town", partial(write_town, size="small"))
    monkeypatch.setattr(town, "build", partial(build, parts=ROADS))
    monkeypatch.setattr(town, "PART_NAMES", ("roads",))


def _written(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir() if path.is_file()}


def test_it_is_made_once_and_its_people_live_on_the_map(quick: None, tmp_path: Path):
    said: list[str] = []
    directory = read_directory(town.settle(tmp_path, said.append))
    (info,) = installed(tmp_path / "maps")
    assert info.name == "saint-aubin" and said
    assert len(directory.homes) > 600
    assert all(info.covers(home.point.lat, home.point.lon) for home in (*directory.homes, *directory.hubs))
    files, version = _written(tmp_path), info.version
    said.clear()
    assert read_directory(town.settle(tmp_path, said.append)) == directory
    assert said == [] and _written(tmp_path) == files
    assert installed(tmp_path / "maps")[0].version == version


def test_a_map_of_another_extract_is_made_anew(quick: None, tmp_path: Path):
    town.settle(tmp_path, lambda _: None)
    before = installed(tmp_path / "maps")[0].version
    write_town(tmp_path / town.EXTRACT, seed=9, size="small")
    town.settle(tmp_path, lambda _: None)
    assert installed(tmp_path / "maps")[0].version != before


def test_a_map_without_all_parts_is_made_anew_and_a_town_without_its_directory_is_drawn_anew(
    quick: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    town.settle(tmp_path, lambda _: None)
    before = (tmp_path / "maps" / town.NAME).readlink()
    monkeypatch.setattr(town, "PART_NAMES", ("roads", "something new"))
    (tmp_path / town.DIRECTORY).unlink()
    town.settle(tmp_path, lambda _: None)
    assert (tmp_path / "maps" / town.NAME).readlink() != before
    assert (tmp_path / town.DIRECTORY).exists()
