"""Raw values as a person reads them: with their unit, in the organization's zone and money."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from homestretch.doors.console.measures.plots import WEEKDAYS

NONE = "–"
ORDINALS = {1: "first", 2: "second", 3: "third"}
LABELS = {
    "order_id": "order",
    "route_id": "route",
    "driver_id": "driver",
    "vehicle_id": "vehicle",
    "place_id": "place",
    "late_s": "late",
    "told_ahead_s": "told ahead",
    "error_s": "error",
    "planned_service_s": "planned service",
    "service_s": "service",
    "planned_s": "planned time",
    "route_s": "time taken",
    "dwell_s": "dwell",
    "planned_m": "planned distance",
    "driven_m": "driven distance",
    "horizon_min": "minutes ahead",
}
VERDICTS = {
    "too_few": "too few to judge",
    "enough": "enough to judge",
    "as_meant": "as meant",
    "too_narrow": "surer than they should be",
    "too_wide": "less sure than they could be",
}
HIDDEN = {"task_id", "stop_id", "route_id"}  # in the table that a person reads; files have them


@dataclass(frozen=True, slots=True)
class Words:
    """How an organization's values are said. `names`: of drivers, vehicles, places and orders, by id."""

    zone: ZoneInfo
    currency: str
    names: Mapping[UUID, str] = field(default_factory=dict)

    def say(self, value: Any, unit: str) -> str:
        """One value with its unit; a dash for nothing."""
        if value is None or value == "":
            return NONE
        return str(getattr(self, f"_{unit}", self._text)(value))

    def cell(self, name: str, value: Any) -> str:
        """A value of a row, said by the name of its column."""
        unit = name.rpartition("_")[2] if name.endswith(("_s", "_m")) else {"cost": "money"}.get(name, "plain")
        return self.say(value, {"s": "seconds", "m": "km"}.get(unit, unit))

    def _text(self, value: Any) -> str:
        return str(value)

    def _count(self, value: int) -> str:
        return f"{value:,}".replace(",", "\u202f")

    def _percent(self, value: float) -> str:
        return f"{100 * value:.1f}\u202f%"

    def _km(self, meters: int) -> str:
        return f"{meters / 1000:,.1f}".replace(",", "\u202f") + "\u202fkm"

    def _h(self, seconds: int) -> str:
        return f"{seconds / 3600:.1f}\u202fh"

    def _min(self, minutes: float) -> str:
        return f"{minutes:g}\u202fmin"

    def _seconds(self, seconds: int) -> str:
        sign, size = ("−" if seconds < 0 else ""), abs(seconds)
        return f"{sign}{size // 60}:{size % 60:02d}"

    def _money(self, minor: float) -> str:
        return f"{minor / 100:,.2f}".replace(",", "\u202f") + f"\u202f{self.currency}"

    def _weekday(self, number: int) -> str:
        return WEEKDAYS[number - 1]

    def _hour(self, hour: int) -> str:
        return f"{hour:02d}:00–{(hour + 1) % 24:02d}:00"

    def _reason(self, reason: str) -> str:
        return reason.replace("_", " ").capitalize()

    def _attempt(self, number: int) -> str:
        return f"{ORDINALS.get(number, f'{number}th')} attempt".capitalize()

    def _score(self, score: int) -> str:
        return f"{score} of 5"

    def _ahead(self, minutes: int) -> str:
        return f"{minutes}\u202fmin before, or more" if minutes else "later"

    def _verdict(self, verdict: str) -> str:
        return VERDICTS[verdict]

    def _place(self, ident: str) -> str:
        return self.names.get(UUID(ident), "a place that is gone")

    def _plain(self, value: Any) -> str:
        known = next((say for kind, say in self._kinds.items() if isinstance(value, kind)), None)
        return str(known(value) if known else value).replace("_", " ")

    @property
    def _kinds(self) -> dict[type, Callable[[Any], str]]:
        """How each kind of value is said; the more special first."""
        return {
            bool: lambda value: "yes" if value else "no",
            datetime: lambda value: value.astimezone(self.zone).strftime("%d %b %H:%M"),
            date: lambda value: value.strftime("%a %d %b %Y"),
            UUID: lambda value: self.names.get(value, str(value)[-12:]),
        }


def label(name: str) -> str:
    """A column's name as a heading."""
    return LABELS.get(name, name.replace("_", " ")).capitalize()
