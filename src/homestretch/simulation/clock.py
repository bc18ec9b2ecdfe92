"""The simulated clock, moved by us: it stands still while work waits, and our `speed` is a ceiling."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime

from homestretch.kernel.units import iso, read_instant
from homestretch.simulation.client import Client

PAUSE_S = 0.01  # the door itself waits for work that is under way


class Stuck(Exception):
    """Work has been waiting for longer than the patience: the clock can't move."""


@dataclass(slots=True)
class Clock:
    """Steps the installation's clock. `speed` is simulated seconds per real second, at most."""

    client: Client
    speed: float = 600.0
    patience_s: float = 180.0
    now: datetime = field(init=False)
    waited_s: float = 0.0
    steps: int = 0
    _began: tuple[float, datetime] | None = None

    def __post_init__(self) -> None:
        self.now = self.read()

    def read(self) -> datetime:
        """What time it is there."""
        return read_instant(self.client.get("/simulation/clock")["now"])

    def to(self, instant: datetime) -> None:
        """Move to `instant`, stopping wherever work falls due on the way. Raises `Stuck`."""
        self._hold_back(instant)
        while self.now < instant:
            self._step(instant)

    def settle(self) -> None:
        """Wait until nothing is left undone at this instant."""
        self._step(self.now)

    def jump(self, instant: datetime) -> None:
        """As `to`, at no pace: for the nights between days."""
        while self.now < instant:
            self._step(instant)
        self._began = None

    def _step(self, instant: datetime) -> None:
        began, body = time.monotonic(), {"to": iso(instant)}
        while True:
            made = self.client.post("/simulation/clock", body)
            self.now = read_instant(made["now"])
            if not made["pending"]:
                break
            if time.monotonic() - began > self.patience_s:
                raise Stuck(f"{made['pending']} jobs have been waiting at {made['now']} for {self.patience_s:.0f} s")
            time.sleep(PAUSE_S)
        self.steps += 1
        self.waited_s += time.monotonic() - began

    def _hold_back(self, instant: datetime) -> None:
        """Not faster than `speed`, reckoned from the first step since the last jump."""
        if self._began is None:
            self._began = (time.monotonic(), self.now)
        real, shown = self._began
        early = (instant - shown).total_seconds() / self.speed - (time.monotonic() - real)
        if early > 0:
            time.sleep(early)
