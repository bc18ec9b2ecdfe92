"""Files of rows: CSV of any usual encoding and delimiter, and XLSX. Bytes in, rows of text out, one at a time.

A file that cannot be read to its end is refused whole, before anything is done with it. A formula is kept as one, for
what it would show stands in no file that can be trusted.
"""

from __future__ import annotations

import codecs
import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

from homestretch.kernel.refusal import Refusal

MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_UNPACKED = 500_000_000  # bytes that an XLSX may unfold to
SAMPLE = 50
DELIMITERS = ",;\t|"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    OSError,
    ParseError,
)


class Formula(str):
    """A cell that is computed."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of goods. `number` as a person counts: the first row of the file is 1. Cells are trimmed texts."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file is: `csv` or `xlsx`, its columns, how many rows of goods, and the first of them."""

    format: str
    columns: tuple[str, ...]
    rows: int
    sample: tuple[Row, ...]


def open_sheet(filename: str, data: bytes) -> Sheet:
    """Read a file once to its end. Refuses `import.unreadable`, `import.format_unsupported`, `import.empty`,
    `import.too_many_rows`, `import.too_many_columns`."""
    kind = _format(filename, data)
    header, sample, count = None, [], 0
    for row in _records(kind, data):
        if header is None:
            header = _names(row.cells)
            continue
        count += 1
        if count <= SAMPLE:
            sample.append(row)
        if count > MAX_ROWS:
            raise Refusal("import.too_many_rows", f"more than {MAX_ROWS} rows", remedy="split the file", limit=MAX_ROWS)
    if header is None or not count:
        raise Refusal("import.empty", "there is no row below the headings", remedy="give headings and at least one row")
    return Sheet(kind, header, count, tuple(sample))


def rows_of(kind: str, data: bytes, *, skip: int = 0) -> Iterator[Row]:
    """The rows of goods of a file that `open_sheet` has read, behind the first `skip`."""
    records = _records(kind, data)
    next(records)
    for index, row in enumerate(records):
        if index >= skip:
            yield row


def _format(filename: str, data: bytes) -> str:
    name = filename.lower()
    if not data:
        raise unreadable("the file is empty: 0 bytes")
    if data.startswith(b"PK\x03\x04"):
        return "xlsx"
    if data.startswith(b"\xd0\xcf\x11\xe0") or name.endswith((".xls", ".ods", ".numbers", ".pdf")):
        raise Refusal(
            "import.format_unsupported", "neither CSV nor XLSX", remedy="save it as CSV or XLSX", field="filename"
        )
    if name.endswith((".xlsx", ".xlsm")):
        raise unreadable("it is named XLSX and is none: the upload was cut off, or the name is wrong")
    return "csv"


def unreadable(cause: str) -> Refusal:
    """The refusal of a whole file."""
    return Refusal("import.unreadable", cause, remedy="save the file again as CSV (UTF-8) or XLSX, and send it whole")


def _records(kind: str, data: bytes) -> Iterator[Row]:
    """Every row that is not blank, the headings first."""
    cells = _csv(data) if kind == "csv" else _xlsx(data)
    for number, row in enumerate(cells, start=1):
        if len(row) > MAX_COLUMNS:
            raise Refusal("import.too_many_columns", f"{len(row)} columns", remedy=f"at most {MAX_COLUMNS}")
        if any(row):
            yield Row(number, tuple(row))


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    """The headings; a missing one is called by its letter, one that stands twice gets a number."""
    names: list[str] = []
    for index, cell in enumerate(cells):
        name = " ".join(cell.split())[:100] or f"column {_letter(index)}"
        while name in names:
            name += " (again)"
        names.append(name)
    return tuple(names)


def _letter(index: int) -> str:
    """As spreadsheets name a column: A, B ... Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _csv(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for row in reader:
            yield [_cell(cell) for cell in row]
    except csv.Error as error:
        where = f"near line {reader.line_num}"
        raise unreadable(f"{where}: a quote is not closed or a cell is too long; the file may be cut off") from error


def _cell(text: str) -> str:
    text = text.strip()
    return Formula(text) if text.startswith("=") else text


def _decoded(data: bytes) -> str:
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise unreadable("it is no text in UTF-8, UTF-16 or Windows-1252")


def _delimiter(text: str) -> str:
    """The one that cuts the first line with something in it into the most columns."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([first], delimiter=sign), [])))


def _xlsx(data: bytes) -> Iterator[list[str]]:
    try:
        _check_unfolding(data)
        yield from _sheet_rows(data)
    except _BROKEN as error:
        raise unreadable("it is no whole XLSX workbook") from error


def _check_unfolding(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED:
        raise unreadable(f"it unfolds to {unpacked} bytes")


def _sheet_rows(data: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions, which nobody asked for
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        sheet = next((s for s in book.worksheets if s.sheet_state == "visible"), None)
        if sheet is None:
            raise unreadable("the workbook has no visible sheet")
        sheet.reset_dimensions()  # some programs state a wrong one
        width = 0
        for row in sheet.iter_rows():
            cells = [_text(cell) for cell in row]
            width = width or len(cells)
            yield cells + [""] * (width - len(cells))
    finally:
        book.close()


def _text(cell: Any) -> str:
    value = cell.value
    if getattr(cell, "data_type", "n") == "f":
        return Formula(str(getattr(value, "text", value) or "="))
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return _moment(value) if isinstance(value, (date, time)) else str(value).strip()


def _moment(value: date | time) -> str:
    """A date cell as a day, a time of day, or both."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else value.isoformat(timespec="minutes")
