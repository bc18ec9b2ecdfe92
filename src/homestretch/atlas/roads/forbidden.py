"""Turn restrictions as forbidden sequences of arcs: `no_*` names them, `only_*` forbids all others.

The rules: a relation holds for van, truck and bike, minus those that `except` names; `restriction:hgv` holds for the
truck, and so on. A conditional one always holds, whatever the hour (never illegal, at times a detour); with a weight or
a length as its condition it holds for the truck alone. `only_*` by way of other ways allows that maneuver and no other
from its first way. One whose members are missing, or whose only allowed way is closed to a profile, does not hold.
https://wiki.openstreetmap.org/wiki/Relation:restriction
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from homestretch.atlas.osm.text import Member, Relation
from homestretch.atlas.roads.values import PROFILES, Bytes, Ints, Longs

_BITS = {profile: 1 << bit for bit, profile in enumerate(PROFILES)}
_MOTORS = _BITS["van"] | _BITS["truck"]
_VEHICLES = _MOTORS | _BITS["bike"]
_MEANT = {
    "hgv": _BITS["truck"],
    "goods": _BITS["van"],
    "motorcar": _BITS["van"],
    "motor_vehicle": _MOTORS,
    "vehicle": _VEHICLES,
    "bicycle": _BITS["bike"],
    "foot": _BITS["foot"],
}
_OF_SIZE = ("weight", "length", "height", "axle")

Pattern = tuple[int, ...]


@dataclass(slots=True)
class Arcs:
    """What restrictions are read against: ways by id in order with their segments, ends of arcs, arcs by tail."""

    ways: Longs
    segments: Longs
    tail: Ints
    head: Ints
    access: Bytes
    node_of: Mapping[int, int]
    leaving_at: Longs
    leaving: Longs

    def of_way(self, way: int) -> list[int]:
        """Both directions of each segment."""
        low, high = np.searchsorted(self.ways, way), np.searchsorted(self.ways, way, "right")
        return [int(2 * segment + side) for segment in self.segments[low:high] for side in (0, 1)]

    def out_of(self, node: int) -> list[int]:
        """All arcs that leave a junction."""
        return [int(arc) for arc in self.leaving[self.leaving_at[node] : self.leaving_at[node + 1]]]


def index(way: Longs, tail: Ints, head: Ints, access: Bytes, node_id: Longs) -> Arcs:
    """`way`: the id of each segment's way; `tail` and `head`: of arcs; `node_id`: of junctions, rising."""
    order = np.argsort(way, kind="stable")
    leaving = np.argsort(tail, kind="stable")
    at = np.searchsorted(tail[leaving], np.arange(len(node_id) + 1))
    nodes = {int(ident): number for number, ident in enumerate(node_id)}
    return Arcs(way[order], order, tail, head, access, nodes, at, leaving)


def patterns(relations: Sequence[Relation], arcs: Arcs) -> dict[Pattern, int]:
    """Forbidden sequences of arcs, and for whom (bits by profile)."""
    found: dict[Pattern, int] = {}
    for relation in relations:
        if relation.tags.get("type", "").startswith("restriction"):
            for kind, bits in _meant(relation.tags):
                for pattern, those in _sequences(relation, kind, bits, arcs):
                    found[pattern] = found.get(pattern, 0) | those
    return {pattern: bits for pattern, bits in found.items() if bits}


