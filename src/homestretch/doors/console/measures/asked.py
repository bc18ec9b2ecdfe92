"""What an address asks of the measures: the days, the depot, the driver, and which cell or bar of a plot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from homestretch.doors.console.forms import maybe_ident
from homestretch.insights.queries import Narrow
from homestretch.insights.values import Period, check_days
from homestretch.kernel.refusal import Refusal

SPANS = ((1, "Today"), (7, "7 days"), (28, "28 days"), (91, "13 weeks"), (365, "A year"))
USUAL = 28
FLAGS = {"due", "kept", "rated"}
NUMBERS = {"weekday": 7, "hour": 23, "attempt": 20, "score": 5, "horizon_min": 600, "ahead_min": 600}


@dataclass(frozen=True, slots=True)
class Asked:
    """The period, and what is wrong with the one that was asked for, where something is: then the usual one holds."""

    period: Period
    today: date
    refusal: Refusal | None = None

    @property
    def query(self) -> str:
        """The period as the part of an address after the question mark."""
        return self.with_more({})

    def with_more(self, more: Mapping[str, Any]) -> str:
        """As `query`, and narrowed."""
        period = self.period
        whole = {
            "first": period.first,
            "last": period.last,
            "driver": period.driver_id,
            "depot": period.depot_id,
            **more,
        }
        return urlencode({name: str(value) for name, value in whole.items() if value is not None})

    @property
    def spans(self) -> list[tuple[str, str, bool]]:
        """The usual spans that end today: label, query, whether it is the present one."""
        made = []
        for days, label in SPANS:
            period = replace(self.period, first=self.today - timedelta(days=days - 1), last=self.today)
            made.append((label, Asked(period, self.today).query, period == self.period))
        return made


def asked(values: Mapping[str, str], today: date) -> Asked:
    """As the address says it; the last 28 days where it says nothing that can be read."""
    period = Period(
        today - timedelta(days=USUAL - 1),
        today,
        maybe_ident(values.get("driver", "")),
        maybe_ident(values.get("depot", "")),
    )
    try:
        first, last = _day(values, "first", period.first), _day(values, "last", period.last)
        check_days(first, last)
    except Refusal as refusal:
        return Asked(period, today, refusal)
    return Asked(replace(period, first=first, last=last), today)


def narrow_of(values: Mapping[str, str]) -> Narrow:
    """Which rows; what can't be read does not narrow."""
    found: dict[str, Any] = {}
    for name in (field.name for field in fields(Narrow)):
        text = values.get(name, "")
        if not text:
            continue
        if name in FLAGS:
            found[name] = text == "1"
        elif name in NUMBERS:
            found[name] = int(text) if text.isdecimal() and int(text) <= NUMBERS[name] else None
        elif name == "place_id":
            found[name] = maybe_ident(values.get(name, ""))
        else:
            found[name] = text[:30]
    return Narrow(**found)


def _day(values: Mapping[str, str], name: str, usual: date) -> date:
    text = values.get(name, "")
    if not text:
        return usual
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal("day.malformed", f"{text[:20]!r} is no day", remedy="write 2026-11-22", field=name) from error
