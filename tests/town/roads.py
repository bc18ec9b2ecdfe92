"""The invented town's map, built once a session: its roads alone, which take a second."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from homestretch.atlas.maps import build
from homestretch.atlas.maps.parts import PARTS
from homestretch.atlas.town import Town, write_town

ROADS = [part for part in PARTS if part.name == "roads"]


@cache
def the_town() -> tuple[Town, Path]:
    """The town, and a home folder in which its map is installed."""
    home = Path(tempfile.mkdtemp(prefix="homestretch-town-"))
    town = write_town(home / "town.osm.pbf", seed=7, size="small")
    build(town.path, home / "maps", name="town", parts=ROADS)
    return town, home
