"""Days made up for `bench.eta`: what is true of them is drawn from a family that the service cannot read.

    days = made_days(seed=1, towns=12, days=90)      # a `Driven`, as the service reads its own facts

Each town has streets that are faster or slower than the plan thinks, rush hours, drivers with a pace, doors with
floors and items. On top of that come what nobody can read in the morning: a pace of the day in each town, a pace of the
driver of that day, a pace of the doors of that day, on one day in eight a jam of some hours, long halts now and then.
The family shares nothing with the model: noises are Student's and skewed, effects add where the model has trees.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from homestretch.insights.training.driven import Driven
from homestretch.travel.rules.estimate import built_in

FIRST_DAY = 738_004  # an ordinal: a Monday
EPOCH_DAY = 719_163  # the ordinal of 1970-01-01
AROUND_KM = 6.0
KINDS = ("deliver", "collect", "service")


@dataclass(frozen=True)
class Size:
    """How much is made."""

    towns: int = 8
    days: int = 80
    routes: int = 5
    stops: int = 44


class Town:
    """What is true of one town for ever."""

    def __init__(self, random: np.random.Generator, name: int, size: Size) -> None:
        self.name, self.random, self.size = f"town {name}", random, size
        self.places = random.normal(0, AROUND_KM / 2.2, (900, 2))
        self.cell = np.floor(self.places / 2).astype(int)
        self.of_cell = {tuple(cell): random.normal(0, 0.15) for cell in np.unique(self.cell, axis=0)}
        self.bias = random.normal(0.05, 0.10)
        self.rush = random.uniform(0.10, 0.30, 2)
        self.driver = random.normal(0, [0.10, 0.18], (size.routes, 2))
        self.door = random.normal(0, 0.30, len(self.places))
        self.floors = random.choice([0, 1, 2, 3, 4], len(self.places), p=[0.5, 0.2, 0.15, 0.1, 0.05])
        self.sums = random.dirichlet(np.full(len(self.places), 0.5))

    def day(self, number: int) -> list[dict[str, object]]:
        """All routes of a day."""
        random = self.random
        weather = str(random.choice(["clear", "rain", "storm"], p=[0.7, 0.25, 0.05]))
        self.pace = random.normal(0, 0.13) + {"clear": 0.0, "rain": 0.10, "storm": 0.30}[weather]
        self.doors_pace = random.normal(0, 0.10)
        jam = random.random() < 1 / 8
        self.jam = (random.uniform(8, 13), random.uniform(1, 4), random.uniform(0.2, 0.5) if jam else 0.0)
        return [self._route(number, driver, weather) for driver in range(self.size.routes)]

    def _route(self, day: int, driver: int, weather: str) -> dict[str, object]:
        random, stops = self.random, self.size.stops
        chosen = random.choice(len(self.places), stops, replace=False, p=self.sums)
        turn = (np.arctan2(*self.places[chosen].T) + driver) % (2 * np.pi)
        chosen = chosen[np.argsort(np.round(turn / 0.5) + 0.001 * np.hypot(*self.places[chosen].T))]
        where = np.vstack([[0.0, 0.0], self.places[chosen]])
        km = np.maximum(0.05, np.hypot(*np.diff(where, axis=0).T))
        own = random.normal(0, [0.08, 0.10])
        work = {
            "kind": random.choice(KINDS, stops, p=[0.8, 0.15, 0.05]),
            "items": random.geometric(0.45, stops).astype(float),
            "opens": np.full(stops, np.nan),
        }
        row: dict[str, object] = {"day": day, "driver": driver, "weather": weather, "chosen": chosen, "km": km, **work}
        return row | self._driven(day, driver, row, own)

    def _driven(self, day: int, driver: int, row: dict[str, object], own: np.ndarray) -> dict[str, object]:
        """What happens, stop by stop; the plan is made in the morning at the plan's own times."""
        random, stops, usual = self.random, self.size.stops, built_in("van")
        midnight = (day - EPOCH_DAY) * 86_400.0
        clock = planned = midnight + 7.5 * 3600 + random.integers(0, 5) * 900
        made = {
            name: np.empty(stops) for name in ("left", "arrived", "gone", "leg_plan_s", "service_s", "service_plan_s")
        }
        opens = np.full(stops, np.nan)
        for stop in range(stops):
            hour = (clock - midnight) / 3600
            base = usual.km_s * row["km"][stop] ** (usual.power_milli / 1000)
            made["leg_plan_s"][stop] = base * usual.hours_pct[int(hour) % 24] / 100
            made["left"][stop] = clock
            clock += base * np.exp(self._slow(row["chosen"][stop], hour, driver, day, own[0], base))
            made["arrived"][stop] = clock
            plan = {"deliver": 150.0, "collect": 210.0, "service": 600.0}[str(row["kind"][stop])]
            made["service_plan_s"][stop] = plan
            planned += made["leg_plan_s"][stop]
            if random.random() < 0.25:
                opens[stop] = planned - random.uniform(0, 3600)
            planned += plan
            made["service_s"][stop] = plan * np.exp(self._served(row, stop, driver, own[1]))
            clock = max(clock, np.nan_to_num(opens[stop], nan=-np.inf)) + made["service_s"][stop]
            made["gone"][stop] = clock
        return made | {"opens": opens}

    def _slow(self, place: int, hour: float, driver: int, day: int, own: float, base: float) -> float:
        work = (day - FIRST_DAY) % 7 < 5
        rush = self.rush[0] * np.exp(-(((hour - 8.3) / 0.9) ** 2)) + self.rush[1] * np.exp(
            -(((hour - 16.8) / 1.2) ** 2)
        )
        since, lasts, how = self.jam
        jam = how if since <= hour < since + lasts else 0.0
        noise = self.random.standard_t(5) * (0.10 + 0.08 * np.sqrt(120 / max(base, 20)))
        return (
            *(
                self.bias
                + self.of_cell[tuple(self.cell[place])]
                + self.driver[driver, 0]
                + own
                + self.pace
                + jam
                + noise,
            ),
        )[0] + (rush if work else 0.0)

    def _served(self, row: dict[str, object], stop: int, driver: int, own: float) -> float:
        random, place = self.random, row["chosen"][stop]
        long = np.log(random.uniform(2, 5)) if random.random() < 0.04 else 0.0
        effort = 0.07 * (row["items"][stop] - 1) + 0.13 * self.floors[place] - 0.25
        noise = random.gumbel(-0.577 * 0.22, 0.22)
        return self.door[place] + self.driver[driver, 1] + own + self.doors_pace + effort + long + noise


