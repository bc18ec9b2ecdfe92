"""What a recipient is told about an order's state."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

STEPS = ("received", "scheduled", "on_the_way", "arrived", "done")
PICKUP_STEPS = ("received", "done")  # of what is taken at a depot: nobody drives
# Statuses in which an expected time says something.
AHEAD = frozenset({"scheduled", "on_the_way"})
_REACHED = {
    "received": 0,
    "scheduled": 1,
    "on_the_way": 2,
    "arrived": 3,
    "missed": 0,
    "awaiting_pickup": 0,
    "completed": 4,
    "partially_completed": 4,
    "failed": 0,
    "returned": 0,
    "cancelled": 0,
}
_BY_STOP = {"planned": "scheduled", "skipped": "scheduled", "en_route": "on_the_way", "arrived": "arrived"}


class Halt(Protocol):
    """A stop with the route that it is on."""

    @property
    def state(self) -> str: ...
    @property
    def route(self) -> Driven: ...


class Driven(Protocol):
    """A route."""

    @property
    def state(self) -> str: ...


class Reachable(Protocol):
    """Somebody with a number and an address, '' where unknown."""

    phone: str
    email: str


def status(order: str, stop: str, outcome: str) -> str:
    """One word for a recipient: received, scheduled, on_the_way, arrived, missed (will be tried again), completed,
    partially_completed, failed, returned, cancelled, awaiting_pickup."""
    if order in ("awaiting_pickup", "completed", "partially_completed", "failed", "returned", "cancelled"):
        return order
    if order in ("scheduled", "in_progress") and not outcome:
        return _BY_STOP.get(stop, "scheduled")
    if outcome == "failed":
        return "missed"
    return "received" if order in ("draft", "staged", "ready", "held") else "scheduled"


def is_ahead(word: str, stop: Halt | None) -> bool:
    """Whether to say how many stops come before: the route is under way, and the stop is still to be reached. The stop
    may have ended since the order was read: the word is then a moment old, and there is nothing to count."""
    return stop is not None and word in AHEAD and stop.route.state == "started" and stop.state in _BY_STOP


def reached(word: str) -> int:
    """How many of `STEPS` lie behind, as the last one's index."""
    return _REACHED[word]


def tells_how(word: str) -> bool:
    """Whether an attempt came to its end: there may be proof of how it went."""
    return word == "missed" or reached(word) == len(STEPS) - 1


def may_rate(order: str) -> bool:
    """Whether there is something to rate: every end but a cancellation."""
    return order in ("completed", "partially_completed", "failed", "returned")


def reachable(recipient: Reachable) -> tuple[str, ...]:
    """The channels for which there is an address."""
    known = {"sms": recipient.phone, "email": recipient.email}
    return tuple(channel for channel, address in known.items() if address)


def reference(external_id: str | None, order_id: UUID) -> str:
    """What an order is called towards its recipient: the caller's own id, else the end of ours."""
    return external_id or order_id.hex[-8:].upper()
