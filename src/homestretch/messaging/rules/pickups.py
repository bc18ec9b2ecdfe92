"""When a recipient may take the goods at a depot instead: days on which it works, while the goods are there. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from homestretch.kernel.windows import Window
from homestretch.messaging.rules.slots import Policy, windows_of

HOUR = timedelta(hours=1)


class Owed(Protocol):
    """A task, as far as this asks."""

    kind: str
    pair: str
    state: str


@dataclass(frozen=True, slots=True)
class Counter:
    """A window of a day in which goods are handed over at a depot."""

    day: date
    window: Window


def why_not(state: str, tasks: Iterable[Owed], policy: Policy, *, aboard: bool) -> str:
    """Why an order can't be taken at a depot: `order.closed`, `pickup.not_offered` (by the organization, or for
    such an order), `pickup.too_late` (a driver has it); '' if it can."""
    if state in ("completed", "partially_completed", "failed", "returned", "cancelled"):
        return "order.closed"
    owed = [task for task in tasks if task.state != "cancelled"]
    fits = len(owed) == 1 and owed[0].kind == "deliver" and not owed[0].pair
    if state in ("draft", "held") or not policy.days or not policy.windows or not fits:
        return "pickup.not_offered"
    return "pickup.too_late" if aboard or state == "in_progress" else ""


def counters(policy: Policy, days: Iterable[date], at: datetime) -> list[Counter]:
    """The windows of these days that are not over. One that has begun begins with the next whole hour."""
    soonest = at.replace(minute=0, second=0, microsecond=0)
    soonest += HOUR if soonest < at else timedelta()
    found = [Counter(day, window) for day in sorted(days) for window in windows_of(policy, day)]
    return [replace(one, window=_from(one.window, soonest)) for one in found if soonest < one.window.end]


def _from(window: Window, soonest: datetime) -> Window:
    return Window(max(window.start, soonest), window.end)
