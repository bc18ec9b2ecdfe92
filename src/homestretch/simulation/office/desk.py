"""What everybody in the office shares: the key, the day, the town, the trace."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from homestretch.simulation.client import Client, every
from homestretch.simulation.scenario import Scenario
from homestretch.simulation.town.demand import Demand
from homestretch.simulation.town.fleet import ZONE
from homestretch.simulation.trace import Trace

API = "/api/v1"


@dataclass(slots=True)
class Desk:
    """One office on one day. `ids`: what the system calls the things that the town knows by external id."""

    client: Client
    scenario: Scenario
    demand: Demand
    trace: Trace
    ids: dict[str, dict[str, str]] = field(default_factory=dict)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo(ZONE))

    def local(self, hour: int, minute: int = 0) -> datetime:
        """An hour of the day as an instant, UTC."""
        return datetime.combine(self.scenario.day, time(hour, minute), self.zone).astimezone(UTC)

    def key(self, *words: object) -> str:
        """An idempotency key that is the same when the same day is played to the same installation again."""
        return re.sub(
            r"[^\x21-\x7e]+",
            "-",
            "/".join(str(word) for word in ("sim", self.scenario.seed, self.scenario.day, *words)),
        )

    def note(self, at: datetime, what: str) -> None:
        """Into the trace."""
        self.trace.note(at, "office", what)

    def get(self, path: str, **query: Any) -> Any:
        """One thing of the API."""
        return self.client.get(API + path, **query)

    def all(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """All of a list of the API."""
        return every(self.client, API + path, **query)

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        """Do something."""
        return self.client.post(API + path, body, key=key)

    def change(self, method: str, path: str, body: Any = None, *, version: int | None = None) -> Any:
        """Change something that was read."""
        return self.client.change(method, API + path, body, version=version)
