"""What was done in a day, by whom, when: in the words of the simulation, so that two runs can be compared."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from homestretch.kernel.units import iso


@dataclass(frozen=True, slots=True, order=True)
class Act:
    """One thing done. `number` is its place among the actor's own acts."""

    at: datetime
    actor: str
    number: int
    what: str


@dataclass(slots=True)
class Trace:
    """All acts, in the order of simulated time, then of actors. Threads may note at once."""

    _acts: list[Act] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def note(self, at: datetime, actor: str, what: str) -> None:
        """Remember one act."""
        with self._lock:
            number = self._counts.get(actor, 0)
            self._counts[actor] = number + 1
            self._acts.append(Act(at, actor, number, what))

    def acts(self) -> list[Act]:
        """Everything, in order."""
        with self._lock:
            return sorted(self._acts)

    def lines(self) -> list[str]:
        """One JSON array per act: `[time, actor, what]`."""
        return [json.dumps([iso(act.at), act.actor, act.what], ensure_ascii=False) for act in self.acts()]

    def digest(self) -> str:
        """SHA-256 of the lines: equal for equal days."""
        return hashlib.sha256("\n".join(self.lines()).encode()).hexdigest()
