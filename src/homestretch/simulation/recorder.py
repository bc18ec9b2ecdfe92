"""The outside recorder: each HTTP request as ok, failed or unknown, and what was acknowledged to whom.

- ok: answered with 2xx or 3xx.
- failed: answered otherwise, or never sent (nobody listened). It changed nothing.
- unknown: sent, and no answer came. It may have happened.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, Literal

Outcome = Literal["ok", "failed", "unknown"]


@dataclass(slots=True)
class Recorder:
    """History of one run. With a `path` each request is a JSON line there as well."""

    path: Path | None = None
    counts: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    spent_s: dict[str, float] = field(default_factory=dict)
    acknowledged: dict[str, list[Any]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)
    _began: float = field(default_factory=monotonic)

    def request(self, who: str, method: str, path: str, outcome: Outcome, status: int, seconds: float) -> None:
        """Remember one request."""
        with self._lock:
            self.counts[outcome] += 1
            shape = f"{method} {_shape(path)}"
            self.calls[shape] += 1
            self.spent_s[shape] = self.spent_s.get(shape, 0.0) + seconds
            if outcome != "ok":
                self.statuses[f"{shape} {status or outcome}"] += 1
            if self.path is not None:
                at = round(monotonic() - self._began, 4)
                line = [at, who, method, path, outcome, status, round(seconds, 4)]
                with self.path.open("a") as file:
                    file.write(json.dumps(line) + "\n")

    def acknowledge(self, kind: str, what: Any) -> None:
        """Remember what the system has said that it took: it must be found afterwards."""
        with self._lock:
            self.acknowledged.setdefault(kind, []).append(what)

    def summary(self) -> dict[str, Any]:
        """Counts by outcome, what was not ok by address, and the addresses that took longest: `[calls, seconds]`."""
        with self._lock:
            longest = sorted(self.spent_s, key=lambda shape: -self.spent_s[shape])[:12]
            slowest = {shape: [self.calls[shape], round(self.spent_s[shape], 1)] for shape in longest}
            return {"requests": dict(self.counts), "not_ok": dict(self.statuses.most_common(20)), "slowest": slowest}


def _shape(path: str) -> str:
    """An address without its ids."""
    parts = path.split("?")[0].split("/")
    return "/".join("*" if len(part) > 20 or part.isdigit() else part for part in parts)