def made_days(seed: int, size: Size = Size()) -> Driven:
    """All days of all towns, by day."""
    towns = [Town(np.random.default_rng([seed, number]), number, size) for number in range(size.towns)]
    rows = [(town, row) for day in range(size.days) for town in towns for row in town.day(FIRST_DAY + day)]
    routes, stops = len(rows), size.stops

    def stacked(name: str) -> np.ndarray:
        return np.stack([row[name] for _, row in rows])

    cells = np.stack([town.cell[row["chosen"]] for town, row in rows])
    named = np.array([town.name for town, _ in rows])
    after = np.char.add(np.char.add(named[:, None] + "/", cells[..., 0].astype(str) + "/"), cells[..., 1].astype(str))
    before = np.concatenate([np.char.add(named, "/0/0")[:, None], after[:, :-1]], axis=1)
    floors = np.stack([town.floors[row["chosen"]] for town, row in rows]).astype(float)
    return Driven(
        count=np.full(routes, stops),
        day=np.array([row["day"] for _, row in rows]),
        depot=named,
        driver=np.array([f"{town.name} {row['driver']}" for town, row in rows]),
        profile=np.full(routes, "van"),
        offset_s=np.zeros(routes),
        **{name: stacked(name) for name in ("left", "arrived", "gone", "leg_plan_s", "service_s", "service_plan_s")},
        leg_m=np.round(stacked("km") * 1400),
        opens=np.nan_to_num(stacked("opens"), nan=-np.inf)[:, :, None],
        closes=np.full((routes, stops, 1), np.inf),
        place=np.char.add(named[:, None] + "/", stacked("chosen").astype(str)),
        names={
            "cell_from": before,
            "cell_to": after,
            "weather": np.repeat(np.array([row["weather"] for _, row in rows])[:, None], stops, axis=1),
            "kind": stacked("kind").astype(str),
            "skills": np.full((routes, stops), ""),
        },
        numbers={
            "items": stacked("items"),
            "pieces": stacked("items"),
            "floors": floors,
            "access_s": np.zeros((routes, stops)),
        },
    )
