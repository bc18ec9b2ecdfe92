"""The plots: what each is called, how it is drawn, the columns of its table, and which rows stand behind it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from homestretch.insights.calibration import CALIBRATION as CALIBRATED
from homestretch.insights.measures import MEASURES, OUTCOMES

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a plot's table. `unit`: what the raw value is: percent (of a share), km (of meters), h (of seconds),
    min, money (minor units), count, text."""

    name: str
    label: str
    unit: str = "count"


@dataclass(frozen=True, slots=True)
class Plot:
    """`measure`: whose definition it has; `kind`, `only`: the rows behind all of it; `link`: what narrows them to those
    of one row of the table; `read`: the table's rows from all measures."""

    name: str
    title: str
    measure: str
    chart: str
    kind: str
    columns: tuple[Column, ...]
    read: Callable[[Mapping[str, Any]], list[dict[str, Any]]]
    only: Mapping[str, Any] = field(default_factory=dict)
    link: Callable[[Row], Mapping[str, Any]] = dict
    wide: bool = False

    @property
    def definition(self) -> str:
        """The measure's docstring, which is its definition."""
        function = next(one for one in (*MEASURES, *CALIBRATED) if one.__name__ == self.measure)
        return " ".join((inspect.getdoc(function) or "").split())


def _days(*names: str) -> Callable[[Mapping[str, Any]], list[dict[str, Any]]]:
    """The days on which any of these is known."""

    def read(found: Mapping[str, Any]) -> list[dict[str, Any]]:
        days = [{name: day[name] for name in ("day", *names)} for day in found["by_day"]]
        return [day for day in days if any(day[name] for name in names)]

    return read


def _whole(name: str) -> Callable[[Mapping[str, Any]], list[dict[str, Any]]]:
    return lambda found: list(found[name])


def _scores(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    ratings = found["ratings"]
    return [{"score": int(n), "orders": count} for n, count in ratings["scores"].items()] if ratings["count"] else []


def _places(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"place": place["place_id"], **place} for place in found["dwell"]["places"]]


def _on(row: Row) -> dict[str, Any]:
    """The rows of one day."""
    return {"first": row["day"], "last": row["day"]}


def _same(*names: str) -> Callable[[Row], Mapping[str, Any]]:
    return lambda row: {name: row[name] for name in names}


DAY = Column("day", "Day", "text")

PLOTS: tuple[Plot, ...] = (
    Plot(
        name="on-time",
        title="On time, day by day",
        measure="on_time",
        chart="line",
        kind="tasks",
        columns=(
            DAY,
            Column("on_time", "On time", "percent"),
            Column("attempts", "Attempts"),
            Column("failed", "Failed"),
        ),
        read=_days("on_time", "attempts", "failed"),
        only={"due": 1},
        link=_on,
        wide=True,
    ),
    Plot(
        name="on-time-by-hour",
        title="On time by hour and weekday",
        measure="on_time_by_hour",
        chart="heat",
        kind="tasks",
        columns=(
            Column("weekday", "Weekday", "weekday"),
            Column("hour", "Hour", "hour"),
            Column("share", "On time", "percent"),
            Column("due", "Promises"),
        ),
        read=_whole("on_time_by_hour"),
        only={"due": 1},
        link=_same("weekday", "hour"),
    ),
    Plot(
        name="eta-error",
        title="How far off forecasts were",
        measure="eta_error",
        chart="eta",
        kind="etas",
        columns=(
            Column("horizon_min", "Ahead", "min"),
            Column("median_min", "Half within", "min"),
            Column("p90_min", "Nine of ten within", "min"),
            Column("bias_min", "Late by, mean", "min"),
            Column("inside", "Inside the forecast", "percent"),
            Column("count", "Arrivals"),
        ),
        read=_whole("eta_error"),
        link=_same("horizon_min"),
    ),
    Plot(
        name="failures",
        title="Why attempts failed",
        measure="failure_shares",
        chart="pareto",
        kind="tasks",
        columns=(
            Column("reason", "Reason", "reason"),
            Column("count", "Attempts"),
            Column("share", "Share", "percent"),
            Column("together", "Together", "percent"),
        ),
        read=_whole("failure_shares"),
        only={"outcome": "failed"},
        link=_same("reason"),
    ),
    Plot(
        name="attempts",
        title="Attempts",
        measure="attempts_funnel",
        chart="funnel",
        kind="tasks",
        columns=(
            Column("attempt", "Attempt", "attempt"),
            Column("tried", "Tried"),
            *(Column(outcome, outcome.capitalize()) for outcome in OUTCOMES),
        ),
        read=_whole("attempts_funnel"),
        link=_same("attempt"),
    ),
    Plot(
        name="planned-driven",
        title="Planned against driven",
        measure="planned_against_driven",
        chart="pair",
        kind="routes",
        columns=(
            DAY,
            Column("planned_m", "Planned distance", "km"),
            Column("driven_m", "Driven distance", "km"),
            Column("planned_s", "Planned time", "h"),
            Column("driven_s", "Time taken", "h"),
        ),
        read=_days("planned_m", "driven_m", "planned_s", "driven_s"),
        link=_on,
        wide=True,
    ),
    Plot(
        name="dwell",
        title="Time at the door, by place",
        measure="dwell",
        chart="bars",
        kind="halts",
        columns=(
            Column("place", "Place", "place"),
            Column("halts", "Halts"),
            Column("mean_min", "Taken, mean", "min"),
            Column("planned_min", "Planned, mean", "min"),
        ),
        read=_places,
        link=_same("place_id"),
    ),
    Plot(
        name="ratings",
        title="Ratings",
        measure="ratings",
        chart="scores",
        kind="tasks",
        columns=(Column("score", "Score", "score"), Column("orders", "Orders")),
        read=_scores,
        only={"rated": 1},
        link=_same("score"),
    ),
    Plot(
        name="cost",
        title="Cost per stop, day by day",
        measure="cost_per_stop",
        chart="line",
        kind="routes",
        columns=(DAY, Column("cost_per_stop", "Per stop", "money"), Column("stops", "Stops")),
        read=_days("cost_per_stop", "stops"),
        link=_on,
        wide=True,
    ),
)

CALIBRATION: tuple[Plot, ...] = (
    Plot(
        name="forecasts-held",
        title="Forecasts that held",
        measure="forecasts_held",
        chart="held",
        kind="etas",
        columns=(
            Column("horizon_min", "Ahead", "min"),
            Column("count", "Arrivals"),
            Column("inside", "Between p10 and p90", "percent"),
            Column("low", "At least", "percent"),
            Column("high", "At most", "percent"),
            Column("early", "Before p10", "percent"),
            Column("late", "After p90", "percent"),
            Column("mean_min", "Off by, mean", "min"),
            Column("bias_min", "Late by, median", "min"),
            Column("verdict", "Read as", "verdict"),
        ),
        read=_whole("forecasts_held"),
        link=_same("horizon_min"),
    ),
    Plot(
        name="windows-held",
        title="Windows that held",
        measure="windows_held",
        chart="held",
        kind="tasks",
        columns=(
            Column("ahead_min", "First told", "ahead"),
            Column("count", "Promises"),
            Column("kept", "Kept", "percent"),
            Column("low", "At least", "percent"),
            Column("high", "At most", "percent"),
            Column("verdict", "Read as", "verdict"),
        ),
        read=_whole("windows_held"),
        only={"due": 1},
        link=_same("ahead_min"),
    ),
)
BY_NAME = {plot.name: plot for plot in (*PLOTS, *CALIBRATION)}
