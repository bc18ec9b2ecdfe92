"""Which arcs one can come to and leave again: strongly connected parts of a topology."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from homestretch.atlas.roads.graph import RoadGraph
from homestretch.atlas.roads.topology import Topology
from homestretch.atlas.roads.values import Bools

_LARGE_M = 5_000  # meters of arcs: a real island, not a piece that the extract's border cut off


def parts(graph: RoadGraph, topology: Topology) -> tuple[Bools, Bools]:
    """By arc: whether it is in a large part, and whether the profile may use it at all.

    Large is the part with the most meters, and each with at least 5 km.
    """
    count = len(topology.arc)
    ones = np.ones(len(topology.turn_to), np.int8)
    matrix = csr_matrix((ones, topology.turn_to, topology.turn_at), shape=(count, count))
    _, part = connected_components(matrix, directed=True, connection="strong")
    meters = np.bincount(part, weights=graph.length_mm[topology.arc >> 1] / 1000)
    large = (meters >= _LARGE_M) | (meters == meters.max(initial=0))
    whole = np.zeros(graph.arc_count, np.bool_)
    whole[topology.arc[large[part]]] = True
    usable = np.zeros(graph.arc_count, np.bool_)
    usable[topology.arc] = True
    return whole, usable
