"""The promise ledger, exactly as invariant I15 says.

*Kept* is an arrival inside the first promise, or inside one that the recipient chose or accepted. A promise that we
superseded without consent is broken, whatever happens after. An arrival before such a window counts as kept only if the
task was completed. Nothing else is on time. An order that we cancel breaks what was told of it. A window at a depot is
kept, too, by goods that lay ready until its end: who does not come for them was not kept waiting by us.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from homestretch.kernel.actor import Actor, Kind
from homestretch.kernel.windows import Window

WISHES = ("recipient_wish", "merchant_wish")  # reasons by which we say that a cancellation was theirs


@dataclass(frozen=True, slots=True)
class Link:
    """One promise of a chain. `consented`: the recipient chose or accepted it."""

    window: Window
    consented: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the chain was kept, and else by how many seconds the closest window that counts was missed."""

    kept: bool
    late_s: int


def settle_chain(
    chain: Sequence[Link], arrived_at: datetime | None, *, completed: bool, lay_ready: bool = False
) -> Verdict:
    """Judge a chain, oldest first and never empty, by the arrival (None: nobody came). `lay_ready`: its last window is
    one at a depot, and the goods waited there until its end."""
    counting = counting_links(chain)
    if lay_ready and chain[-1] in counting:
        return Verdict(True, 0)
    if arrived_at is None:
        return Verdict(False, 0)
    if any(is_kept(link.window, arrived_at, completed=completed) for link in counting):
        return Verdict(True, 0)
    ends = [link.window.end for link in counting] or [chain[0].window.end]
    late = min(int((arrived_at - end).total_seconds()) for end in ends)
    return Verdict(False, max(0, late))


def is_their_wish(actor: Actor, reason: str) -> bool:
    """Whether a cancellation is the recipient's or the merchant's: said by themselves, or by us under one of `WISHES`
    (which the log keeps)."""
    return actor.kind is Kind.LINK or actor.merchant_id is not None or reason in WISHES


def cancelling_breaks(chain: Sequence[Link], at: datetime, *, wished: bool) -> bool:
    """Whether a promise that was told is broken by cancelling its order at `at`: always when it is our doing; by their
    own wish only when it was broken already, for no window that counts is still open."""
    return not wished or all(link.window.end < at for link in counting_links(chain))


def counting_links(chain: Sequence[Link]) -> list[Link]:
    """The promises that an arrival may keep: the first and the consented ones, but for those that we superseded
    without consent."""
    found = []
    for index, link in enumerate(chain):
        broken = index + 1 < len(chain) and not chain[index + 1].consented
        if (index == 0 or link.consented) and not broken:
            found.append(link)
    return found


def is_kept(window: Window, arrived_at: datetime, *, completed: bool) -> bool:
    """Inside is kept; early is kept if it was completed; late is not."""
    return arrived_at <= window.end and (completed or arrived_at >= window.start)
