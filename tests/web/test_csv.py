"""A table leaves as CSV in which no cell is computed by the spreadsheet that opens it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest

from homestretch.kernel.ids import uuid7
from homestretch.web.csv import cell, table


@pytest.mark.parametrize("text", ["=1+1", "+352", "-1+cmd", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_compute_is_quoted(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_numbers_stay_numbers_and_nothing_is_empty() -> None:
    ident = uuid7()
    shown = [cell(value) for value in (-3, 0.5, None, "a=b", ident, date(2026, 11, 23))]
    assert shown == [-3, 0.5, "", "a=b", str(ident), "2026-11-23"]


def test_the_file_is_read_back_as_it_was_written() -> None:
    answer = table(
        "facts.csv", ["what", "at"], [['a "word", two', datetime(2026, 11, 23, 7, tzinfo=UTC)], ["=x", None]]
    )
    assert answer["Content-Disposition"] == 'attachment; filename="facts.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows == [["what", "at"], ['a "word", two', "2026-11-23T07:00:00Z"], ["'=x", ""]]
