"""From a row of a file to the raw order that every door reads, and back from a refused field to its column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import read_loads
from homestretch.orders.rules import cells
from homestretch.orders.rules.order import read_order
from homestretch.orders.rules.reading import inside
from homestretch.orders.rules.sheets import Formula, Row
from homestretch.orders.values import OrderData, Reading

MONTH_FIRST = frozenset({"US", "PH", "FM", "PW"})  # countries that write the month first
SHOWN = 60  # characters of a refused value that are kept
PIECES = {"pieces": 1}
GRAMS = {"weight_g": 1, "weight_kg": 1000, "weight_lb": 453.59237}
CUBIC_CM = {"volume_l": 1000, "volume_m3": 1_000_000}

# Where a refused path of an order came from, first fit; the fields in the order in which they are looked for.
_PATHS: Sequence[tuple[str, tuple[str, ...]]] = (
    (r"recipient\.external_id", ("recipient_id",)),
    (r"recipient\.name", ("name", "last_name", "first_name", "company")),
    (r"recipient\.consent", ("consent_sms", "consent_email")),
    (r"recipient\.(\w+)", ()),
    (r"tasks\[\d+\]\.place\.address", ("address", "street", "city")),
    (r"tasks\[\d+\]\.place\.(\w+)", ()),
    (r"tasks\[\d+\]\.windows\[\d+\]\.start", ("from", "window", "day")),
    (r"tasks\[\d+\]\.windows\[\d+\]\.end", ("to", "window", "day")),
    (r"tasks\[\d+\]\.windows.*", ("window", "from")),
    (r"tasks\[\d+\]\.loads", ("pieces", *GRAMS, *CUBIC_CM)),
    (r"tasks\[\d+\]\.service_s", ("service_min",)),
    (r"tasks\[\d+\]\.packages.*", ("barcode",)),
    (r"tasks\[\d+\]\.(\w+).*", ()),
    (r"merchant_id", ("merchant",)),
    (r"(\w+)", ()),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file's rows are read: its columns, `{our field: column}`, what holds for every row, the merchants by
    external id and by name in lower case."""

    columns: tuple[str, ...]
    mapping: Mapping[str, str]
    reading: Reading
    depot_id: UUID | None = None
    merchants: Mapping[str, UUID] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def month_first(self) -> bool:
        """How days with slashes are read."""
        return self.reading.country in MONTH_FIRST


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """Why a row was not taken, for the person who mends the file."""

    row: int
    column: str
    value: str
    code: str
    remedy: str


def read_row(row: Row, layout: Layout) -> OrderData | RowRefusal:
    """The order in a row, or why there is none."""
    values: dict[str, str] = {}
    try:
        values = _values(row, layout)
        _check_formulas(values)
        return read_order(_raw(values, layout), layout.reading)
    except Refusal as refusal:
        return refused(row, layout, refusal, values)


def refused(row: Row, layout: Layout, refusal: Refusal, values: Mapping[str, str]) -> RowRefusal:
    """A refusal about an order as one about a cell."""
    ours = _field_of(refusal.field or "", values)
    column = layout.mapping.get(ours, refusal.field or "" if not ours else "")
    return RowRefusal(row.number, column[:120], values.get(ours, "")[:SHOWN], refusal.code, refusal.remedy[:300])


def _field_of(path: str, values: Mapping[str, str]) -> str:
    if path in values:
        return path
    for pattern, fields in _PATHS:
        match = re.fullmatch(pattern, path)
        if match:
            names = fields or (match[1],)
            return next((name for name in names if values.get(name)), names[0])
    return ""


def _values(row: Row, layout: Layout) -> dict[str, str]:
    """The row's cells by our fields. Refuses `import.row_short`, `import.row_long`."""
    if len(row.cells) < len(layout.columns):
        raise Refusal(
            "import.row_short",
            f"{len(row.cells)} cells under {len(layout.columns)} headings",
            remedy="give the row all its cells; if it is the last one, the file was cut off",
        )
    if any(row.cells[len(layout.columns) :]):
        raise Refusal(
            "import.row_long", "more cells than headings", remedy="put cells that hold the delimiter in quotes"
        )
    by_column = dict(zip(layout.columns, row.cells, strict=False))
    return {ours: by_column[column] for ours, column in layout.mapping.items()}


def _check_formulas(values: Mapping[str, str]) -> None:
    """Refuses `import.formula_cell`."""
    for ours, text in values.items():
        if isinstance(text, Formula):
            raise Refusal(
                "import.formula_cell", "the cell is computed", remedy="paste it as a value and import again", field=ours
            )


