"""An extract of OpenStreetMap data that was looked through once: whole, in order, and what it covers."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray

from homestretch.atlas.osm import survey
from homestretch.atlas.osm.lands import drives_left
from homestretch.kernel.refusal import Refusal

_CUT = ("truncat", "eof", "unexpected end", "premature", "no element found")
KINDS = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2", ".osm.xml")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Degrees."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class Line:
    """A way's nodes that are in the file, in order."""

    refs: NDArray[np.int64]
    lats: NDArray[np.float64]
    lons: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Extract:
    """A checked file. `path` is to be read: the file itself, or a sorted copy while `open_extract` is open."""

    path: Path
    source: Path
    bounds: Bounds
    osm_date: datetime | None
    driving_side: str
    country: str

    def objects(self, *keys: str, locations: bool = True) -> osmium.FileProcessor:
        """The nodes, ways and relations that have one of the tags `keys` (none: all), ways with their positions."""
        found = osmium.FileProcessor(self.path)
        if locations:
            found = found.with_locations()
        return found.with_filter(osmium.filter.KeyFilter(*keys)) if keys else found


def line_of(way: osmium.osm.Way) -> Line:
    """Where a way runs; nodes that the file lacks are left out."""
    known = [(node.ref, node.lat, node.lon) for node in way.nodes if node.location.valid()]
    rows = np.array(known, np.float64).reshape(-1, 3)
    return Line(rows[:, 0].astype(np.int64), rows[:, 1].copy(), rows[:, 2].copy())


@contextmanager
def open_extract(path: Path) -> Iterator[Extract]:
    """Look through a file and lend it for reading. Out of order, it is sorted into a temporary copy.

    Refuses `map.not_found`, `map.kind_unknown`, `map.empty`, `map.truncated`, `map.unreadable`, `map.no_roads` and
    `map.nodes_missing`.
    """
    _check(path)
    found = _survey(path)
    with tempfile.TemporaryDirectory() as folder:
        readable = path if found.in_order else _sorted(path, Path(folder) / "sorted.osm.pbf")
        if not found.in_order:
            found = _survey(readable)
        _judge(path, found)
        yield _extract(path, readable, found)


def _check(path: Path) -> None:
    if not path.is_file():
        raise Refusal("map.not_found", f"there is no file {path.name}", remedy="check the path")
    if not path.name.lower().endswith(KINDS):
        raise Refusal(
            "map.kind_unknown",
            f"{path.name} is not named as OpenStreetMap data is",
            remedy="give an extract that ends in .osm.pbf, .osm, .osm.gz or .osm.bz2",
        )
    if path.stat().st_size == 0:
        raise Refusal("map.empty", f"{path.name} has no bytes", remedy="download it again")


def _survey(path: Path) -> survey.Survey:
    try:
        return survey.look_through(path)
    except (RuntimeError, ValueError, EOFError, gzip.BadGzipFile) as error:
        told = str(error)
        cut = any(
            word in told.lower() for word in ("truncat", "eof", "unexpected end", "premature", "no element found")
        )
        raise Refusal(
            "map.truncated" if cut else "map.unreadable",
            f"{path.name} cannot be read: {told[:200]}",
            remedy="download it again, and compare its checksum with the publisher's",
        ) from error


def _sorted(path: Path, target: Path) -> Path:
    reader = osmium.MergeInputReader()
    reader.add_file(str(path))
    with osmium.SimpleWriter(str(target)) as out:
        reader.apply(out, simplify=False)
    return target


def _judge(path: Path, found: survey.Survey) -> None:
    if not found.objects:
        raise Refusal("map.empty", f"{path.name} has no objects", remedy="download it again")
    if not found.roads:
        raise Refusal(
            "map.no_roads",
            f"{path.name} has no ways with a highway tag",
            remedy="give an extract of all data, not of some theme",
        )
    if found.placed_roads * 2 < found.roads:
        raise Refusal(
            "map.nodes_missing",
            f"{path.name} lacks the nodes of {found.roads - found.placed_roads} of {found.roads} roads",
            remedy="extract it again with complete ways",
        )


def _extract(path: Path, readable: Path, found: survey.Survey) -> Extract:
    south, west, north, east = found.box
    left = found.left if found.left is not None else drives_left((south + north) / 2, (west + east) / 2)
    date = datetime.fromtimestamp(found.newest, UTC) if found.newest else None
    side = "left" if left else "right"
    return Extract(readable, path, Bounds(*found.box), date, side, found.country)
