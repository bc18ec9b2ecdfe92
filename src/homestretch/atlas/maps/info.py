"""What is known of an installed map, kept beside it as `map.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from homestretch.atlas.osm import Bounds
from homestretch.atlas.tiles.credit import ATTRIBUTION

CARD = "map.json"


@dataclass(frozen=True, slots=True)
class MapInfo:
    """One installed map. `version` changes with the extract's bytes and with the form in which maps are built.

    `osm_date` is when the data stood so (ISO 8601, or empty where the extract does not say), `built_at` when it was
    built (likewise), `parts` what was built of it, and `counts` what went in, by part.
    """

    folder: Path
    name: str
    version: str
    source: str
    sha256: str
    bytes: int
    osm_date: str
    bounds: Bounds
    country: str
    driving_side: str
    counts: Mapping[str, Mapping[str, int]]
    built_at: str
    parts: tuple[str, ...]
    attribution: str = field(default=ATTRIBUTION)

    def covers(self, lat: float, lon: float) -> bool:
        """Whether the map reaches there."""
        box = self.bounds
        return box.south <= lat <= box.north and box.west <= lon <= box.east

    @property
    def extract_path(self) -> Path:
        """The extract itself, from which a newer Homestretch builds again."""
        return next(self.folder.glob("extract.*"))

    @property
    def roads_path(self) -> Path:
        """The road graph."""
        return self.folder / "roads.npz"

    @property
    def addresses_path(self) -> Path:
        """The address book."""
        return self.folder / "addresses.npz"

    @property
    def basemap_path(self) -> Path:
        """The tiles, one PMTiles file."""
        return self.folder / "basemap.pmtiles"

    def written(self) -> str:
        """The card as JSON; where it lies is not said on it."""
        members = asdict(self)
        del members["folder"]
        return json.dumps(members, indent=1, ensure_ascii=False)


def read_card(folder: Path) -> MapInfo:
    """The map in `folder`. Raises `OSError` or `ValueError` where there is none."""
    told: dict[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
    try:
        bounds = Bounds(**told.pop("bounds"))
        return MapInfo(folder=folder, bounds=bounds, parts=tuple(told.pop("parts")), **told)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{folder / CARD} is no card of a map") from error


_READ: dict[Path, tuple[tuple[int, int], MapInfo]] = {}


def installed(folder: Path) -> list[MapInfo]:
    """The maps in `folder`, by name. Cheap: a card is read again only when it was written again."""
    try:
        names = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError:
        return []
    found = [_card_of(entry) for entry in names]
    return [info for info in found if info is not None]


def _card_of(folder: Path) -> MapInfo | None:
    try:
        stat = (folder / CARD).stat()
        seen = (stat.st_mtime_ns, stat.st_ino)
        kept = _READ.get(folder)
        if kept is None or kept[0] != seen:
            kept = _READ[folder] = (seen, read_card(folder))
        return kept[1]
    except (OSError, ValueError):
        return None
