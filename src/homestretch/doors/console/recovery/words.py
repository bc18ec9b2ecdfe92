"""What proposals are called, and how they say what they do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KINDS: Mapping[str, str] = {
    "vehicle_down": "Vehicle down",
    "late": "Late route",
    "insert": "New order",
    "retry": "Failed stop",
    "given_back": "Route given back",
}
ASKED: Mapping[str, str] = {  # what the button says that asks for one
    "vehicle_down": "Hand its stops over",
    "late": "Find a better way",
    "insert": "Find a place today",
    "retry": "Try again today",
    "given_back": "Hand its orders over",
}
SCOPES: Mapping[str, str] = {
    "insert": "others keep their order",
    "route": "this route alone",
    "routes": "this route and those near it",
    "all": "all routes of the day",
}
STATES: Mapping[str, tuple[str, str]] = {  # what it is called, and the kind of its chip
    "asked": ("Being searched", ""),
    "made": ("Waits for a yes", "is-warn"),
    "accepted": ("Accepted", "is-good"),
    "declined": ("Declined", "is-quiet"),
    "expired": ("Expired", "is-quiet"),
    "overtaken": ("Overtaken", "is-quiet"),
    "dropped": ("Came to nothing", "is-quiet"),
}


def late(seconds: int | None) -> str:
    """How a promise fares, by the seconds that its stop is late; None: nobody comes."""
    if seconds is None:
        return "nobody comes"
    return f"{max(1, round(seconds / 60))} min late" if seconds > 0 else "in time"


def fate(before: int | None, after: int | None) -> str:
    """Whether a promise fares better or worse than if nothing is done: good where it is kept, warn where it is broken
    by less, bad where it fares worse."""
    was, then = (10**9 if seconds is None else seconds for seconds in (before, after))
    return "bad" if then > was else "warn" if then else "good"


def ends(minutes: int) -> str:
    """By how much a route's end moves."""
    return f"{abs(minutes)} min {'later' if minutes > 0 else 'sooner'}" if minutes else "as before"


def counted(count: int, word: str) -> str:
    """`1 stop`, `3 stops`."""
    return f"{count} {word}{'' if count == 1 else 's'}"


def summary(figures: Mapping[str, Any]) -> str:
    """A proposal in one line."""
    said = [f"{counted(figures['moved'], 'stop')} moved" if figures["moved"] else "another order"]
    if figures["broken_before"] != figures["broken_after"]:
        said.append(f"{figures['broken_after']} instead of {counted(figures['broken_before'], 'promise')} broken")
    else:
        said.append(f"{counted(figures['broken_after'], 'promise')} broken either way")
    if figures["left"]:
        said.append(f"{figures['left']} without a place")
    return ", ".join(said)
