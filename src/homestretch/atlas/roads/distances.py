"""Meters of the fastest paths of a whole table, proven exact for nearly all pairs.

The engine sums one weight. Two more tables, of `K * milliseconds + decimeters` and `K * milliseconds - decimeters`,
tell how the optimum moves when length is weighed a little: the minimum of linear functions is concave, so the first
difference is at most the length of every fastest path, the second at least. Where the two meet, that is the length.
Where they do not, ways of different lengths take all but the same time; of these the 100 nearest of each row are
walked, and for the rest the middle stands, marked as not exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from homestretch.atlas.roads.values import UNREACHABLE, Bools, Distances, Ints, Longs, Snap

if TYPE_CHECKING:
    from homestretch.atlas.roads.metric import Metric

NEAREST = 100
_SCALE = 256


def between(metric: Metric, table: Ints, a: Snap, b: Snap) -> Distances:
    """`table`: milliseconds, (n, m)."""
    reached = table < UNREACHABLE
    scale = _scale(int(table[reached].max(initial=1)))
    base = table.astype(np.int64) * scale
    least = metric.scaled(scale, 1, a, b) - base
    most = base - metric.scaled(scale, -1, a, b)
    exact = (least == most) | ~reached
    meters = np.where(reached, ((least + most) // 2 + 5) // 10, UNREACHABLE).astype(np.int32)
    if a is b:
        np.fill_diagonal(meters, 0)
        np.fill_diagonal(exact, True)
    pairs = _open(table, exact)
    meters[pairs[:, 0], pairs[:, 1]] = metric.distance_pairs(a, b, pairs)
    exact[pairs[:, 0], pairs[:, 1]] = True
    return Distances(meters, exact)


def _scale(longest_ms: int) -> int:
    """As large as fits: a way of 100 m per s still has its decimeters within 31 bits."""
    scale = _SCALE
    while scale > 1 and longest_ms * (scale + 1) >= UNREACHABLE:
        scale //= 2
    return scale


def _open(table: Ints, exact: Bools) -> Longs:
    """Pairs that are not exact yet, among the nearest of each row."""
    count = min(NEAREST + 1, table.shape[1])
    nearest = np.argpartition(table, count - 1, axis=1)[:, :count]
    rows = np.repeat(np.arange(len(table)), count)
    columns = nearest.ravel()
    kept = ~exact[rows, columns]
    return np.stack([rows[kept], columns[kept]], axis=1)
