"""States and turns of one profile, which the hierarchy is built on. A state is an arc, and what is remembered on it.

Most states are just arcs. Two kinds remember: on the copies of arcs that are open for ENDS only, that the drive began
there (so it may leave without paying for driving through); on the copies made for restrictions that go by way of
other ways, what was driven before. A turn leads from state to state; its weight is the time of the arc it leaves, and
its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from homestretch.atlas.roads import memory
from homestretch.atlas.roads.access import ENDS, NO, YES
from homestretch.atlas.roads.components import strong
from homestretch.atlas.roads.graph import RoadGraph
from homestretch.atlas.roads.turns import turn_ms
from homestretch.atlas.roads.values import PROFILES, Bools, Ints, Longs

THROUGH_MS = 300_000  # for driving through where only ends of a drive are allowed


@dataclass(slots=True)
class Topology:
    """S states and T turns, sorted by the state that they leave; `turn_at` has where each state's begin (S + 1).

    arc: of each state. begin: of each arc, the state of a drive that begins on it, -1: not for this profile.
    reach_at, reach: of each arc, all states that lie on it. base_ms: what a turn costs by itself.
    """

    profile: str
    arc: Ints
    begin: Ints
    reach_at: Ints
    reach: Ints
    turn_from: Ints
    turn_to: Ints
    turn_at: Ints
    base_ms: Ints


@dataclass(slots=True)
class Turns:
    """Turns as they are being made: from state, to state, milliseconds."""

    start: Longs
    end: Longs
    ms: Longs


def topology_of(graph: RoadGraph, profile: str) -> Topology:
    """All states and turns of a profile."""
    bit = PROFILES.index(profile)
    access = graph.access[bit].T.ravel()
    usable = np.flatnonzero(access != NO)
    pairs, longer = _forbidden(graph, bit)
    one, other = _turns(graph, access, bit, pairs)
    degree = _degree(graph, access)
    cost = turn_ms(graph, profile, (one, other), degree).astype(np.int64)
    ends = _inside(graph, access, one, other)
    arc = np.arange(graph.arc_count, dtype=np.int64)
    state = np.full(graph.arc_count, -1, np.int64)
    state[usable] = np.arange(len(usable))
    made = Turns(state[one], state[other], cost + np.where(ends[one] & ~ends[other], THROUGH_MS, 0))
    arcs = arc[usable]
    made, arcs = memory.remember(made, arcs, state, longer)
    made, arcs, begin = _begun_inside(made, arcs, (one, other, cost), state, ends)
    return _packed(profile, graph.arc_count, made, arcs, begin)


def _inside(graph: RoadGraph, access: Ints, one: Longs, other: Longs) -> Bools:
    """Arcs where only ends of drives are: those so tagged, and pockets that are reached or left over these alone."""
    free = access == YES
    between = free[one] & free[other]
    number = np.cumsum(free) - 1
    meters = np.repeat(graph.length_mm, 2)[free] / 1000
    ends: Bools = access == ENDS
    ends[free] = ~strong(number[one[between]], number[other[between]], meters)
    return ends


def _forbidden(graph: RoadGraph, bit: int) -> tuple[Longs, list[tuple[int, ...]]]:
    """Pairs of arcs as single numbers, and longer sequences."""
    lengths = np.diff(graph.pattern_at)
    meant = (graph.pattern_profiles >> bit) & 1 == 1
    at = graph.pattern_at[:-1][meant & (lengths == 2)]
    arcs = graph.pattern_arcs.astype(np.int64)
    longer = [
        tuple(graph.pattern_arcs[graph.pattern_at[n] : graph.pattern_at[n + 1]].tolist())
        for n in np.flatnonzero(meant & (lengths > 2))
    ]
    return arcs[at] * graph.arc_count + arcs[at + 1], longer


def _turns(graph: RoadGraph, access: Ints, bit: int, pairs: Longs) -> tuple[Longs, Longs]:
    """Pairs of arcs, the second after the first; around only where there is no other way on."""
    usable = np.flatnonzero(access != NO)
    by_tail = usable[np.argsort(graph.arc_tail[usable], kind="stable")]
    at = np.searchsorted(graph.arc_tail[by_tail], np.arange(len(graph.node_id) + 1))
    head = graph.arc_head[usable]
    counts = at[head + 1] - at[head]
    one = np.repeat(usable, counts)
    begun = np.cumsum(counts) - counts
    other = by_tail[np.repeat(at[head] - begun, counts) + np.arange(len(one))]
    allowed = ~np.isin(one * graph.arc_count + other, pairs)
    passed = (graph.blocks[graph.arc_head[one]] >> bit) & 1 == 0
    around = other == (one ^ 1)
    onward = allowed & passed & ~around
    leads = np.zeros(graph.arc_count, np.bool_)
    leads[one[onward]] = True
    kept = onward | (around & allowed & ~leads[one])
    return one[kept], other[kept]


def _degree(graph: RoadGraph, access: Ints) -> Ints:
    """How many roads of the profile meet at each junction."""
    open_ = (access.reshape(-1, 2) != NO).any(axis=1)
    ends = np.concatenate([graph.tail[open_], graph.head[open_]])
    return np.bincount(ends, minlength=len(graph.node_id)).astype(np.int32)


def _begun_inside(
    made: Turns, arcs: Longs, turns: tuple[Longs, Longs, Longs], state: Longs, ends: Bools
) -> tuple[Turns, Longs, Longs]:
    """Copies of ENDS arcs for drives that begin on them: out is free. Also the state where a drive begins, by arc."""
    one, other, cost = turns
    inside = np.flatnonzero(ends & (state >= 0))
    begin = state.copy()
    begin[inside] = len(arcs) + np.arange(len(inside))
    leaving = ends[one]
    made = Turns(
        np.concatenate([made.start, begin[one[leaving]]]),
        np.concatenate([made.end, np.where(ends[other], begin[other], state[other])[leaving]]),
        np.concatenate([made.ms, cost[leaving]]),
    )
    return made, np.concatenate([arcs, inside]), begin


def _packed(profile: str, arc_count: int, made: Turns, arcs: Longs, begin: Longs) -> Topology:
    order = np.lexsort((made.end, made.start))
    start, end = made.start[order], made.end[order]
    reach = np.argsort(arcs, kind="stable")
    return Topology(
        profile=profile,
        arc=arcs.astype(np.int32),
        begin=begin.astype(np.int32),
        reach_at=np.searchsorted(arcs[reach], np.arange(arc_count + 1)).astype(np.int32),
        reach=reach.astype(np.int32),
        turn_from=start.astype(np.int32),
        turn_to=end.astype(np.int32),
        turn_at=np.searchsorted(start, np.arange(len(arcs) + 1)).astype(np.int32),
        base_ms=made.ms[order].astype(np.int32),
    )
