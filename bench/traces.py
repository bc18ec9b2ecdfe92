"""Traces of vehicles whose way is known: drives over a map with halts, noise, a fix now and then, and gaps."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from homestretch.atlas.roads import Metric, Network, RoadGraph
from homestretch.atlas.roads.match import Matched

Floats = NDArray[np.float64]
START_S = 1_780_000_000.0


@dataclass(frozen=True)
class Trace:
    """Fixes, and the way that was driven: arcs in order with the meters of each."""

    lats: Floats
    lons: Floats
    times: Floats
    arcs: NDArray[np.int32]
    meters: Floats


@dataclass(frozen=True)
class Drive:
    """A way as a table by time: arc, from and to which share, seconds; a halt has the same share twice."""

    arc: NDArray[np.int32]
    begin: Floats
    end: Floats
    seconds: Floats


def drive(network: Network, metric: Metric, random: Random, *, least_s: int, profile: str = "van") -> Drive:
    """From place to place along fastest ways, a halt of up to two minutes at each, until `least_s` are driven."""
    graph, rows, total, here = network.graph, [], 0.0, None
    while total < least_s:
        spots = [random.randrange(len(graph.node_id)) for _ in range(2)]
        lats, lons = graph.node_lat[spots] / 1e7, graph.node_lon[spots] / 1e7
        snap = network.snap(lats + random.gauss(0, 2e-4), lons + random.gauss(0, 2e-4), profile)
        if here is None:
            here = (snap, 0)
        way = None if (snap.arc < 0).any() else metric.path(here[0], here[1], snap, 1)
        if way is None or not 60 <= way.seconds <= 1500 or len(way.arcs) < 3:
            here = here if rows else None
            continue
        leg = _leg(way.arcs, way.arc_ms / 1000, here, (snap, 1))
        rows += leg
        rows.append((int(way.arcs[-1]), leg[-1][2], leg[-1][2], random.uniform(10, 120)))
        total += sum(row[3] for row in leg)
        here = (snap, 1)
    columns = list(zip(*rows, strict=True))
    return Drive(np.array(columns[0], np.int32), *(np.array(column, np.float64) for column in columns[1:]))


def _leg(arcs, seconds, here, there) -> list[tuple[int, float, float, float]]:  # noqa: ANN001
    """Rows of one way between two snapped places."""
    begin, end = np.zeros(len(arcs)), np.ones(len(arcs))
    begin[0], end[-1] = _share(here, int(arcs[0])), _share(there, int(arcs[-1]))
    return list(zip(arcs.tolist(), begin.tolist(), end.tolist(), np.maximum(seconds, 0.01).tolist(), strict=True))


def _share(place, arc: int) -> float:  # noqa: ANN001
    snap, number = place
    share = float(snap.share[number])
    return share if snap.arc[number] == arc else 1 - share


def trace(graph: RoadGraph, driven: Drive, random: Random, *, noise_m: float, every_s: float, gaps: int) -> Trace:
    """What a phone would send: a normal error of `noise_m` to the north and to the east; gaps of one to two minutes."""
    ends = np.cumsum(driven.seconds)
    times = np.arange(0, ends[-1], every_s)
    for _ in range(gaps):
        start = random.uniform(0, ends[-1])
        times = times[(times < start) | (times > start + random.uniform(60, 120))]
    row = np.minimum(np.searchsorted(ends, times), len(ends) - 1)
    inside = 1 - (ends[row] - times) / driven.seconds[row]
    share = driven.begin[row] + (driven.end[row] - driven.begin[row]) * np.clip(inside, 0, 1)
    spots = np.array([spot(graph, int(arc), float(part)) for arc, part in zip(driven.arc[row], share, strict=True)])
    north = np.array([random.gauss(0, noise_m) for _ in times]) / 111_195
    east = np.array([random.gauss(0, noise_m) for _ in times]) / 111_195 / np.cos(np.radians(spots[:, 0]))
    seen = (ends >= times[0]) & (ends - driven.seconds <= times[-1])
    length = graph.length_mm[driven.arc >> 1] / 1000
    first, last = np.flatnonzero(seen)[[0, -1]]
    begin, end = driven.begin.copy(), driven.end.copy()
    begin[first], end[last] = share[0], share[-1]
    meters = np.maximum(0, end - begin) * length
    return Trace(spots[:, 0] + north, spots[:, 1] + east, START_S + times, driven.arc[seen], meters[seen])


def spot(graph: RoadGraph, arc: int, share: float) -> tuple[float, float]:
    """Degrees at a share of an arc's length."""
    low, high = graph.shape_at[arc >> 1], graph.shape_at[(arc >> 1) + 1]
    lat, lon = graph.lats[low:high], graph.lons[low:high]
    if arc & 1:
        lat, lon = lat[::-1], lon[::-1]
    at = np.append(0.0, np.cumsum(np.hypot(np.diff(lat), np.diff(lon) * np.cos(np.radians(lat[0])))))
    return float(np.interp(share * at[-1], at, lat)), float(np.interp(share * at[-1], at, lon))


def right_m(found: Matched, known: Trace, arcs: int) -> tuple[float, float, float]:
    """Meters that are in both ways, of the known way, and of the found one; arc by arc, with its direction."""
    there = np.bincount(known.arcs, weights=known.meters, minlength=arcs)
    here = np.bincount(found.path, weights=found.path_m, minlength=arcs)
    return float(np.minimum(here, there).sum()), float(there.sum()), float(here.sum())
