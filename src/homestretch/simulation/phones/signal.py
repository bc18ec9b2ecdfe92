"""When a phone has no signal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random


@dataclass(frozen=True, slots=True)
class Signal:
    """The spells without one: [start, end) each."""

    silences: tuple[tuple[datetime, datetime], ...] = ()

    def is_out(self, at: datetime) -> bool:
        """Whether nothing gets through."""
        return any(start <= at < end for start, end in self.silences)


def lose(random: Random, start: datetime, end: datetime, seconds: tuple[int, int]) -> Signal:
    """At least one silence between two instants, each of `seconds` (least, most)."""
    span = (end - start).total_seconds()
    silences = []
    for part in range(random.choice((1, 1, 2))):
        begins = start + timedelta(seconds=span * (0.15 + 0.4 * part + random.uniform(0, 0.25)))
        silences.append((begins, begins + timedelta(seconds=random.randint(*seconds))))
    return Signal(tuple(silences))
