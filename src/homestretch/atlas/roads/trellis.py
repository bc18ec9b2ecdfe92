"""The hidden Markov model of map matching: where each fix may have been, how one may have led to the next.

Newson and Krumm, "Hidden Markov Map Matching Through Noise and Sparseness", 2009: a fix is off its place by a normal
error; between two fixes the way on roads differs from the straight line by an exponential one. All transitions of a
trace are weighed in arrays; the ways between come from a hierarchy over the junctions, a dozen at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import routingkit_cch

from homestretch.atlas.roads.graph import RoadGraph
from homestretch.atlas.roads.nearby import DEGREE_M, Near, Nearby
from homestretch.atlas.roads.speeds import kmh_of
from homestretch.atlas.roads.values import PROFILES, Bools, Floats, Longs

REACH_M = 70.0
AWAY = 0.6  # cosine over which a road leads the other way
SEGMENTS = 5  # near one fix, at most
BACK_M = 30.0  # so far a fix may lie behind the one before, on the same arc: noise, not a way round the block
U_TURN_M = 60.0  # what turning round is thought to cost
BETA_M, BETA_SHARE = 6.0, 0.05  # how far a way may differ from the straight line: meters, and of each meter
NEVER = 1e6
_DEARER = np.array([1.0] * 8 + [1.02] * 2 + [1.04, 1.05, 1.1, 1.1] + [1.15] * 9)  # by Road: motors prefer the larger
HURRY, LATE_S, LATE_COST = 1.6, 2.0, 0.5  # who drives a way so much faster than is usual; seconds; cost of one more
GAP_S, USUAL_MS = 45.0, 12.0  # who is not seen for so long takes the fastest way; meters in a second
HOPELESS = 6.0  # a place so much dearer than the nearest is not looked at
FASTEST_MS = 55.0  # meters in a second that nobody drives
SLACK_M = 150.0


@dataclass(frozen=True, slots=True)
class Places:
    """Where each fix may have been, all fixes end to end: those of fix n are begin[n] to begin[n + 1]."""

    begin: Longs
    arc: Longs
    share: Floats
    off_m: Floats
    cost: Floats

    @property
    def counts(self) -> Longs:
        """How many each fix has."""
        return np.diff(self.begin)


class Ground:
    """One profile's roads, ready for matching: a grid of pieces, and two hierarchies of junctions.

    weight_dm: (2, arcs) decimeters. First by length, smaller roads a little longer than they are; then by time, as far
    as a vehicle gets in it at USUAL_MS: over a gap one takes the fastest way.
    """

    def __init__(self, graph: RoadGraph, profile: str) -> None:
        kind = PROFILES.index(profile)
        usable: Bools = np.stack([graph.access[kind, 0], graph.access[kind, 1]], axis=1) > 0
        self.usable: Bools = usable.ravel()
        self.length_m: Floats = np.repeat(graph.length_mm, 2) / 1000
        self.pace_s: Floats = 3.6 / np.maximum(1, kmh_of(graph, profile))
        dearer = np.repeat(_DEARER[graph.road], 2) if profile in ("van", "truck") else np.ones(len(self.length_m))
        weights = 10 * self.length_m * np.stack([dearer, self.pace_s * USUAL_MS])
        self.weight_dm: Longs = np.maximum(1, np.round(weights)).astype(np.int64)
        self.nearby = Nearby(graph, usable[:, 0] | usable[:, 1], REACH_M)
        used = np.unique(np.concatenate([graph.arc_tail[self.usable], graph.arc_head[self.usable]]))
        number = np.full(len(graph.rank), -1, np.int64)
        number[used] = np.arange(len(used))
        self.tail, self.head = number[graph.arc_tail], number[graph.arc_head]
        stops = (graph.blocks[graph.arc_tail] | graph.blocks[graph.arc_head]) >> kind & 1 > 0
        self._arcs: Longs = np.flatnonzero(self.usable & ~stops)
        tail, head = self.tail[self._arcs].tolist(), self.head[self._arcs].tolist()
        hierarchy = routingkit_cch.CCH(np.argsort(graph.rank[used]).tolist(), tail, head, False)
        self._metrics = [routingkit_cch.CCHMetric(hierarchy, row[self._arcs].tolist()) for row in self.weight_dm]

    def places(self, lats: Floats, lons: Floats, sigma_m: Floats) -> Places:
        """Both directions of each segment near a fix, as far as they may be used, and lead where the vehicle goes."""
        near = self.nearby.find(lats, lons, np.minimum(REACH_M, 4 * sigma_m + 20), SEGMENTS)
        point = np.repeat(near.point, 2)
        arc = (2 * near.segment[:, None] + np.array([0, 1])).ravel()
        share = np.stack([near.share, 1 - near.share], axis=1).ravel()
        off = np.repeat(near.distance_m, 2)
        cost = 0.5 * (off / sigma_m[point]) ** 2
        least = np.full(len(lats), np.inf)
        np.minimum.at(least, point, cost)
        good = self.usable[arc] & ~_against(near, lats, lons, sigma_m) & (cost <= least[point] + HOPELESS)
        begin = np.searchsorted(point[good], np.arange(len(lats) + 1))
        return Places(begin, arc[good], share[good], off[good], cost[good])

    def between(self, heads: list[list[int]], tails: list[list[int]], gaps: list[bool]) -> Floats:
        """Weights from each of the junctions in heads[p] to each in tails[p], all pairs p end to end; nan: no way."""
        flat: list[int | None] = []
        asked = [routingkit_cch.CCHOneToMany(metric, [0]) for metric in self._metrics]  # no other thread may touch them
        for sources, targets, gap in zip(heads, tails, gaps, strict=True):
            query = asked[gap]
            query.repin_targets(targets)
            for source in sources:
                flat += query.distances_from(source)
        return np.array(flat, np.float64)

    def ways(self, pairs: list[tuple[int, int]], gaps: list[bool]) -> list[list[int]]:
        """Arcs of the best way from junction to junction, of each pair."""
        asked, arcs = [routingkit_cch.CCHQuery(metric) for metric in self._metrics], self._arcs
        return [
            arcs[asked[gap].run(*pair).arc_path].tolist() if pair[0] != pair[1] else []
            for pair, gap in zip(pairs, gaps, strict=True)
        ]


def _against(near: Near, lats: Floats, lons: Floats, sigma_m: Floats) -> Bools:
    """Of both directions of each segment: whether it leads away both from where the vehicle came and where it goes."""
    north = np.diff(lats) * DEGREE_M
    east = np.diff(lons) * DEGREE_M * np.cos(np.radians(lats[:-1]))
    far = np.hypot(east, north)
    moved = far > 3 * np.maximum(sigma_m[:-1], sigma_m[1:])
    east, north = np.where(moved, east / np.maximum(far, 1), 0), np.where(moved, north / np.maximum(far, 1), 0)
    came = near.east * np.append(0, east)[near.point] + near.north * np.append(0, north)[near.point]
    goes = near.east * np.append(east, 0)[near.point] + near.north * np.append(north, 0)[near.point]
    along = np.maximum(came, goes) < -AWAY
    against = np.minimum(came, goes) > AWAY
    return np.stack([along, against], axis=1).ravel()


class Trellis:
    """The places of a trace, and what leads from one to another."""

    def __init__(self, ground: Ground, places: Places) -> None:
        self.ground, self.places = ground, places
        self._heads, self._head_at = _junctions(ground.head, places)
        self._tails, self._tail_at = _junctions(ground.tail, places)
        self._back = _reversed(places)

    def transitions(self, pairs: Longs, straight_m: Floats, seconds: Floats) -> Floats:
        """Cost of each place of fix pairs[p, 1] coming from each of pairs[p, 0]: (pairs, most, most), NEVER where it
        does not, also beyond a fix's last place."""
        ground, places = self.ground, self.places
        counts, most = places.counts, int(places.counts.max(initial=1))
        here, there, gap = pairs[:, 0], pairs[:, 1], seconds >= GAP_S
        pair, i, j = _each(counts[here], counts[there])
        cells = _Cells(pair, places.begin[here][pair] + i, places.begin[there][pair] + j, gap[pair].astype(np.int64))
        a, b = places.arc[cells.one], places.arc[cells.other]
        length_a, length_b = ground.weight_dm[cells.gap, a] / 10, ground.weight_dm[cells.gap, b] / 10
        gone, turned = self._ways(here, there, gap, cells)
        route = (1 - places.share[cells.one]) * length_a + gone + places.share[cells.other] * length_b
        route += np.where(turned, U_TURN_M, 0)
        ahead = (places.share[cells.other] - places.share[cells.one]) * length_a
        route = np.where((a == b) & (ahead >= -BACK_M), np.maximum(ahead, 0), route)
        straight, limit = straight_m[pair], FASTEST_MS * seconds[pair] + SLACK_M
        pace = np.where(gap[pair], 1 / USUAL_MS, np.minimum(ground.pace_s[a], ground.pace_s[b]))
        late = np.maximum(0, route * pace / HURRY - seconds[pair] - LATE_S)
        cost = np.abs(route - straight) / (BETA_M + BETA_SHARE * straight) + LATE_COST * late
        found = np.full((len(pairs), most, most), NEVER)
        found[pair, j, i] = np.where(route <= limit, cost, NEVER)
        return found

    def _ways(self, here: Longs, there: Longs, gap: Bools, cells: _Cells) -> tuple[Floats, Bools]:
        """Meters from the end of each cell's first arc to the beginning of its second, nan where there is no way, and
        whether one turns round at either."""
        heads, tails = [self._heads[n] for n in here.tolist()], [self._tails[n] for n in there.tolist()]
        flat = self.ground.between(heads, tails, gap.tolist())
        width = np.array([len(junctions) for junctions in tails], np.int64)
        sizes = width * np.array([len(junctions) for junctions in heads], np.int64)
        start, wide = (np.cumsum(sizes) - sizes)[cells.pair], width[cells.pair]
        row, column = start + self._head_at[cells.one] * wide, self._tail_at[cells.other]
        back_row, back_column = self._head_at[self._back[cells.one]], self._tail_at[self._back[cells.other]]
        gone = flat[row + column]
        a, b = self.places.arc[cells.one], self.places.arc[cells.other]
        turned = gone == flat[start + back_row * wide + column] + self.ground.weight_dm[cells.gap, a]
        turned |= gone == flat[row + back_column] + self.ground.weight_dm[cells.gap, b]
        turned |= ((a ^ 1) == b) & (gone == 0)
        return gone / 10, turned


