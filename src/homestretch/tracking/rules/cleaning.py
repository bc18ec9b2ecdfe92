"""From all that a device reported to its track: duplicates, poor and zero positions, spikes and impossible times go.

A pure function of the *set* of positions: the track is the same in whatever order, and in whatever batches, they came.

- **Chain.** Of the positions by time, the longest chain is kept in which one can be reached from the one before: not
  faster than `MOST_MS`, and no further than the speeds at both ends allow, where the device's speeds can be trusted. It
  is found by dynamic programming, so a burst of wrong positions goes as a whole, and one at the beginning does not take
  the right ones with it. This is the heuristic of travel speeds in Zheng, "Trajectory Data Mining", ACM TIST 6(3),
  2015, section 3.1, made exact: there each position is held against the one before, right or wrong.
- **Excursions.** Then whatever leaves the track and comes back as no vehicle does (`excursions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import cos, hypot, radians

import numpy as np
from numpy.typing import NDArray

from homestretch.tracking.rules.clocks import settle
from homestretch.tracking.rules.excursions import LEAST_M, NEAR_S, SCALE, Bools, Floats, excursions, flat, offsets
from homestretch.tracking.rules.fixes import Fix

MOST_MS = 50.0  # meters per second; no vehicle of ours is faster
SPEEDS_MS2 = 2.5  # how far the mean of two speeds may be from the speed in between
POOR_M = 200  # a worse accuracy says nothing about the road
USUAL_M = 15.0  # accuracy of who does not say it
BREAK = 15.0  # so many positions more must a chain have to jump: the vehicle is there, whoever can't believe it
SKIP = 2.0  # and so many to leave out some: who leaps over right ones to take in a burst pays twice
REACH = 200  # positions that a burst of wrong ones may have
AGAIN = 0.05  # weight of a position that repeats the one before to the last digit: it says nothing more
TRUSTED = 0.05  # speeds are used where fewer of a device's steps contradict them
ROUNDS = 6  # excursions that hide behind each other
NOWHERE = 1e-4  # degrees around a zero
CAUSES = ("duplicate", "poor", "zero", "spike")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The track, by time, and how many positions were left out, by cause (`CAUSES`)."""

    track: list[Fix]
    left_out: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Positions by time: seconds, degrees, meters per second (NaN: not said), accuracy in meters."""

    at: Floats
    lat: Floats
    lon: Floats
    speed: Floats
    accuracy: Floats

    def of(self, chosen: NDArray[np.intp]) -> _Columns:
        return _Columns(*(column[chosen] for column in (self.at, self.lat, self.lon, self.speed, self.accuracy)))


def clean(fixes: Iterable[Fix]) -> Cleaned:
    """The track of one device. A fix that the device's clock put wrong has its settled time."""
    given = sorted(_settled(list(fixes)), key=_order)
    columns = _columns(given)
    order = np.arange(len(given))
    left: dict[str, int] = {}
    for cause, rule in (("duplicate", _first_of_instant), ("poor", _fair), ("zero", _somewhere), ("spike", _plausible)):
        kept = order[rule(columns.of(order))]
        left[cause] = len(order) - len(kept)
        order = kept
    return Cleaned([given[index] for index in order.tolist()], left)


def _settled(fixes: list[Fix]) -> list[Fix]:
    """With one correction for each error of the clock."""
    wrong = [index for index, fix in enumerate(fixes) if fix.said is not None]
    said = np.array([fix.said.timestamp() for fix in fixes if fix.said is not None])
    at = settle(np.array([fixes[index].at.timestamp() for index in wrong]), said)
    for index, second in zip(wrong, at.tolist(), strict=True):
        fixes[index] = fixes[index]._replace(at=datetime.fromtimestamp(round(second, 3), UTC))
    return fixes


def _order(fix: Fix) -> tuple[datetime, int, float, float, int, int]:
    """By time; of one instant the most accurate first. Total, so that no order of arrival shows through."""
    accuracy = POOR_M if fix.accuracy_m is None else fix.accuracy_m
    speed = -1 if fix.speed_mh is None else fix.speed_mh
    bearing = -1 if fix.bearing_deg is None else fix.bearing_deg
    return fix.at, accuracy, fix.lat, fix.lon, speed, bearing


def _columns(fixes: Sequence[Fix]) -> _Columns:
    return _Columns(
        np.array([fix.at.timestamp() for fix in fixes]),
        np.array([fix.lat for fix in fixes]),
        np.array([fix.lon for fix in fixes]),
        np.array([np.nan if fix.speed_mh is None else fix.speed_mh / 3600 for fix in fixes]),
        np.array([USUAL_M if fix.accuracy_m is None else float(fix.accuracy_m) for fix in fixes]),
    )


def _first_of_instant(given: _Columns) -> Bools:
    """One position an instant."""
    return np.diff(given.at, prepend=-np.inf) > 1e-6


def _fair(given: _Columns) -> Bools:
    return given.accuracy <= POOR_M


