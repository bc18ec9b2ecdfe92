"""Tables as CSV files that a spreadsheet may open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from itertools import chain
from typing import Any, TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from homestretch.kernel.facts import plain

R = TypeVar("R", bound=HttpResponseBase)
TYPE = "text/csv; charset=utf-8"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: Any) -> Any:
    """A value as its cell: text that a spreadsheet would compute is quoted (OWASP: CSV injection); None is empty."""
    shown = "" if value is None else plain(value)
    return f"'{shown}" if isinstance(shown, str) and shown.startswith(FORMULA) else shown


def table(filename: str, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """The file, to be saved under `filename`. Rows are read within the call: keep the scope open around it."""
    return _saved(HttpResponse(_lines([columns]) + _lines(rows), content_type=TYPE), filename)


def streamed(filename: str, columns: Iterable[str], pages: Iterable[Iterable[Iterable[Any]]]) -> StreamingHttpResponse:
    """The file page by page, for what may be too long to be held. Pages are read after the call, perhaps each in
    another thread: a page opens its own scope, and closes it before it is handed over."""
    parts = chain([_lines([columns])], map(_lines, pages))
    return _saved(StreamingHttpResponse(parts, content_type=TYPE), filename)


def _lines(rows: Iterable[Iterable[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def _saved(response: R, filename: str) -> R:
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
