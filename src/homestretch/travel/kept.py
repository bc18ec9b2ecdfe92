"""Durations that were asked before, kept by content and grown by rows and columns where a few points are new."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from homestretch.kernel.geo import Point

MOST_BYTES = 256_000_000
GROWN_SHARE = 4  # a table is grown where at most one in so many of the points is new
Table = npt.NDArray[np.int32]
Compute = Callable[[Sequence[int], Sequence[int]], Table]


@dataclass(frozen=True, slots=True)
class _Square:
    rows: dict[Point, int]
    table: Table


class Kept:
    """Square tables of several metrics. Safe for threads; a table is never changed once it is kept."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._lock = threading.Lock()
        self._squares: OrderedDict[tuple[Hashable, frozenset[Point]], _Square] = OrderedDict()

    def square(self, metric: Hashable, points: Sequence[Point], compute: Compute, *, passing: int = 0) -> Table:
        """The table over `points`, shape (n, n), computed where it is not known: `compute(rows, columns)` takes indexes
        into `points`. The first `passing` points are not kept: a vehicle is never there again."""
        lasting = points[passing:]
        best = self._best(metric, lasting)
        known = [n for n, point in enumerate(points) if n >= passing and best is not None and point in best.rows]
        new = [n for n in range(len(points)) if n < passing or best is None or points[n] not in best.rows]
        if best is None or (len(new) - passing) * GROWN_SHARE > len(points):
            made = compute(range(len(points)), range(len(points)))
        else:
            made = np.empty((len(points), len(points)), dtype=np.int32)
            there = [best.rows[points[n]] for n in known]
            made[np.ix_(known, known)] = best.table[np.ix_(there, there)]
            if new:
                made[new, :] = compute(new, range(len(points)))
                made[np.ix_(known, new)] = compute(known, new)
        if best is None or any(point not in best.rows for point in lasting):
            self._keep(metric, lasting, made[passing:, passing:])
        return made

    def _best(self, metric: Hashable, points: Sequence[Point]) -> _Square | None:
        """Of the metric's tables the one that knows most of the points."""
        wanted = frozenset(points)
        with self._lock:
            mine = [(len(key[1] & wanted), -len(key[1]), key) for key in self._squares if key[0] == metric]
            if not mine:
                return None
            overlap, _, key = max(mine, key=lambda one: one[:2])
            if not overlap:
                return None
            self._squares.move_to_end(key)
            return self._squares[key]

    def _keep(self, metric: Hashable, points: Sequence[Point], table: Table) -> None:
        first = {point: row for row, point in reversed(list(enumerate(points)))}
        kept = np.ascontiguousarray(table[np.ix_(list(first.values()), list(first.values()))])
        square = _Square({point: row for row, point in enumerate(first)}, kept)
        if kept.nbytes > self._most // 2:
            return
        with self._lock:
            key = (metric, frozenset(first))
            if key in self._squares:
                return
            self._squares[key] = square
            self._bytes += kept.nbytes
            while self._bytes > self._most:
                _, dropped = self._squares.popitem(last=False)
                self._bytes -= dropped.table.nbytes
