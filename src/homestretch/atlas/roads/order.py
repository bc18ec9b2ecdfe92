"""The order for the hierarchy: nested dissection by cuts along straight lines.

Schild and Sommer, "On Balanced Separators in Road Networks", 2015 (inertial flow). The van's states have an order of
their own, for most tables are asked for it; the others' follow the order of the junctions that their arcs leave.
"""

from __future__ import annotations

import numpy as np
import routingkit_cch

from homestretch.atlas.roads.engine.chains import inner_states
from homestretch.atlas.roads.topology import Topology
from homestretch.atlas.roads.values import Floats, Ints


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
    inner, onward = inner_states(topology)
    kept, ends = np.flatnonzero(~inner), onward[topology.turn_to]
    number = np.full(count, -1, np.int64)
    number[kept] = np.arange(len(kept))
    tail, head = number[topology.turn_from], number[ends]
    real = (tail >= 0) & (head >= 0) & (tail != head)
    arcs = topology.arc[kept]
    ranked = kept[np.argsort(rank_of(len(kept), tail[real], head[real], lats[arcs], lons[arcs]))]
    rank = np.full(arc_count, -1, np.int32)
    order = np.concatenate([np.flatnonzero(inner), ranked])
    rank[topology.arc[order]] = np.arange(count, dtype=np.int32)
    return rank
