"""Snapped places as ends of drives: which states they leave by and are reached on, at what cost.

A drive that begins in the middle of an arc leaves over the turns at its end; one that ends there is reached from the
arc's beginning. Two places on one arc, the second ahead, are also joined directly. So a loop back to behind one's own
start needs no special case. Costs are given twice: milliseconds, and decimeters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from homestretch.atlas.roads.engine.protocol import Ends
from homestretch.atlas.roads.topology import Topology
from homestretch.atlas.roads.values import Floats, Ints, Longs, Snap


@dataclass(frozen=True, slots=True)
class OnArcs:
    """Places on arcs, those of two directions twice: place, arc, and what it is from the arc's beginning."""

    place: Longs
    arc: Longs
    ms: Longs
    dm: Longs


@dataclass(frozen=True, slots=True)
class Leaving:
    """Ends with the arc that each begins on, and decimeters besides milliseconds."""

    ends: Ends
    arc: Longs
    dm: Longs

    def weighed(self, scale: int, sign: int) -> Ends:
        """`scale` times the milliseconds, plus or minus the decimeters."""
        return Ends(self.ends.at, self.ends.state, np.maximum(0, self.ends.ms * scale + sign * self.dm))


def on_arcs(snap: Snap, drive_ms: Ints, length_dm: Ints) -> OnArcs:
    """Both directions of each place, sorted by place."""
    count = len(snap)
    place = np.concatenate([np.arange(count), np.arange(count)])
    arc = np.concatenate([snap.arc, snap.reverse]).astype(np.int64)
    share: Floats = np.concatenate([snap.share, 1 - snap.share])
    kept = np.flatnonzero(arc >= 0)
    kept = kept[np.argsort(place[kept], kind="stable")]
    arc, share = arc[kept], share[kept]
    ms = np.round(drive_ms[arc] * share).astype(np.int64)
    return OnArcs(place[kept], arc, ms, np.round(length_dm[arc] * share).astype(np.int64))


def leaving(here: OnArcs, count: int, topology: Topology, turn_ms: Ints, whole: tuple[Ints, Ints]) -> Leaving:
    """Ways out of `count` places. `whole`: milliseconds and decimeters of each arc."""
    state = topology.begin[here.arc].astype(np.int64)
    first, counts = topology.turn_at[state].astype(np.int64), topology.turn_at[state + 1] - topology.turn_at[state]
    turns = _spread(first, counts)
    rest_ms, rest_dm = whole[0][here.arc] - here.ms, whole[1][here.arc] - here.dm
    ends = Ends(
        _starts(np.repeat(here.place, counts), count),
        topology.turn_to[turns].astype(np.int64),
        np.repeat(rest_ms, counts) + turn_ms[turns].astype(np.int64),
    )
    return Leaving(ends, np.repeat(here.arc, counts), np.repeat(rest_dm, counts))


def reaching(here: OnArcs, count: int, topology: Topology) -> Leaving:
    """Ways into `count` places."""
    first, counts = (
        topology.reach_at[here.arc].astype(np.int64),
        topology.reach_at[here.arc + 1] - topology.reach_at[here.arc],
    )
    states = topology.reach[_spread(first, counts)].astype(np.int64)
    at = _starts(np.repeat(here.place, counts), count)
    ends = Ends(at, states, np.repeat(here.ms, counts))
    return Leaving(ends, np.repeat(here.arc, counts), np.repeat(here.dm, counts))


def ahead(a: OnArcs, b: OnArcs) -> tuple[Longs, Longs]:
    """Pairs of rows: of a place in `a` and one in `b` on the same arc and not behind it."""
    order = np.argsort(b.arc, kind="stable")
    arcs = b.arc[order]
    low, high = np.searchsorted(arcs, a.arc), np.searchsorted(arcs, a.arc, "right")
    rows = np.repeat(np.arange(len(a.arc)), high - low)
    others = order[_spread(low, high - low)]
    kept = b.ms[others] >= a.ms[rows]
    return rows[kept], others[kept]


def _spread(first: Longs, counts: Longs) -> Longs:
    """first, first + 1, ... for each, end to end."""
    begun = np.cumsum(counts) - counts
    spread: Longs = np.repeat(first - begun, counts) + np.arange(counts.sum())
    return spread


def _starts(place: Longs, count: int) -> Longs:
    return np.searchsorted(place, np.arange(count + 1))
