"""`homestretch map`: from a file or an address to a map, refusals in one line, and nothing half."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from homestretch.doors.cli.map import _name_of
from homestretch.wiring import main
from tests.providers.listener import Answer, listening
from tests.town.island import an_island


@pytest.fixture
def extract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A made extract, and a home of its own."""
    monkeypatch.setenv("HOMESTRETCH_HOME", str(tmp_path / "home"))
    return an_island(tmp_path / "Salt_Island-latest.osm.pbf")


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any, str]:
    """Exit code, the JSON that was printed, and what was said besides."""
    code = main.main(["map", *words, "--json"])
    printed = capsys.readouterr()
    return code, json.loads(printed.out), printed.err


def test_a_map_is_added_listed_replaced_and_removed(extract: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, first, steps = said(capsys, "add", str(extract))
    assert (code, first["map"]["name"]) == (0, "salt-island")
    assert first["map"]["attribution"] == "© OpenStreetMap contributors"
    assert "basemap" in steps
    code, again, _ = said(capsys, "add", str(extract))
    assert (code, again["map"]["version"]) == (0, first["map"]["version"])
    listed = said(capsys, "list")[1]["maps"]
    assert [one["name"] for one in listed] == ["salt-island"]
    assert said(capsys, "remove", "salt-island")[1] == {"removed": "salt-island"}
    assert said(capsys, "list")[1] == {"maps": []}
    code, refused, _ = said(capsys, "remove", "salt-island")
    assert (code, refused["error"]["code"]) == (1, "map.not_found")


def test_a_person_is_told_what_was_added_and_whose_data_it_is(
    extract: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main(["map", "add", str(extract), "--name", "salt"]) == 0
    assert main.main(["map", "list"]) == 0
    out = capsys.readouterr().out
    assert "salt is added: 2 stretches of road, 1 buildings, 1 house numbers" in out
    assert "© OpenStreetMap contributors" in out
    assert "opendatacommons" in out or "openstreetmap.org/copyright" in out


def test_a_map_comes_from_an_address_and_the_download_is_taken_away(
    extract: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with listening() as server:
        server.say(Answer(200, extract.read_bytes()))
        code, answer, _ = said(capsys, "add", f"{server.url}/europe/salt-240101.osm.pbf")
        assert (code, answer["map"]["name"]) == (0, "salt")
        assert answer["map"]["source"].endswith("salt-240101.osm.pbf")
        server.say(Answer(200, b"<!doctype html>"))
        code, refused, _ = said(capsys, "add", f"{server.url}/salt.osm.pbf")
        assert (code, refused["error"]["code"]) == (1, "map.download_failed")
    assert list((tmp_path / "home" / "downloads").iterdir()) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "map.empty"), (b"root:x:0:0\n" * 40, "map.unreadable"), (None, "map.truncated")],
)
def test_a_file_that_is_no_map_is_refused_in_one_line(
    extract: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, code: str
) -> None:
    extract.write_bytes(extract.read_bytes()[:-25] if content is None else content)
    status, answer, error = said(capsys, "add", str(extract))
    assert (status, answer["error"]["code"]) == (1, code)
    assert extract.name in answer["error"]["cause"]
    assert "Traceback" not in error


def test_names_and_files_that_are_none_are_refused(extract: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, code in (
        (["add", str(extract), "--name", "../x"], "map.name_invalid"),
        (["add", str(extract), "--name", "own"], "map.name_invalid"),
        (["add", "/nowhere/x.osm.pbf"], "map.unreadable"),
    ):
        status, answer, _ = said(capsys, *words)
        assert (status, answer["error"]["code"]) == (1, code)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("https://download.example/europe/malta-latest.osm.pbf", "malta"),
        ("https://download.example/liechtenstein-231231.osm.pbf?x=1", "liechtenstein"),
        ("malta-2018.osm.pbf", "malta"),
        ("Île de Ré.osm", "le-de-r"),
        ("/data/Greater_London.osm.bz2", "greater-london"),
    ],
)
def test_a_map_is_called_as_its_file(source: str, name: str) -> None:
    assert _name_of(source) == name