def _raw(values: Mapping[str, str], layout: Layout) -> dict[str, Any]:
    """The raw order. What a cell means is read here; whether it may be so is for `read_order`."""
    get = _Cells(values)
    day = get("day", lambda text: cells.day(text, month_first=layout.month_first))
    return {
        "external_id": values.get("external_id", ""),
        "merchant_id": get("merchant", lambda text: _merchant(text, layout.merchants)),
        "depot_id": layout.depot_id,
        "day": day or layout.reading.day,
        "priority": get("priority", cells.whole),
        "instructions": values.get("instructions", ""),
        "pin": values.get("pin", ""),
        "metadata": dict(layout.metadata),
        "recipient": _recipient(values, get),
        "tasks": [_task(values, get, day or layout.reading.day)],
    }


class _Cells:
    """Reads a cell where there is one, and says which field a refusal is about."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def __call__(self, name: str, read: Callable[[str], Any]) -> Any:
        text = self._values.get(name, "")
        if not text:
            return None
        with inside(name):
            return read(text)


def _merchant(text: str, merchants: Mapping[str, UUID]) -> UUID:
    found = merchants.get(text) or merchants.get(text.casefold())
    if found is None:
        raise Refusal("merchant.not_found", "there is no such merchant", remedy="name it as it is named here")
    return found


def _recipient(values: Mapping[str, str], get: _Cells) -> dict[str, Any]:
    parts = [values.get("first_name", ""), values.get("last_name", "")]
    name = values.get("name", "") or " ".join(part for part in parts if part) or values.get("company", "")
    consent = {channel: get(f"consent_{channel}", cells.yes) for channel in ("sms", "email")}
    return {
        "name": name,
        "phone": values.get("phone", ""),
        "email": values.get("email", ""),
        "language": values.get("language", "").replace("_", "-"),
        "external_id": values.get("recipient_id", ""),
        "consent": {channel: given for channel, given in consent.items() if given is not None},
    }


def _task(values: Mapping[str, str], get: _Cells, day: date | None) -> dict[str, Any]:
    minutes = get("service_min", cells.number)
    barcodes = [code.strip() for code in re.split(r"[;,|\s]+", values.get("barcode", "")) if code.strip()]
    skills = [word.strip() for word in re.split(r"[;,|]", values.get("skills", "")) if word.strip()]
    proofs = [word.strip().lower() for word in re.split(r"[;,|\s]+", values.get("proof", "")) if word.strip()]
    return {
        "kind": get("kind", cells.kind) or "deliver",
        "place": _place(values, get),
        "windows": _windows(get, day),
        "service_s": None if minutes is None else round(minutes * 60),
        "loads": _loads(get),
        "skills": skills,
        "proof_required": proofs,
        "packages": barcodes,
    }


def _place(values: Mapping[str, str], get: _Cells) -> dict[str, Any]:
    def degrees(text: str) -> float:
        return cells.number(text, fractional=True)

    street = " ".join(values[part] for part in ("street", "house_number") if values.get(part))
    town = " ".join(values[part] for part in ("zip", "city") if values.get(part))
    whole = values.get("address", "") or street
    parts = [whole, "" if town and town.casefold() in whole.casefold() else town]
    parts += [values.get("region", ""), values.get("country", "")]
    address = ", ".join(part for part in parts if part) if whole or town else ""
    notes = [values.get("address_2", ""), values.get("access_notes", "")]
    company = values.get("company", "") if values.get("name") or values.get("last_name") else ""
    return {
        "address": address,
        "lat": get("lat", degrees),
        "lon": get("lon", degrees),
        "label": company,
        "access_notes": ". ".join(note for note in notes if note),
    }


def _windows(get: _Cells, day: date | None) -> list[dict[str, Any]]:
    pairs = get("window", cells.spans) or []
    start, end = (get(name, _end) for name in ("from", "to"))
    if start or end:
        pairs = [*pairs, (start or "00:00", end or "23:59")]
    return [{"start": one, "end": other, "day": day} for one, other in pairs]


def _end(text: str) -> str:
    return text if cells.is_instant(text) else cells.clock(text)


def _loads(get: _Cells) -> dict[str, int]:
    loads: dict[str, int] = {}
    for dimension, units in (("pieces", PIECES), ("weight", GRAMS), ("volume", CUBIC_CM)):
        for name, factor in units.items():
            amount = get(name, cells.whole if units is PIECES else cells.number)
            if amount is not None:
                loads |= read_loads({dimension: round(amount * factor)}, field=name)
    return loads
