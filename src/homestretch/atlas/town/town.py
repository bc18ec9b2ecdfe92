"""Write an invented town as a file of OSM data, and say what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from homestretch.atlas.town.plan import Plan, plan_town
from homestretch.atlas.town.skeleton import OUTER
from homestretch.atlas.town.tagging import address_tags, middles, sheet_of
from homestretch.atlas.town.words import TOWN
from homestretch.atlas.town.writing import Frame
from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import Refusal

MARKET = Point(49.611, 6.13)  # invented ground: no town of the earth is drawn here
SIZES = {"small": 0.35, "town": 1.0}  # of the outline: about 1.4 and 4 km across; streets and houses stay as large


@dataclass(frozen=True, slots=True)
class Address:
    """A house that has a number. `lat`, `lon`: the middle of the house."""

    street: str
    number: str
    postcode: str
    city: str
    lat: float
    lon: float
    is_home: bool

    @property
    def text(self) -> str:
        """As it is written on a letter."""
        return f"{self.number} {self.street}, {self.postcode} {self.city}"


@dataclass(frozen=True, slots=True)
class Town:
    """What was written. `depots`: a warehouse in the business park, and a house at the ring road in the north."""

    path: Path
    name: str
    south: float
    west: float
    north: float
    east: float
    addresses: tuple[Address, ...]
    depots: tuple[Address, Address]
    streets: int


def write_town(path: Path, *, seed: int, size: str = "town", market: Point = MARKET) -> Town:
    """Write the town of a seed to `path` (.osm.pbf, .osm, .osm.bz2, ...), in place of what was there.

    The same seed, size and market make the same town. `market` is where its market square lies. Refuses
    `town.size_unknown`.
    """
    if size not in SIZES:
        raise Refusal("town.size_unknown", f"there is no size {size!r}", remedy=f"one of {', '.join(SIZES)}")
    plan = plan_town(seed, SIZES[size])
    frame = Frame(market.lat, market.lon)
    bounds = plan.ground.box.bounds
    sheet_of(plan).write(path, frame, bounds)
    (south, north), (west, east) = frame.degrees(np.array(bounds).reshape(2, 2))
    addresses = _addresses(plan, frame)
    names = {plan.names[way.street.group] for way in plan.network.ways} - {""}
    return Town(path, TOWN, south, west, north, east, addresses, _depots(plan, addresses), len(names))


def _addresses(plan: Plan, frame: Frame) -> tuple[Address, ...]:
    lats, lons = frame.degrees(middles(plan.houses.shapes))
    rows = zip(address_tags(plan), lats, lons, plan.houses.place.tolist(), strict=True)
    return tuple(
        Address(
            tags["addr:street"],
            tags["addr:housenumber"],
            tags["addr:postcode"],
            tags["addr:city"],
            round(lat, 6),
            round(lon, 6),
            place not in ("works", "country"),
        )
        for tags, lat, lon, place in rows
    )


def _depots(plan: Plan, addresses: tuple[Address, ...]) -> tuple[Address, Address]:
    """The largest house of the business park, and the house on a main road nearest to the outer ring's northern end."""
    houses = plan.houses
    works = np.where(houses.place == "works", shapely.area(houses.shapes), 0)
    north = np.array([0, OUTER * plan.ground.scale])
    away = np.hypot(*(middles(houses.shapes) - north).T) + np.where(houses.place == "main", 0, 1e9)
    return addresses[int(np.argmax(works))], addresses[int(np.argmin(away))]
