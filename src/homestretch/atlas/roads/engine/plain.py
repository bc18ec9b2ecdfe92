"""Dijkstra's algorithm of scipy: slow, plain, and the measure of the other engine."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from homestretch.atlas.roads.engine.protocol import Ends, Found
from homestretch.atlas.roads.topology import Topology
from homestretch.atlas.roads.values import UNREACHABLE, Ints


class Plain:
    """Nothing is prepared."""

    def __init__(self, topology: Topology) -> None:
        self.topology = topology

    def customize(self, weights: Ints) -> Searched:
        """Closed turns are left out."""
        return Searched(self.topology, weights)


class Searched:
    """A graph of states, and one more state for each origin."""

    def __init__(self, topology: Topology, weights: Ints) -> None:
        kept = weights < UNREACHABLE
        start, end = topology.turn_from[kept].astype(np.int64), topology.turn_to[kept].astype(np.int64)
        cost = weights[kept].astype(np.int64)
        order = np.lexsort((cost, end, start))
        start, end, cost = start[order], end[order], cost[order]
        first = np.ones(len(start), np.bool_)  # of turns between the same states only the cheapest
        first[1:] = (np.diff(start) != 0) | (np.diff(end) != 0)
        self._turns = start[first], end[first], cost[first]
        self._count = len(topology.arc)

    def table(self, origins: Ends, destinations: Ends) -> Ints:
        """As `Customized`."""
        count = self._count
        far = dijkstra(self._with(origins), indices=np.arange(count, count + len(origins)))[:, destinations.state]
        cost = np.where(np.isinf(far), 2 * UNREACHABLE, far - 1 + destinations.ms)
        answer = np.full((len(origins), len(destinations)), UNREACHABLE, np.int32)
        filled = np.flatnonzero(np.diff(destinations.at))
        if len(filled):
            nearest = np.minimum.reduceat(cost, destinations.at[:-1][filled], axis=1)
            answer[:, filled] = np.minimum(nearest, UNREACHABLE)
        return answer

    def path(self, origin: Ends, destination: Ends) -> Found | None:
        """As `Customized`."""
        far, before = dijkstra(self._with(origin), indices=self._count, return_predecessors=True)
        cost, last = min((far[state] - 1 + ms, state) for state, ms in destination.of(0))
        if np.isinf(cost):
            return None
        walked = [last]
        while before[walked[-1]] != self._count:
            walked.append(int(before[walked[-1]]))
        return Found(int(cost), np.array(walked[::-1], np.int32))

    def _with(self, origins: Ends) -> csr_matrix:
        """One state more for each origin. Its turns cost 1 ms more than told, for scipy knows no turns that cost 0."""
        start, end, cost = self._turns
        beside = self._count + np.repeat(np.arange(len(origins)), np.diff(origins.at))
        size = self._count + len(origins)
        rows = np.concatenate([start, beside])
        at = np.searchsorted(rows, np.arange(size + 1))
        data = np.concatenate([cost, origins.ms + 1]).astype(np.float64)
        return csr_matrix((data, np.concatenate([end, origins.state]), at), shape=(size, size))
