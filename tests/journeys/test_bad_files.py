"""Bad files of orders through the doors: refused whole, or row by row with code and remedy; nothing half done."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook

from homestretch.kernel.ids import uuid7
from tests.journeys.bad import Town, refused, send, snapshot
from tests.orders.files import HEAD, csv_of, line, xlsx_of
from tests.work import run_jobs

IMPORTS = "/api/v1/imports"
GOOD = csv_of([line(1), line(2)])
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">%s]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"
t="inlineStr"><is><t>&j;</t></is></c></row></sheetData></worksheet>""" % b"".join(
    b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in b"bcdefghij"
)


def repacked(data: bytes, changes: dict[str, bytes]) -> bytes:
    """A workbook some of whose parts are replaced, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *changes}:
            new.writestr(name, changes[name] if name in changes else old.read(name))
    return out.getvalue()


def zip_bomb() -> bytes:
    """A workbook of 600 kB that unfolds to 600 MB."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(600):
            part.write(bytes(1_000_000))
    return out.getvalue()


def hidden_book() -> bytes:
    """A workbook without a sheet that a person sees (its only visible one is empty)."""
    book = Workbook()
    sheet = book.create_sheet("orders")
    sheet.append(list(HEAD))
    sheet.append(line(1))
    sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FILES: dict[str, tuple[str, bytes | Callable[[], bytes], str]] = {
    "0 bytes": ("orders.xlsx", b"", "import.unreadable"),
    "0 bytes of CSV": ("orders.csv", b"", "import.unreadable"),
    "a CSV cut off inside a quote": ("orders.csv", GOOD + b'F-9,"Rosa', "import.unreadable"),
    "half an XLSX": ("orders.xlsx", xlsx_of([line(1)])[:2500], "import.unreadable"),
    "a CSV that says XLSX": ("orders.xlsx", GOOD, "import.unreadable"),
    "an XLSX without its sheet": (
        *("orders.xlsx", repacked(xlsx_of([line(1)]), {"xl/worksheets/sheet1.xml": b""}), "import.unreadable"),
    ),
    "a zip of something else": (
        "orders.xlsx",
        repacked(xlsx_of([]), {"[Content_Types].xml": b""}),
        "import.unreadable",
    ),
    "a zip bomb": ("orders.xlsx", zip_bomb, "import.unreadable"),
    "a billion laughs": (
        *("orders.xlsx", repacked(xlsx_of([line(1)]), {"xl/worksheets/sheet1.xml": LAUGHS}), "import.unreadable"),
    ),
    "a hidden sheet": ("orders.xlsx", hidden_book, "import.empty"),
    "an old Excel file": ("orders.xls", b"\xd0\xcf\x11\xe0" * 100, "import.format_unsupported"),
    "a PDF": ("orders.pdf", b"%PDF-1.7 ...", "import.format_unsupported"),
    "bytes": ("orders.csv", bytes(range(256)) * 20, "import.unreadable"),
    "NULs in a CSV": ("orders.csv", GOOD.replace(b"Rosa", b"Ro\x00sa"), "import.unreadable"),
    "headings alone": ("orders.csv", csv_of([]), "import.empty"),
    "blank lines": ("orders.csv", b"\n\n\r\n\n", "import.empty"),
    "1,000 columns": ("orders.csv", b",".join(b"c%d" % n for n in range(1000)) + b"\n1\n", "import.too_many_columns"),
    "100,001 rows": ("orders.csv", b"Order ID,Address\n" + b"1,x\n" * 100_001, "import.too_many_rows"),
    "one cell of 5 MB": ("orders.csv", b"Order ID,Address\n1," + b"x" * 5_000_000 + b"\n", "import.unreadable"),
    "21 MB": ("orders.csv", b"x" * 21_000_000, "request.too_large"),
}
ROWS: dict[str, tuple[dict[str, Any], str, str]] = {
    "a formula": ({"Weight": "=1+1"}, "Weight (kg)", "import.formula_cell"),
    "a formula that calls": ({"Name": '=HYPERLINK("http://x.example")'}, "Name", "import.formula_cell"),
    "it ends before it starts": ({"To": "08:00"}, "To", "window.ends_before_start"),
    "inside a DST gap": ({"Date": "2026-03-29", "From": "02:30"}, "From", "window.in_dst_gap"),
    "(0, 0)": ({"Latitude": "0", "Longitude": "0"}, "Latitude", "place.coordinates_zero"),
    "a pin in words": ({"Latitude": "north"}, "Latitude", "cell.not_number"),
    "a negative load": ({"Weight": "-1"}, "Weight (kg)", "load.negative"),
    "a load of 400 digits": ({"Pieces": "9" * 400}, "Pieces", "cell.not_whole"),
    "infinite weight": ({"Weight": "inf"}, "Weight (kg)", "cell.not_number"),
    "weight that is none": ({"Weight": "nan"}, "Weight (kg)", "cell.not_number"),
    "a weight of 1e400": ({"Weight": "1e400"}, "Weight (kg)", "cell.not_number"),
    "two or two thousand": ({"Weight": "1,500"}, "Weight (kg)", "cell.number_ambiguous"),
    "a day of 1900": ({"Date": "1900-01-01"}, "Date", "day.out_of_range"),
    "a day of 9999": ({"Date": "9999-12-31"}, "Date", "day.out_of_range"),
    "a day that is none": ({"Date": "2026-02-30"}, "Date", "cell.not_day"),
    "a time that is none": ({"From": "25:00"}, "From", "cell.not_time"),
    "no phone": ({"Phone": "call me"}, "Phone", "contact.phone_invalid"),
    "a novel": ({"Name": "x" * 5000}, "Name", "field.too_long"),
}


