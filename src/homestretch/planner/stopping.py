"""When a search ends, and what it tells on the way.

A stopping rule is a callable without arguments; the search asks it before each of its rounds. A rule that knows how
much of the search lies behind says so by `share()`, from 0 to 1 (None = it does not know): the search cools by it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from homestretch.planner.problem import Plan

Until = Callable[[], bool]
Clock = Callable[[], float]

FORGETTING = 0.99  # a long step counts for half after 69 shorter ones


@dataclass(frozen=True, slots=True)
class Progress:
    """A better plan, not yet judged. `cost` is in the engine's own scale; `seconds` are since the search began."""

    seconds: float
    iterations: int
    cost: int
    plan: Plan


Watch = Callable[[Progress], None]


def cpu_seconds() -> float:
    """CPU seconds that all threads of this process have used."""
    return time.process_time()


@dataclass(slots=True)
class Seconds:
    """True when another step as long as the longest of late would end after `limit` seconds of `clock`.

    The default clock counts the CPU seconds of all threads of the process, divided by `threads`; beside other work in
    the process pass `time.monotonic` or `time.thread_time`. Counting begins at the first question, or at `since` (a
    reading of the clock). A rule is used up by one search.
    """

    limit: float
    threads: int = 1
    since: float | None = None
    clock: Clock = cpu_seconds
    _asked: float | None = field(default=None, init=False)
    _longest: float = field(default=0.0, init=False)

    def __call__(self) -> bool:
        now = self.clock()
        if self.since is None:
            self.since = now
        if self._asked is not None:
            self._longest = max(self._longest * FORGETTING, now - self._asked)
        self._asked = now
        return (now - self.since + self._longest) / self.threads >= self.limit

    def share(self) -> float | None:
        """Of the seconds, how much has passed."""
        if self.since is None:
            return 0.0
        return min(1.0, (self.clock() - self.since) / self.threads / self.limit) if self.limit > 0 else 1.0


@dataclass(slots=True)
class Iterations:
    """True when `limit` rounds have been made: the rule for results that repeat by seed."""

    limit: int
    made: int = field(default=0, init=False)

    def __call__(self) -> bool:
        self.made += 1
        return self.made > self.limit

    def share(self) -> float | None:
        """Of the rounds, how much has been made."""
        return min(1.0, self.made / self.limit) if self.limit > 0 else 1.0


@dataclass(slots=True)
class Cancel:
    """True after `cancel()`, which another thread may call."""

    cancelled: bool = field(default=False, init=False)

    def cancel(self) -> None:
        """End the search at its next round; it returns the best plan so far."""
        self.cancelled = True

    def __call__(self) -> bool:
        return self.cancelled


@dataclass(frozen=True, slots=True)
class First:
    """True as soon as one of the rules is; all are asked each time, for they count."""

    rules: tuple[Until, ...]

    def __call__(self) -> bool:
        answers = [rule() for rule in self.rules]
        return any(answers)

    def share(self) -> float | None:
        """The largest share of those that know theirs."""
        shares = [share_of(rule) for rule in self.rules]
        return max((share for share in shares if share is not None), default=None)


def share_of(rule: Until) -> float | None:
    """How much of the search lies behind, where the rule knows it."""
    share: Callable[[], float | None] | None = getattr(rule, "share", None)
    return share() if share else None
