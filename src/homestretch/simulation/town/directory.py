"""The directory of a town that is on the map: where its people live, and where the vans start."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from homestretch.kernel.geo import Point
from homestretch.simulation.town.homes import Home


@dataclass(frozen=True, slots=True)
class Directory:
    """`homes`: a door for each household. `hubs`: the day's depot, then the evening's."""

    homes: tuple[Home, ...]
    hubs: tuple[Home, Home]


def read_directory(path: Path) -> Directory:
    """A JSON file: `{"homes": [[address, lat, lon], ...], "hubs": [[address, lat, lon], [address, lat, lon]]}`."""
    told = json.loads(path.read_text(encoding="utf-8"))
    homes = tuple(_home(*row) for row in told["homes"])
    day, evening = (_home(*row) for row in told["hubs"])
    return Directory(homes, (day, evening))


def _home(address: str, lat: float, lon: float) -> Home:
    return Home(address, Point(lat, lon))
