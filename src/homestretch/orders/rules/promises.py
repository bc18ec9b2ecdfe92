"""The promise ledger, exactly as invariant I15 says.

*Kept* is an arrival inside the first promise, or inside one that the recipient chose or accepted. A promise that we
superseded without consent is broken, whatever happens after. An arrival before such a window counts as kept only if the
task was completed. Nothing else is on time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from homestretch.kernel.windows import Window


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


def settle_chain(chain: Sequence[Link], arrived_at: datetime | None, *, completed: bool) -> Verdict:
    """Judge a chain, oldest first and never empty, by the arrival (None: nobody came)."""
    counting = counting_links(chain)
    if arrived_at is None:
        return Verdict(False, 0)
    if any(is_kept(link.window, arrived_at, completed=completed) for link in counting):
        return Verdict(True, 0)
    ends = [link.window.end for link in counting] or [chain[0].window.end]
    late = min(int((arrived_at - end).total_seconds()) for end in ends)
    return Verdict(False, max(0, late))


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
