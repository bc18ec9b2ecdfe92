"""The meal orders of `$HOMESTRETCH_DATA/grubhub_mdrp` as a day for `bench.live`: couriers, restaurants, doors.

Every order comes in when it was placed and is promised within its click-to-door target; kilometers are Euclidean, at
the file's meters a minute. What is believed is the file; the truth has a pace of the day, of each courier, leg and
halt.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np

from homestretch.insights.twin.scene import Job, Scene, Van
from homestretch.kernel.geo import Point
from homestretch.kernel.windows import Window
from homestretch.planner.problem import Matrix
from homestretch.simulation.chance import chance
from homestretch.travel.rules.timing import Part, Times

MIDNIGHT = datetime(2027, 3, 2, 8, tzinfo=UTC)  # minute 0 of the file
DEGREE_M = 111_195.0  # on the equator, where the plane is put
DAY = timedelta(days=1)
TIMES = Times(Part((-0.16, 0.0, 0.16), 0.10, 0.08), Part((-0.30, 0.0, 0.30), 0.08, 0.08), version=1)
PAID = (0, 0, 40)  # hours on duty are paid whatever is done in them; kilometers are not
Rows = list[dict[str, str]]


def meal_day(folder: Path, seed: int, orders: int | None = None) -> Scene:
    """The day of the file, its truth drawn from the seed; `orders`: only the first so many of it, by time."""
    given = _rows(folder / "instance_parameters.txt")[0]
    restaurants = {row["restaurant"]: _point(row) for row in _rows(folder / "restaurants.txt")}
    chosen = sorted(_rows(folder / "orders.txt"), key=lambda row: int(row["placement_time"]))[:orders]
    vans = [
        Van(_id("courier", row["courier"]), row["courier"], _point(row), None, *_span(row), waits=True, costs=PAID)
        for row in _rows(folder / "couriers.txt")
    ]
    jobs = [job for row in chosen for job in _order(row, restaurants, given)]
    speed = int(given["meters_per_minute"])
    return Scene(tuple(vans), tuple(jobs), {}, {}, MealRoads(speed), MealTruth(seed, speed), TIMES)


def _rows(path: Path) -> Rows:
    with path.open(newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _point(row: dict[str, str]) -> Point:
    return Point(int(row["y"]) / DEGREE_M, int(row["x"]) / DEGREE_M)


def _id(*words: object) -> UUID:
    return UUID(int=chance(0, "meals", *words).getrandbits(128))


def _minute(text: str) -> datetime:
    return MIDNIGHT + timedelta(minutes=int(text))


def _span(row: dict[str, str]) -> tuple[datetime, datetime]:
    return _minute(row["on_time"]), _minute(row["off_time"])


def _order(row: dict[str, str], restaurants: dict[str, Point], given: dict[str, str]) -> tuple[Job, Job]:
    """A pair: fetched once it is ready, brought to the door; the door has the promise."""
    order, placed, ready = _id("order", row["order"]), _minute(row["placement_time"]), _minute(row["ready_time"])
    fetch_s, give_s = (60 * int(given[f"{end} service minutes"]) for end in ("pickup", "dropoff"))
    owed = Window(placed, placed + timedelta(minutes=int(given["target click-to-door"])))
    where, load = restaurants[row["restaurant"]], {"meals": 1}
    from_ready = (Window(ready, ready + DAY),)
    fetch = Job(_id("fetch", row["order"]), order, "collect", where, fetch_s, from_ready, load, "1", known_at=placed)
    door = _point(row)
    give = Job(_id("give", row["order"]), order, "deliver", door, give_s, (), load, "1", known_at=placed, promise=owed)
    return fetch, give


@dataclass(frozen=True)
class MealRoads:
    """Straight lines at one speed."""

    speed: int

    def table(self, points: Sequence[Point], _: str, __: datetime) -> Matrix:
        """See `Roads`."""
        where = np.array([(point.lat, point.lon) for point in points]) * DEGREE_M
        far = np.hypot(*(where[:, None] - where[None]).transpose(2, 0, 1))
        return Matrix(np.rint(far / self.speed * 60).astype(np.int64), np.rint(far).astype(np.int64))


class MealTruth:
    """What is true of one day."""

    def __init__(self, seed: int, speed: int) -> None:
        self.seed, self.speed = seed, speed
        random = chance(seed, "meals")
        self.pace, self.doors = random.gauss(0.02, 0.08), random.gauss(0, 0.08)

    def leg(self, van: UUID, start: Point, end: Point, _: datetime) -> tuple[int, int]:
        """See `Truth`."""
        far = math.hypot(start.lat - end.lat, start.lon - end.lon) * DEGREE_M
        own = chance(self.seed, "courier", van).gauss(0, 0.08)
        noise = chance(self.seed, "leg", start, end).gauss(0, 0.12)
        return round(far / self.speed * 60 * math.exp(self.pace + own + noise)), round(far)

    def service(self, van: UUID, job: Job) -> int:
        """See `Truth`."""
        own = chance(self.seed, "hands", van).gauss(0, 0.08)
        noise = chance(self.seed, "halt", job.id).gauss(0, 0.25)
        return round(job.service_s * math.exp(self.doors + own + noise))

    def fails(self, _: Job, __: int) -> str:
        """See `Truth`."""
        return ""

    def turned_away(self, _: Job, __: int) -> int:
        """See `Truth`."""
        return 0

    def breaks_down(self, _: UUID) -> datetime | None:
        """See `Truth`."""
        return None
