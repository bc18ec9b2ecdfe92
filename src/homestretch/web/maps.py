"""Which maps this installation serves, under which addresses, and which of them a day is shown on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from homestretch.atlas.maps import Bounds, installed
from homestretch.atlas.maps.build import RESERVED
from homestretch.atlas.tiles.credit import ATTRIBUTION
from homestretch.atlas.tiles.store import open_tiles
from homestretch.kernel.geo import Point

LEAST_COVERED = 0.5  # of the points of a day, or another map or none is better
MODES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Served:
    """A map with tiles. `style` is where another style is, for both modes, or empty."""

    name: str
    version: str
    bounds: Bounds
    tiles: Path
    attribution: str = ATTRIBUTION
    style: str = ""

    @property
    def address(self) -> str:
        """Below it is all of this map as it is now; what changes gets another address."""
        return f"/map/{self.name}/{self.version}"

    def style_address(self, mode: str) -> str:
        """Where its style is, `light` or `dark`."""
        return self.style if self.style.startswith("https://") else f"{self.address}/style-{mode}.json"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where maps lie: the folder of all that were added, and the operator's own tiles and style, if any."""

    folder: Path
    tiles: str = ""
    style: str = ""

    def maps(self) -> list[Served]:
        """All that have tiles, the operator's own first. Cheap enough for every request."""
        own = _own(Path(self.tiles), self.style) if self.tiles else None
        added = [
            Served(info.name, info.version, info.bounds, info.basemap_path, info.attribution, self.style)
            for info in installed(self.folder)
            if "basemap" in info.parts
        ]
        return [own, *added] if own else added

    def over(self, points: Sequence[Point]) -> Served | None:
        """The map on which most of the points are; None where no map has half of them."""
        best = max(((_covered(one, points), -rank, one) for rank, one in enumerate(self.maps())), default=None)
        return best[2] if best and points and best[0] >= LEAST_COVERED * len(points) else None


def _covered(one: Served, points: Sequence[Point]) -> int:
    box = one.bounds
    return sum(box.south <= point.lat <= box.north and box.west <= point.lon <= box.east for point in points)


def _own(path: Path, style: str) -> Served | None:
    try:
        stat, tiles = path.stat(), open_tiles(path)
    except (OSError, ValueError):
        return None
    version = hashlib.sha256(f"{path}:{stat.st_mtime_ns}:{stat.st_size}".encode()).hexdigest()[:12]
    return Served(RESERVED, version, tiles.bounds, path, ATTRIBUTION, style)
