"""The junctions' order for the hierarchy: nested dissection by cuts along straight lines (inertial flow)."""

from __future__ import annotations

import numpy as np
import routingkit_cch

from homestretch.atlas.roads.values import Floats, Ints


def rank_of(count: int, tail: Ints, head: Ints, lats: Floats, lons: Floats) -> Ints:
    """Each junction's rank: those that separate the map stand highest.

    Schild and Sommer, "On Balanced Separators in Road Networks", 2015.
    """
    order = routingkit_cch.compute_order_inertial(count, tail.tolist(), head.tolist(), lats.tolist(), lons.tolist())
    rank = np.empty(count, np.int32)
    rank[np.array(order, np.int64)] = np.arange(count, dtype=np.int32)
    return rank