def content(data: bytes | Callable[[], bytes]) -> bytes:
    return data if isinstance(data, bytes) else data()


def upload(town: Town, data: bytes, filename: str = "orders.csv") -> Any:
    """The answer to a file."""
    headers = {"Content-Type": "application/octet-stream"}
    return send(town, "key", "POST", f"{IMPORTS}?filename={filename}", data, headers)


def run(town: Town, data: bytes, filename: str = "orders.csv", action: str = "run") -> dict[str, Any]:
    """The import of a file that could be read, at its end."""
    answer = upload(town, data, filename)
    assert answer.status_code == 201, answer.content
    ident = answer.json()["id"]
    assert send(town, "key", "POST", f"{IMPORTS}/{ident}/{action}", {}).status_code == 202
    run_jobs()
    return dict(send(town, "key", "GET", f"{IMPORTS}/{ident}", None).json())


def said(town: Town, done: dict[str, Any]) -> list[dict[str, Any]]:
    return list(send(town, "key", "GET", f"{IMPORTS}/{done['id']}/refusals", None).json()["items"])


@pytest.mark.parametrize(("filename", "data", "code"), FILES.values(), ids=FILES)
def test_a_file_that_cannot_be_read_leaves_no_trace(
    town: Town, watch: Any, filename: str, data: bytes | Callable[[], bytes], code: str
) -> None:
    before = town.seen or snapshot(watch, town.folder)
    refused(upload(town, content(data), filename), code)
    town.seen = snapshot(watch, town.folder)
    assert town.seen == before


def test_bad_rows_are_refused_one_by_one_and_their_neighbors_taken(town: Town, watch: Any) -> None:
    """Every refusal names row, column, value, code and remedy; the dry run has no effect and says the same."""
    bad = [line(300 + number, **changes) for number, (changes, *_) in enumerate(ROWS.values())]
    data = csv_of([line(298), *bad, line(299), line(299)])
    orders = snapshot(watch, town.folder)["orders_order"]
    checked = run(town, data, action="check")
    assert snapshot(watch, town.folder)["orders_order"] == orders
    done = run(town, data)
    wanted = [(row, column, code) for row, (_, column, code) in enumerate(ROWS.values(), start=3)]
    wanted.append((len(ROWS) + 4, "Order ID", "import.row_repeated"))
    for result in (checked, done):
        found = said(town, result)
        assert [(row["row"], row["column"], row["code"]) for row in found] == wanted
        assert all(row["remedy"] for row in found)
        assert (result["accepted"], result["refused"]) == (2, len(wanted))
    town.seen = {}


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + GOOD,
        csv_of([line(1, Name="Zoë Müller"), line(2)], encoding="cp1252"),
        csv_of([line(1), line(2)], delimiter=";"),
        csv_of([line(1, Name="روزا 🚚"), line(2)], encoding="utf-16"),
        GOOD.replace(b"\r\n", b"\n").rstrip(),
        repacked(xlsx_of([line(1), line(2)]), {"xl/vbaProject.bin": b"macros are not read"}),
    ],
    ids=["BOM", "cp1252", "semicolons", "UTF-16", "no last line end", "macros"],
)
def test_odd_but_good_files_are_read(town: Town, data: bytes) -> None:
    checked = run(town, data, action="check")
    assert (checked["state"], checked["refused"], checked["accepted"] + checked["repeated"]) == ("checked", 0, 2)
    town.seen = {}


def test_a_row_that_was_cut_off_is_refused(town: Town) -> None:
    done = run(town, csv_of([line(401), line(402)])[:-30])
    assert [row["code"] for row in said(town, done)] == ["import.row_short"]
    assert done["accepted"] == 1
    town.seen = {}


@pytest.mark.parametrize("name", ["../../../etc/passwd", "..%5C..%5Cx.csv", "/etc/cron.d/x.csv", "<script>.csv"])
def test_a_file_name_is_a_text_and_no_path(town: Town, name: str) -> None:
    answer = upload(town, GOOD, name)
    assert answer.status_code == 201, answer.content
    blobs = {path.name for path in (town.folder / "blobs").rglob("*") if path.is_file()}
    assert all(set(blob.split(".")[0]) <= set("0123456789abcdef") for blob in blobs), blobs
    assert not {"passwd", "x.csv"} & blobs
    town.seen = {}


def test_a_file_that_is_none_of_mine(town: Town) -> None:
    refused(send(town, "key", "GET", f"{IMPORTS}/{uuid7()}", None), "import.not_found")
    refused(send(town, "key", "POST", f"{IMPORTS}/{uuid7()}/run", {}), "import.not_found")


def test_refusals_as_a_sheet_hold_no_formula(town: Town) -> None:
    """What a spreadsheet would compute is quoted on the way out."""
    done = run(town, csv_of([line(501, Weight="=cmd|'/c calc'!A1"), line(502, Weight="@SUM(1)")]))
    sheet = send(town, "key", "GET", f"{IMPORTS}/{done['id']}/refusals.csv", None).content.decode()
    cells = [cell.strip('"') for row in sheet.splitlines()[1:] for cell in row.split(",")]
    assert "'=cmd|'/c calc'!A1" in cells
    assert not [cell for cell in cells if cell[:1] in set("=+-@")]
    town.seen = {}
