"""Days made up for `bench.live`: a town on two sides of a river, and what is true of a day that nobody can read ahead.

    scene = town_day(seed=1, disruption=DISRUPTIONS["storm"], plan=Iterations(20))

The plan believes in usual times; the truth has a pace of the day, one of each driver, one of each leg and each door,
and what the disruption brings. All of it is drawn by purpose from the seed: whatever a policy does, it meets the same
leg in the same shape.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import numpy as np

from homestretch.insights.twin.scene import Job, Scene, Van
from homestretch.kernel.geo import Point
from homestretch.kernel.windows import Window
from homestretch.planner import problem as ask
from homestretch.planner.schedule import schedule
from homestretch.planner.search.engine import solve
from homestretch.planner.stopping import Until
from homestretch.simulation.chance import chance
from homestretch.simulation.disruptions import Disruption
from homestretch.travel.rules.timing import Part, Times

MIDNIGHT = datetime(2027, 3, 2, tzinfo=UTC)
OPENS, CLOSES = 8, 17  # hours of the shifts
MIDDLE = Point(49.61, 6.13)
DEGREE_M = 111_195.0
QUARTERS = ((0, 1500, 900, 5), (1800, 2500, 700, 3), (-1500, -900, 800, 3), (700, -2300, 700, 2), (3600, 600, 900, 3))
HUB = (-2600.0, 1900.0)
RIVER, BRIDGES = 2600.0, (-1200.0, 3400.0)  # it runs from south to north; where it can be crossed. The first is closed
CIRCUITY, MS, START_S = 1.3, 8.0, 30
TOLD_LATE = timedelta(minutes=10)  # after it happened, a closure is known
STORM_BELIEVED = 0.8  # of what a storm makes drives longer, so much is forecast
# What a model of times says that has learned this family: spreads of a leg and a door, of days and of routes.
TIMES = Times(Part((-0.16, 0.0, 0.16), 0.12, 0.08), Part((-0.45, 0.0, 0.45), 0.10, 0.10), version=1)
KINDS = (("deliver", 65), ("collect", 20), ("service", 15))
SERVICE_S = {"deliver": (240, 540), "collect": (240, 480), "service": (720, 1320)}
FAILED_S = 120  # at a door where nobody is
SPARE = timedelta(minutes=60)  # the plan ends so long before the shifts do


@dataclass(frozen=True, slots=True)
class Size:
    """How large a day is."""

    vans: int = 4
    jobs: int = 132


def town_day(seed: int, disruption: Disruption, plan: Callable[[], Until], size: Size = Size()) -> Scene:
    """A day with its plan. The plan and what is ordered before the day are the same for all disruptions of a seed."""
    roads = TownRoads(disruption)
    vans, jobs = _vans(size), _jobs(seed, size)
    routes, planned = planned_routes(vans, jobs, roads, plan())
    truth = TownTruth(seed, disruption, _broken(seed, vans, disruption))
    urgent = [job for number in range(disruption.urgent) for job in _urgent(seed, number)]
    return Scene(tuple(vans), (*jobs, *urgent), routes, planned, roads, truth, TIMES)


def disrupted(scene: Scene, seed: int, disruption: Disruption) -> Scene:
    """The same planned day under another disruption."""
    urgent = [job for number in range(disruption.urgent) for job in _urgent(seed, number)]
    return replace(
        scene,
        jobs=(*(job for job in scene.jobs if job.known_at is None), *urgent),
        roads=TownRoads(disruption),
        truth=TownTruth(seed, disruption, _broken(seed, scene.vans, disruption)),
    )


def _point(x: float, y: float) -> Point:
    lat = MIDDLE.lat + y / DEGREE_M
    return Point(round(lat, 6), round(MIDDLE.lon + x / (DEGREE_M * math.cos(math.radians(MIDDLE.lat))), 6))


def _door(random: Random) -> Point:
    x, y, spread, _ = random.choices(QUARTERS, [weight for *_, weight in QUARTERS])[0]
    return _point(random.gauss(x, spread), random.gauss(y, spread))


def _id(*words: object) -> UUID:
    return UUID(int=chance(0, *words).getrandbits(128))


def _vans(size: Size) -> list[Van]:
    start, end = MIDNIGHT + timedelta(hours=OPENS), MIDNIGHT + timedelta(hours=CLOSES)
    return [
        Van(_id("van", number), f"Van {number + 1}", _point(*HUB), _point(*HUB), start, end)
        for number in range(size.vans)
    ]


def _jobs(seed: int, size: Size) -> list[Job]:
    made = []
    for number in range(size.jobs):
        random = chance(seed, "job", number)
        kind = random.choices([name for name, _ in KINDS], [weight for _, weight in KINDS])[0]
        windows = ()
        if random.random() < 0.5:
            begin = MIDNIGHT + timedelta(hours=random.choice((8, 9, 10, 11, 12, 13, 14, 15)))
            windows = (Window(begin, begin + timedelta(hours=random.choice((2, 2, 4)))),)
        name = _id(seed, "task", number)
        made.append(Job(name, name, kind, _door(random), random.randint(*SERVICE_S[kind]), windows, {"pieces": 1}))
    return made


def _urgent(seed: int, number: int) -> list[Job]:
    """An order of the day: something is fetched within an hour and a half, or brought from door to door within two."""
    random = chance(seed, "urgent", number)
    at = MIDNIGHT + timedelta(minutes=random.randint(9 * 60, 15 * 60))
    order, task = _id(seed, "order", number), _id(seed, "urgent", number)
    soon = Window(at, at + timedelta(minutes=90))
    if random.random() < 0.5:
        return [Job(task, order, "collect", _door(random), 240, (soon,), {"pieces": 1}, known_at=at, promise=soon)]
    due = Window(at, at + timedelta(minutes=120))
    fetched = Job(_id(seed, "fetch", number), order, "collect", _door(random), 180, (soon,), {"pieces": 1}, "1")
    given = Job(task, order, "deliver", _door(random), 180, (due,), {"pieces": 1}, "1", promise=due)
    return [replace(fetched, known_at=at), replace(given, known_at=at)]


def _broken(seed: int, vans: Sequence[Van], disruption: Disruption) -> dict[UUID, datetime]:
    random = chance(seed, "down")
    chosen = random.sample(list(vans), len(disruption.down))
    return {
        van.id: MIDNIGHT + timedelta(hours=hour, minutes=random.randint(-30, 30))
        for van, hour in zip(chosen, disruption.down, strict=True)
    }


def planned_routes(
    vans: Sequence[Van], jobs: Sequence[Job], roads: TownRoads, until: Until
) -> tuple[dict[UUID, tuple[UUID, ...]], dict[UUID, datetime]]:
    """The morning's plan, and when each stop is planned to be reached."""
    at = vans[0].starts_at
    points = list(dict.fromkeys([vans[0].start, *(job.point for job in jobs)]))
    row = {point: number for number, point in enumerate(points)}

    def second(moment: datetime) -> int:
        return round((moment - at).total_seconds())

    visits = tuple(
        ask.Visit(
            str(job.id),
            row[job.point],
            tuple(ask.Window(second(w.start), second(w.end)) for w in job.windows),
            job.service_s,
            prize=1_000_000,
        )
        for job in jobs
    )
    shifts = tuple(
        ask.Shift(
            str(van.id),
            row[van.start],
            row[van.start],
            second(van.starts_at),
            second(van.ends_at - SPARE),
            profile=van.profile,
            costs=ask.Costs(*van.costs),
        )
        for van in vans
    )
    problem = ask.Problem(visits, shifts, ask.Travel({"van": roads.table(points, "van", at)}))
    plan = solve(problem, seed=1, until=until)
    times = {stop.visit: stop.arrive for route in plan.routes for stop in schedule(problem, route).stops}
    routes = {UUID(route.shift): tuple(map(UUID, route.visits)) for route in plan.routes}
    return routes, {UUID(name): at + timedelta(seconds=second_) for name, second_ in times.items()}


