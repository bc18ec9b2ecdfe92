"""A made day on the road at an instant: routes started, what is past done and promised, what is ahead forecast."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bench.made_day import Work, bulk, instant

BEHIND = timedelta(minutes=20)  # how far a route is from its plan, at most
SILENT = 23  # one vehicle in so many


@dataclass
class Rows:
    """What is to be written, by table, and the tasks that are done."""

    routes: list[Any] = field(default_factory=list)
    stops: list[Any] = field(default_factory=list)
    tasks: list[Any] = field(default_factory=list)
    forecasts: list[Any] = field(default_factory=list)
    vehicles: list[Any] = field(default_factory=list)
    promises: list[Any] = field(default_factory=list)
    done: list[Work] = field(default_factory=list)


def on_road(
    chance: random.Random,
    plan: Any,
    shifts: Sequence[Any],
    routes: dict[str, tuple[str, ...]],
    works: Sequence[Work],
    at: datetime,
) -> None:
    """The plan released and driven until `at`."""
    from homestretch.kernel.units import read_instant
    from homestretch.orders.models import Order, Task
    from homestretch.planner import problem as planner
    from homestretch.planner.cost import route_cost
    from homestretch.planner.schedule import schedule
    from homestretch.plans.models import Plan, Question
    from homestretch.plans.store import problem_of

    problem = problem_of(Question.objects.get(plan=plan))
    known, epoch = {work.task: work for work in works}, read_instant(problem.epoch)
    by_id = {str(shift.id): shift for shift in shifts}
    rows = Rows()
    for number, (name, visits) in enumerate(routes.items()):
        times = schedule(problem, planner.Route(name, visits))
        route = _route(plan, by_id[name], times, route_cost(problem, times), epoch)
        late = timedelta(seconds=chance.uniform(-0.3, 1) * BEHIND.total_seconds())
        rows.routes.append(route)
        here = _driven(rows, route, [(stop, known[stop.visit]) for stop in times.stops], epoch, late, at)
        rows.vehicles.append(_vehicle(route, here, at, silent=number % SILENT == 5))
    for made in (rows.routes, rows.stops, rows.tasks, rows.forecasts, rows.vehicles, rows.promises):
        if made:
            bulk(made)
    for route in rows.routes:
        Task.objects.filter(id__in=routes[str(route.shift_id)]).update(route_id=route.id)
    orders = Order.objects.filter(id__in=[known[task].order for visits in routes.values() for task in visits])
    orders.update(state="scheduled")
    Task.objects.filter(id__in=[work.task for work in rows.done]).update(state="completed", route_id=None)
    Order.objects.filter(id__in=[work.order for work in rows.done]).update(state="completed")
    Plan.objects.filter(id=plan.id).update(state="released")


def _driven(
    rows: Rows, route: Any, stops: Sequence[tuple[Any, Work]], epoch: datetime, late: timedelta, at: datetime
) -> Work:
    """The stops of a route as they stand at `at`; where its vehicle is."""
    from homestretch.orders.models import Promise
    from homestretch.tracking.models import Forecast

    here = stops[0][1]
    for number, (timed, work) in enumerate(stops):
        done = epoch + timedelta(seconds=timed.leave) + late < at
        row, rest = _stop(route, number, (timed, work), epoch, late if done else None)
        arrive = row.planned_arrive
        promised = {"start": arrive - timedelta(minutes=30), "end": arrive + timedelta(minutes=90)}
        who = {"made_at": epoch, "source": "release", "actor": "system", "order_id": work.order, "task_id": work.task}
        rows.stops.append(row)
        rows.tasks.append(rest)
        rows.promises.append(Promise(**who, **promised))
        if done:
            rows.done.append(work)
            here = work
            continue
        p50 = max(at, arrive + late)
        spans = {"p10": p50 - timedelta(minutes=6), "p50": p50, "p90": p50 + timedelta(minutes=11)}
        rows.forecasts.append(Forecast(stop=row, route=route, made_at=at, **spans))
        if number and rows.stops[-2].state == "completed":
            row.state = "en_route"
    return here


def _vehicle(route: Any, here: Work, at: datetime, *, silent: bool) -> Any:
    from homestretch.tracking.models import Whereabouts

    heard = at - (timedelta(minutes=12) if silent else timedelta(seconds=10))
    return Whereabouts(route=route, at=heard, lat=here.lat, lon=here.lon, bearing_deg=90, silent=silent)


def _route(plan: Any, shift: Any, times: Any, cost: int, epoch: datetime) -> Any:
    from homestretch.dispatch.models import Route

    leaves, ends = (epoch + timedelta(seconds=second) for second in (times.depart, times.finish))
    return Route(
        plan=plan,
        revision=1,
        shift=shift,
        vehicle=shift.vehicle,
        driver=shift.driver,
        day=plan.day,
        state="started",
        planned_start=leaves,
        planned_end=ends,
        planned_m=times.meters,
        planned_cost=cost,
        started_at=leaves,
    )


def _stop(route: Any, number: int, what: tuple[Any, Work], epoch: datetime, late: timedelta | None) -> tuple[Any, Any]:
    """`late`: how much later than planned it was done; None: it is ahead."""
    from homestretch.dispatch.models import Stop, StopTask

    timed, work = what
    arrive, leave = (epoch + timedelta(seconds=second) for second in (timed.arrive, timed.leave))
    row = Stop(
        route=route,
        place_id=work.place,
        position=number + 1,
        state="planned" if late is None else "completed",
        planned_arrive=arrive,
        planned_leave=leave,
        service_s=work.service_s,
        windows=[{"start": instant(start), "end": instant(end)} for start, end in work.windows],
        arrived_at=None if late is None else arrive + late,
        ended_at=None if late is None else leave + late,
    )
    outcome = "" if late is None else "completed"
    return row, StopTask(stop=row, task_id=work.task, order_id=work.order, live=late is None, outcome=outcome)
