"""How long the judge says that a way takes. Its own arithmetic, on the matrices and nothing else.

Between the midpoints of two slots the seconds are a straight line in the departure. Who leaves later never arrives
sooner: the arrival is the largest that any departure up to this one gives, which lies at the departure itself or at a
midpoint before it. It is rounded up to a whole second, once.
"""

from bisect import bisect_right
from itertools import pairwise

from homestretch.planner.problem import UNREACHABLE, Profile, Slots


def arrival(profile: Profile, a: int, b: int, depart: int) -> int:
    """When one who leaves `a` at `depart` is at `b`."""
    if not isinstance(profile, Slots) or len(profile.starts) == 1:
        return depart + int(profile.durations[a, b])
    middles = _doubled_midpoints(profile.starts)
    seconds = [int(matrix.durations[a, b]) for matrix in profile.matrices]
    behind = bisect_right(middles, 2 * depart)
    latest = _own(middles, seconds, behind, depart)
    for middle, lasts in zip(middles[:behind], seconds, strict=False):
        latest = max(latest, _up(middle, 2) + lasts)
    return latest


def meters(profile: Profile, a: int, b: int, depart: int) -> int:
    """How far it is, by the slot in which one leaves."""
    if not isinstance(profile, Slots):
        return int(profile.distances[a, b])
    slot = max(0, bisect_right(profile.starts, depart) - 1)
    return int(profile.matrices[slot].distances[a, b])


def is_way(profile: Profile, a: int, b: int) -> bool:
    """Whether there is a way at all."""
    return bool(max(profile.durations[a, b], profile.distances[a, b]) < UNREACHABLE)


def _doubled_midpoints(starts: tuple[int, ...]) -> list[int]:
    """Twice the middle of each slot; the last slot is as long as the one before it."""
    ends = [*starts[1:], 2 * starts[-1] - starts[-2]]
    return [begin + end for begin, end in zip(starts, ends, strict=True)]


def _own(middles: list[int], seconds: list[int], behind: int, depart: int) -> int:
    """The arrival that this departure alone gives, `behind` so many midpoints."""
    if behind == 0:
        return depart + seconds[0]
    if behind == len(middles):
        return depart + seconds[-1]
    (left, right), (before, after) = list(pairwise(middles))[behind - 1], list(pairwise(seconds))[behind - 1]
    return depart + before + _up((after - before) * (2 * depart - left), right - left)


def _up(amount: int, parts: int) -> int:
    """Divided and rounded up."""
    return -(-amount // parts)
