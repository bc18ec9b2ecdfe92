"""The order for the hierarchy: nested dissection by cuts along straight lines.

Schild and Sommer, "On Balanced Separators in Road Networks", 2015 (inertial flow). The van's states have an order of
their own, for most tables are asked for it; the others' follow the order of the junctions that their arcs leave.
"""

from __future__ import annotations

import numpy as np
import routingkit_cch

from homestretch.atlas.roads.topology import Topology
from homestretch.atlas.roads.values import Floats, Ints, Longs


def rank_of(count: int, tail: Ints, head: Ints, lats: Floats, lons: Floats) -> Ints:
    """Each junction's rank: those that separate the map stand highest."""
    order = routingkit_cch.compute_order_inertial(count, tail.tolist(), head.tolist(), lats.tolist(), lons.tolist())
    rank = np.empty(count, np.int32)
    rank[np.array(order, np.int64)] = np.arange(count, dtype=np.int32)
    return rank


def arc_rank_of(topology: Topology, arc_count: int, lats: Floats, lons: Floats) -> Ints:
    """Each arc's rank by the order of the topology's states; `lats` and `lons` of arcs. -1: not in the topology.

    States with one turn in and one out are left out of the dissection, and ranked below all others.
    """
    count = len(topology.arc)
    kept, ends = _without_chains(topology)
    number = np.full(count, -1, np.int64)
    number[kept] = np.arange(len(kept))
    tail, head = number[topology.turn_from], number[ends]
    real = (tail >= 0) & (head >= 0) & (tail != head)
    arcs = topology.arc[kept]
    ranked = kept[np.argsort(rank_of(len(kept), tail[real], head[real], lats[arcs], lons[arcs]))]
    chained = np.random.default_rng(0).permutation(np.flatnonzero(number < 0))  # by chance: no deep chains of ranks
    rank = np.full(arc_count, -1, np.int32)
    order = np.concatenate([chained, ranked])
    rank[topology.arc[order]] = np.arange(count, dtype=np.int32)
    return rank


def _without_chains(topology: Topology) -> tuple[Longs, Longs]:
    """The states that are more than a piece of a chain, and for each turn the first of these that it comes to."""
    count = len(topology.arc)
    entered = np.bincount(topology.turn_to, minlength=count)
    inner = (np.diff(topology.turn_at) == 1) & (entered == 1)
    onward = np.arange(count)
    onward[inner] = topology.turn_to[topology.turn_at[:-1][inner]]
    for _ in range(int(count).bit_length()):
        onward = onward[onward]
    rings = inner & inner[onward]  # closed chains lead to themselves
    return np.flatnonzero(~inner | rings), onward[topology.turn_to]
