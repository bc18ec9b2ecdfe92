"""Places of the invented town: all within a few kilometers of its square."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point, offset
from homestretch.places import actions
from homestretch.places.values import PlaceData

SQUARE = Point(49.6117, 6.1300)
AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # a Monday


def spot(number: int) -> Point:
    """The `number`th spot of the town, none nearer than 300 m to another."""
    return offset(SQUARE, (number % 5 - 2) * 700.0, (number // 5 - 1) * 900.0)


def place_data(number: int = 1, **changes: Any) -> PlaceData:
    """An address with its pin."""
    return PlaceData(**{"address": f"Mill Lane {number}, Town", "point": spot(number), **changes})


def a_place(by: Actor, number: int = 1, *, at: datetime = AT, **changes: Any) -> Any:
    """A located place (or with `point=None` one that waits for the geocoder)."""
    return actions.find_or_create(place_data(number, **changes), by=by, at=at)
