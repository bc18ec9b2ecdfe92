"""How a shop writes its orders: a CSV file with headings of its own, or the JSON of the API."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Any

from homestretch.simulation.town.demand import Parcel

COLUMNS = (
    "Order number", "Type", "Customer", "Phone", "E-Mail", "Language", "SMS consent", "Email consent", "Address",
    "Latitude", "Longitude", "Date", "Time window", "Service time", "Weight kg", "Volume l", "Pieces", "Priority",
    "Skills", "Notes", "PIN", "Merchant", "Barcode",
)  # fmt: skip


def csv_file(parcels: Iterable[Parcel], day: date) -> bytes:
    """One row per parcel, under `COLUMNS`."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for parcel in parcels:
        writer.writerow(_row(parcel, day))
    return out.getvalue().encode()


def _row(parcel: Parcel, day: date) -> list[str]:
    values: tuple[Any, ...] = (
        parcel.external_id,
        {"deliver": "delivery", "collect": "pickup"}[parcel.kind],
        parcel.recipient,
        parcel.phone,
        parcel.email,
        parcel.language,
        "yes" if parcel.phone else "no",
        "yes" if parcel.email else "no",
        parcel.address,
        parcel.lat,
        parcel.lon,
        day.isoformat(),
        "; ".join(f"{start}-{end}" for start, end in parcel.windows),
        parcel.service_s / 60,
        f"{parcel.weight / 1000:.1f}",
        f"{parcel.volume / 1000:.1f}",
        parcel.quantity,
        parcel.priority,
        "; ".join(parcel.skills),
        parcel.instructions,
        parcel.pin,
        parcel.merchant,
        " ".join(parcel.barcodes),
    )
    return ["" if value is None else str(value) for value in values]


def body(parcel: Parcel, day: date, merchants: dict[str, str]) -> dict[str, Any]:
    """The order as the API takes it. `merchants`: external id -> id."""
    return {
        "external_id": parcel.external_id,
        "day": day.isoformat(),
        "priority": parcel.priority,
        "instructions": parcel.instructions,
        "pin": parcel.pin,
        "attempts_allowed": parcel.attempts,
        "merchant_id": merchants.get(parcel.merchant),
        "recipient": {
            "name": parcel.recipient,
            "phone": parcel.phone,
            "email": parcel.email,
            "language": parcel.language,
            "consent": {"sms": bool(parcel.phone), "email": bool(parcel.email)},
        },
        "tasks": _tasks(parcel, day),
        "metadata": {"told": "by API"},
    }


def _tasks(parcel: Parcel, day: date) -> list[dict[str, Any]]:
    what = {
        "service_s": parcel.service_s,
        "items": [
            {
                "name": parcel.goods,
                "quantity": parcel.quantity,
                "loads": {
                    "weight": parcel.weight // parcel.quantity,
                    "volume": parcel.volume // parcel.quantity,
                    "pieces": 1,
                },
            }
        ],
        "skills": list(parcel.skills),
    }
    there = {
        **what,
        "kind": "collect" if parcel.kind == "collect" else "deliver",
        "place": {"address": parcel.address, "lat": parcel.lat, "lon": parcel.lon},
        "windows": [{"start": start, "end": end, "day": day.isoformat()} for start, end in parcel.windows],
        "packages": list(parcel.barcodes),
    }
    if parcel.origin is None:
        return [there]
    origin = {"address": parcel.origin.address, "lat": parcel.origin.point.lat, "lon": parcel.origin.point.lon}
    here = {**what, "kind": "collect", "place": origin, "windows": [], "pair": "p1"}
    return [here, {**there, "pair": "p1"}]
