"""The times of a route, as `schedule` states them and `check` verifies them. Seconds from the problem's epoch."""

from dataclasses import dataclass, field

from homestretch.planner.problem import Loads


@dataclass(frozen=True, slots=True)
class StopTimes:
    """One visit in time. It arrives, waits (and rests) until `start`, serves, and drives off at `leave`.

    `late` is how many seconds `start` is past the last window; `seconds` and `meters` are the leg that leads here;
    `load` is on board when it drives off.
    """

    visit: str
    arrive: int
    wait: int
    start: int
    leave: int
    late: int
    seconds: int
    meters: int
    load: Loads = field(hash=False)


@dataclass(frozen=True, slots=True)
class BreakTimes:
    """A rest on the route: `index` among the shift's breaks, at the stop `position`, before or after its service."""

    index: int
    start: int
    end: int
    position: int
    after_service: bool


@dataclass(frozen=True, slots=True)
class ReloadTimes:
    """A halt at the reload place before the stop at `position`: it arrives, begins to load at `start`, drives off at
    `leave`. `seconds` and `meters` are the leg that leads there; the stop's own leg begins there."""

    position: int
    arrive: int
    start: int
    leave: int
    seconds: int
    meters: int


@dataclass(frozen=True, slots=True)
class RouteTimes:
    """A route in time. It begins to load at `depart`, drives off `loading` seconds later (at once where it has begun).
    `seconds` and `meters` are driven, the ways to reload places and to the end place included.

    `breaks` are those taken on the route; the others of the shift fall before or after it. `overtime` is how many
    seconds `finish` is past the shift's end; `paid` is the duration without unpaid breaks; `load` is on board at
    departure.
    """

    shift: str
    depart: int
    finish: int
    stops: tuple[StopTimes, ...]
    breaks: tuple[BreakTimes, ...]
    seconds: int
    meters: int
    paid: int
    overtime: int
    load: Loads = field(hash=False)
    reloads: tuple[ReloadTimes, ...] = ()

    @property
    def duration(self) -> int:
        """Seconds from departure to finish, everything included."""
        return self.finish - self.depart

    @property
    def waiting(self) -> int:
        """Seconds idle before services."""
        return sum(stop.wait for stop in self.stops)

    @property
    def late(self) -> int:
        """Seconds of lateness of all stops together."""
        return sum(stop.late for stop in self.stops)
