"""Tables as a person reads them, and the same numbers for the script that draws them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from homestretch.doors.console.measures.asked import Asked
from homestretch.doors.console.measures.plots import Column, Plot
from homestretch.doors.console.measures.words import HIDDEN, Words, label
from homestretch.fleet import queries as fleet
from homestretch.insights import queries
from homestretch.orders import queries as orders
from homestretch.places import queries as places

LEADS = {"order_id": "/orders/{}", "place_id": "/places/{}"}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its cells as words, and the address of the rows behind it."""

    cells: list[str]
    query: str


@dataclass(frozen=True, slots=True)
class Table:
    """A plot's table, and what its script draws. `text`: how many of the first columns are words, not numbers."""

    plot: Plot
    rows: list[Line]
    drawn: dict[str, Any]

    @property
    def columns(self) -> Sequence[Column]:
        """Its columns."""
        return self.plot.columns


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a fact's row; `leads` is the address of the page about it."""

    said: str
    leads: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Facts as a person reads them."""

    head: list[tuple[str, bool]]
    lines: list[list[Cell]]


def headline(found: Mapping[str, Any], words: Words) -> list[tuple[str, str, str]]:
    """The numbers above the plots: name of the plot that each belongs to, label, value."""
    ratings = found["ratings"]
    mean = f"{ratings['mean']:.2f}" if ratings["mean"] is not None else None
    return [
        ("on-time", "on time", words.say(found["on_time"], "percent")),
        ("attempts", "done at the first attempt", words.say(found["first_attempt_rate"], "percent")),
        ("attempts", "attempts", words.say(found["attempts"], "count")),
        ("planned-driven", "stops an hour", words.say(found["stops_per_hour"], "plain")),
        ("cost", "a stop", words.say(found["cost_per_stop"], "money")),
        ("ratings", f"of 5, mean of {ratings['count']} ratings" if mean else "no rating yet", words.say(mean, "plain")),
    ]


def table_of(plot: Plot, rows: list[dict[str, Any]], asked: Asked, words: Words) -> Table:
    """The table of these raw rows, inside the scope."""
    if plot.name == "dwell":
        words = replace(words, names={**words.names, **_places({UUID(row["place_id"]) for row in rows})})
    said = [[words.say(row[column.name], column.unit) for column in plot.columns] for row in rows]
    queries_of = [asked.with_more({**plot.only, **plot.link(row)}) for row in rows]
    lines = [Line(cells, query) for cells, query in zip(said, queries_of, strict=True)]
    drawn = {
        "name": plot.name,
        "chart": plot.chart,
        "title": plot.title,
        "columns": [{"name": c.name, "label": c.label, "unit": c.unit} for c in plot.columns],
        "rows": [
            {
                **{c.name: row[c.name] for c in plot.columns},
                "said": line.cells,
                "href": f"/measures/{plot.name}?{line.query}",
            }
            for row, line in zip(rows, lines, strict=True)
        ],
    }
    return Table(plot, lines, drawn)


def rows_of(kind: str, page: list[dict[str, Any]], words: Words) -> Rows:
    """Facts with names instead of ids."""
    names = [name for name in queries.COLUMNS[kind] if name not in HIDDEN]
    numbers = {name for name in names if name.endswith(("_s", "_m", "_min")) or name in NUMBERS}
    lines = [[_cell(name, row[name], words, number=name in numbers) for name in names] for row in page]
    return Rows([(label(name), name in numbers) for name in names], lines)


NUMBERS = {"attempt", "score", "stops", "cost"}


def _cell(name: str, value: Any, words: Words, *, number: bool) -> Cell:
    leads = LEADS[name].format(value) if name in LEADS and value in words.names else ""
    return Cell(words.cell(name, value), leads, number)


def names_of(page: Iterable[Mapping[str, Any]]) -> dict[UUID, str]:
    """What people call the drivers, vehicles, places and orders of these rows, inside the scope."""
    ids: dict[str, set[UUID]] = {}
    for row in page:
        for name in ("driver_id", "vehicle_id", "place_id", "order_id"):
            if row.get(name) is not None:
                ids.setdefault(name, set()).add(row[name])
    found: dict[UUID, str] = {}
    for name, rows in (("driver_id", fleet.drivers), ("vehicle_id", fleet.vehicles)):
        found |= {one.id: one.name for one in rows().filter(id__in=ids.get(name, ()))}
    found |= _places(ids.get("place_id", set()))
    known = orders.orders().filter(id__in=ids.get("order_id", ())).values_list("id", "external_id")
    return found | {ident: external_id or str(ident)[-12:] for ident, external_id in known}


def _places(ids: set[UUID]) -> dict[UUID, str]:
    return {ident: place.label or place.address for ident, place in places.places_by_id(ids).items()}
