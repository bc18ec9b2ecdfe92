"""Which arcs one can come to and leave again: strongly connected parts of a topology."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from homestretch.atlas.roads.graph import RoadGraph
from homestretch.atlas.roads.topology import Topology
from homestretch.atlas.roads.values import Bools

_LARGE_M = 100_000  # meters of arcs: a real island, not a piece that the extract's border cut off


def parts(graph: RoadGraph, topology: Topology) -> tuple[Bools, Bools]:
    """By arc: whether it is in a large part, and whether the profile may use it at all.

    Large is the part with the most meters, and each with at least 100 km. Copies for drives that begin inside of where
    only ends are allowed do not count: nobody comes to them.
    """
    count = len(topology.arc)
    ones = np.ones(len(topology.turn_to), np.int8)
    matrix = csr_matrix((ones, topology.turn_to, topology.turn_at), shape=(count, count))
    _, part = connected_components(matrix, directed=True, connection="strong")
    first = topology.reach[topology.reach_at[topology.arc]]
    copies = np.flatnonzero((topology.begin[topology.arc] == np.arange(count)) & (first != np.arange(count)))
    length = graph.length_mm[topology.arc >> 1] / 1000
    length[copies] = 0
    meters = np.bincount(part, weights=length)
    large = (meters >= _LARGE_M) | (meters == meters.max(initial=0))
    whole = np.zeros(graph.arc_count, np.bool_)
    inside = large[part]
    inside[copies] = False
    whole[topology.arc[inside]] = True
    usable = np.zeros(graph.arc_count, np.bool_)
    usable[topology.arc] = True
    return whole, usable
