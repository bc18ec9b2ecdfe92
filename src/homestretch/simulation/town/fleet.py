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
    """A vehicle with its driver and hours to be. Capacity in grams, cm3 and pieces; costs in cents."""

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

    @property
    def external_id(self) -> str:
        """As the vehicle and its driver are known by."""
        return f"V-{self.number:02d}"


DAY_HUB = Hub("HUB-NORTH", "North hub", "1 Rue de l'Industrie, Saint-Aubin", HUB_NORTH)
EVENING_HUB = Hub("HUB-SOUTH", "South hub", "2 Hafenweg, Saint-Aubin", HUB_SOUTH)


def vans(scenario: Scenario) -> list[Van]:
    """The day's vans, then the evening's."""
    day = [_van(number, DAY_HUB.external_id, DAY[number % len(DAY)]) for number in range(scenario.vans)]
    count = scenario.vans + scenario.evening_vans
    return day + [_van(number, EVENING_HUB.external_id, EVENING) for number in range(scenario.vans, count)]


def _van(number: int, hub: str, hours: tuple[str, str]) -> Van:
    return Van(
        number=number + 1,
        hub=hub,
        plate=f"SA {1000 + 37 * number}",
        driver=f"{FIRST[number * 5 % len(FIRST)]} {LAST[number * 7 % len(LAST)]}",
        language=("en", "fr", "de")[number % 3],
        starts=hours[0],
        ends=hours[1],
        capacity={"weight": 900_000, "volume": 8_000_000, "pieces": 200},
        skills=("lift",) if number % 2 == 0 or hub == EVENING_HUB.external_id else (),
        lunch=hub == DAY_HUB.external_id,
    )
