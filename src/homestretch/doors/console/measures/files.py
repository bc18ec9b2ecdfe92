"""Tables and rows as files: CSV and JSON page by page, XLSX whole (a spreadsheet of the format can't be streamed)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from openpyxl import Workbook

from homestretch.events.scope import scope
from homestretch.insights import queries
from homestretch.insights.queries import Narrow
from homestretch.insights.values import Period
from homestretch.kernel.actor import Actor
from homestretch.web.csv import cell, streamed
from homestretch.web.wire import dumps

PAGE = 2000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_XLSX = 1_048_575  # rows that a sheet of the format holds beside its header
Pages = Iterable[Sequence[Sequence[Any]]]


def made(form: str, name: str, columns: Sequence[str], pages: Pages) -> HttpResponseBase:
    """The file in the form asked for: csv, xlsx or json. Raises `Http404` for another."""
    if form == "csv":
        return streamed(f"{name}.csv", columns, pages)
    if form == "xlsx":
        return _saved(HttpResponse(_workbook(columns, pages), content_type=XLSX), f"{name}.xlsx")
    if form == "json":
        parts = StreamingHttpResponse(_json(columns, pages), content_type="application/json")
        return _saved(parts, f"{name}.json")
    raise Http404


def pages_of(by: Actor, kind: str, period: Period, narrow: Narrow) -> Iterator[list[list[Any]]]:
    """All rows, each page in a short transaction of its own."""
    after = None
    while True:
        with scope(by):
            rows = queries.page_of(kind, period, narrow, after=after, most=PAGE)
        if rows:
            yield [[row[name] for name in queries.COLUMNS[kind]] for row in rows]
        if len(rows) < PAGE:
            return
        after = (rows[-1]["day"], rows[-1]["id"])


def _workbook(columns: Sequence[str], pages: Pages) -> bytes:
    """Numbers and times as such, in UTC (the format knows no zones); what a spreadsheet would compute is text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("rows")
    sheet.append(list(columns))
    left = MOST_XLSX
    for page in pages:
        for row in page[:left]:
            sheet.append([_value(value) for value in row])
        left -= min(left, len(page))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return value if isinstance(value, int | float | bool) or value is None else cell(value)


def _json(columns: Sequence[str], pages: Pages) -> Iterator[str]:
    """A list of objects, a line each."""
    before = "["
    for page in pages:
        for row in page:
            yield f"{before}\n{dumps(dict(zip(columns, row, strict=True)))}"
            before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def _saved(response: Any, filename: str) -> Any:
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
