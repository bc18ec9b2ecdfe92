"""What is asked of the measures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window

MOST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Period:
    """The days [first, last], and perhaps of one driver, or of the routes that begin at one depot."""

    first: date
    last: date
    driver_id: UUID | None = None
    depot_id: UUID | None = None

    @property
    def lookups(self) -> dict[str, Any]:
        """As a filter of facts."""
        whose = {"driver_id": self.driver_id, "depot_id": self.depot_id}
        narrowed = {name: value for name, value in whose.items() if value is not None}
        return {"day__range": (self.first, self.last), **narrowed}


def begun(arrived_at: datetime, over: datetime, windows: Iterable[Window]) -> datetime:
    """When a service began: on arrival, or when its window opened, unless it was over before that."""
    opens = next((window.start for window in windows if arrived_at <= window.end), arrived_at)
    return opens if arrived_at < opens < over else arrived_at


def check_days(first: date, last: date) -> None:
    """Whether a span can be measured. Refuses `measures.days_invalid`."""
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Refusal(
            "measures.days_invalid",
            f"{first} to {last} is not a span of 1 to {MOST_DAYS} days",
            remedy="let `last` be the same day as `first`, or up to a year later",
            field="last",
        )
