"""Who is up next: actors in the order of simulated time.

An actor is an iterator of instants: it does what is due, then says when it wants to be called again. All that are due
at one instant are called side by side by `hands` threads, in the order of their numbers where there is one hand.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from homestretch.simulation.clock import Clock

Story = Iterator[datetime]


@dataclass(slots=True)
class Agenda:
    """The event queue of a day. Actors that act at one instant find the clock there."""

    clock: Clock
    hands: int = 4
    _queue: list[tuple[datetime, int, Story]] = field(default_factory=list)
    _number: int = 0
    _lock: Lock = field(default_factory=Lock)

    def add(self, story: Story) -> None:
        """Take an actor in: its story runs to its first instant. An actor may take others in."""
        following = _next(story)
        with self._lock:
            self._number += 1
            if following is not None:
                heapq.heappush(self._queue, (max(following, self.clock.now), self._number, story))

    def run(self, until: datetime | None = None) -> None:
        """Play until nobody has anything left to do, or to `until`, to which the clock is then moved."""
        with ThreadPoolExecutor(self.hands) as pool:
            while self._queue and (until is None or self._queue[0][0] <= until):
                instant = self._queue[0][0]
                self.clock.to(instant)
                due = []
                while self._queue and self._queue[0][0] == instant:
                    _, number, story = heapq.heappop(self._queue)
                    due.append((number, story))
                for (number, story), following in zip(due, pool.map(_next, [s for _, s in due]), strict=True):
                    if following is not None:
                        heapq.heappush(self._queue, (max(following, instant), number, story))
        if until is not None:
            self.clock.to(until)


def _next(story: Story) -> datetime | None:
    return next(story, None)