def meters(points: Sequence[Point], bridges: Sequence[float]) -> np.ndarray:
    """From each to each, over the bridges that are open."""
    where = np.array([(point.lat, point.lon) for point in points])
    y = (where[:, 0] - MIDDLE.lat) * DEGREE_M
    x = (where[:, 1] - MIDDLE.lon) * DEGREE_M * math.cos(math.radians(MIDDLE.lat))
    straight = np.hypot(x[:, None] - x[None], y[:, None] - y[None])
    over = np.min([np.add.outer(leg, leg) for leg in (np.hypot(x - RIVER, y - at) for at in bridges)], axis=0)
    east = x > RIVER
    return CIRCUITY * np.where(east[:, None] == east[None], straight, over)


@dataclass(frozen=True)
class TownRoads:
    """What the service believes: usual times, closures once they are known, most of a storm once it is there."""

    disruption: Disruption

    def table(self, points: Sequence[Point], _: str, at: datetime) -> ask.Matrix:
        """See `Roads`."""
        far = meters(points, _bridges(self.disruption, at - TOLD_LATE))
        hour = (at - MIDNIGHT).total_seconds() / 3600
        storms = [slow.at(hour) for slow in self.disruption.slow if slow.steady]
        factor = 1 + STORM_BELIEVED * (math.prod(storms) - 1)
        seconds = np.where(far > 0, START_S + far / MS, 0) * factor
        return ask.Matrix(np.rint(seconds).astype(np.int64), np.rint(far).astype(np.int64))


