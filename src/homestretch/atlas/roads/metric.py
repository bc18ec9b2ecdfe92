"""Travel times under one set of conditions: tables, paths, and the distances that belong to them."""

from __future__ import annotations

from threading import Lock

import numpy as np

from homestretch.atlas.roads import distances, speeds
from homestretch.atlas.roads.ends import OnArcs, ahead, leaving, on_arcs, reaching
from homestretch.atlas.roads.engine import Customized, Engine
from homestretch.atlas.roads.graph import RoadGraph
from homestretch.atlas.roads.path import Path, Walked, meters_of, told
from homestretch.atlas.roads.topology import Topology
from homestretch.atlas.roads.values import UNREACHABLE, Conditions, Distances, Ints, Longs, Snap


class Metric:
    """Whole milliseconds inside, whole seconds (rounded up once) outside. Safe for many threads."""

    def __init__(self, graph: RoadGraph, topology: Topology, engine: Engine, conditions: Conditions) -> None:
        self.graph, self.topology, self.conditions = graph, topology, conditions
        self.drive_ms = speeds.drive_ms(graph, topology.profile, conditions)
        self.length_dm = np.repeat((graph.length_mm + 50) // 100, 2).astype(np.int32)
        self.turn_ms = self._turns()
        self.weights = self._weights()
        self._engine = engine
        self._lock = Lock()
        self._scaled: dict[tuple[int, int], Customized] = {}
        self.customized = engine.customize(self.weights)

    def _turns(self) -> Ints:
        """What each turn costs besides the arc before it: by itself, and waiting for a ferry."""
        boarding = speeds.boarding_ms(self.graph, self.drive_ms)
        one, other = self.topology.arc[self.topology.turn_from], self.topology.arc[self.topology.turn_to]
        boards = np.where(boarding[one] == 0, boarding[other], 0)
        return (self.topology.base_ms + boards).astype(np.int32)

    def _weights(self) -> Ints:
        """Leaving a closed arc is what is closed: who has a stop there comes and goes."""
        left = self.topology.arc[self.topology.turn_from]
        weights = self.drive_ms[left].astype(np.int64) + self.turn_ms
        closed = np.zeros(self.graph.arc_count, np.bool_)
        closed[list(self.conditions.closed)] = True
        return np.where(closed[left], UNREACHABLE, np.minimum(weights, UNREACHABLE)).astype(np.int32)

    def mm_s(self, arc: int) -> int:
        """How fast one drives on an arc, millimeters a second, its signals counted in."""
        return int(self.graph.length_mm[arc >> 1]) * 1000 // max(1, int(self.drive_ms[arc]))

    def durations(self, a: Snap, b: Snap) -> Ints:
        """Whole seconds from each place of `a` to each of `b`, (n, m); UNREACHABLE where there is no way."""
        return _seconds(self.milliseconds(a, b))

    def milliseconds(self, a: Snap, b: Snap) -> Ints:
        """The same, not rounded."""
        table = self._table(self.customized, a, b, 1, 0)
        if a is b:
            np.fill_diagonal(table, 0)
        return table

    def distances(self, a: Snap, b: Snap, *, durations_ms: Ints | None = None) -> Distances:
        """Meters along the fastest paths; `durations_ms` as `milliseconds` gave them spare one table."""
        table = self.milliseconds(a, b) if durations_ms is None else durations_ms
        return distances.between(self, table, a, b)

    def distance_pairs(self, a: Snap, b: Snap, pairs: Longs) -> Ints:
        """Meters of the paths of some pairs, (k, 2) rows and columns; UNREACHABLE where there is no way."""
        ways = (self._between(a, int(row), b, int(column)) for row, column in pairs)
        return np.array([UNREACHABLE if way is None else meters_of(self, way) for way in ways], np.int32)

    def scaled(self, scale: int, sign: int, a: Snap, b: Snap) -> Ints:
        """A table of `scale` times the milliseconds plus (`sign` 1) or minus (-1) the decimeters."""
        with self._lock:
            if (scale, sign) not in self._scaled:
                length = self.length_dm[self.topology.arc[self.topology.turn_from]].astype(np.int64)
                weights = np.maximum(1, self.weights * np.int64(scale) + sign * length)
                weights = np.where(self.weights >= UNREACHABLE, UNREACHABLE, np.minimum(weights, UNREACHABLE))
                self._scaled[scale, sign] = self._engine.customize(weights.astype(np.int32))
            customized = self._scaled[scale, sign]
        return self._table(customized, a, b, scale, sign)

    def _table(self, customized: Customized, a: Snap, b: Snap, scale: int, sign: int) -> Ints:
        here, there = self._on(a), self._on(b)
        out = leaving(here, len(a), self.topology, self.turn_ms, (self.drive_ms, self.length_dm))
        into = reaching(there, len(b), self.topology)
        table = customized.table(out.weighed(scale, sign), into.weighed(scale, sign))
        rows, columns = ahead(here, there)
        direct = (there.ms[columns] - here.ms[rows]) * scale + sign * (there.dm[columns] - here.dm[rows])
        np.minimum.at(table, (here.place[rows], there.place[columns]), direct.astype(np.int32))
        return table

    def _on(self, snap: Snap) -> OnArcs:
        return on_arcs(snap, self.drive_ms, self.length_dm)

    def path(self, a: Snap, i: int, b: Snap, j: int) -> Path | None:
        """The fastest way from place `i` of `a` to place `j` of `b`, None where there is none."""
        walked = self._between(a, i, b, j)
        return None if walked is None else told(self, walked)

    def _between(self, a: Snap, i: int, b: Snap, j: int) -> Walked | None:
        return self._walk(self._on(a.only(i)), self._on(b.only(j)))

    def _walk(self, here: OnArcs, there: OnArcs) -> Walked | None:
        out = leaving(here, 1, self.topology, self.turn_ms, (self.drive_ms, self.length_dm))
        into = reaching(there, 1, self.topology)
        found = self.customized.path(out.ends, into.ends) if len(out.arc) and len(into.arc) else None
        rows, columns = ahead(here, there)
        direct = there.ms[columns] - here.ms[rows]
        if len(direct) and (found is None or direct.min() <= found.ms):
            best = int(direct.argmin())
            return Walked.direct(here, int(rows[best]), there, int(columns[best]))
        return None if found is None else Walked.around(found, (here, out), (there, into))


def _seconds(milliseconds: Ints) -> Ints:
    up = (milliseconds.astype(np.int64) + 999) // 1000
    return np.where(milliseconds >= UNREACHABLE, UNREACHABLE, up).astype(np.int32)
