"""How a day went: counted from what the system says of itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from homestretch.kernel.units import read_instant
from homestretch.simulation.office.desk import Desk
from homestretch.simulation.office.orders import of_day
from homestretch.simulation.phones.phone import Phone

ENDED = {"completed", "partially_completed", "failed", "returned", "cancelled"}


@dataclass(frozen=True, slots=True)
class Summary:
    """Orders by state, the share of promises kept, messages by kind; what phones were refused, what HTTP did."""

    orders: dict[str, int]
    on_time: float | None
    messages: dict[str, int]
    refused: dict[str, int] = field(default_factory=dict)
    http: dict[str, Any] = field(default_factory=dict)

    @property
    def all_ended(self) -> bool:
        """Whether there were orders, and each is in a terminal state."""
        return bool(self.orders) and set(self.orders) <= ENDED

    def to_json(self) -> dict[str, Any]:
        """For the last line of output."""
        return {
            "orders": self.orders,
            "on_time": self.on_time,
            "messages": self.messages,
            "refused": self.refused,
            **self.http,
        }


def summarize(desk: Desk, phones: list[Phone]) -> Summary:
    """Ask for the day's orders, measures and messages."""
    day = desk.scenario.day.isoformat()
    states = Counter(order["state"] for order in of_day(desk))
    measures = desk.get("/measures", first=day, last=day)
    refused: Counter[str] = Counter()
    for phone in phones:
        refused += phone.refused
    return Summary(
        dict(sorted(states.items())),
        measures["on_time"],
        _messages(desk),
        dict(refused),
        desk.client.line.recorder.summary(),
    )


def _messages(desk: Desk) -> dict[str, int]:
    """Messages that were sent, by kind."""
    since = desk.local(0)
    sent = [row for row in desk.all("/messages") if row["sent_at"] and read_instant(row["sent_at"]) >= since]
    return dict(sorted(Counter(row["kind"] for row in sent).items()))
