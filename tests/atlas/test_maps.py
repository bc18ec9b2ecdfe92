"""A map is whole or not there, keeps its name, and says what it was made of."""

from __future__ import annotations

import fcntl
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import osmium
import pytest

from homestretch.atlas.maps import MapInfo, build, installed, remove
from homestretch.atlas.maps.parts import Ground, Part
from homestretch.kernel.refusal import Refusal

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


def an_extract(path: Path, lat: float = 49.6, name: str = "Mill Lane") -> Path:
    """One street of two corners; its header says no bounds."""
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for ident, north in ((1, lat), (2, lat + 0.01)):
            writer.add_node(osmium.osm.mutable.Node(id=ident, location=(6.1 + ident / 100, north)))
        tags = {"highway": "residential", "name": name}
        writer.add_way(osmium.osm.mutable.Way(id=3, nodes=[1, 2], tags=tags))
    return path


def _letters(ground: Ground, target: Path) -> Mapping[str, int]:
    target.write_text("whole")
    return {"letters": 5}


def _failing(ground: Ground, target: Path) -> Mapping[str, int]:
    target.write_text("half")
    raise Refusal("map.no_roads", "no roads")


LETTERS, FAILING = Part("letters", "letters.txt", 1, _letters), Part("failing", "letters.txt", 1, _failing)


def made(tmp_path: Path, lat: float = 49.6, name: str = "malta", part: Part = LETTERS) -> MapInfo:
    extract = an_extract(tmp_path / "one.osm.pbf", lat)
    return build(extract, tmp_path / "maps", name=name, at=AT, parts=[part])


def test_a_map_says_what_it_was_made_of_and_where_it_is(tmp_path: Path) -> None:
    said: list[tuple[str, float]] = []
    extract = an_extract(tmp_path / "one.osm.pbf")
    info = build(
        extract, tmp_path / "maps", name="malta", at=AT, parts=[LETTERS], progress=lambda *told: said.append(told)
    )
    assert installed(tmp_path / "maps") == [info]
    assert (info.source, info.attribution) == ("one.osm.pbf", "© OpenStreetMap contributors")
    assert (info.parts, info.counts["letters"]["letters"]) == (("letters",), 5)
    assert info.built_at == "2026-11-23T08:00:00+00:00"
    assert info.covers(49.605, 6.115)
    assert not info.covers(49.62, 6.115)
    assert info.extract_path.read_bytes() == extract.read_bytes()
    shares = [share for _, share in said]
    assert shares == sorted(shares)
    assert said[-1] == ("done", 1.0)


def test_the_version_follows_the_data(tmp_path: Path) -> None:
    first, again, other = made(tmp_path), made(tmp_path), made(tmp_path, lat=50.0)
    assert first.version == again.version != other.version


def test_a_build_that_fails_leaves_the_map_that_was_there(tmp_path: Path) -> None:
    before = made(tmp_path)
    with pytest.raises(Refusal, match="no_roads"):
        made(tmp_path, lat=51.0, part=FAILING)
    assert installed(tmp_path / "maps") == [before]
    assert (before.folder / "letters.txt").read_text() == "whole"


def test_replaced_and_abandoned_maps_are_swept_away(tmp_path: Path) -> None:
    made(tmp_path)
    folder = tmp_path / "maps"
    (folder / ".malta-killed").mkdir()
    newest = made(tmp_path, lat=50.0)
    made(tmp_path, name="gozo")
    hidden = [entry for entry in folder.iterdir() if entry.name.startswith(".") and entry.is_dir()]
    assert len(hidden) == 2
    assert [info.name for info in installed(folder)] == ["gozo", "malta"]
    assert installed(folder)[1].version == newest.version


def test_a_removed_map_is_gone(tmp_path: Path) -> None:
    made(tmp_path)
    remove(tmp_path / "maps", "malta")
    assert installed(tmp_path / "maps") == []
    with pytest.raises(Refusal, match=r"map\.not_found"):
        remove(tmp_path / "maps", "malta")


def test_one_build_at_a_time(tmp_path: Path) -> None:
    made(tmp_path)
    with (tmp_path / "maps" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Refusal, match=r"map\.busy"):
            made(tmp_path)


def test_a_card_that_cannot_be_read_is_no_map(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "maps" / "malta" / "map.json").write_text('{"bounds": 3}')
    assert installed(tmp_path / "maps") == []
    assert installed(tmp_path / "nowhere") == []


@pytest.mark.parametrize("name", ["", "Malta", "../x", "-a", "a" * 41, "a.b"])
def test_a_name_is_a_plain_word(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refusal, match=r"map\.name_invalid"):
        made(tmp_path, name=name)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "map.empty"), (b"root:x:0:0\n" * 40, "map.unreadable"), (None, "map.truncated")],
)
def test_a_file_that_is_no_extract_is_refused(tmp_path: Path, content: bytes | None, code: str) -> None:
    path = an_extract(tmp_path / "one.osm.pbf")
    path.write_bytes(path.read_bytes()[:-20] if content is None else content)
    with pytest.raises(Refusal) as caught:
        build(path, tmp_path / "maps", name="bad", parts=[LETTERS])
    assert caught.value.code == code
    assert installed(tmp_path / "maps") == []
