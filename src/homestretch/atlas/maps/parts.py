"""What a map is made of. A part is a line here: its name, its file, and the builder that is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from homestretch.atlas.osm import Bounds

FORMAT = 1  # raised when a builder writes otherwise than before: maps are then built again from their extracts

Told = Callable[[float], None]  # how much of the part is done, 0 to 1


@dataclass(frozen=True, slots=True)
class Ground:
    """What a part is built from: the extract, its box, a folder to work in, the side driven on, and whom to tell."""

    extract: Path
    work: Path
    bounds: Bounds
    driving_side: str
    told: Told


@dataclass(frozen=True, slots=True)
class Part:
    """`build(ground, target)` writes the file and says what it counted. `share` is of the time of all parts."""

    name: str
    file: str
    share: float
    build: Callable[[Ground, Path], Mapping[str, int]]


def _basemap(ground: Ground, target: Path) -> Mapping[str, int]:
    from homestretch.atlas.tiles.build import build_tiles

    made = build_tiles(ground.extract, target, work=ground.work, bounds=ground.bounds, told=ground.told)
    return {**made.features, "bytes": made.bytes}


def _addresses(ground: Ground, target: Path) -> Mapping[str, int]:
    from homestretch.atlas.addresses.build import build_addresses

    return asdict(build_addresses(ground.extract, target))


def _roads(ground: Ground, target: Path) -> Mapping[str, int]:
    from homestretch.atlas.roads.build import build_roads

    return asdict(build_roads(ground.extract, target, driving_side=ground.driving_side))


PARTS: tuple[Part, ...] = (
    Part("addresses", "addresses.npz", 0.2, _addresses),
    Part("basemap", "basemap.pmtiles", 0.5, _basemap),
    Part("roads", "roads.npz", 0.25, _roads),
)