def _bridges(disruption: Disruption, at: datetime) -> tuple[float, ...]:
    closed = disruption.closed_at is not None and at >= MIDNIGHT + timedelta(hours=disruption.closed_at)
    return BRIDGES[1:] if closed else BRIDGES


class TownTruth:
    """What is true of one day."""

    def __init__(self, seed: int, disruption: Disruption, broken: dict[UUID, datetime]) -> None:
        self.seed, self.disruption, self.broken = seed, disruption, broken
        random = chance(seed, "day")
        self.pace, self.doors = random.gauss(0.03, 0.12), random.gauss(0.0, 0.10)
        self.severity = random.uniform(0.8, 1.2)

    def leg(self, van: UUID, start: Point, end: Point, at: datetime) -> tuple[int, int]:
        """See `Truth`."""
        far = float(meters([start, end], _bridges(self.disruption, at))[0, 1])
        if far == 0:
            return 0, 0
        hour = (at - MIDNIGHT).total_seconds() / 3600
        factor = 1 + self.severity * (self.disruption.factor(hour) - 1)
        own = chance(self.seed, "driver", van).gauss(0, 0.08)
        noise = chance(self.seed, "leg", start, end).gauss(0, 0.12)
        return round((START_S + far / MS) * factor * math.exp(self.pace + own + noise)), round(far)

    def service(self, van: UUID, job: Job) -> int:
        """See `Truth`."""
        own = chance(self.seed, "hands", van).gauss(0, 0.10)
        noise = chance(self.seed, "door", job.id).gauss(0, 0.35)
        return round(job.service_s * math.exp(self.doors + own + noise))

    def fails(self, job: Job, attempt: int) -> str:
        """See `Truth`."""
        absent = chance(self.seed, "absent", job.id).random() < self.disruption.absent
        still = chance(self.seed, "absent", job.id, attempt).random() < 0.4
        return "recipient_absent" if absent and (attempt == 0 or still) else ""

    def turned_away(self, job: Job, _: int) -> int:
        """See `Truth`."""
        return min(job.service_s, FAILED_S)

    def breaks_down(self, van: UUID) -> datetime | None:
        """See `Truth`."""
        return self.broken.get(van)
