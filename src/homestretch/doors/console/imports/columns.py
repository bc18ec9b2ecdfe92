"""A file's columns, and what a person says that they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict

from homestretch.kernel.refusal import Refusal
from homestretch.orders.rules.columns import read_mapping
from homestretch.orders.values import ImportSettings

SURE = 0.8  # of a guess: below it the page asks to have a look

LABELS: Mapping[str, Mapping[str, str]] = {  # our fields in people's words, as they stand together
    "Order": {
        "external_id": "Order reference",
        "kind": "Kind: deliver, collect, service",
        "priority": "Priority",
        "merchant": "Merchant",
        "pin": "PIN asked at the door",
        "instructions": "Instructions for the driver",
    },
    "Recipient": {
        "name": "Name",
        "first_name": "First name",
        "last_name": "Last name",
        "company": "Company",
        "phone": "Phone",
        "email": "E-mail",
        "language": "Language",
        "recipient_id": "Customer number",
        "consent_sms": "May get SMS",
        "consent_email": "May get e-mail",
    },
    "Where": {
        "address": "Address in one line",
        "street": "Street",
        "house_number": "House number",
        "address_2": "Address, second line",
        "zip": "Postcode",
        "city": "Town",
        "region": "Region",
        "country": "Country",
        "lat": "Latitude",
        "lon": "Longitude",
        "access_notes": "How to get in",
    },
    "When": {
        "day": "Day",
        "from": "From",
        "to": "To",
        "window": "Time window",
        "service_min": "Minutes at the door",
    },
    "What": {
        "pieces": "Pieces",
        "weight_kg": "Weight in kg",
        "weight_g": "Weight in grams",
        "weight_lb": "Weight in pounds",
        "volume_m3": "Volume in m³",
        "volume_l": "Volume in liters",
        "barcode": "Barcodes",
        "skills": "What the vehicle needs",
        "proof": "Proof that is required",
    },
}
NAMES: Mapping[str, str] = {field: label for group in LABELS.values() for field, label in group.items()}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: what is in it, and which field it is taken for ('' none). `sure`: nobody need look."""

    number: int
    name: str
    examples: tuple[str, ...]
    field: str
    sure: bool


def columns_of(row: Any, mapping: Mapping[str, str], examples: Sequence[Sequence[str]]) -> list[Column]:
    """All columns, with what stands in the first rows."""
    meant = {column: field for field, column in mapping.items()}
    guessed = {guess["column"]: (guess["field"], guess["confidence"]) for guess in row.guess}
    found = []
    for number, name in enumerate(row.columns):
        cells = tuple(cells[number] for cells in examples if number < len(cells) and cells[number])[:3]
        field = meant.get(name, "")
        guess = guessed.get(name)
        found.append(
            Column(
                number, name, cells, field, not field or guess is None or guess != (field, guess[1]) or guess[1] >= SURE
            )
        )
    return found


def guessed(row: Any) -> dict[str, str]:
    """The mapping that stands, else the guess."""
    return dict(row.mapping) or {guess["field"]: guess["column"] for guess in row.guess}


def settings_of(form: QueryDict, columns: Sequence[str]) -> ImportSettings:
    """What a form says. Refuses `import.field_twice` and what a mapping refuses."""
    mapping: dict[str, str] = {}
    for number, column in enumerate(columns):
        field = form.get(f"column-{number}", "")
        if field in mapping:
            raise Refusal(
                "import.field_twice",
                f"two columns are taken for “{NAMES.get(field, field)}”: {mapping[field]} and {column}",
                remedy="leave one of them out",
                field="mapping",
            )
        if field:
            mapping[field] = column
    day, depot = None, None
    with suppress(ValueError):
        day = date.fromisoformat(form.get("day", ""))
    with suppress(ValueError):
        depot = UUID(form.get("depot", ""))
    return ImportSettings(read_mapping(mapping, columns), day, "", "", depot)
