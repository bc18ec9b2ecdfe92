"""The vans of the town, who drives them, and when."""

from __future__ import annotations

from dataclasses import dataclass

from homestretch.kernel.geo import Point
from homestretch.simulation.scenario import Scenario
from homestretch.simulation.town.homes import HUB_NORTH, HUB_SOUTH
from homestretch.simulation.town.names import FIRST, LAST

ZONE = "Europe/Luxembourg"
DAY = (("07:30", "16:00"), ("08:00", "16:30"), ("08:00", "16:30"), ("08:30", "17:00"))
EVENING = ("17:00", "21:30")


@dataclass(frozen=True, slots=True)
class Hub:
    """A depot to be."""

    external_id: str
    name: str
    address: str
    point: Point


@dataclass(frozen=True, slots=True)
class Van:
    """A vehicle with its driver and hours to be: both are known by `external_id`. Capacity in grams, cm3 and pieces."""

    external_id: str
    number: int
    hub: str
    plate: str
    driver: str
    language: str
    starts: str
    ends: str
    capacity: dict[str, int]
    skills: tuple[str, ...]
    lunch: bool


DAY_HUB = Hub("HUB-NORTH", "North hub", "1 Rue de l'Industrie, Saint-Aubin", HUB_NORTH)
EVENING_HUB = Hub("HUB-SOUTH", "South hub", "2 Hafenweg, Saint-Aubin", HUB_SOUTH)


def hubs(scenario: Scenario) -> tuple[Hub, Hub]:
    """Where the day's vans start, and the evening's. At real doors both stand in their middle."""
    if scenario.directory is not None:
        day, evening = scenario.directory.hubs
        return (
            Hub("HUB-WORKS", "Business park hub", day.address, day.point),
            Hub("HUB-RING", "Ring road hub", evening.address, evening.point),
        )
    if not scenario.doors:
        return DAY_HUB, EVENING_HUB
    count = len(scenario.doors)
    lat, lon = (sum(getattr(door, name) for door in scenario.doors) / count for name in ("lat", "lon"))
    middle = Point(round(lat, 5), round(lon, 5))
    name = f"{middle.lat}/{middle.lon}"
    return Hub(f"HUB-DAY {name}", "Day hub", f"1 {name}", middle), Hub(
        f"HUB-EVE {name}", "Evening hub", f"2 {name}", middle
    )


def vans(scenario: Scenario) -> list[Van]:
    """The day's vans, then the evening's."""
    prefix = "R" if scenario.doors else "V" if scenario.directory is None else "T"
    day, evening = hubs(scenario)
    first = [_van(prefix, n, day, DAY[n % len(DAY)], scenario.pieces) for n in range(scenario.vans)]
    count = scenario.vans + scenario.evening_vans
    return first + [_van(prefix, n, evening, EVENING, scenario.pieces) for n in range(scenario.vans, count)]


def _van(prefix: str, number: int, hub: Hub, hours: tuple[str, str], pieces: int) -> Van:
    by_day = hours != EVENING
    return Van(
        external_id=f"{prefix}-{number + 1:02d}",
        number=number + 1,
        hub=hub.external_id,
        plate=f"SA {1000 + 37 * number}",
        driver=f"{FIRST[number * 5 % len(FIRST)]} {LAST[number * 7 % len(LAST)]}",
        language=("en", "fr", "de")[number % 3],
        starts=hours[0],
        ends=hours[1],
        capacity={"weight": 900_000, "volume": 8_000_000, "pieces": pieces},
        skills=("lift",) if number % 2 == 0 or not by_day else (),
        lunch=by_day,
    )
