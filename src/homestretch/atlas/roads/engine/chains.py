"""States with one turn in and one turn out, taken out of the graph: rows of arcs between real junctions.

The hierarchy knows only the states that are kept. A drive that begins or ends on a chain is moved to the chain's end or
its head, at the cost between; two ends on one chain, the second not behind the first, are also joined directly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from homestretch.atlas.roads.engine.protocol import Ends
from homestretch.atlas.roads.topology import Topology
from homestretch.atlas.roads.values import UNREACHABLE, Bools, Ints, Longs


def inner_states(topology: Topology) -> tuple[Bools, Longs]:
    """Which states are inside of chains, and the first state that is not, from each state on. Rings are kept whole."""
    count = len(topology.arc)
    entered = np.bincount(topology.turn_to, minlength=count)
    inner = (np.diff(topology.turn_at) == 1) & (entered == 1)
    onward = np.arange(count)
    onward[inner] = topology.turn_to[topology.turn_at[:-1][inner]]
    for _ in range(int(count).bit_length()):
        onward = onward[onward]
    return inner & ~inner[onward], onward


class Chains:
    """Kept states by `number` (-1: inside of a chain). Edges between kept states, each a turn or a whole chain.

    flat: the inner states, chain by chain in driving order, chain c from at[c] to at[c + 1]; place: of each in it.
    chain: of each inner state; head, end: the kept states (numbers) before and behind each chain.
    """

    def __init__(self, topology: Topology) -> None:
        self._topology = topology
        inner, _ = inner_states(topology)
        self.inner = inner
        self.kept: Longs = np.flatnonzero(~inner)
        self.number: Longs = np.full(len(inner), -1, np.int64)
        self.number[self.kept] = np.arange(len(self.kept))
        into = np.zeros(len(inner), np.int64)
        into[topology.turn_to] = np.arange(len(topology.turn_to))
        self._lay(into)
        self._edges()

    def _lay(self, into: Longs) -> None:
        """Chains one after the other; `into` has the only turn that leads to each inner state."""
        inner, before = self.inner, self._topology.turn_from[into].astype(np.int64)
        first = np.where(inner & inner[before], before, np.arange(len(inner)))
        steps = (first != np.arange(len(inner))).astype(np.int64)
        for _ in range(len(inner).bit_length()):
            steps = steps + steps[first]
            first = first[first]
        states = np.flatnonzero(inner)
        self.flat: Longs = states[np.lexsort((steps[states], first[states]))]
        begins = np.flatnonzero(first[self.flat] == self.flat)
        self.at: Longs = np.append(begins, len(self.flat))
        self.place: Longs = np.full(len(inner), -1, np.int64)
        self.place[self.flat] = np.arange(len(self.flat))
        self.chain: Longs = np.full(len(inner), -1, np.int64)
        self.chain[self.flat] = np.repeat(np.arange(len(begins)), np.diff(self.at))
        self._turn_in: Longs = into[self.flat]
        last = self.flat[self.at[1:] - 1]
        self._turn_out: Longs = self._topology.turn_at[last].astype(np.int64)
        self.head: Longs = self.number[before[self.flat[begins]]]
        self.end: Longs = self.number[self._topology.turn_to[self._turn_out]]

    def _edges(self) -> None:
        topology = self._topology
        self._turn: Longs = np.flatnonzero(~self.inner[topology.turn_from])
        to = topology.turn_to[self._turn]
        self.edge_chain: Longs = self.chain[to]
        self.edge_from: Longs = self.number[topology.turn_from[self._turn]]
        ends = np.append(self.end, -1)  # for turns, whose chain is -1
        self.edge_to: Longs = np.where(self.edge_chain >= 0, ends[self.edge_chain], self.number[to])
        self.edge_at: Longs = np.searchsorted(self.edge_from, np.arange(len(self.kept) + 1))

    def weigh(self, weights: Ints) -> Weights:
        """Sums along the chains."""
        steps = weights[self._turn_in].astype(np.int64)
        summed = np.cumsum(steps)
        before = (summed - steps)[self.at[:-1]]
        prefix = summed - np.repeat(before, np.diff(self.at))
        total = prefix[self.at[1:] - 1] + weights[self._turn_out]
        edges = np.where(self.edge_chain >= 0, np.append(total, 0)[self.edge_chain], weights[self._turn])
        return Weights(self, prefix, total, np.minimum(edges, UNREACHABLE).astype(np.int32))


@dataclass(frozen=True, slots=True)
class Weights:
    """`prefix`: from a chain's head to each of its states, by place; `total`: from head to end; `edges`: by edge.

    Sums with a closed turn in them are UNREACHABLE or more.
    """

    chains: Chains
    prefix: Longs
    total: Longs
    edges: Ints

    def leaving(self, ends: Ends) -> Ends:
        """Ends of drives that begin, at kept states."""
        inside, chain, place = self._inside(ends)
        state, ms = self.chains.number[ends.state], ends.ms.copy()
        state[inside] = self.chains.end[chain]
        ms[inside] += self.total[chain] - self.prefix[place]
        return Ends(ends.at, state, np.minimum(ms, UNREACHABLE))

    def reaching(self, ends: Ends) -> Ends:
        """Ends of drives that end, at kept states."""
        inside, chain, place = self._inside(ends)
        state, ms = self.chains.number[ends.state], ends.ms.copy()
        state[inside] = self.chains.head[chain]
        ms[inside] += self.prefix[place]
        return Ends(ends.at, state, np.minimum(ms, UNREACHABLE))

    def along(self, origins: Ends, destinations: Ends) -> tuple[Longs, Longs, Longs]:
        """Drives along one chain: the rows of both ends, and milliseconds."""
        a, chain_a, place_a = self._inside(origins)
        b, chain_b, place_b = self._inside(destinations)
        order = np.argsort(chain_b, kind="stable")
        low, high = np.searchsorted(chain_b[order], chain_a), np.searchsorted(chain_b[order], chain_a, "right")
        one = np.repeat(np.arange(len(a)), high - low)
        other = order[np.arange(len(one)) - np.repeat(np.cumsum(high - low) - high, high - low)]
        ahead = place_b[other] >= place_a[one]
        one, other = one[ahead], other[ahead]
        ms = origins.ms[a[one]] + self.prefix[place_b[other]] - self.prefix[place_a[one]] + destinations.ms[b[other]]
        return a[one], b[other], np.minimum(ms, UNREACHABLE)

    def _inside(self, ends: Ends) -> tuple[Longs, Longs, Longs]:
        """Rows on chains, with chain and place."""
        inside = np.flatnonzero(self.chains.inner[ends.state])
        states = ends.state[inside]
        return inside, self.chains.chain[states], self.chains.place[states]

    def states(self, path: Longs, origin: int, destination: int) -> Ints:
        """All states of a way over kept ones (`path`), from the state where it began to the state where it ended."""
        chains = self.chains
        pieces: list[Longs] = []
        if chains.inner[origin]:
            pieces.append(chains.flat[chains.place[origin] : chains.at[chains.chain[origin] + 1]])
        pieces.append(chains.kept[path[:1]])
        for chain, state in zip(self._cheapest(path[:-1], path[1:]).tolist(), path[1:].tolist(), strict=True):
            if chain >= 0:
                pieces.append(chains.flat[chains.at[chain] : chains.at[chain + 1]])
            pieces.append(chains.kept[state : state + 1])
        if chains.inner[destination]:
            pieces.append(chains.flat[chains.at[chains.chain[destination]] : chains.place[destination] + 1])
        return np.concatenate(pieces).astype(np.int32)

    def _cheapest(self, one: Longs, other: Longs) -> Longs:
        """The chain of the cheapest edge between two kept states, -1: a turn."""
        chains = self.chains
        low, high = chains.edge_at[one], chains.edge_at[one + 1]
        best, chain = np.full(len(one), UNREACHABLE, np.int64), np.full(len(one), -1, np.int64)
        for step in range(int((high - low).max(initial=0))):
            edge = np.minimum(low + step, high - 1)
            better = (chains.edge_to[edge] == other) & (self.edges[edge] < best)
            best, chain = np.where(better, self.edges[edge], best), np.where(better, chains.edge_chain[edge], chain)
        return chain
