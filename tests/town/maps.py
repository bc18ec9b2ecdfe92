"""The invented map of two villages, installed."""

from __future__ import annotations

from pathlib import Path

from homestretch.atlas.maps import MapInfo, build
from homestretch.atlas.maps.parts import PARTS
from tests.atlas.address_town import a_town


def an_address_map(home: Path, name: str = "villages") -> MapInfo:
    """A map with nothing but its address book."""
    home.mkdir(parents=True, exist_ok=True)
    parts = [part for part in PARTS if part.name == "addresses"]
    return build(a_town(home / "villages.osm.pbf"), home / "maps", name=name, parts=parts)
