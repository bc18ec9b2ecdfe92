"""Pictures of maps for the docs: the four real extracts, where they are, and the invented town; by day and by night."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from homestretch.atlas.maps import build, installed
from homestretch.atlas.maps.build import version_of
from homestretch.atlas.maps.parts import PARTS
from homestretch.atlas.town import write_town
from tests.browser.maps import a_map_page, look

TARGET = Path("docs/images/maps")
EXTRACTS = Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")) / "osm"
# Name, extract, and where one looks: zoom, lat, lon.
VIEWS = (
    ("malta", "malta-2018.osm.pbf", (12.6, 35.893, 14.505)),
    ("helsinki", "helsinki-centre.osm.pbf", (15.4, 60.1701, 24.9455)),
    ("heidelberg", "heidelberg.osm.pbf", (13.6, 49.4095, 8.689)),
    ("liechtenstein", "liechtenstein.osm.pbf", (13.4, 47.1415, 9.521)),
    ("town", "", (14.2, 49.611, 6.13)),
)
SIZE = {"width": 880, "height": 550}
MOST_BYTES = 150_000


def take_maps(browser: Browser, folder: Path) -> Iterator[Path]:
    """All pictures into the docs; `folder` keeps the maps from one time to the next."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, extract, (zoom, lat, lon) in VIEWS:
        if not _built(folder, name, extract):
            continue
        for scheme in ("light", "dark"):
            options = {"viewport": SIZE, "color_scheme": scheme, "reduced_motion": "reduce"}  # names at once
            with a_map_page(browser, folder / "maps", **options) as (page, _):
                look(page, name, zoom, lat, lon)
                target = TARGET / f"{name}-{scheme}.png"
                target.write_bytes(_small(page.screenshot()))
                yield target


def build_town(folder: Path) -> None:
    """The invented town alone, which the day of the screens is in."""
    _built(folder, "town", "")


def _built(folder: Path, name: str, extract: str) -> bool:
    """Whether the map is there, built now if its extract is new; no extract, no map."""
    folder.mkdir(parents=True, exist_ok=True)
    source = EXTRACTS / extract if extract else folder / "town.osm.pbf"
    if not extract:
        write_town(source, seed=7)
    if not source.exists():
        return False
    version = version_of(hashlib.sha256(source.read_bytes()).hexdigest())
    if (name, version) not in {(info.name, info.version) for info in installed(folder / "maps")}:
        wanted = {"basemap"} if extract else {"basemap", "roads"}  # a day is drawn in the town
        build(source, folder / "maps", name=name, parts=[part for part in PARTS if part.name in wanted])
    return True


def _small(picture: bytes) -> bytes:
    """As few colors as it takes: a map has few."""
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    for colors in (256, 160, 96, 64):
        made = io.BytesIO()
        few = whole.quantize(colors, method=Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE)
        few.save(made, "PNG", optimize=True)
        if made.tell() <= MOST_BYTES:
            break
    return made.getvalue()