def _meant(tags: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """What is said, and to whom."""
    spared = 0
    for word in tags.get("except", "").split(";"):
        spared |= _MEANT.get(word.strip(), 0)
    whom = tags["type"].partition(":")[2]
    for key, value in tags.items():
        words = key.split(":")
        if words[0] != "restriction":
            continue
        named = next((word for word in words[1:] if word != "conditional"), whom)
        bits = _MEANT.get(named, 0) if named else _VEHICLES
        kind, _, condition = value.partition("@")
        if "conditional" in words and any(word in condition for word in _OF_SIZE):
            bits &= _BITS["truck"]
        yield kind.strip(), bits & ~spared


def _sequences(relation: Relation, kind: str, bits: int, arcs: Arcs) -> Iterator[tuple[Pattern, int]]:
    starts, vias, ends = (_of_role(relation.members, role) for role in ("from", "via", "to"))
    if not (starts and vias and ends and bits and kind.startswith(("no_", "only_"))):
        return
    for start in starts:
        for end in ends:
            for whole in _wholes(start.ref, vias, end.ref, kind, arcs):
                if kind.startswith("no_"):
                    yield whole, bits
                else:
                    yield from _others(whole, bits, arcs, [_ends_of(other.ref, arcs) for other in ends])


def _of_role(members: Sequence[Member], role: str) -> list[Member]:
    return [member for member in members if member.role == role and (member.kind == "w" or role == "via")]


def _ends_of(way: int, arcs: Arcs) -> set[int]:
    return set(arcs.of_way(way))


def _wholes(start: int, vias: Sequence[Member], end: int, kind: str, arcs: Arcs) -> Iterator[Pattern]:
    """The sequences of arcs that the relation names, from its first way to its last."""
    into, out = arcs.of_way(start), arcs.of_way(end)
    if vias[0].kind == "n":
        node = arcs.node_of.get(vias[0].ref, -1)
        chains: list[tuple[Pattern, int, int]] = [((), node, node)] if node >= 0 else []
    else:
        chains = _chains([via.ref for via in vias], into, out, arcs)
    for middle, enter, leave in chains:
        for a in into:
            for b in out:
                if arcs.head[a] == enter and arcs.tail[b] == leave and _fits(kind, a, b, (start, end), middle):
                    yield (a, *middle, b)


def _fits(kind: str, a: int, b: int, ways: tuple[int, int], middle: Pattern) -> bool:
    """One way named twice turns around on itself, or goes straight on, as the kind says."""
    if middle or ways[0] != ways[1]:
        return True
    return (b == a ^ 1) == kind.endswith("u_turn")


def _chains(vias: Sequence[int], into: Sequence[int], out: Sequence[int], arcs: Arcs) -> list[tuple[Pattern, int, int]]:
    """The shortest way along the via ways from the first way to the last: its arcs, where it begins and ends."""
    inside = [arc for way in vias for arc in arcs.of_way(way)]
    leaving: dict[int, list[int]] = {}
    for arc in inside:
        leaving.setdefault(int(arcs.tail[arc]), []).append(arc)
    goals = {int(arcs.tail[arc]) for arc in out}
    begun = sorted({int(arcs.head[arc]) for arc in into} & set(leaving))
    wave: list[tuple[Pattern, int, int]] = [((), node, node) for node in begun]
    seen = set(begun)
    while wave:
        done = [chain for chain in wave if chain[0] and chain[2] in goals]
        if done:
            return done[:1]
        onward = []
        for chain, begin, node in wave:
            for arc in leaving.get(node, []):
                to = int(arcs.head[arc])
                if to not in seen:
                    seen.add(to)
                    onward.append(((*chain, arc), begin, to))
        wave = onward
    return []


def _others(whole: Pattern, bits: int, arcs: Arcs, allowed: list[set[int]]) -> Iterator[tuple[Pattern, int]]:
    """Everything but the one allowed sequence, step by step, for those whom its last way is open to."""
    for bit in range(len(PROFILES)):
        open_to = all(arcs.access[bit, arc & 1, arc >> 1] for arc in whole)
        bits &= ~0 if open_to else ~(1 << bit)
    last = set().union(*allowed)
    for step in range(1, len(whole)):
        for arc in arcs.out_of(int(arcs.head[whole[step - 1]])):
            spared = last if step == len(whole) - 1 else {whole[step]}
            if arc not in spared or (arc == whole[step - 1] ^ 1 and arc != whole[step]):
                yield (*whole[:step], arc), bits
