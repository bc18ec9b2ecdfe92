"""When a message may leave: quiet hours in the organization's local time, patience, waits between tries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

WAITS = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
)


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in which nobody is disturbed: wall times of `zone`, from `start` up to `end`; equal: none at all."""

    start: time
    end: time
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Slot:
    """When a message is due, or `why` it never is."""

    due_at: datetime
    why: str = ""


def is_quiet(quiet: Quiet, at: datetime) -> bool:
    """Whether the wall clock stands in the quiet hours."""
    clock = at.astimezone(quiet.zone).time()
    if quiet.start <= quiet.end:
        return quiet.start <= clock < quiet.end
    return clock >= quiet.start or clock < quiet.end


def quiet_until(quiet: Quiet, at: datetime) -> datetime | None:
    """When the quiet hours that `at` lies in are over (UTC); None outside of them.

    A wall time that the clocks are set back over comes twice: the next one counts. One that they are set forward over
    counts as the instant at which the clock has jumped past it.
    """
    if not is_quiet(quiet, at):
        return None
    today = at.astimezone(quiet.zone).date()
    ends = (
        datetime.combine(today + timedelta(days=day), quiet.end, quiet.zone).replace(fold=fold).astimezone(UTC)
        for day in (0, 1)
        for fold in (0, 1)
    )
    return min(end for end in ends if end > at and not is_quiet(quiet, end))


def slot(wanted: datetime, patience_until: datetime, quiet: Quiet, at: datetime) -> Slot:
    """The first instant from `wanted` (and `at`) on at which a message may leave."""
    due_at = max(wanted, at)
    if due_at > patience_until:
        return Slot(due_at, "too_late")
    end = quiet_until(quiet, due_at)
    if end is None:
        return Slot(due_at)
    return Slot(end) if end <= patience_until else Slot(due_at, "quiet_hours")


def next_try(tries: int, at: datetime, wait_s: int | None) -> datetime:
    """When to try again after `tries` tries, not sooner than the provider asked for."""
    wait = WAITS[min(tries, len(WAITS)) - 1]
    return at + max(wait, timedelta(seconds=wait_s or 0))
