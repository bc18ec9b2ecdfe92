"""A way that was found, told: its line, its arcs, the streets, and what each arc took."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from homestretch.atlas.roads.ends import Leaving, OnArcs
from homestretch.atlas.roads.engine import Found
from homestretch.atlas.roads.values import UNREACHABLE, Floats, Ints, Longs
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


@dataclass(frozen=True)
class Path:
    """The fastest way: whole seconds (rounded up once), meters, its arcs; the line and the streets when asked for.

    milliseconds is what `seconds` were rounded from; `arc_ms` has the milliseconds spent on each arc and its turn;
    begin and end: where on the first and the last arc, as shares of them.
    """

    seconds: int
    meters: int
    milliseconds: int
    arcs: Ints
    arc_ms: Ints
    begin: float
    end: float
    graph: RoadGraph = field(repr=False, compare=False)

    @cached_property
    def points(self) -> list[Point]:
        """The line, cut at both ends."""
        return _line(self.graph, self.arcs, self.begin, self.end)

    @cached_property
    def names(self) -> list[str]:
        """The streets in order; those without a name are left out."""
        return _names(self.graph, self.arcs)


def told(metric: Metric, walked: Walked) -> Path:
    """With what each arc took."""
    arcs = np.concatenate([walked.arcs, metric.topology.arc[walked.states]]).astype(np.int32)
    return Path(
        seconds=(walked.total_ms + 999) // 1000,
        meters=meters_of(metric, walked),
        milliseconds=walked.total_ms,
        arcs=arcs,
        arc_ms=_each_ms(metric, walked, arcs),
        begin=walked.begin[1] / max(1, int(metric.length_dm[arcs[0]])),
        end=walked.end[1] / max(1, int(metric.length_dm[arcs[-1]])),
        graph=metric.graph,
    )


def meters_of(metric: Metric, walked: Walked) -> int:
    """Whole meters, rounded once."""
    arcs = metric.topology.arc[walked.states]
    if not len(arcs):
        return (walked.end[1] - walked.begin[1] + 5) // 10
    passed = metric.length_dm[walked.arcs].sum(dtype=np.int64) + metric.length_dm[arcs[:-1]].sum(dtype=np.int64)
    return (int(passed) - walked.begin[1] + walked.end[1] + 5) // 10


def _each_ms(metric: Metric, walked: Walked, arcs: Ints) -> Ints:
    """By arc with the turn after it; their sum is the whole."""
    if len(arcs) == 1:
        return np.array([walked.total_ms], np.int32)
    middle = _turns(metric, walked.states[:-1], walked.states[1:])
    first = walked.total_ms - int(middle.sum()) - walked.end[0]
    return np.concatenate([[first], middle, [walked.end[0]]]).astype(np.int32)


def _turns(metric: Metric, one: Ints, other: Ints) -> Longs:
    """The weights of the turns from each state to the next."""
    topology = metric.topology
    low, high = topology.turn_at[one], topology.turn_at[one + 1]
    cost = np.full(len(one), UNREACHABLE, np.int64)
    for step in range(int((high - low).max(initial=0))):
        turn = np.minimum(low + step, high - 1)
        cost = np.where(topology.turn_to[turn] == other, np.minimum(cost, metric.weights[turn]), cost)
    return cost


def _names(graph: RoadGraph, arcs: Ints) -> list[str]:
    names: list[str] = []
    for number in graph.name[arcs >> 1]:
        name = graph.names[number]
        if name and (not names or names[-1] != name):
            names.append(name)
    return names


def _line(graph: RoadGraph, arcs: Ints, begin: float, end: float) -> list[Point]:
    """The path's line, cut at both ends; where one arc goes over into the next, the point stands once."""
    if len(arcs) == 1:
        lats, lons = _piece(*_shape(graph, int(arcs[0])), begin, end)
    else:
        first, last = _piece(*_shape(graph, int(arcs[0])), begin, 1.0), _piece(*_shape(graph, int(arcs[-1])), 0.0, end)
        between = _points(graph, arcs[1:-1].astype(np.int64))
        lats = np.concatenate([first[0], graph.lats[between], last[0][1:]])
        lons = np.concatenate([first[1], graph.lons[between], last[1][1:]])
    return list(map(Point, lats.tolist(), lons.tolist()))


def _points(graph: RoadGraph, arcs: Longs) -> Longs:
    """The numbers of the arcs' points, each arc without its first."""
    low, high = graph.shape_at[arcs >> 1].astype(np.int64), graph.shape_at[(arcs >> 1) + 1].astype(np.int64)
    counts = high - low - 1
    step = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    against = np.repeat(arcs & 1, counts) == 1
    found: Longs = np.where(against, np.repeat(high - 2, counts) - step, np.repeat(low + 1, counts) + step)
    return found


def _shape(graph: RoadGraph, arc: int) -> tuple[Floats, Floats]:
    low, high = graph.shape_at[arc >> 1], graph.shape_at[(arc >> 1) + 1]
    step = -1 if arc & 1 else 1
    return graph.lats[low:high][::step], graph.lons[low:high][::step]


def _piece(lat: Floats, lon: Floats, begin: float, end: float) -> tuple[Floats, Floats]:
    """The line from one share of its length to another; two points at least."""
    steps = np.hypot(np.diff(lat), np.diff(lon) * np.cos(np.radians(lat[0])))
    at = np.concatenate([np.zeros(1), np.cumsum(steps)])
    at = at / at[-1] if at[-1] > 0 else np.linspace(0, 1, len(lat))
    inner = at[(at > begin) & (at < end)]
    wanted = np.concatenate([[begin], inner, [end]])
    return np.interp(wanted, at, lat), np.interp(wanted, at, lon)