@dataclass(frozen=True, slots=True)
class _Cells:
    """Pairs of places: of which pair of fixes, the two places, 1 where the fixes lie a gap apart."""

    pair: Longs
    one: Longs
    other: Longs
    gap: Longs


def _each(rows: Longs, columns: Longs) -> tuple[Longs, Longs, Longs]:
    """Every cell of tables of these sizes, end to end: its table, row and column."""
    sizes = rows * columns
    table = np.repeat(np.arange(len(sizes)), sizes)
    number = np.arange(len(table)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return table, number // columns[table], number % columns[table]


def _junctions(end: Longs, places: Places) -> tuple[list[list[int]], Longs]:
    """Of each fix, the junctions at that end of its arcs, each once; and where among them each place's stands."""
    fix = np.repeat(np.arange(len(places.begin) - 1), places.counts)
    keys, place = np.unique(fix * len(end) + end[places.arc], return_inverse=True)
    begins = np.searchsorted(keys // len(end), np.arange(len(places.begin)))
    junctions, bounds = (keys % len(end)).tolist(), begins.tolist()
    return [junctions[low:high] for low, high in pairwise(bounds)], place - begins[fix]


def _reversed(places: Places) -> Longs:
    """The place of the same fix on the other direction of the same segment, which stands beside it; else itself."""
    back = np.arange(len(places.arc))
    beside = np.flatnonzero((places.arc[:-1] ^ 1) == places.arc[1:])
    beside = beside[~np.isin(beside + 1, places.begin)]
    back[beside], back[beside + 1] = beside + 1, beside
    return back


def cheapest(places: Places, fixes: Longs, costs: Floats) -> tuple[float, Longs]:
    """The places of the cheapest sequence through `fixes` (Viterbi), and what it costs; costs[n] is from the n-th."""
    begin, counts = places.begin[fixes], places.counts[fixes]
    own = np.full((len(fixes), costs.shape[1]), np.inf)
    fix = np.repeat(np.arange(len(fixes)), counts)
    slot = np.arange(len(fix)) - np.repeat(np.cumsum(counts) - counts, counts)
    own[fix, slot] = places.cost[begin[fix] + slot]
    total, came = own[0], []
    for cost, here in zip(costs, own[1:], strict=True):
        grid = cost + total
        came.append(grid.argmin(axis=1))
        total = grid.min(axis=1) + here
    slots = [int(total.argmin())]
    for back in reversed(came):
        slots.append(int(back[slots[-1]]))
    return float(total.min()), begin + np.array(slots[::-1], np.int64)
