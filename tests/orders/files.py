"""Files of orders, and the way they take."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from openpyxl import Workbook

from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.orders import actions, queries
from homestretch.orders.intake import receive_file
from homestretch.orders.values import ImportSettings
from tests.town.places import AT, spot
from tests.work import run_jobs

HEAD = ("Order ID", "Name", "Address", "Latitude", "Longitude", "Phone", "From", "To", "Date", "Weight (kg)", "Pieces")


def line(number: int = 1, **changes: Any) -> list[Any]:
    """A good row under `HEAD`; `changes` by the heading's first word."""
    point = spot(number)
    values: dict[str, Any] = {
        "Order": f"F-{number}",
        "Name": f"Rosa {number}",
        "Address": f"Mill Lane {number}, Town",
        "Latitude": f"{point.lat:.6f}",
        "Longitude": f"{point.lon:.6f}",
        "Phone": "621 100 200",
        "From": "09:00",
        "To": "12:00",
        "Date": "2026-11-23",
        "Weight": "1.5",
        "Pieces": "2",
    }
    return list({**values, **changes}.values())


def csv_of(
    rows: Iterable[Sequence[Any]], head: Sequence[str] = HEAD, *, delimiter: str = ",", encoding: str = "utf-8"
) -> bytes:
    """The rows as a CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([head, *rows])
    return out.getvalue().encode(encoding)


def xlsx_of(rows: Iterable[Sequence[Any]], head: Sequence[str] = HEAD) -> bytes:
    """The rows as a workbook."""
    book = Workbook()
    sheet = book.active
    for row in [head, *rows]:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def receive(by: Actor, data: bytes, filename: str = "orders.csv") -> Any:
    """A file, received."""
    return receive_file(filename, data, by=by, at=AT)


def check(by: Actor, data: bytes, filename: str = "orders.csv", **settings: Any) -> Any:
    """A file, dry run."""
    received = receive(by, data, filename)
    actions.check_import(received.id, ImportSettings(**settings), by=by, at=AT)
    run_jobs()
    return again(by, received.id)


def run(by: Actor, data: bytes, filename: str = "orders.csv", **settings: Any) -> Any:
    """A file, run to its end."""
    received = receive(by, data, filename)
    actions.run_import(received.id, ImportSettings(**settings), by=by, at=AT)
    run_jobs()
    return again(by, received.id)


def again(by: Actor, import_id: UUID) -> Any:
    """The import as it stands."""
    with scope(by):
        return queries.get_import(import_id)


def refusals(by: Actor, import_id: UUID) -> list[tuple[int, str, str, str]]:
    """Row, column, value and code of each refusal."""
    with scope(by):
        rows = queries.import_refusals(import_id).order_by("row")
        return list(rows.values_list("row", "column", "value", "code"))


def counts(row: Any) -> tuple[str, int, int, int]:
    """State, accepted, repeated, refused."""
    return row.state, row.accepted, row.repeated, row.refused
