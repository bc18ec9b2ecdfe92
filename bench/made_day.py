"""A day made up at once, for who measures the board: rows are written in bulk, past the actions.

    made = made_day(by, DAY, at=AT, size=Size(routes=300, stops=10_000, vehicles=500))   # in a test or a bench
    python -m bench.made_day --organization ID --day 2026-11-23                          # into DATABASE_URL

It is a planned day (one plan, one revision, routes by angle and sweep) or, with `running`, that day on the road at `at`
(`made_road`): what is past is done, what is ahead is forecast, all is promised, vehicles stand on their way, a few are
silent. Same seed, same day.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from homestretch.kernel.ids import uuid7

CENTER = (49.6117, 6.1319)
AROUND_KM = 18.0
BATCH = 2_000
SHIFT = timedelta(hours=10)
SPEED_MH, DETOUR_PCT = 32_000, 130
STREETS = ("Mill Lane", "Market Street", "Harbor Road", "Orchard Way", "Station Square", "Brook Street", "Abbey Close")


@dataclass(frozen=True, slots=True)
class Size:
    """How large a day is. Vehicles beyond `routes` have a shift and no route. `left`: stops on no route."""

    routes: int = 300
    stops: int = 10_000
    vehicles: int = 500
    left: int = 40
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Made:
    """What was made."""

    day: date
    plan_id: UUID
    shifts: list[str]
    routes: dict[str, tuple[str, ...]]  # visits by shift
    left: tuple[str, ...]


def made_day(
    by: Any, day: date, *, at: datetime, size: Size = Size(), opens: datetime | None = None, running: bool = False
) -> Made:
    """Make a day for the organization of `by`: ten hours from `opens` on, six o'clock if not said. Every id in it is
    new."""
    from bench.made_road import on_road
    from homestretch.events.scope import scope

    chance, opens = random.Random(size.seed), opens or datetime.combine(day, time(6), UTC)
    with scope(by):  # a transaction of each, for none may be long
        depot = _depot(at)
        shifts = _fleet(depot, day, opens, size)
    with scope(by):
        works = _orders(chance, day, opens, size, at)
    with scope(by):
        routes, left = _laid_out(works, [str(shift.id) for shift in shifts], size)
        plan, question = _plan(day, shifts, works, depot, opens, at)
        _revision(plan, question, routes, left, at)
    if running:
        with scope(by):
            on_road(chance, plan, shifts, routes, works, at)
    return Made(day, plan.id, [str(shift.id) for shift in shifts], routes, tuple(left))


@dataclass(frozen=True, slots=True)
class Work:
    """A stop to be: its task, order and place."""

    task: str
    order: str
    place: str
    lat: float
    lon: float
    windows: tuple[tuple[datetime, datetime], ...]
    service_s: int
    pieces: int


def bulk(rows: Sequence[Any]) -> None:
    """Write rows of one table, some thousand at a time."""
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        type(part[0]).objects.bulk_create(part)


def _depot(at: datetime) -> Any:
    from homestretch.fleet.models import Depot
    from homestretch.places.models import Place

    lat, lon = CENTER
    place = Place.objects.create(
        key=f"made-{uuid7()}",
        address="Depot Street 1",
        lat=lat,
        lon=lon,
        state="located",
        source="given",
        created_at=at,
    )
    return Depot.objects.create(name="Depot", place=place, zone="Europe/Luxembourg")


def _fleet(depot: Any, day: date, opens: datetime, size: Size) -> list[Any]:
    from homestretch.fleet.models import Driver, Shift, Vehicle

    drivers = [Driver(name=f"Driver {n + 1}") for n in range(size.vehicles)]
    vehicles = [
        Vehicle(
            name=f"Van {n + 1}",
            depot=depot,
            capacity={"pieces": 400},
            cost_fixed=2000,
            cost_per_hour=3000,
            cost_per_km=40,
        )
        for n in range(size.vehicles)
    ]
    shifts = [
        Shift(
            day=day,
            vehicle=vehicle,
            driver=driver,
            starts_at=opens,
            ends_at=opens + SHIFT,
            start_depot=depot,
            end_depot=depot,
        )
        for vehicle, driver in zip(vehicles, drivers, strict=True)
    ]
    for rows in (drivers, vehicles, shifts):
        bulk(rows)
    return shifts


def _orders(chance: random.Random, day: date, opens: datetime, size: Size, at: datetime) -> list[Work]:
    from homestretch.orders.models import Order, Recipient, Task
    from homestretch.places.models import Place

    places, people, orders, tasks, works = [], [], [], [], []
    for number, (lat, lon) in enumerate(_spots(chance, size.stops + size.left)):
        address = f"{chance.choice(STREETS)} {chance.randint(1, 180)}, Town"
        place = Place(
            key=f"made-{uuid7()}", address=address, lat=lat, lon=lon, state="located", source="given", created_at=at
        )
        person = Recipient(name=f"Recipient {number + 1}")
        order = Order(external_id=f"M-{day:%m%d}-{number + 1}", recipient=person, state="ready", day=day, created_at=at)
        windows = _windows(chance, opens)
        pieces = chance.randint(1, 4)
        task = Task(
            order=order,
            kind="deliver",
            place=place,
            windows=[{"start": instant(start), "end": instant(end)} for start, end in windows],
            service_s=chance.choice((90, 120, 180, 240)),
            loads={"pieces": pieces},
        )
        work = Work(str(task.id), str(order.id), str(place.id), lat, lon, windows, task.service_s, pieces)
        for rows, row in zip((places, people, orders, tasks, works), (place, person, order, task, work), strict=True):
            rows.append(row)
    for rows in (places, people, orders, tasks):
        bulk(rows)
    return works


def _spots(chance: random.Random, count: int) -> Iterator[tuple[float, float]]:
    """Places around the center, denser towards it."""
    lat, lon = CENTER
    for _ in range(count):
        far, angle = AROUND_KM * chance.random() ** 0.8, chance.random() * math.tau
        yield (
            round(lat + far / 111.2 * math.sin(angle), 6),
            round(lon + far / (111.2 * math.cos(math.radians(lat))) * math.cos(angle), 6),
        )


def _windows(chance: random.Random, opens: datetime) -> tuple[tuple[datetime, datetime], ...]:
    if chance.random() < 0.6:
        return ()
    start = opens + timedelta(hours=chance.choice((0, 2, 4, 5)))
    return ((start, start + timedelta(hours=chance.choice((4, 5, 6)))),)


def _laid_out(works: Sequence[Work], shifts: Sequence[str], size: Size) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Slices of the circle, each driven out and home: poor routes that look like routes."""
    lat, lon = CENTER

    def angle(work: Work) -> float:
        return math.atan2(work.lat - lat, work.lon - lon)

    on_routes = sorted(works[: size.stops], key=angle)
    routes = {}
    for number in range(size.routes):
        part = on_routes[number * size.stops // size.routes : (number + 1) * size.stops // size.routes]
        part.sort(key=lambda work: math.hypot(work.lat - lat, work.lon - lon))
        routes[shifts[number]] = tuple(work.task for work in [*part[::2], *reversed(part[1::2])])
    return {shift: visits for shift, visits in routes.items() if visits}, [work.task for work in works[size.stops :]]


def _plan(
    day: date, shifts: Sequence[Any], works: Sequence[Work], depot: Any, epoch: datetime, at: datetime
) -> tuple[Any, Any]:
    from homestretch.plans import store
    from homestretch.plans.models import Plan, Question

    problem = _problem(shifts, works, epoch)
    data, matrices, sha256 = store.question_of(problem)
    plan = Plan.objects.create(day=day, depots=[depot.id], state="ready", head=1, created_at=at)
    note = {"rung": "great_circle", "source": "made", "as_of": None, "fell": [], "off_road": []}
    question = Question.objects.create(
        plan=plan,
        problem=data,
        matrices=matrices,
        visits={work.task: {"place": work.place, "tasks": [work.task], "orders": [work.order]} for work in works},
        rung="great_circle",
        travel={"van": note},
        sha256=sha256,
        created_at=at,
    )
    return plan, question


def _problem(shifts: Sequence[Any], works: Sequence[Work], epoch: datetime) -> Any:
    from homestretch.planner import problem as planner
    from homestretch.plans.rules import PRIZE, seconds

    points = [CENTER, *((work.lat, work.lon) for work in works)]
    return planner.Problem(
        visits=tuple(
            planner.Visit(
                work.task,
                number,
                windows=tuple(planner.Window(seconds(epoch, a), seconds(epoch, b)) for a, b in work.windows),
                service=work.service_s,
                deliver={"pieces": work.pieces},
                prize=PRIZE,
            )
            for number, work in enumerate(works, 1)
        ),
        shifts=tuple(
            planner.Shift(
                str(shift.id),
                0,
                0,
                seconds(epoch, shift.starts_at),
                seconds(epoch, shift.ends_at),
                capacity=shift.vehicle.capacity,
                costs=planner.Costs(2000, 3000, 40),
            )
            for shift in shifts
        ),
        travel=planner.Travel(
            {"van": planner.Globe([p[0] for p in points], [p[1] for p in points], SPEED_MH, DETOUR_PCT)}
        ),
        epoch=instant(epoch),
        dimensions=("pieces",),
    )


def _revision(plan: Any, question: Any, routes: dict[str, tuple[str, ...]], left: Sequence[str], at: datetime) -> None:
    from homestretch.planner.cost import plan_cost
    from homestretch.plans.judging import breaches_of
    from homestretch.plans.models import Revision
    from homestretch.plans.standing import State
    from homestretch.plans.store import problem_of

    problem = problem_of(question)
    why = {"code": "lower_priority", "shift": "", "text": "Others were worth more.", "would_let_in": "", "amount": 0}
    state = State(routes, dict.fromkeys(left, (why,)))
    breaches = [found for shift, visits in routes.items() for found in breaches_of(question.id, problem, shift, visits)]
    Revision.objects.create(
        plan=plan,
        number=1,
        question=question,
        routes=[{"shift": shift, "visits": list(visits)} for shift, visits in routes.items()],
        unassigned=[{"visit": visit, "reasons": [why]} for visit in left],
        breaches=breaches,
        cost=plan_cost(problem, state.plan),
        why="solved",
        actor="system",
        created_at=at,
    )


def instant(moment: datetime) -> str:
    """As it is stored in JSON."""
    return moment.isoformat().replace("+00:00", "Z")


def main() -> None:
    """Into the database that DATABASE_URL names."""
    from homestretch.kernel.actor import system
    from homestretch.wiring.django import set_up

    parser = argparse.ArgumentParser(description="Make up a day at once.")
    parser.add_argument("--organization", type=UUID, required=True)
    parser.add_argument("--day", type=date.fromisoformat, required=True)
    for name, default in (("routes", 300), ("stops", 10_000), ("vehicles", 500)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--running", action="store_true")
    asked = parser.parse_args()
    set_up()
    size = Size(asked.routes, asked.stops, asked.vehicles)
    at = datetime.combine(asked.day, time(9), UTC)
    made = made_day(system(asked.organization), asked.day, at=at, size=size, running=asked.running)
    print(json.dumps({"plan_id": str(made.plan_id), "routes": len(made.routes), "left": len(made.left)}))


if __name__ == "__main__":
    main()
