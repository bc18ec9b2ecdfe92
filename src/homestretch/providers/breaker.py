"""When to stop asking a service that fails, and when to try it again."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock


@dataclass
class Breaker:
    """Closed: everybody may ask. After `failures` in a row within `within` it is open: nobody may, for `rest`. Then it
    is half open: one may try, and by that trial's word it closes again or stays open, each time twice as long up to
    `longest_rest`. A trial of which nothing was heard for `rest` counts as lost, and the next may try.

    It knows no clock and no service: each call says what time it is. Safe for many threads; kept for one process.
    """

    failures: int = 5
    within: timedelta = timedelta(minutes=1)
    rest: timedelta = timedelta(seconds=30)
    longest_rest: timedelta = timedelta(minutes=10)
    _failed: deque[datetime] = field(default_factory=deque, init=False, repr=False)
    _rests: int = field(default=0, init=False, repr=False)  # how many in a row
    _until: datetime | None = field(default=None, init=False, repr=False)  # None: closed
    _trying: bool = field(default=False, init=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)

    def allows(self, now: datetime) -> bool:
        """Whether one may ask now. Half open, the one who is told yes is the trial, and must say how it went."""
        with self._lock:
            if self._until is None:
                return True
            if now < self._until:
                return False
            self._until, self._trying = now + self.rest, True
            return True

    def succeeded(self, now: datetime) -> None:  # noqa: ARG002  said alike by all three calls
        """The service answered, be it a no. While open that is the word of one who asked before, and closes nothing."""
        with self._lock:
            if self._until is None or self._trying:
                self._failed.clear()
                self._rests, self._until, self._trying = 0, None, False

    def failed(self, now: datetime, *, retry_after_seconds: int | None = None) -> None:
        """The service did not answer. One that names a time to wait is left alone for that long, from the first."""
        with self._lock:
            wait = timedelta(seconds=retry_after_seconds or 0)
            if self._until is not None and not self._trying:  # asked before it opened
                self._until = max(self._until, now + wait)
                return
            self._failed.append(now)
            while self._failed[0] <= now - self.within:
                self._failed.popleft()
            if self._trying or wait or len(self._failed) >= self.failures:
                self._open(now, wait)

    def _open(self, now: datetime, wait: timedelta) -> None:
        rest = min(self.rest * 2 ** min(self._rests, 16), self.longest_rest)
        self._rests, self._until, self._trying = self._rests + 1, now + max(rest, wait), False
        self._failed.clear()
