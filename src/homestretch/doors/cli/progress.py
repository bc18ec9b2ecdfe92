"""How a search goes, on one line of a terminal that is written again and again, and is gone when the answer comes."""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Callable
from typing import TextIO

from homestretch.planner.cost import plan_cost
from homestretch.planner.problem import Problem
from homestretch.planner.stopping import Progress, Until

EVERY = 0.25  # seconds between two lines
SPARED = 40  # a cost is counted anew only when this many times as long has passed as counting takes
MINUTE = 60.0

Clock = Callable[[], float]


class ProgressLine:
    """The line of one search: give `watch` and `until` to it, and `close` it before the answer is printed."""

    def __init__(self, problem: Problem, stream: TextIO, clock: Clock = time.monotonic) -> None:
        self.problem = problem
        self.stream = stream
        self.clock = clock
        self.begun = clock()
        self.latest: Progress | None = None
        self.shown: Progress | None = None
        self.cost = 0
        self.drawn = self.counted = -MINUTE
        self.counting = 0.0
        self.width = 0
        self.costs: deque[tuple[float, int, int]] = deque()  # (when, unassigned, cost), of the last minute

    def watch(self, progress: Progress) -> None:
        """Take note of a better plan."""
        self.latest = progress
        self.draw()

    def until(self, rule: Until) -> Until:
        """The stopping rule, which draws the line when it is asked."""
        return _Drawing(rule, self.draw)

    def draw(self) -> None:
        """Write the line, unless it was written just now."""
        now = self.clock()
        if self.latest is None or now - self.drawn < EVERY:
            return
        self.drawn = now
        self._count(now)
        text = self._text(now)[: max(20, shutil.get_terminal_size().columns - 1)]
        self._write(text)

    def close(self) -> None:
        """Take the line away."""
        if self.width:
            self._write("")
            self.stream.write("\r")
            self.stream.flush()

    def _count(self, now: float) -> None:
        """What the plan costs by the problem's own count, which the search's is not."""
        if self.latest is self.shown or self.latest is None or now - self.counted < SPARED * self.counting:
            return
        self.cost = plan_cost(self.problem, self.latest.plan)
        self.shown, self.counted = self.latest, now
        self.counting = self.clock() - now
        self.costs.append((now, len(self.latest.plan.unassigned), self.cost))

    def _text(self, now: float) -> str:
        plan = self.shown.plan if self.shown else None
        if plan is None:
            return f"{now - self.begun:.0f} s"
        routes = sum(bool(route.visits) for route in plan.routes)
        parts = [
            f"{now - self.begun:.0f} s",
            f"cost {self.cost}",
            f"{routes} routes",
            f"{len(plan.unassigned)} unassigned",
        ]
        return "  ".join([*parts, *self._gain(now)])

    def _gain(self, now: float) -> list[str]:
        """By how much the cost has fallen within the last minute, while as many visits were on no route."""
        while len(self.costs) > 1 and self.costs[1][0] <= now - MINUTE:
            self.costs.popleft()
        alike = [cost for _, out, cost in self.costs if out == self.costs[-1][1]]
        if len(alike) < 2 and now - self.costs[-1][0] < MINUTE:
            return []
        first = max(1, alike[0])
        span = "minute" if now - self.begun >= MINUTE else f"{now - self.begun:.0f} s"
        return [f"{100 * (alike[0] - alike[-1]) / first:.2f} % gained in the last {span}"]

    def _write(self, text: str) -> None:
        self.stream.write("\r" + text.ljust(self.width))
        self.stream.flush()
        self.width = len(text)


class _Drawing:
    """A stopping rule that draws when it is asked; it knows its share if the rule does."""

    def __init__(self, rule: Until, draw: Callable[[], None]) -> None:
        self.rule = rule
        self.draw = draw
        if hasattr(rule, "share"):
            self.share = rule.share

    def __call__(self) -> bool:
        self.draw()
        return self.rule()
