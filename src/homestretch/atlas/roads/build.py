"""From an extract to a road graph on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from homestretch.atlas.osm.text import Text, read_text
from homestretch.atlas.roads import forbidden
from homestretch.atlas.roads.graph import FORMAT, LARGE, ROUNDABOUT, SCALE, RoadGraph
from homestretch.atlas.roads.order import arc_rank_of, rank_of
from homestretch.atlas.roads.segments import Segments, cut
from homestretch.atlas.roads.topology import topology_of
from homestretch.atlas.roads.values import PROFILES, Bytes, Floats, Ints, Longs
from homestretch.atlas.roads.ways import KEYS, WayRule, WayRules
from homestretch.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class RoadCounts:
    """What a graph holds; `restrictions` counts the relations that were read, `forbidden` the sequences of arcs."""

    junctions: int
    segments: int
    restrictions: int
    forbidden: int
    kilometers: int


def build_roads(extract: Path, target: Path, *, driving_side: str) -> RoadCounts:
    """Write the road graph of a sorted extract. `driving_side`: left or right. Refuses `map.no_roads`."""
    text = read_text(extract, *KEYS)
    graph = graph_of(text, left=driving_side == "left")
    graph.save(target)
    relations = sum(relation.tags.get("type", "").startswith("restriction") for relation in text.relations)
    length = int(graph.length_mm.sum(dtype=np.int64) // 1_000_000)
    return RoadCounts(len(graph.node_id), len(graph.way), relations, len(graph.pattern_profiles), length)


def graph_of(text: Text, *, left: bool) -> RoadGraph:
    """The graph of what was read."""
    rules = WayRules()
    read = [rules.of(tags) for tags in text.ways.tags]
    used = np.array([rule is not None for rule in read], np.bool_)
    if not used.any():
        raise Refusal("map.no_roads", "no way is open to anybody", remedy="give an extract of all data")
    segments = cut(text.ways, used, text.nodes)
    table = _Table([rule for rule in read if rule is not None], np.cumsum(used) - 1)
    access = table.access(segments.way)
    ids = text.ways.ids[segments.way]
    found = _patterns(text, segments, ids, access)
    names, name = _names([tags.get("name") or tags.get("ref") or "" for tags in text.ways.tags], segments.way)
    lats, lons = segments.node_lat / SCALE, segments.node_lon / SCALE
    graph = RoadGraph(
        node_id=segments.node_id,
        node_lat=segments.node_lat,
        node_lon=segments.node_lon,
        blocks=segments.blocks,
        rank=rank_of(len(lats), segments.tail, segments.head, lats, lons),
        arc_rank=np.zeros(0, np.int32),
        way=ids,
        tail=segments.tail,
        head=segments.head,
        length_mm=segments.length_mm,
        road=table.road(segments.way),
        limit=table.limit(segments.way),
        cap=table.cap(segments.way),
        access=access,
        flags=table.flags(segments.way),
        wait_ds=segments.wait_ds,
        crossing_ms=_crossings(table.crossing(segments.way), segments),
        name=name,
        shape_at=segments.shape_at,
        shape_lat=segments.shape_lat,
        shape_lon=segments.shape_lon,
        pattern_at=np.cumsum([0, *(len(pattern) for pattern in found)], dtype=np.int32),
        pattern_arcs=np.array([arc for pattern in found for arc in pattern], np.int32),
        pattern_profiles=np.array(list(found.values()), np.uint8),
        names_text=np.frombuffer("\n".join(names).encode(), np.uint8),
        about=np.array([FORMAT, left], np.int32),
    )
    middle = (lats[graph.arc_tail] + lats[graph.arc_head]) / 2, (lons[graph.arc_tail] + lons[graph.arc_head]) / 2
    return replace(graph, arc_rank=arc_rank_of(topology_of(graph, PROFILES[0]), graph.arc_count, *middle))


class _Table:
    """Rules of the used ways as columns; asked by the number of a way among all that were read."""

    def __init__(self, rules: Sequence[WayRule], place: Longs) -> None:
        self._place = place
        self._road = np.array([rule.road for rule in rules], np.uint8)
        self._limit = np.array([rule.limit for rule in rules], np.uint8).T
        self._cap = np.array([rule.cap for rule in rules], np.uint8)
        self._access = np.array([rule.access for rule in rules], np.uint8).transpose(1, 2, 0)
        self._flags = np.array([rule.roundabout * ROUNDABOUT + rule.large * LARGE for rule in rules], np.uint8)
        self._crossing = np.array([rule.crossing_s for rule in rules], np.int64).T

    def road(self, way: Longs) -> Bytes:
        return self._road[self._place[way]]

    def limit(self, way: Longs) -> Bytes:
        return np.ascontiguousarray(self._limit[:, self._place[way]])

    def cap(self, way: Longs) -> Bytes:
        return self._cap[self._place[way]]

    def access(self, way: Longs) -> Bytes:
        return np.ascontiguousarray(self._access[:, :, self._place[way]])

    def flags(self, way: Longs) -> Bytes:
        return self._flags[self._place[way]]

    def crossing(self, way: Longs) -> Longs:
        return self._crossing[:, self._place[way]]


def _crossings(seconds: Longs, segments: Segments) -> Ints:
    """A ferry's time shared among its segments by their lengths, milliseconds, (2, segments)."""
    length: Floats = segments.length_mm.astype(np.float64)
    total = np.bincount(segments.way, weights=length)[segments.way]
    return np.round(seconds * 1000 * length / total).astype(np.int32)


def _names(of_ways: Sequence[str], way: Longs) -> tuple[list[str], Ints]:
    numbers: dict[str, int] = {"": 0}
    number = np.array([numbers.setdefault(name.replace("\n", " "), len(numbers)) for name in of_ways], np.int32)
    return list(numbers), number[way]


def _patterns(text: Text, segments: Segments, ids: Longs, access: Bytes) -> dict[forbidden.Pattern, int]:
    tail = np.stack([segments.tail, segments.head], axis=1).ravel()
    head = np.stack([segments.head, segments.tail], axis=1).ravel()
    return forbidden.patterns(text.relations, forbidden.index(ids, tail, head, access, segments.node_id))
