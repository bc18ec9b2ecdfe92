"""Clocks of devices that go wrong: ahead, behind, or jumping. What a batch says of its sending sets it right.

A device that says when it sent a batch, by its own clock, shows how wrong that clock is: what it says and when it came
in are the same moment, but for the time on the way (Cristian, "Probabilistic clock synchronization", 1989). A counter
that never jumps (Android's `elapsedRealtime`) says how old each position is, whatever the clock did in between.

A clock that is right within `MOST_WRONG` is left alone: then nothing depends on when a batch came in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from homestretch.kernel.refusal import Refusal
from homestretch.kernel.units import read_instant
from homestretch.tracking.rules.fixes import Fix, read_tick

MOST_WRONG = timedelta(seconds=60)  # longer than any request is on its way


class Sent(NamedTuple):
    """A batch's sending, by the device: its clock, and its counter in milliseconds, which also counts in sleep."""

    at: datetime
    tick_ms: int | None = None


def read_sent(raw: object) -> Sent | None:
    """When the device says that it sent a batch; None where it does not say. Refuses `time.*`."""
    if not isinstance(raw, dict) or raw.get("sent_at") is None:
        return None
    at = raw["sent_at"]
    if not isinstance(at, str):
        raise Refusal("time.malformed", "sent_at is no instant", remedy="write ISO 8601 with a zone", field="sent_at")
    return Sent(read_instant(at), read_tick(raw.get("tick_ms")))


def set_right(fixes: Sequence[Fix], sent: Sent | None, received: datetime) -> list[Fix]:
    """The fixes with their true times; one that was set right keeps in `said` what the device said."""
    if sent is None:
        return list(fixes)
    ahead = received - sent.at
    if sent.tick_ms is None and abs(ahead) <= MOST_WRONG:
        return list(fixes)
    return [_right(fix, sent, ahead, received) for fix in fixes]


def _right(fix: Fix, sent: Sent, ahead: timedelta, received: datetime) -> Fix:
    true = fix.at + ahead
    if sent.tick_ms is not None and fix.tick_ms is not None and fix.tick_ms <= sent.tick_ms:
        true = received - timedelta(milliseconds=sent.tick_ms - fix.tick_ms)
    return fix if abs(true - fix.at) <= MOST_WRONG else fix._replace(at=true, said=fix.at)


def settle(at: NDArray[np.float64], said: NDArray[np.float64]) -> NDArray[np.float64]:
    """Seconds of fixes that were set right (`said`: what their clock had), by one correction for each error of it.

    Each batch was some seconds on its way, so each was set right by some seconds more than the error. The least of
    those that belong together is nearest to the truth (the clock filter of NTP, RFC 5905 section 10), and with one
    correction for all of them, fixes stand in the order in which they were taken.
    """
    shift = at - said
    order = np.argsort(shift, kind="stable")
    begins = np.flatnonzero(np.diff(shift[order], prepend=-np.inf) > MOST_WRONG.total_seconds())
    settled = np.empty(len(at))
    settled[order] = said[order] + np.repeat(shift[order][begins], np.diff(np.append(begins, len(order))))
    return settled
