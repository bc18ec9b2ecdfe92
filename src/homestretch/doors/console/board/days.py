"""A day in an address: 2026-11-23."""

from __future__ import annotations

from datetime import date


class DayConverter:
    """Takes a calendar date; an address with any other is no address of ours."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """The day. A date that does not exist raises ValueError, which Django takes for no match."""
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """As it stands in the address."""
        return value.isoformat()
