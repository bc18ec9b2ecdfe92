"""Orders as lines of the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from homestretch.dispatch import queries as dispatch
from homestretch.doors.console.words import ORDER_STATES
from homestretch.orders.wire import windows_from_json

UNITS = {"weight": ("kg", 1000), "volume": ("l", 1000)}  # loads that are counted in grams and cubic centimeters


@dataclass(frozen=True, slots=True)
class Row:
    """A line. `more` tasks stand behind the first, whose place and windows are shown."""

    id: UUID
    version: int
    reference: str
    recipient: str
    phone: str
    address: str
    place_state: str
    more: int
    day: date | None
    windows: str
    state: str
    words: str
    look: str
    priority: int
    merchant: str
    driver: str
    attempts: int
    created_at: datetime


def rows_of(orders: Sequence[Any], zone: ZoneInfo) -> list[Row]:
    """The lines of a page: one more query, for the drivers."""
    routes = {task.route_id for order in orders for task in order.tasks.all() if task.route_id}
    drivers = {row.id: row.driver.name for row in dispatch.routes().filter(id__in=routes)} if routes else {}
    return [_row(order, drivers, zone) for order in orders]


def _row(order: Any, drivers: dict[UUID, str], zone: ZoneInfo) -> Row:
    tasks = sorted(order.tasks.all(), key=lambda task: (task.state != "open", task.kind == "collect", task.number))
    first = tasks[0] if tasks else None
    words, look = ORDER_STATES[order.state]
    return Row(
        id=order.id,
        version=order.version,
        reference=order.external_id or "",
        recipient=order.recipient.name,
        phone=order.recipient.phone,
        address=(first.place.label or first.place.address or "By coordinates") if first else "",
        place_state=first.place.state if first else "",
        more=len(tasks) - 1,
        day=order.day,
        windows=spans(first.windows, order.day, zone) if first else "",
        state=order.state,
        words=words,
        look=look,
        priority=order.priority,
        merchant=order.merchant.name if order.merchant_id else "",
        driver=next((drivers[task.route_id] for task in tasks if task.route_id in drivers), ""),
        attempts=order.attempts,
        created_at=order.created_at,
    )


def spans(stored: list[Any], day: date | None, zone: ZoneInfo) -> str:
    """Windows as people say them: `09:00–12:00, 14:00–16:00`; with the date where it is not the order's day."""
    said = []
    for window in windows_from_json(stored):
        start, end = window.start.astimezone(zone), window.end.astimezone(zone)
        head = "" if start.date() == day else f"{start:%-d %b} "
        tail = "" if end.date() == start.date() else f"{end:%-d %b} "
        said.append(f"{head}{start:%H:%M}–{tail}{end:%H:%M}")
    return ", ".join(said)


def load(name: str, size: int) -> str:
    """A load in the unit that people use: 1.5 kg, 3 pieces, 1 piece."""
    unit, by = UNITS.get(name, (name, 1))
    return f"{size / by:g} {'piece' if (unit, size) == ('pieces', 1) else unit}"
