"""Integers with units: how quantities are read and written. Money in minor units, grams, meters, whole seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from homestretch.kernel.refusal import Refusal

DIMENSIONS = ("pieces", "weight", "volume")  # the usual ones: count, grams, cubic centimeters; others are free names
MAX_LOAD = 10**12
_EPOCH = date(1970, 1, 1).toordinal()
_MINUTES = tuple(f"T{minute // 60:02}:{minute % 60:02}:" for minute in range(1440))
_SECONDS = tuple(f"{second:02}Z" for second in range(60))
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)  # of our calendar: nobody delivers outside of it


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of an ISO 4217 currency."""

    amount: int
    currency: str


def read_loads(raw: Mapping[str, object], *, field: str = "loads") -> dict[str, int]:
    """Named loads as non-negative integers, zeros dropped. Refuses `load.negative`, `load.malformed`."""
    loads: dict[str, int] = {}
    for name, value in raw.items():
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_LOAD:
            raise Refusal(
                "load.malformed", f"{name[:40]} is no whole number of units", remedy="give whole units", field=field
            )
        if value < 0:
            raise Refusal(
                "load.negative",
                f"{name} is {value}",
                remedy="give a load of 0 or more; to bring goods back, make the task a collect",
                field=field,
            )
        if value:
            loads[name] = value
    return loads


def add_loads(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    """Sum by dimension."""
    return {name: a.get(name, 0) + b.get(name, 0) for name in {*a, *b}}


def check_day(day: date, *, field: str = "day") -> date:
    """The day. Refuses `day.out_of_range` for one that no calendar of deliveries has."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Refusal(
            "day.out_of_range",
            f"{day.isoformat()} is outside of the calendar",
            remedy=f"give a day from {FIRST_DAY.isoformat()} to {LAST_DAY.isoformat()}",
            field=field,
        )
    return day


def read_instant(text: str, *, field: str = "at") -> datetime:
    """An ISO 8601 instant with a zone, as UTC. Refuses `time.malformed`, `time.no_zone` and `day.out_of_range`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal(
            "time.malformed", f"{text[:40]!r} is not ISO 8601", remedy="write 2026-11-22T08:00:00+01:00", field=field
        ) from error
    if moment.tzinfo is None:
        raise Refusal("time.no_zone", f"{text!r} has no zone", remedy="end it with Z or an offset", field=field)
    check_day(moment.date(), field=field)
    return moment.astimezone(UTC)


def iso(moment: datetime) -> str:
    """An instant as it goes on the wire: UTC, `Z`, microseconds only where there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def iso_second(second: int) -> str:
    """As `iso`, of whole seconds since 1970: for boards, of which one has a hundred thousand."""
    day, rest = divmod(second, 86_400)
    minute, rest = divmod(rest, 60)
    return f"{_day(day)}{_MINUTES[minute]}{_SECONDS[rest]}"


@lru_cache(maxsize=64)
def _day(number: int) -> str:
    return date.fromordinal(_EPOCH + number).isoformat()
