"""Headings of real exports are understood, and cells are read as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from homestretch.kernel.refusal import Refusal
from homestretch.orders.rules import cells
from homestretch.orders.rules.columns import WORDS, guess
from homestretch.orders.rules.sheets import open_sheet
from tests.orders.files import csv_of, line

EXPORTS = {
    "onfleet": (
        [
            "Order_Number",
            "Recipient_Name",
            "Recipient_Phone",
            "Address_Line1",
            "City",
            "Postal_Code",
            "Recipient_Notes",
        ],
        ["external_id", "name", "phone", "street", "city", "zip", "instructions"],
    ),
    "shop": (
        ["Name", "Email", "Shipping Street", "Shipping City", "Shipping Zip", "Shipping Country", "Notes", "Id"],
        ["name", "email", "street", "city", "zip", "country", "instructions", "external_id"],
    ),
    "german": (
        [
            "Auftragsnr.",
            "Empfänger",
            "Straße",
            "Hausnr.",
            "PLZ",
            "Ort",
            "Telefon",
            "Zeitfenster",
            "Gewicht (kg)",
            "Stückzahl",
        ],
        ["external_id", "name", "street", "house_number", "zip", "city", "phone", "window", "weight_kg", "pieces"],
    ),
    "french": (
        [
            "N° commande",
            "Nom du client",
            "Adresse",
            "Code postal",
            "Ville",
            "Téléphone",
            "Créneau horaire",
            "Poids (kg)",
        ],
        ["external_id", "name", "address", "zip", "city", "phone", "window", "weight_kg"],
    ),
    "dataset": (
        ["Route_ID", "stop", "type", "lat", "lng", "zone_id", "deliveryDate", "serviceTime"],
        [None, None, "kind", "lat", "lon", None, "day", "service_min"],
    ),
    "misspelled": (["adress", "lattitude", "longtitude", "qty"], ["address", "lat", "lon", "pieces"]),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_the_headings_of_an_export_are_guessed(name: str) -> None:
    columns, fields = EXPORTS[name]
    found = {g.column: g.field for g in guess(columns, [])}
    assert [found.get(column) for column in columns] == fields


def test_what_stands_below_a_heading_makes_a_guess_surer_or_drops_it() -> None:
    (sure,) = guess(["Mail"], [["rosa@example.com"]])
    (unsure,) = guess(["Mail"], [["letterbox 7"]])
    assert (sure.field, sure.confidence) == ("email", 1.0)
    assert unsure.confidence < sure.confidence
    assert guess(["contact mail address lat"], [["x"]]) == [] or all(
        g.confidence >= 0.5 for g in guess(["a lat"], [["x"]])
    )


def test_no_heading_means_two_fields() -> None:
    seen: dict[str, str] = {}
    for field, words in WORDS.items():
        for word in words.split(","):
            assert seen.setdefault(word.strip(), field) == field, word


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_read_in_any_usual_encoding_and_delimiter(delimiter: str, encoding: str) -> None:
    rows = [line(1, Name="Müller, Zoë", Address="Rue de l'Été 5\nTown")]
    sheet = open_sheet("orders.csv", csv_of(rows, delimiter=delimiter, encoding=encoding))
    assert sheet.sample[0].cells[1:3] == ("Müller, Zoë", "Rue de l'Été 5\nTown")
    assert sheet.columns[0] == "Order ID"


def test_columns_without_a_name_or_with_the_same_can_be_told_apart() -> None:
    sheet = open_sheet("orders.csv", b"Name,,Name\na,b,c\n\n,,\nd,e,f\n")
    assert sheet.columns == ("Name", "column B", "Name (again)")
    assert [row.number for row in sheet.sample] == [2, 5]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8", "08:00"),
        ("8:30", "08:30"),
        ("08.30", "08:30"),
        ("8h30", "08:30"),
        ("0830", "08:30"),
        ("8 Uhr", "08:00"),
        ("8:30 pm", "20:30"),
        ("12am", "00:00"),
        ("2026-11-23 08:30:00", "08:30"),
        ("23:59:59", "23:59"),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, expected: str) -> None:
    assert cells.clock(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("08:00-12:00", [("08:00", "12:00")]),
        ("8 to 12; 14–18", [("08:00", "12:00"), ("14:00", "18:00")]),
        ("zwischen 8 und 12 Uhr", [("08:00", "12:00")]),
        ("de 9h à 11h30", [("09:00", "11:30")]),
    ],
)
def test_a_window_is_read_as_people_write_it(text: str, expected: list[tuple[str, str]]) -> None:
    assert cells.spans(text) == expected


@pytest.mark.parametrize(
    ("text", "month_first", "expected"),
    [
        ("2026-11-03", False, date(2026, 11, 3)),
        ("03.11.2026", True, date(2026, 11, 3)),
        ("03/11/26", False, date(2026, 11, 3)),
        ("11/03/2026", True, date(2026, 11, 3)),
        ("11/23/2026", False, date(2026, 11, 23)),
        ("23/11/2026", True, date(2026, 11, 23)),
    ],
)
def test_a_day_is_read_as_the_country_writes_it(text: str, month_first: bool, expected: date) -> None:
    assert cells.day(text, month_first=month_first) == expected


@pytest.mark.parametrize(
    ("read", "text", "code"),
    [
        (cells.number, "1,500", "cell.number_ambiguous"),
        (cells.number, "heavy", "cell.not_number"),
        (cells.whole, "1.5", "cell.not_whole"),
        (cells.clock, "25:00", "cell.not_time"),
        (cells.spans, "mornings", "cell.not_window"),
        (lambda text: cells.day(text, month_first=False), "31.02.2026", "cell.not_day"),
        (cells.yes, "perhaps", "cell.not_yes_or_no"),
        (cells.kind, "juggle", "task.kind_unknown"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused(read: object, text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(text)  # type: ignore[operator]
    assert refused.value.code == code
    assert refused.value.remedy
