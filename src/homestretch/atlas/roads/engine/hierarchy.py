"""Customizable contraction hierarchies: Dibbelt, Strasser and Wagner, 2016; the wheel is routingkit-cch."""

from __future__ import annotations

import numpy as np
import routingkit_cch

from homestretch.atlas.roads.engine.chains import Chains, Weights
from homestretch.atlas.roads.engine.protocol import Ends, Found
from homestretch.atlas.roads.graph import RoadGraph
from homestretch.atlas.roads.topology import Topology
from homestretch.atlas.roads.values import UNREACHABLE, Floats, Ints, Longs


class Hierarchy:
    """The hierarchy over a topology's states without its chains, in the order that the graph keeps."""

    def __init__(self, graph: RoadGraph, topology: Topology) -> None:
        self.topology = topology
        self._chains = Chains(topology)
        arcs = topology.arc[self._chains.kept]
        motor = topology.profile in ("van", "truck")
        rank = graph.arc_rank[arcs] if motor else graph.rank[graph.arc_tail[arcs]]
        order = np.argsort(rank, kind="stable").tolist()
        tail, head = self._chains.edge_from.tolist(), self._chains.edge_to.tolist()
        self._cch = routingkit_cch.CCH(order, tail, head, True)

    def customize(self, weights: Ints) -> Weighed:
        """A metric of its own: others may be asked meanwhile."""
        weighed = self._chains.weigh(weights)
        return Weighed(routingkit_cch.CCHMetric(self._cch, weighed.edges.tolist()), weighed)


class Weighed:
    """A hierarchy with weights; safe for many threads, for each question has a query of its own."""

    def __init__(self, metric: routingkit_cch.CCHMetric, weights: Weights) -> None:
        self._metric, self._weights = metric, weights

    def table(self, origins: Ends, destinations: Ends) -> Ints:
        """As `Customized`. One sweep for each origin to all states of the destinations."""
        answer = np.full((len(origins), len(destinations)), UNREACHABLE, np.int32)
        out, into = self._weights.leaving(origins), self._weights.reaching(destinations)
        targets, place = np.unique(into.state, return_inverse=True)
        filled = np.flatnonzero(np.diff(into.at))
        if not len(targets):
            return answer
        query = routingkit_cch.CCHOneToMany(self._metric, targets.tolist())
        cuts, reader = into.at[:-1][filled], _Reader()
        for row in range(len(out)):
            sources = _cheapest(out, row)
            if sources:
                found = reader.read(query.distances_from_multi(list(sources.items())))
                nearest = np.minimum.reduceat(found[place] + into.ms, cuts)
                answer[row, filled] = np.minimum(nearest, UNREACHABLE)
        one, other, ms = self._weights.along(origins, destinations)
        rows, columns = _places(origins)[one], _places(destinations)[other]
        np.minimum.at(answer, (rows, columns), ms.astype(np.int32))
        return answer

    def path(self, origin: Ends, destination: Ends) -> Found | None:
        """As `Customized`."""
        out, into = self._weights.leaving(origin), self._weights.reaching(destination)
        sources, goals = _cheapest(out, 0), _cheapest(into, 0)
        found = None
        if sources and goals:
            asked = routingkit_cch.CCHQuery(self._metric).run_multi(list(sources.items()), list(goals.items()))
            if asked.distance is not None:
                found = Found(asked.distance, np.array(asked.node_path, np.int32))
        one, other, ms = self._weights.along(origin, destination)
        if len(ms) and ms.min() < (UNREACHABLE if found is None else found.ms):
            best = int(ms.argmin())
            chains = self._weights.chains
            first, last = chains.place[origin.state[one[best]]], chains.place[destination.state[other[best]]]
            return Found(int(ms[best]), chains.flat[first : last + 1].astype(np.int32))
        return None if found is None else self._unfolded(found, (origin, out), (destination, into))

    def _unfolded(self, found: Found, start: tuple[Ends, Ends], goal: tuple[Ends, Ends]) -> Found:
        path = found.states.astype(np.int64)
        begin, end = _chosen(*start, int(path[0])), _chosen(*goal, int(path[-1]))
        return Found(found.ms, self._weights.states(path, begin, end))


class _Reader:
    """Turns a row of the wheel's answer into an array: twice as fast while nothing in it is None."""

    def __init__(self) -> None:
        self._kind: type = np.int64

    def read(self, distances: list[int | None]) -> Floats | Longs:
        """UNREACHABLE twice over where there is no way."""
        if self._kind is np.int64:
            try:
                return np.array(distances, np.int64)
            except TypeError:
                self._kind = np.float64  # a place that is cut off is so for nearly all rows
        found = np.array(distances, np.float64)
        found[np.isnan(found)] = 2 * UNREACHABLE
        return found


def _cheapest(ends: Ends, place: int) -> dict[int, int]:
    """The states of a place, each once, with milliseconds."""
    found: dict[int, int] = {}
    for state, ms in ends.of(place):
        if ms < min(UNREACHABLE, found.get(state, UNREACHABLE)):
            found[state] = ms
    return found


def _chosen(raw: Ends, kept: Ends, state: int) -> int:
    """The raw state behind the cheapest end at a kept state."""
    rows = np.flatnonzero(kept.state == state)
    return int(raw.state[rows[kept.ms[rows].argmin()]])


def _places(ends: Ends) -> Ints:
    """The place of each row."""
    return np.repeat(np.arange(len(ends), dtype=np.int32), np.diff(ends.at))
