"""Customizable contraction hierarchies: Dibbelt, Strasser and Wagner, 2016; the wheel is routingkit-cch."""

from __future__ import annotations

import numpy as np
import routingkit_cch

from homestretch.atlas.roads.engine.protocol import Ends, Found
from homestretch.atlas.roads.graph import RoadGraph
from homestretch.atlas.roads.topology import Topology
from homestretch.atlas.roads.values import UNREACHABLE, Ints


class Hierarchy:
    """The hierarchy over a topology's states, in the order that the graph keeps."""

    def __init__(self, graph: RoadGraph, topology: Topology) -> None:
        motor = topology.profile in ("van", "truck")
        rank = graph.arc_rank[topology.arc] if motor else graph.rank[graph.arc_tail[topology.arc]]
        order = np.argsort(rank, kind="stable").tolist()
        self.topology = topology
        self._cch = routingkit_cch.CCH(order, topology.turn_from.tolist(), topology.turn_to.tolist(), True)

    def customize(self, weights: Ints) -> Weighed:
        """A metric of its own: others may be asked meanwhile."""
        return Weighed(routingkit_cch.CCHMetric(self._cch, weights.tolist()))


class Weighed:
    """A hierarchy with weights; safe for many threads, for each question has a query of its own."""

    def __init__(self, metric: routingkit_cch.CCHMetric) -> None:
        self._metric = metric

    def table(self, origins: Ends, destinations: Ends) -> Ints:
        """As `Customized`. One sweep for each origin to all states of the destinations."""
        answer = np.full((len(origins), len(destinations)), UNREACHABLE, np.int32)
        targets, place = np.unique(destinations.state, return_inverse=True)
        filled = np.flatnonzero(np.diff(destinations.at))
        if not len(targets):
            return answer
        query = routingkit_cch.CCHOneToMany(self._metric, targets.tolist())
        cuts = destinations.at[:-1][filled]
        for row in range(len(origins)):
            sources = origins.of(row)
            if sources:
                found = np.array(query.distances_from_multi(sources), np.float64)
                found[np.isnan(found)] = 2 * UNREACHABLE
                nearest = np.minimum.reduceat(found[place] + destinations.ms, cuts)
                answer[row, filled] = np.minimum(nearest, UNREACHABLE)
        return answer

    def path(self, origin: list[tuple[int, int]], destination: list[tuple[int, int]]) -> Found | None:
        """As `Customized`."""
        found = routingkit_cch.CCHQuery(self._metric).run_multi(origin, destination)
        if found.distance is None:
            return None
        return Found(found.distance, np.array(found.node_path, np.int32))
