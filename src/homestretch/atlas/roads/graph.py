"""The road graph of a map: junctions, segments between them with geometry, forbidden turns. Arrays, in one file.

A segment is a piece of one way between two junctions. Arc `2 * s` runs along segment `s`, arc `2 * s + 1` against it,
so `arc ^ 1` is the other direction and `arc >> 1` the segment. Positions are in ten-millionths of a degree.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from homestretch.atlas.roads.values import Bytes, Floats, Ints, Longs
from homestretch.kernel.geo import EARTH_RADIUS_M
from homestretch.kernel.refusal import Refusal

FORMAT = 1
SCALE = 10_000_000
ROUNDABOUT, LARGE = 1, 2  # flags of a segment


@dataclass
class RoadGraph:
    """N junctions, M segments; `access` is (profile, along or against, M), the pairs of limits are (2, M).

    blocks: bits by profile; wait_ds: signals and their like, tenths of a second; crossing_ms: of a ferry, 0: none told.
    shape_at: where each segment's points begin in shape_lat and shape_lon (M + 1); ends are included.
    pattern_at, pattern_arcs, pattern_profiles: sequences of arcs that are forbidden, for the profiles of the bits.
    rank: the junctions' order for the hierarchy; arc_rank: the order of the van's arcs. name: 0 is no name.
    """

    node_id: Longs
    node_lat: Ints
    node_lon: Ints
    blocks: Bytes
    rank: Ints
    arc_rank: Ints
    way: Longs
    tail: Ints
    head: Ints
    length_mm: Ints
    road: Bytes
    limit: Bytes
    cap: Bytes
    access: Bytes
    flags: Bytes
    wait_ds: Ints
    crossing_ms: Ints
    name: Ints
    shape_at: Ints
    shape_lat: Ints
    shape_lon: Ints
    pattern_at: Ints
    pattern_arcs: Ints
    pattern_profiles: Bytes
    names_text: Bytes
    about: Ints  # format, 1 where they drive on the left

    @property
    def arc_count(self) -> int:
        """Two for each segment."""
        return 2 * len(self.way)

    @property
    def left(self) -> bool:
        """Whether they drive on the left."""
        return bool(self.about[1])

    @cached_property
    def names(self) -> list[str]:
        """Street names by number; 0 is none."""
        return self.names_text.tobytes().decode().split("\n")

    @cached_property
    def arc_tail(self) -> Ints:
        """The junction where each arc begins."""
        return np.stack([self.tail, self.head], axis=1).ravel()

    @cached_property
    def arc_head(self) -> Ints:
        """The junction where each arc ends."""
        return np.stack([self.head, self.tail], axis=1).ravel()

    @cached_property
    def lats(self) -> Floats:
        """Degrees of all points of all shapes."""
        return self.shape_lat / SCALE

    @cached_property
    def lons(self) -> Floats:
        """Degrees of all points of all shapes."""
        return self.shape_lon / SCALE

    def save(self, path: Path) -> None:
        """Write it as one `.npz`."""
        with path.open("wb") as out:
            np.savez(out, **{field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def load(cls, path: Path) -> RoadGraph:
        """Refuses `map.roads_unreadable` where the file is broken, or another version's."""
        try:
            with np.load(path) as found:
                graph = cls(**{field.name: found[field.name] for field in fields(cls)})
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise _unreadable(path, "the file is broken") from error
        if graph.about[0] != FORMAT:
            raise _unreadable(path, f"it has format {graph.about[0]}, not {FORMAT}")
        return graph


def _unreadable(path: Path, why: str) -> Refusal:
    return Refusal("map.roads_unreadable", f"{path.name}: {why[:200]}", remedy="build the map again from its extract")


def meters_between(lat_a: Floats, lon_a: Floats, lat_b: Floats, lon_b: Floats) -> Floats:
    """Great-circle meters, element by element (haversine)."""
    a, b = np.radians(lat_a), np.radians(lat_b)
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon_b - lon_a) / 2) ** 2
    found: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    return found
