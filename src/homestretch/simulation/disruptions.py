"""What a day can be disrupted by, by name: one list, for days through the doors and for days played in one process.

    storm = DISRUPTIONS["storm"]

Factors are of the time that a drive takes; hours are local.
"""

from __future__ import annotations

from dataclasses import dataclass

USUALLY_ABSENT, USUALLY_URGENT = 0.05, 3


@dataclass(frozen=True, slots=True)
class Slow:
    """Drives take up to `factor` times as long around `hour`, fading over `hours` to both sides; a `steady` one takes
    its whole factor from the first hour to the last."""

    hour: float
    hours: float
    factor: float
    steady: bool = False

    def at(self, hour: float) -> float:
        """The factor at an hour of the day."""
        away = abs(hour - self.hour) / self.hours
        if away >= 1:
            return 1.0
        return self.factor if self.steady else 1 + (self.factor - 1) * (1 - away)


@dataclass(frozen=True, slots=True)
class Disruption:
    """What goes wrong. `slow`: when drives take longer. `closed_at`: the hour at which a bridge is closed. `down`: the
    hours at which a vehicle breaks down, one each. `absent`: the share of recipients who are not there. `urgent`:
    orders that come in by day, and want to be served soon."""

    slow: tuple[Slow, ...] = ()
    closed_at: float | None = None
    down: tuple[float, ...] = ()
    absent: float = USUALLY_ABSENT
    urgent: int = USUALLY_URGENT

    def factor(self, hour: float) -> float:
        """How many times as long as usual drives take at an hour of the day."""
        made = 1.0
        for slow in self.slow:
            made *= slow.at(hour)
        return made


NONE = Disruption()
DISRUPTIONS = {
    "rush_hour": Disruption(slow=(Slow(8.5, 1.5, 1.8), Slow(16.5, 2.0, 1.8))),
    "storm": Disruption(slow=(Slow(12.5, 2.5, 1.45, steady=True),)),
    "closed_bridge": Disruption(closed_at=10.0),
    "vehicle_down": Disruption(down=(10.5,)),
    "absent": Disruption(absent=0.10),
    "urgent": Disruption(urgent=24),
}
