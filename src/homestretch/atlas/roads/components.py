"""Which arcs one can come to and leave again: strongly connected parts of a topology."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from homestretch.atlas.roads.graph import RoadGraph
from homestretch.atlas.roads.values import Bools, Floats, Longs

if TYPE_CHECKING:
    from homestretch.atlas.roads.topology import Topology

_LARGE_M = 100_000  # meters of arcs: a real island, not a piece that the extract's border cut off


def strong(starts: Longs, ends: Longs, meters: Floats) -> Bools:
    """Of nodes with `meters` and edges from `starts` to `ends`, those in a large strongly connected part.

    Large is the part with the most meters, and each with at least 100 km.
    """
    count = len(meters)
    matrix = csr_matrix((np.ones(len(starts), np.int8), (starts, ends)), shape=(count, count))
    _, part = connected_components(matrix, directed=True, connection="strong")
    summed = np.bincount(part, weights=meters)
    large: Bools = ((summed >= _LARGE_M) | (summed == summed.max(initial=0)))[part]
    return large


def parts(graph: RoadGraph, topology: Topology) -> tuple[Bools, Bools]:
    """By arc: whether it is in a large part, and whether the profile may use it at all.

    Copies for drives that begin inside of where only ends are allowed do not count: nobody comes to them.
    """
    count = len(topology.arc)
    first = topology.reach[topology.reach_at[topology.arc]]
    copies = np.flatnonzero((topology.begin[topology.arc] == np.arange(count)) & (first != np.arange(count)))
    length = graph.length_mm[topology.arc >> 1] / 1000
    length[copies] = 0
    whole = np.zeros(graph.arc_count, np.bool_)
    inside = strong(topology.turn_from.astype(np.int64), topology.turn_to.astype(np.int64), length)
    inside[copies] = False
    whole[topology.arc[inside]] = True
    usable = np.zeros(graph.arc_count, np.bool_)
    usable[topology.arc] = True
    return whole, usable
