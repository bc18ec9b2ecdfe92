"""A road graph made ready for questions: built lazily for each profile, kept, and safe for many threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import RLock

import numpy as np
import shapely
from numpy.typing import ArrayLike

from homestretch.atlas.roads.components import parts
from homestretch.atlas.roads.engine.hierarchy import Hierarchy
from homestretch.atlas.roads.graph import RoadGraph
from homestretch.atlas.roads.metric import Metric
from homestretch.atlas.roads.snap import Snapper, lines_of, mercator
from homestretch.atlas.roads.topology import Topology, topology_of
from homestretch.atlas.roads.values import PROFILES, Conditions, Ints, Longs, Snap
from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import Refusal

_METRICS_KEPT = 12
_NEAR_M = 2_000
Key = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Ready:
    """What one profile needs."""

    topology: Topology
    hierarchy: Hierarchy
    snapper: Snapper


class Network:
    """Snaps places, gives metrics, and finds arcs by name, way, key and polygon."""

    def __init__(self, graph: RoadGraph) -> None:
        self.graph = graph
        self._lock = RLock()
        self._ready: dict[str, _Ready] = {}
        self._metrics: OrderedDict[tuple[str, Conditions], Metric] = OrderedDict()

    def snap(self, lats: ArrayLike, lons: ArrayLike, profile: str = "van") -> Snap:
        """Places on roads; `faults` names those that are over 1,000 m from any."""
        snapper = self._of(profile).snapper
        return snapper.snap(np.asarray(lats, np.float64), np.asarray(lons, np.float64))

    def metric(self, profile: str = "van", conditions: Conditions | None = None) -> Metric:
        """Travel times under the conditions (none: a working day's noon); the last dozen are kept."""
        asked = (profile, conditions or Conditions())
        with self._lock:
            if asked in self._metrics:
                self._metrics.move_to_end(asked)
                return self._metrics[asked]
            ready = self._of(profile)
        metric = Metric(self.graph, ready.topology, ready.hierarchy, asked[1])
        with self._lock:
            self._metrics[asked] = metric
            while len(self._metrics) > _METRICS_KEPT:
                self._metrics.popitem(last=False)
        return metric

    def topology(self, profile: str = "van") -> Topology:
        """States and turns of a profile."""
        return self._of(profile).topology

    def _of(self, profile: str) -> _Ready:
        if profile not in PROFILES:
            raise Refusal(
                "profile.unknown", f"there is no profile {profile[:40]}", remedy=f"one of {', '.join(PROFILES)}"
            )
        with self._lock:
            if profile not in self._ready:
                topology = topology_of(self.graph, profile)
                snapper = Snapper(self.graph, profile, *parts(self.graph, topology))
                self._ready[profile] = _Ready(topology, Hierarchy(self.graph, topology), snapper)
            return self._ready[profile]

    def key_of(self, arc: int) -> Key:
        """What an arc is called in every build: its way, the node where it begins, the node where it ends."""
        graph = self.graph
        begin, end = graph.node_id[graph.arc_tail[arc]], graph.node_id[graph.arc_head[arc]]
        return int(graph.way[arc >> 1]), int(begin), int(end)

    def arc_of(self, key: Key) -> int | None:
        """The arc of that name; None: the map has it no more."""
        return next((int(arc) for arc in self.arcs_of_way(key[0]) if self.key_of(int(arc)) == key), None)

    def arcs_of_way(self, way_id: int) -> Ints:
        """All arcs of a way, both directions."""
        order, ways = self._by_way
        low, high = np.searchsorted(ways, way_id), np.searchsorted(ways, way_id, "right")
        return _both(order[low:high])

    def arcs_named(self, street: str, near: Point | None = None) -> Ints:
        """All arcs of streets of that name (case does not matter), within 2 km of `near`."""
        word = street.strip().casefold()
        numbers = [number for number, name in enumerate(self.graph.names) if number and name.casefold() == word]
        segments = np.flatnonzero(np.isin(self.graph.name, numbers))
        if near is not None and len(segments):
            x, y = mercator(np.array([near.lat]), np.array([near.lon]))
            spot = shapely.points(x[0], y[0])
            reach = _NEAR_M / max(0.02, float(np.cos(np.radians(near.lat))))
            segments = segments[shapely.distance(lines_of(self.graph, segments), spot) <= reach]
        return _both(segments)

    def arcs_in(self, polygon: Sequence[Point]) -> Ints:
        """All arcs that touch a polygon, given by its corners."""
        x, y = mercator(np.array([p.lat for p in polygon]), np.array([p.lon for p in polygon]))
        area = shapely.make_valid(shapely.polygons(np.stack([x, y], axis=1)))
        return _both(self._lines.query(area, predicate="intersects"))

    @cached_property
    def _by_way(self) -> tuple[Longs, Longs]:
        order = np.argsort(self.graph.way, kind="stable")
        return order, self.graph.way[order]

    @cached_property
    def _lines(self) -> shapely.STRtree:
        return shapely.STRtree(lines_of(self.graph, np.arange(len(self.graph.way))))


def _both(segments: Longs) -> Ints:
    """The arcs of segments."""
    return np.sort(np.concatenate([2 * segments, 2 * segments + 1])).astype(np.int32)
