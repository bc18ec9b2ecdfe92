"""What was promised in a played day, what was told, what came of it, and the measures that policies are compared by."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from homestretch.kernel.windows import Window
from homestretch.orders.rules.promises import Link, settle_chain


@dataclass(frozen=True, slots=True)
class Measures:
    """How a day went.

    `promises`: tasks to whose recipient a window was told. `broken_promises`: those that were not kept, as invariant
    I15 says: nobody came, or after the end of the first window, or the window was taken back and another one told
    (even if the first was met in the end). `on_time`: the share of all whose first attempt began by the end of
    the first window, whatever was told later. `km`: driven. `stops_moved`: how often a stop of a route was given to
    another driver, or came to stand behind another stop, each time. `messages`: windows told anew; what every delivery
    is told (scheduled, on the way, near, done) is left out. `unreached`: tasks that nobody got to. `changes`: how often
    routes were changed.
    """

    promises: int
    broken_promises: int
    on_time: float
    km: float
    stops_moved: int
    messages: int
    unreached: int
    changes: int


@dataclass(slots=True)
class Ledger:
    """Kept while a day is played."""

    chains: dict[UUID, list[Link]] = field(default_factory=dict)
    reached: dict[UUID, tuple[datetime, bool]] = field(default_factory=dict)  # the first attempt: when, done
    stops_moved: int = 0
    messages: int = 0
    changes: int = 0

    def promise(self, task: UUID, window: Window) -> None:
        """The first window that is told."""
        self.chains.setdefault(task, [Link(window, False)])

    def tell(self, task: UUID, window: Window) -> None:
        """Another window, told because the one that stands will not be met."""
        self.chains[task].append(Link(window, False))
        self.messages += 1

    def standing(self, task: UUID) -> Window | None:
        """The window that was told last, while nobody has come."""
        return self.chains[task][-1].window if task in self.chains and task not in self.reached else None

    def reach(self, task: UUID, at: datetime, *, done: bool) -> None:
        """An attempt; the first one settles the promise."""
        self.reached.setdefault(task, (at, done))

    def measures(self, meters: int, tasks: int) -> Measures:
        """Of a day of so many tasks."""
        kept = on_time = 0
        for task, chain in self.chains.items():
            at, done = self.reached.get(task, (None, False))
            kept += settle_chain(chain, at, completed=done).kept
            on_time += at is not None and at <= chain[0].window.end
        return Measures(
            promises=len(self.chains),
            broken_promises=len(self.chains) - kept,
            on_time=on_time / max(1, len(self.chains)),
            km=meters / 1000,
            stops_moved=self.stops_moved,
            messages=self.messages,
            unreached=tasks - len(self.reached),
            changes=self.changes,
        )
