"""What an extract says of itself: its bytes, its box, how old it is, and which side is driven on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import osmium

from homestretch.atlas.maps.info import Bounds
from homestretch.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Extract:
    """A readable extract at `path`."""

    path: Path
    sha256: str
    bounds: Bounds
    osm_date: str
    country: str
    driving_side: str


def read_extract(path: Path, work: Path) -> Extract:  # noqa: ARG001
    """Read the extract through once. Refuses `map.empty`, `map.truncated`, `map.unreadable`."""
    if path.stat().st_size == 0:
        raise Refusal("map.empty", f"{path.name} has no bytes", remedy="download the extract again")
    try:
        header = osmium.io.Reader(str(path), osmium.osm.NOTHING).header()
        held = _box_of_nodes(path)
    except (RuntimeError, osmium.InvalidLocationError) as error:
        raise unreadable(path, error) from error
    if held is None:
        raise Refusal("map.empty", f"{path.name} holds no node", remedy="choose an extract of an inhabited place")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    date = header.get("osmosis_replication_timestamp", "")
    return Extract(path, digest, _within(header.box(), held), date, "", "right")


def unreadable(path: Path, error: Exception) -> Refusal:
    """What a reader's error means."""
    said = str(error)
    remedy = "download it again, whole; extracts end in .osm.pbf"
    if "EOF" in said or "truncated" in said:
        return Refusal("map.truncated", f"{path.name} ends too early", remedy=remedy)
    return Refusal("map.unreadable", f"{path.name} is no OpenStreetMap data: {said}", remedy=remedy)


def _box_of_nodes(path: Path) -> Bounds | None:
    lats, lons = [], []
    for node in osmium.FileProcessor(str(path), osmium.osm.NODE):
        if isinstance(node, osmium.osm.Node) and node.location.valid():
            lats.append(node.lat)
            lons.append(node.lon)
    return Bounds(min(lats), min(lons), max(lats), max(lons)) if lats else None


def _within(told: osmium.osm.Box, held: Bounds) -> Bounds:
    """The box that the header tells, where it tells one, as far as there is data in it."""
    if not told.valid():
        return held
    low, high = told.bottom_left, told.top_right
    south, west = max(held.south, low.lat), max(held.west, low.lon)
    north, east = min(held.north, high.lat), min(held.east, high.lon)
    return Bounds(south, west, north, east) if south < north and west < east else held
