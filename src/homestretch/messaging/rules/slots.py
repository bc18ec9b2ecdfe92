"""Which windows a recipient may choose: days on which somebody drives, with room left, not too near. Pure.

Room is reckoned by time: what the vehicles work in a window, at the pace of the routes that were driven, less what is
promised in it and its share of what is to come on that day and was promised nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from homestretch.fleet.values import Worked
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window, local_window

STOP_S = 900  # of a vehicle's time, drive and door: until its own routes tell


@dataclass(frozen=True, slots=True)
class Policy:
    """What an organization offers: `days` ahead, `windows` of a local day, none that begins sooner than `cutoff`."""

    days: int
    cutoff: timedelta
    windows: Sequence[Sequence[str]]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Slot:
    """A window on a day, with how many more stops fit in."""

    day: date
    window: Window
    room: int


def days_ahead(policy: Policy, at: datetime) -> list[date]:
    """The local days from today on that may be offered."""
    today = at.astimezone(policy.zone).date()
    return [today + timedelta(days=number) for number in range(policy.days + 1)]


def windows_of(policy: Policy, day: date) -> list[Window]:
    """A day's windows; one that the clocks are set forward over is not offered on that day."""
    found = []
    for start, end in policy.windows:
        try:
            found.append(local_window(day, time.fromisoformat(start), time.fromisoformat(end), policy.zone))
        except Refusal:
            continue
    return found


def slots_of(
    policy: Policy,
    worked: Mapping[date, Sequence[Worked]],
    promised: Sequence[Window],
    waiting: Mapping[date, int],
    pace: int = STOP_S,
) -> list[Slot]:
    """The windows of all days that somebody works in, with the room that is left, by time. `pace`: seconds a stop."""
    found = []
    for day, spans in sorted(worked.items()):
        windows = windows_of(policy, day)
        share = -(-waiting.get(day, 0) // max(1, len(windows)))
        for window in windows:
            fits = sum(_fitting(one, window, pace) for one in spans)
            taken = sum(window.start <= one.start < window.end for one in promised) + share
            if fits:
                found.append(Slot(day, window, max(0, fits - taken)))
    return found


def _fitting(worked: Worked, window: Window, pace: int) -> int:
    """How many stops a vehicle makes in a window."""
    shared = worked.window.clipped(window)
    if shared is None:
        return 0
    seconds = (shared.end - shared.start).total_seconds()
    whole = (worked.window.end - worked.window.start).total_seconds()
    stops = int(seconds // pace)
    return stops if worked.max_stops is None else min(stops, int(worked.max_stops * seconds / whole))


def open_slots(policy: Policy, slots: Iterable[Slot], at: datetime) -> list[Slot]:
    """Those with room that begin late enough."""
    return [slot for slot in slots if slot.room > 0 and slot.window.start >= at + policy.cutoff]


def why_fixed(state: str, tasks: int, promised: Window | None, policy: Policy, at: datetime) -> str:
    """Why a recipient may not choose (again): `order.closed`, `slot.not_offered`, `slot.too_late`; '' if they may."""
    if state not in ("draft", "held", "staged", "ready", "awaiting_pickup", "scheduled"):
        return "order.closed"
    if state in ("draft", "held") or policy.days == 0 or tasks != 1:
        return "slot.not_offered"
    if promised is not None and at > promised.start - policy.cutoff:
        return "slot.too_late"
    return ""
