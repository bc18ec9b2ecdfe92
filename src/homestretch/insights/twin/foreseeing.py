"""When the stops of all routes under way are expected: what `tracking` forecasts, of vehicles that are played."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from homestretch.insights.twin.driving import Driven
from homestretch.insights.twin.scene import Roads
from homestretch.kernel.windows import Window
from homestretch.planner.problem import Matrix
from homestretch.tracking.rules.composing import Ahead
from homestretch.tracking.rules.foretelling import Real, Today, around, foretold, seen, told_by
from homestretch.tracking.rules.pace import Evidence
from homestretch.travel.rules.timing import Part, Times

DRAWS = 64  # in a replay of many days; enough for a median


def expected(driven: Sequence[Driven], roads: Roads, times: Times, at: datetime) -> Mapping[UUID, datetime]:
    """The median arrival at each stop ahead that is not reached, by id. With no model that learned (version 0) it is
    the plan's own time, as it is for forecasts of running routes."""
    asked = [each for each in driven if each.ahead and each.goes_on]
    if not asked:
        return {}
    ahead, plan_s = _ahead(asked, roads, times, at)
    told = foretold(times, ahead, today(asked, [e for e in driven if not e.ahead or not e.goes_on], times), draws=DRAWS)
    if times.version == 0:
        told = around(told, plan_s)
    return {
        stop.id: at + timedelta(seconds=round(float(told[1, row, column])))
        for row, each in enumerate(asked)
        for column, stop in enumerate(each.ahead)
        if not (column == 0 and each.state == "at_door")
    }


def today(asked: Sequence[Driven], others: Sequence[Driven], times: Times) -> Today:
    """What was driven and served so far; routes that are asked for come first."""
    every = [*asked, *others]
    group = np.zeros(len(every), np.int64)
    return Today(
        _evidence(times.legs, [each.legs for each in every]),
        _evidence(times.services, [each.services for each in every]),
        group,
    )


def _evidence(part: Part, rows: Sequence[Sequence[tuple[int, int]]]) -> Evidence:
    route = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    pairs = np.array([pair for row in rows for pair in row], float).reshape(-1, 2)
    said = part.quantiles({}, len(pairs))
    return told_by(part, seen(route, pairs[:, 0], pairs[:, 1], said), len(rows))


def _ahead(asked: Sequence[Driven], roads: Roads, times: Times, at: datetime) -> tuple[Ahead, Real]:
    rows, most = len(asked), max(len(each.ahead) for each in asked)
    widest = max([1, *(len(stop.job.windows) for each in asked for stop in each.ahead if stop.job)])
    leg_s, service_s = np.zeros((rows, most)), np.zeros((rows, most))
    opens, closes = np.full((rows, most, widest), -np.inf), np.full((rows, most, widest), np.inf)
    opens[:, :, 1:] = np.inf
    at_door = np.array([each.state == "at_door" for each in asked])
    for row, each in enumerate(asked):
        leg_s[row, : len(each.ahead)] = believed(each, roads, at)
        for column, stop in enumerate(each.ahead):
            service_s[row, column] = stop.service_s
            windows = stop.job.windows if stop.job and not (column == 0 and _served_s(each, at)) else ()
            _fill(opens[row, column], closes[row, column], windows, at)
    waits = np.array([max(0.0, (each.van.starts_at - at).total_seconds()) for each in asked])
    served = np.array([_served_s(each, at) for each in asked])
    ahead = Ahead(
        count=np.array([len(each.ahead) for each in asked]),
        leg_s=leg_s,
        leg_log=_quantiles(times.legs, rows, most),
        service_s=service_s,
        service_log=_quantiles(times.services, rows, most),
        driven_s=np.zeros(rows),
        at_door=at_door,
        served_s=served,
        opens=opens,
        closes=closes,
        waits=waits,
    )
    return ahead, _plain(ahead)


def _served_s(each: Driven, at: datetime) -> float:
    return max(0.0, (at - each.begun).total_seconds()) if each.state == "at_door" else 0.0


def believed(each: Driven, roads: Roads, at: datetime) -> list[float]:
    """Seconds of each leg ahead, from where the vehicle is."""
    points = [each.where(at), *(stop.point for stop in each.ahead)]
    table = roads.table(points, each.van.profile, at)
    matrix = table if isinstance(table, Matrix) else table.matrices[0]
    return [float(matrix.durations[number, number + 1]) for number in range(len(points) - 1)]


def _quantiles(part: Part, rows: int, most: int) -> Real:
    return part.quantiles({}, rows * most).reshape(3, rows, most)


def _fill(opens: Real, closes: Real, windows: Sequence[Window], at: datetime) -> None:
    for number, window in enumerate(windows):
        opens[number], closes[number] = (window.start - at).total_seconds(), (window.end - at).total_seconds()


def _plain(ahead: Ahead) -> Real:
    """The plan's own arrivals: no spread, no pace."""
    clock = np.zeros(len(ahead.count)) if ahead.waits is None else ahead.waits.copy()
    made = np.zeros_like(ahead.leg_s)
    for stop in range(ahead.leg_s.shape[1]):
        clock = clock + np.where(ahead.at_door & (stop == 0), 0.0, ahead.leg_s[:, stop])
        made[:, stop] = clock
        fits = clock[:, None] <= ahead.closes[:, stop]
        first = np.argmax(fits, axis=1)
        opens = ahead.opens[np.arange(len(clock)), stop, first]
        begins = np.where(fits.any(axis=1), np.maximum(clock, opens), clock)
        clock = begins + np.maximum(0.0, ahead.service_s[:, stop] - (ahead.served_s if stop == 0 else 0.0))
    return made
