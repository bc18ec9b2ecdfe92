"""Where people live: doors scattered round a few quarters, within the box that the fake geocoder knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from homestretch.kernel.geo import Point, offset
from homestretch.simulation.town.names import STREETS, TOWN

HUB_NORTH = Point(49.628, 6.118)
HUB_SOUTH = Point(49.596, 6.137)
QUARTERS = (  # middle, spread in meters, weight
    (Point(49.611, 6.130), 900, 5),
    (Point(49.622, 6.150), 700, 3),
    (Point(49.600, 6.110), 800, 3),
    (Point(49.590, 6.140), 700, 2),
    (Point(49.638, 6.120), 900, 2),
    (Point(49.615, 6.085), 800, 2),
)
SOUTH_WEST, NORTH_EAST = Point(49.565, 6.06), Point(49.655, 6.19)


@dataclass(frozen=True, slots=True)
class Home:
    """A door: its address, and where it is (what the file says may lack that)."""

    address: str
    point: Point


def home(random: Random, number: int, doors: Sequence[Point] = ()) -> Home:
    """A door of its own: `number` is its house number, so no two are one address. Of real `doors`, that one."""
    if doors:
        return Home(f"{number} Real Street", doors[(number - 1) % len(doors)])
    middle, spread, _ = random.choices(QUARTERS, [weight for _, _, weight in QUARTERS])[0]
    spot = offset(middle, random.gauss(0, spread), random.gauss(0, spread))
    lat = round(min(max(spot.lat, SOUTH_WEST.lat), NORTH_EAST.lat), 6)
    lon = round(min(max(spot.lon, SOUTH_WEST.lon), NORTH_EAST.lon), 6)
    return Home(f"{number} {random.choice(STREETS)}, {TOWN}", Point(lat, lon))
