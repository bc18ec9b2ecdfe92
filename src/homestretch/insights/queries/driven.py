"""The facts of days, as what models of times are trained from and held against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from homestretch.accounts import queries as accounts
from homestretch.insights.models import HaltFact, LegFact
from homestretch.insights.training.driven import SERVICE_NUMBERS, Driven
from homestretch.kernel.units import read_instant

MOST_ROUTES, MOST_HALTS = 30_000, 400
_LEG = ("stop_id", "profile", "cell_from", "cell_to", "left_at", "planned_s", "planned_m", "weather")
_HALT: tuple[str, ...] = (
    "day",
    "route_id",
    "stop_id",
    "driver_id",
    "depot_id",
    "place_id",
    "arrived_at",
    "begun_at",
    "service_s",
)
_HALT += ("planned_s", "windows", "effort")
Rows = list[tuple[dict[str, Any], dict[str, Any]]]


def driven(first: date, last: date) -> Driven | None:
    """The routes of the days [first, last] whose legs and halts are known, the latest 30,000; None: none is."""
    legs = {
        row["stop_id"]: row
        for row in LegFact.objects.filter(day__range=(first, last), stop_id__isnull=False, planned_s__gt=0).values(
            *_LEG
        )
    }
    routes: dict[UUID, Rows] = defaultdict(list)
    halts = HaltFact.objects.filter(day__range=(first, last), begun_at__isnull=False, service_s__gt=0, planned_s__gt=0)
    for halt in halts.order_by("day", "route_id", "arrived_at").values(*_HALT):
        leg = legs.get(halt["stop_id"])
        if leg is not None and len(routes[halt["route_id"]]) < MOST_HALTS:
            routes[halt["route_id"]].append((leg, halt))
    whole = [rows for rows in routes.values() if rows][-MOST_ROUTES:]
    return _arrays(whole, ZoneInfo(accounts.organization().zone)) if whole else None


def _arrays(routes: Sequence[Rows], zone: ZoneInfo) -> Driven:
    shape = (len(routes), max(map(len, routes)))
    windows = max(1, *(len(halt["windows"]) for rows in routes for _, halt in rows))
    seconds = ("left", "arrived", "gone", "leg_plan_s", "leg_m", "service_plan_s", "service_s")
    reals = {name: np.full(shape, np.nan) for name in (*seconds, *SERVICE_NUMBERS)}
    texts = {
        name: np.full(shape, "", dtype="<U64")
        for name in ("place", "cell_from", "cell_to", "weather", "kind", "skills")
    }
    opens, closes = np.full((*shape, windows), np.inf), np.full((*shape, windows), np.inf)
    for row, halts in enumerate(routes):
        for column, (leg, halt) in enumerate(halts):
            for name, value in _numbers(leg, halt).items():
                reals[name][row, column] = np.nan if value is None else value
            for name, text in _texts(leg, halt).items():
                texts[name][row, column] = text
            opens[row, column], closes[row, column] = _windows(halt["windows"], windows)
    firsts = [rows[0] for rows in routes]
    return Driven(
        count=np.array([len(rows) for rows in routes]),
        day=np.array([halt["day"].toordinal() for _, halt in firsts]),
        depot=np.array([str(halt["depot_id"]) for _, halt in firsts]),
        driver=np.array([str(halt["driver_id"]) for _, halt in firsts]),
        profile=np.array([leg["profile"] for leg, _ in firsts]),
        offset_s=np.array([_offset_s(leg["left_at"], zone) for leg, _ in firsts], float),
        **{name: reals[name] for name in seconds},
        opens=opens,
        closes=closes,
        place=texts.pop("place"),
        names=texts,
        numbers={name: reals[name] for name in SERVICE_NUMBERS},
    )


def _numbers(leg: dict[str, Any], halt: dict[str, Any]) -> dict[str, float | None]:
    return {
        "left": leg["left_at"].timestamp(),
        "arrived": halt["arrived_at"].timestamp(),
        "gone": halt["begun_at"].timestamp() + halt["service_s"],
        "leg_plan_s": leg["planned_s"],
        "leg_m": leg["planned_m"],
        "service_plan_s": halt["planned_s"],
        "service_s": halt["service_s"],
        **{name: halt["effort"].get(name) for name in SERVICE_NUMBERS},
    }


def _texts(leg: dict[str, Any], halt: dict[str, Any]) -> dict[str, str]:
    said = {name: str(leg[name]) for name in ("cell_from", "cell_to", "weather")}
    return {
        **said,
        "place": str(halt["place_id"]),
        **{n: str(halt["effort"].get(n, ""))[:64] for n in ("kind", "skills")},
    }


def _windows(spans: Sequence[dict[str, str]], most: int) -> tuple[list[float], list[float]]:
    known = [(read_instant(span["start"]).timestamp(), read_instant(span["end"]).timestamp()) for span in spans]
    rows = known or [(-np.inf, np.inf)]
    rows += [(np.inf, np.inf)] * (most - len(rows))
    return [start for start, _ in rows], [end for _, end in rows]


def _offset_s(moment: datetime, zone: ZoneInfo) -> float:
    offset = moment.astimezone(zone).utcoffset()
    return offset.total_seconds() if offset else 0.0
