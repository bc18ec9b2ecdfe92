"""Tables as CSV files that a spreadsheet may open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

from homestretch.kernel.facts import plain

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: Any) -> Any:
    """A value as its cell: text that a spreadsheet would compute is quoted (OWASP: CSV injection); None is empty."""
    shown = "" if value is None else plain(value)
    return f"'{shown}" if isinstance(shown, str) and shown.startswith(FORMULA) else shown


def table(filename: str, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> HttpResponse:
    """The file, to be saved under `filename`. Rows are read within the call: keep the scope open around it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
