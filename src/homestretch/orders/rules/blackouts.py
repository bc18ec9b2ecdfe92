"""What an import says of rows that are for a day on which nothing is delivered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

CODE = "import.blackout"
TOLD = 100  # days that an import names


def concerns(depot_id: UUID | None, zone_id: UUID | None, goods_at: UUID | None, inside: Collection[UUID]) -> bool:
    """Whether a blackout (of a depot, of a zone, of all) meets an order whose goods are at a depot, inside of zones."""
    if zone_id is not None:
        return zone_id in inside
    return depot_id is None or depot_id == goods_at


def warned(known: Sequence[Mapping[str, Any]], met: Iterable[tuple[date, str]]) -> list[dict[str, Any]]:
    """The warnings of an import with those of its next rows: one per day and reason, with how many rows."""
    counts = {(said["day"], said["reason"]): int(said["rows"]) for said in known}
    for day, reason in met:
        key = day.isoformat(), reason
        if key in counts or len(counts) < TOLD:
            counts[key] = counts.get(key, 0) + 1
    return [
        {"code": CODE, "day": day, "reason": reason, "rows": rows} for (day, reason), rows in sorted(counts.items())
    ]