def _somewhere(given: _Columns) -> Bools:
    """A zero is a value that was missing; both are refused at the door, one of two comes through."""
    return (np.abs(given.lat) > NOWHERE) & (np.abs(given.lon) > NOWHERE)


def _plausible(given: _Columns) -> Bools:
    kept = _chain(given)
    for _ in range(ROUNDS):
        left = given.of(kept)
        wrong = excursions(left.at, *flat(left.lat, left.lon), left.accuracy)
        if not wrong.any():
            break
        kept = kept[~wrong]
    chosen = np.zeros(len(given.at), bool)
    chosen[kept] = True
    return chosen


def _steps(given: _Columns) -> tuple[Bools, bool]:
    """Which positions can be reached from the one before; and whether the device's speeds are to be trusted."""
    index = np.arange(len(given.at))
    a, b = index[:-1], index[1:]
    seconds = np.maximum(given.at[b] - given.at[a], 1.0)
    far = np.hypot(*offsets(given.lat, given.lon, a, b)) - LEAST_M - given.accuracy[a] - given.accuracy[b]
    reached = far <= MOST_MS * seconds
    told = _told(given.speed[a], given.speed[b], seconds)
    judged = reached & ~np.isnan(told) & (seconds <= NEAR_S)
    against = judged & (far > told)
    trusted = bool(judged.any()) and int(against.sum()) <= TRUSTED * int(judged.sum())
    return (reached & ~against) if trusted else reached, trusted


def _told(before: Floats, after: Floats, seconds: Floats) -> Floats:
    """Meters that the speeds at both ends allow; one alone allows more, none leaves it open (NaN)."""
    alone = np.where(np.isnan(before), after, before) * seconds + SPEEDS_MS2 / 2 * seconds * seconds
    both = (before + after) / 2 * seconds + SPEEDS_MS2 / 4 * seconds * seconds
    return np.where(np.isnan(both), alone, both)


class _Reach:
    """Whether one position can be reached from another, number by number: what `_steps` says of neighbors."""

    def __init__(self, given: _Columns, *, speeds: bool) -> None:
        self.at: list[float] = given.at.tolist()
        self.lat: list[float] = given.lat.tolist()
        self.lon: list[float] = given.lon.tolist()
        self.accuracy: list[float] = given.accuracy.tolist()
        self.speed: list[float | None] = [None if np.isnan(one) or not speeds else one for one in given.speed.tolist()]

    def holds(self, a: int, b: int) -> bool:
        seconds = max(self.at[b] - self.at[a], 1.0)
        turn = (self.lon[b] - self.lon[a] + 180.0) % 360.0 - 180.0
        east = turn * SCALE * cos(radians((self.lat[a] + self.lat[b]) / 2))
        far = hypot((self.lat[b] - self.lat[a]) * SCALE, east) - LEAST_M - self.accuracy[a] - self.accuracy[b]
        return far <= MOST_MS * seconds and (seconds > NEAR_S or far <= self._told(a, b, seconds))

    def _told(self, a: int, b: int, seconds: float) -> float:
        known = [speed for speed in (self.speed[a], self.speed[b]) if speed is not None]
        if not known:
            return MOST_MS * seconds
        return sum(known) / len(known) * seconds + SPEEDS_MS2 / 2 / len(known) * seconds * seconds


def _chain(given: _Columns) -> NDArray[np.intp]:
    """Positions of the heaviest chain, in order."""
    count = len(given.at)
    near, trusted = _steps(given)
    same = (np.diff(given.lat, prepend=np.nan) == 0) & (np.diff(given.lon, prepend=np.nan) == 0)
    weight = np.where(same, AGAIN, 1.0).tolist()
    step, reach = [False, *near.tolist()], _Reach(given, speeds=trusted)
    score, before = [0.0] * count, [-1] * count
    heaviest = [-1] * count  # of all up to here, the end of the heaviest chain
    top = -1
    for here in range(count):
        if step[here] and top == here - 1:
            found, total = top, score[top]
        else:
            found, total = _best(here, score, heaviest, reach)
        score[here], before[here] = total + weight[here], found
        top = here if top < 0 or score[here] >= score[top] else top
        heaviest[here] = top
    chain = []
    while top >= 0:
        chain.append(top)
        top = before[top]
    return np.array(chain[::-1], np.intp)


def _best(here: int, score: Sequence[float], heaviest: Sequence[int], reach: _Reach) -> tuple[int, float]:
    """The heaviest chain that `here` can go on, and its weight: by a step, or by a jump at its price."""
    if here == 0:
        return -1, 0.0
    top = heaviest[here - 1]
    found, total = (top, score[top] - BREAK) if score[top] > BREAK else (-1, 0.0)
    for index in range(here - 1, max(-1, here - 1 - REACH), -1):
        skipped = SKIP if index < here - 1 else 0.0
        if score[heaviest[index]] - skipped <= total:
            break  # none further back is heavier
        if score[index] - skipped > total and reach.holds(index, here):
            found, total = index, score[index] - skipped
    return found, total
