"""Which part of the town a place belongs to: city or village, suburb, postcode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from homestretch.atlas.town import words
from homestretch.atlas.town.blocks import District
from homestretch.atlas.town.ground import Ground
from homestretch.atlas.town.shapes import Line
from homestretch.atlas.town.skeleton import RING

OLD_TOWN, TOWN, WORKS, VILLAGES = 4010, 4110, 4290, 4310  # postcodes; of suburbs and villages in steps of ten


@dataclass(frozen=True)
class Quarter:
    """A part of the town or a village, with its middle."""

    name: str
    kind: str  # town, suburb, village
    east: float
    north: float


def quarters(ground: Ground, districts: list[District]) -> list[Quarter]:
    """The town, its suburbs, the villages round it."""
    found = [Quarter(words.TOWN, "town", 0.0, 0.0)]
    for number, name in enumerate(words.SUBURBS):
        mine = [district.shape for district in districts if _suburb(district) == number]
        if mine:
            middle = shapely.union_all(mine).representative_point()
            found.append(Quarter(name, "suburb", middle.x, middle.y))
    works = ground.works.representative_point()
    found.append(Quarter(words.WORKS_QUARTER, "suburb", works.x, works.y))
    return found + [
        Quarter(name, "village", *middle) for name, middle in zip(words.VILLAGES, ground.villages, strict=True)
    ]


def city_and_postcode(ground: Ground, places: Line) -> tuple[NDArray[np.str_], NDArray[np.str_]]:
    """Of each place the city or village that its letters go to, and the postcode."""
    code = np.where(np.hypot(*places.T) < RING * ground.scale, OLD_TOWN, TOWN + 10 * _octant(places))
    away = np.array([np.hypot(*(places - middle).T) for middle in ground.villages])
    works, town = (shapely.contains_xy(area, *places.T) for area in (ground.works, ground.town))
    code = np.where(works, WORKS, code)
    village = np.where((away.min(axis=0) < np.hypot(*places.T)) & ~works & ~town, away.argmin(axis=0), -1)
    code = np.where(village >= 0, VILLAGES + 10 * village, code)
    city = np.where(village >= 0, np.array(words.VILLAGES)[village], words.TOWN)
    return city, code.astype(str)


def _octant(places: Line) -> NDArray[np.int_]:
    angle = np.arctan2(places[:, 1], places[:, 0])
    return np.asarray(np.floor((angle + np.pi) / (np.pi / 4)).astype(int) % 8)


def _suburb(district: District) -> int:
    """Number of the suburb that a district is in; -1 for the old town, villages and works."""
    if district.kind in ("old", "village", "works"):
        return -1
    return int(_octant(shapely.get_coordinates(district.shape.representative_point()))[0])
