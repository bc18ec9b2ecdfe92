"""How long a way takes that begins at some second, for the clock of a route: plain, or by slots of the day."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from homestretch.planner.problem import UNREACHABLE, Profile, Slots


@dataclass(frozen=True, slots=True)
class Leg:
    """A way that always takes as long. Of a `SlottedLeg`, `seconds` are the least of any departure."""

    seconds: int
    meters: int

    def arrive(self, leave: int) -> int:
        """When one arrives who leaves then."""
        return leave + self.seconds

    def leave(self, arrive: int) -> int:
        """The last departure that arrives by then."""
        return arrive - self.seconds

    def far(self, leave: int) -> int:  # noqa: ARG002 - those of a slotted one depend on it
        """Meters of the way for one who leaves then."""
        return self.meters


@dataclass(frozen=True, slots=True)
class SlottedLeg(Leg):
    """A way whose seconds depend on the departure; `lasts` and `meters_by` are by slot."""

    slots: "Line"
    lasts: tuple[int, ...]
    meters_by: tuple[int, ...]

    def arrive(self, leave: int) -> int:
        """Never sooner for one who leaves later; rounded up to a whole second."""
        return self.slots.arrive(self.lasts, leave)

    def leave(self, arrive: int) -> int:
        """By halves: the arrival never falls."""
        low, high = arrive - max(self.lasts), arrive - self.seconds
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.arrive(middle) <= arrive else (low, middle - 1)
        return low

    def far(self, leave: int) -> int:
        """Of the slot in which one leaves."""
        return self.meters_by[max(0, bisect_right(self.slots.starts, leave) - 1)]


@dataclass(frozen=True, slots=True)
class Line:
    """The slots of a day: their starts, and twice their midpoints."""

    starts: tuple[int, ...]
    middles: tuple[int, ...]

    def arrive(self, lasts: Sequence[int], leave: int) -> int:
        """On the straight line between two midpoints, but never before one who left sooner."""
        behind = bisect_right(self.middles, 2 * leave)
        if behind == 0:
            return leave + lasts[0]
        latest = max(-(-middle // 2) + each for middle, each in zip(self.middles[:behind], lasts, strict=False))
        if behind == len(self.middles):
            return max(latest, leave + lasts[-1])
        left, right = self.middles[behind - 1 : behind + 1]
        rise = (lasts[behind] - lasts[behind - 1]) * (2 * leave - left)
        return max(latest, leave + lasts[behind - 1] - (-rise // (right - left)))


def line_of_slots(slots: Slots) -> Line:
    """Twice the middle of each slot; the last one is taken to be as long as the one before it."""
    starts = slots.starts
    if len(starts) == 1:
        return Line(starts, ())
    ends = (*starts[1:], 2 * starts[-1] - starts[-2])
    return Line(starts, tuple(begin + end for begin, end in zip(starts, ends, strict=True)))


def leg_of(profile: Profile, start: int, end: int) -> Leg:
    """The way from one place to another; UNREACHABLE where there is none."""
    if start < 0 or end < 0:
        return Leg(UNREACHABLE, UNREACHABLE)
    seconds, meters = int(profile.durations[start, end]), int(profile.distances[start, end])
    if seconds >= UNREACHABLE or meters >= UNREACHABLE:
        return Leg(UNREACHABLE, UNREACHABLE)
    if not isinstance(profile, Slots) or len(profile.starts) == 1:
        return Leg(seconds, meters)
    lasts = tuple(int(matrix.durations[start, end]) for matrix in profile.matrices)
    far = tuple(int(matrix.distances[start, end]) for matrix in profile.matrices)
    return SlottedLeg(seconds, meters, line_of_slots(profile), lasts, far)
