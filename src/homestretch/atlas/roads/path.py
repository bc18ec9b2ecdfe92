"""A way that was found, told: its line, its arcs, the streets, and what each arc took."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from homestretch.atlas.roads.ends import Leaving, OnArcs
from homestretch.atlas.roads.engine import Found
from homestretch.atlas.roads.values import Floats, Ints, Longs, Path
from homestretch.kernel.geo import Point

if TYPE_CHECKING:
    from homestretch.atlas.roads.graph import RoadGraph
    from homestretch.atlas.roads.metric import Metric


@dataclass(frozen=True, slots=True)
class Walked:
    """Arcs in order with what each took with the turn after it; `begin`, `end`: from the first and last arc's start."""

    arcs: Longs
    states: Ints
    total_ms: int
    begin: tuple[int, int]  # milliseconds, decimeters
    end: tuple[int, int]

    @classmethod
    def direct(cls, here: OnArcs, row: int, there: OnArcs, column: int) -> Walked:
        """Along one arc."""
        begin, end = _at(here, row), _at(there, column)
        return cls(here.arc[row : row + 1], np.zeros(0, np.int32), end[0] - begin[0], begin, end)

    @classmethod
    def around(cls, found: Found, start: tuple[OnArcs, Leaving], goal: tuple[OnArcs, Leaving]) -> Walked:
        """Over at least one turn."""
        (here, out), (there, into) = start, goal
        first, last = _cheapest(out, int(found.states[0])), _cheapest(into, int(found.states[-1]))
        row = int(np.flatnonzero(here.arc == out.arc[first])[0])
        column = int(np.flatnonzero(there.arc == into.arc[last])[0])
        return cls(out.arc[first : first + 1], found.states, found.ms, _at(here, row), _at(there, column))


def _at(here: OnArcs, row: int) -> tuple[int, int]:
    return int(here.ms[row]), int(here.dm[row])


def _cheapest(ends: Leaving, state: int) -> int:
    rows = np.flatnonzero(ends.ends.state == state)
    return int(rows[ends.ends.ms[rows].argmin()])


def told(metric: Metric, walked: Walked) -> Path:
    """With geometry."""
    arcs = np.concatenate([walked.arcs, metric.topology.arc[walked.states]]).astype(np.int32)
    each = _each_ms(metric, walked, arcs)
    length = metric.length_dm[arcs]
    decimeters = int(length.sum(dtype=np.int64)) - walked.begin[1] - (int(length[-1]) - walked.end[1])
    begin = walked.begin[1] / max(1, int(length[0]))
    end = walked.end[1] / max(1, int(length[-1]))
    return Path(
        seconds=(walked.total_ms + 999) // 1000,
        meters=(decimeters + 5) // 10,
        points=_line(metric.graph, arcs, begin, end),
        arcs=arcs,
        names=_names(metric.graph, arcs),
        milliseconds=walked.total_ms,
        arc_ms=each,
    )


def _each_ms(metric: Metric, walked: Walked, arcs: Ints) -> Ints:
    """By arc with the turn after it; their sum is the whole."""
    if len(arcs) == 1:
        return np.array([walked.total_ms], np.int32)
    states = walked.states
    middle = [_turn(metric, int(one), int(other)) for one, other in pairwise(states)]
    first = walked.total_ms - sum(middle) - walked.end[0]
    return np.array([first, *middle, walked.end[0]], np.int32)


def _turn(metric: Metric, one: int, other: int) -> int:
    topology = metric.topology
    low, high = topology.turn_at[one], topology.turn_at[one + 1]
    there = low + np.flatnonzero(topology.turn_to[low:high] == other)
    return int(metric.weights[there].min())


def _names(graph: RoadGraph, arcs: Ints) -> list[str]:
    names: list[str] = []
    for number in graph.name[arcs >> 1]:
        name = graph.names[number]
        if name and (not names or names[-1] != name):
            names.append(name)
    return names


def _line(graph: RoadGraph, arcs: Ints, begin: float, end: float) -> list[Point]:
    """The path's line, cut at both ends; where one arc goes over into the next, the point stands once."""
    lats: list[Floats] = []
    lons: list[Floats] = []
    for number, arc in enumerate(arcs):
        low, high = graph.shape_at[arc >> 1], graph.shape_at[(arc >> 1) + 1]
        lat, lon = graph.lats[low:high], graph.lons[low:high]
        if arc & 1:
            lat, lon = lat[::-1], lon[::-1]
        first, last = number == 0, number == len(arcs) - 1
        if first or last:
            lat, lon = _piece(lat, lon, begin if first else 0.0, end if last else 1.0)
        lats.append(lat if first else lat[1:])
        lons.append(lon if first else lon[1:])
    points = zip(np.concatenate(lats).tolist(), np.concatenate(lons).tolist(), strict=True)
    return [Point(lat, lon) for lat, lon in points]


def _piece(lat: Floats, lon: Floats, begin: float, end: float) -> tuple[Floats, Floats]:
    """The line from one share of its length to another; two points at least."""
    steps = np.hypot(np.diff(lat), np.diff(lon) * np.cos(np.radians(lat[0])))
    at = np.concatenate([np.zeros(1), np.cumsum(steps)])
    at = at / at[-1] if at[-1] > 0 else np.linspace(0, 1, len(lat))
    inner = at[(at > begin) & (at < end)]
    wanted = np.concatenate([[begin], inner, [end]])
    return np.interp(wanted, at, lat), np.interp(wanted, at, lon)
