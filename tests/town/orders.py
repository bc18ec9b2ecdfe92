"""Orders of the invented town."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from homestretch.kernel.actor import Actor
from homestretch.orders import actions
from homestretch.orders.rules import read_order
from homestretch.orders.values import OrderData, Reading
from tests.town.places import AT, spot

DAY = date(2026, 11, 23)
READING = Reading(ZoneInfo("Europe/Luxembourg"), "LU")


def raw_task(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A delivery of one piece, as a caller writes it."""
    point = spot(number)
    task = {
        "kind": "deliver",
        "place": {"address": f"Mill Lane {number}, Town", "lat": point.lat, "lon": point.lon},
        "service_s": 120,
        "loads": {"pieces": 1},
    }
    return {**task, **changes}


def raw_order(number: int = 1, **changes: Any) -> dict[str, Any]:
    """An order for Rosa, as a caller writes it; `task` changes its only task."""
    task = changes.pop("task", {})
    order = {
        "external_id": f"A-{number}",
        "day": DAY.isoformat(),
        "recipient": {
            "name": f"Rosa {number}",
            "phone": f"+35262100{number:04}",
            "email": f"rosa{number}@example.com",
            "language": "en",
            "consent": {"sms": True, "email": True},
        },
        "tasks": [raw_task(number, **task)],
    }
    return {**order, **changes}


def order_data(number: int = 1, **changes: Any) -> OrderData:
    """The same, read."""
    return read_order(raw_order(number, **changes), READING)


def an_order(by: Actor, number: int = 1, *, at: datetime = AT, **changes: Any) -> Any:
    """An order that is ready for the day; `task={"place": {"address": ...}}` makes it wait for the geocoder."""
    return actions.create_order(order_data(number, **changes), by=by, at=at)


def orders(by: Actor, count: int = 12, *, at: datetime = AT) -> list[Any]:
    """The town's orders, each at another place."""
    return [an_order(by, number, at=at) for number in range(1, count + 1)]
