"""The parts that a town falls into: districts between main roads, blocks between all streets."""

from __future__ import annotations

from dataclasses import dataclass

from shapely import Polygon


@dataclass(frozen=True)
class District:
    """A part of the town between main roads. `kind` says how it is built: old, dense, grid, leafy, close, works, ..."""

    shape: Polygon
    kind: str


@dataclass(frozen=True)
class Block:
    """Ground between streets. `kind` is its district's, or what stands there instead: park, school, ..."""

    shape: Polygon
    kind: str
    district: int
