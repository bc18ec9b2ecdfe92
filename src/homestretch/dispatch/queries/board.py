"""A day's routes with their stops and works: three reads, however many they are, as the board wants them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models.functions import Coalesce

from homestretch.dispatch.models import Route, Stop, StopTask
from homestretch.events.rows import among, second, text

GONE = ("rejected", "recalled")
SIDES = (("started", "start"), ("finished", "end"))


class StopLine(NamedTuple):
    """A stop in a line, with the tasks that are or were done there, those taken off left out. Ids are text, times
    seconds since 1970, windows JSON."""

    id: str
    route_id: str
    place_id: str
    state: str
    planned_arrive: int
    planned_leave: int
    service_s: int
    windows: str
    arrived_at: int | None
    ended_at: int | None
    tasks: Sequence[str]


class RouteLine(NamedTuple):
    """A route in a line. Ids are text, times seconds since 1970."""

    id: str
    shift_id: str
    plan_id: str | None
    version: int
    state: str
    start: int
    end: int
    meters: int
    cost: int
    breaks: list[dict[str, str]]


def route_lines(day: date, only: Collection[UUID] | None = None) -> list[RouteLine]:
    """The routes of a day that are or were driven (`only`: some of them), by planned start: as driven, as far as they
    are."""
    rows = Route.objects.filter(day=day).exclude(state__in=GONE)
    if only is not None:
        rows = rows.filter(id__in=only)
    started, finished = (Coalesce(f"{which}_at", f"planned_{side}") for which, side in SIDES)
    names = (text("id"), text("shift_id"), text("plan_id"), "version", "state", second(started), second(finished))
    meters = Coalesce("driven_m", "planned_m")
    lines = rows.order_by("planned_start", "id").values_list(*names, meters, "planned_cost", "breaks")
    return [RouteLine(*line) for line in lines]


def stop_lines(route_ids: Iterable[UUID | str]) -> dict[str, list[StopLine]]:
    """The stops of routes in their order, those that were taken off left out; by route."""
    found: dict[str, list[StopLine]] = {str(route_id): [] for route_id in route_ids}
    stops = among(Stop.objects.exclude(state="cancelled"), "route_id", found).order_by("route_id", "position", "id")
    ids = (text("id"), text("route_id"), text("place_id"))
    times = (second("planned_arrive"), second("planned_leave"))
    ends = (second("arrived_at"), second("ended_at"))
    rows = list(stops.values_list(*ids, "state", *times, "service_s", text("windows"), *ends))
    works = among(StopTask.objects.exclude(outcome__in=["removed", "cancelled"]), "stop_id", (row[0] for row in rows))
    tasks: dict[str, list[str]] = {}
    for stop_id, task_id in works.order_by("id").values_list(text("stop_id"), text("task_id")) if rows else ():
        tasks.setdefault(stop_id, []).append(task_id)
    for row in rows:
        found[row[1]].append(StopLine._make((*row, tasks.get(row[0], ()))))
    return found
