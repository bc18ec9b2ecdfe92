"""The demo's town: written once, made into a map once, and kept; and its directory, which the simulation reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from homestretch.atlas.maps import MapInfo, build, installed
from homestretch.atlas.maps.build import version_of
from homestretch.atlas.maps.parts import PARTS
from homestretch.atlas.town import Address, Town, write_town

NAME, SEED = "saint-aubin", 7  # the days' seed is another: the town stays while the days change
EXTRACT, DIRECTORY = "saint-aubin.osm.pbf", "saint-aubin.json"
PART_NAMES = tuple(part.name for part in PARTS)  # a map of an older Homestretch has fewer
STEP = 0.25  # of the work: how often its progress is said


def settle(folder: Path, say: Callable[[str], None]) -> Path:
    """See to it that the town's map is installed in the home `folder`. Returns the town's directory (JSON)."""
    extract, directory = folder / EXTRACT, folder / DIRECTORY
    if not (directory.exists() and extract.exists()):
        say("Drawing the town of Saint-Aubin ...")
        _write_directory(write_town(extract, seed=SEED), directory)
    if not any(_is_current(info, extract) for info in installed(folder / "maps")):
        (folder / "maps").mkdir(exist_ok=True)
        build(extract, folder / "maps", name=NAME, progress=_Progress(say))
    return directory


def _is_current(info: MapInfo, extract: Path) -> bool:
    """Whether it is our map, of this extract, as this Homestretch would make it."""
    version = version_of(hashlib.sha256(extract.read_bytes()).hexdigest())
    return (info.name, info.version, info.parts) == (NAME, version, PART_NAMES)


def _write_directory(town: Town, path: Path) -> None:
    homes = [_row(address) for address in town.addresses if address.is_home]
    draft = path.with_suffix(".draft")
    told = {"town": town.name, "homes": homes, "hubs": [_row(address) for address in town.depots]}
    draft.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    draft.replace(path)  # whole or not at all: its presence says that the extract is whole, too


def _row(address: Address) -> tuple[str, float, float]:
    return address.text, address.lat, address.lon


class _Progress:
    """Says how far the map is, now and then."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say, self._next = say, 0.0

    def __call__(self, what: str, share: float) -> None:
        if share >= self._next:
            self._say(f"Making its map: {what}, {share:.0%}")
            self._next = share + STEP
