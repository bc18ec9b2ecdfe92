"""Positions that leave a track and come back as no vehicle does, though each step could be driven.

- **One.** It lies off the line between its neighbors by more than can be accelerated to and back; or by far more than
  those neighbors lie off theirs once it is gone. A corner fails the second test: without it, both its neighbors bend.
  (A leave-one-out form of the Hampel identifier: Davies and Gather, JASA 88, 1993.)
- **Several.** They are reached by a leap and left by a leap, longer than the speeds before and after allow; or, by
  leaps that are nearly as long, lie close together and far from the way that is left without them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from homestretch.kernel.geo import EARTH_RADIUS_M

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Indexes = NDArray[np.intp]

MOST_MS2 = 3.0  # meters per second squared, along or across: what a laden van brakes and turns with
LEAP_MS2 = 4.5  # the same of a leap: more, for speeds before and after are means of whole steps
LEAST_M = 40.0  # noise of whoever is accurate
LEAP_M = 20.0  # the same, of a step: errors of neighbors are alike
NEAR_S = 90.0  # neighbors further apart in time tell nothing
BENDS = 3.0  # by so many times must one lie further off than its neighbors do without it
DETOUR = 1.05  # who went on from there was there
LONGEST = 8  # positions of a burst
SCALE = EARTH_RADIUS_M * np.pi / 180


def offsets(lat: Floats, lon: Floats, a: Indexes, b: Indexes) -> tuple[Floats, Floats]:
    """Meters to the north and to the east, from positions `a` to positions `b`: right for what lies near."""
    turn = (lon[b] - lon[a] + 180.0) % 360.0 - 180.0
    return (lat[b] - lat[a]) * SCALE, turn * SCALE * np.cos(np.radians((lat[a] + lat[b]) / 2))


def flat(lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
    """Meters north and east of the first, summed step by step: right between those that are near each other."""
    index = np.arange(len(lat))
    north, east = offsets(lat, lon, np.maximum(index - 1, 0), index)
    return np.cumsum(north), np.cumsum(east)


def excursions(at: Floats, north: Floats, east: Floats, accuracy: Floats) -> Bools:
    """Of positions by time (seconds, meters of `flat`, meters), those that are wrong; of neighbors the worst alone.

    Bursts go first: beside one, a right position looks as wrong as the first of the burst. Ask again without them.
    """
    bent = np.zeros(len(at), bool)
    for length in range(LONGEST, 1, -1):
        if len(at) >= length + 4:
            bent |= _burst(length, at, north, east, accuracy) & ~_near(bent, length)
    return bent if bent.any() else _single(at, north, east, accuracy)


def _near(marked: Bools, reach: int) -> Bools:
    """Within so many positions of a marked one."""
    near = marked.copy()
    for index in np.flatnonzero(marked).tolist():
        near[max(0, index - reach) : index + reach + 1] = True
    return near


def _off(at: Floats, north: Floats, east: Floats, *which: Indexes) -> Floats:
    """How far `b` is from where the way from `a` to `c` would have it at that instant."""
    a, b, c = which
    share = (at[b] - at[a]) / np.maximum(at[c] - at[a], 1e-3)
    off_north = north[b] - north[a] - (north[c] - north[a]) * share
    off_east = east[b] - east[a] - (east[c] - east[a]) * share
    return np.asarray(np.hypot(off_north, off_east))


def _single(at: Floats, north: Floats, east: Floats, accuracy: Floats) -> Bools:
    count = len(at)
    excess = np.zeros(count)
    if count < 3:
        return excess > 1
    b = np.arange(1, count - 1)
    a, c = b - 1, b + 1
    first, second = at[b] - at[a], at[c] - at[b]
    off = _off(at, north, east, a, b, c)
    noise = LEAST_M + 2 * accuracy[b] + (accuracy[a] + accuracy[c]) / 2
    sharp = off / (noise + MOST_MS2 / 2 * first * second)
    before, after = np.maximum(a - 1, 0), np.minimum(c + 1, count - 1)
    rest = np.maximum(_off(at, north, east, before, a, c), _off(at, north, east, a, c, after))
    alone = np.minimum(off / noise, off / (BENDS * np.maximum(rest, 1.0)))
    alone[(before == a) | (after == c)] = 0  # one at an end has no neighbors to hold it against
    around = _long(north, east, a, b) + _long(north, east, b, c) > DETOUR * _long(north, east, a, c)
    told = around & (first <= NEAR_S) & (second <= NEAR_S)
    excess[b] = np.where(told, np.maximum(sharp, alone), 0)
    worst = np.maximum(np.append(excess[1:], 0), np.append(0, excess[:-1]))
    return np.asarray((excess > 1) & (excess >= worst), bool)


def _burst(length: int, at: Floats, north: Floats, east: Floats, accuracy: Floats) -> Bools:
    """Blocks of so many positions that a leap leads to, and another away from."""
    count = len(at)
    begin = np.arange(2, count - length - 1)
    end = begin + length - 1
    into, away = _leap(begin - 1, begin, at, north, east, accuracy), _leap(end, end + 1, at, north, east, accuracy)
    least = np.minimum(into, away)
    leaps = np.where(least > 0.75, (into + away) / 2, 0)
    excess = leaps
    asked = np.flatnonzero((leaps <= 1) & (least > 0.4))
    if len(asked):
        excess[asked] = _apart(begin[asked], end[asked], at, north, east, accuracy)
    excess[_leap(begin - 1, end + 1, at, north, east, accuracy) > 1] = 0  # without them it would be no better
    padded = np.zeros(count)
    padded[begin] = excess
    chosen = np.zeros(count, bool)
    for index in np.flatnonzero(padded > 1).tolist():
        if padded[index] >= padded[max(0, index - length) : index + length + 1].max():
            chosen[index : index + length] = True
    return chosen


def _apart(begin: Indexes, end: Indexes, at: Floats, north: Floats, east: Floats, accuracy: Floats) -> Floats:
    """Blocks against the way that would be left without them: how far off they lie, and how close together."""
    a, c, last = begin - 1, end + 1, len(at) - 1
    off, inside = np.full(len(begin), np.inf), np.zeros(len(begin))
    for step in range(int((end - begin)[0]) + 1):
        off = np.minimum(off, _off(at, north, east, a, begin + step, c))
        if step:
            inside = np.maximum(inside, _long(north, east, begin + step - 1, begin + step))
    rest = np.maximum(
        _off(at, north, east, a - 1, a, c), np.where(c < last, _off(at, north, east, a, c, np.minimum(c + 1, last)), 0)
    )
    noise = LEAST_M + 2 * accuracy[begin] + (accuracy[a] + accuracy[c]) / 2
    leap = np.minimum(_long(north, east, a, begin), _long(north, east, end, c))
    return np.asarray(
        np.min([off / noise, off / (BENDS * np.maximum(rest, 1.0)), leap / (2 * inside + LEAST_M)], axis=0)
    )


def _long(north: Floats, east: Floats, a: Indexes, b: Indexes) -> Floats:
    return np.asarray(np.hypot(north[b] - north[a], east[b] - east[a]))


def _leap(a: Indexes, b: Indexes, at: Floats, north: Floats, east: Floats, accuracy: Floats) -> Floats:
    """The step from `a` to `b` against the longest that the steps before and after allow."""
    seconds = at[b] - at[a]
    speeds = _speed(a - 1, a, at, north, east) + _speed(b, b + 1, at, north, east)
    most = speeds / 2 * seconds + LEAP_MS2 / 4 * seconds * seconds + LEAP_M + accuracy[a] + accuracy[b]
    return np.where(seconds > NEAR_S, 0, _long(north, east, a, b) / most)


def _speed(a: Indexes, b: Indexes, at: Floats, north: Floats, east: Floats) -> Floats:
    b = np.minimum(b, len(at) - 1)
    return _long(north, east, a, b) / np.maximum(at[b] - at[a], 0.5)
