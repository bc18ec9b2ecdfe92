"""Streets become a network: where they cross or end at one another they share a node, and nodes have numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from shapely import STRtree

from homestretch.atlas.town.shapes import Line, Vector, circle, lengths, lines_of
from homestretch.atlas.town.streets import Street

REACH = 7.0  # an end so near to a street joins it
SAME = 6.0  # junctions so near to each other are one
Numbers = NDArray[np.int_]


@dataclass
class Way:
    """A street as a list of nodes."""

    street: Street
    nodes: list[int]
    tags: dict[str, str] = field(default_factory=dict)


@dataclass
class Network:
    """All ways. `places`: node -> meters east, north; `node_tags`: what stands on a node."""

    places: Line
    ways: list[Way]
    node_tags: dict[int, dict[str, str]] = field(default_factory=dict)

    def line(self, way: Way) -> Line:
        """The way's geometry."""
        return np.asarray(self.places[way.nodes])

    def arms(self) -> dict[int, list[tuple[int, int]]]:
        """node -> (number of the way, place in its nodes) of each way that touches it."""
        found: dict[int, list[tuple[int, int]]] = {}
        for number, way in enumerate(self.ways):
            for place, node in enumerate(way.nodes):
                found.setdefault(node, []).append((number, place))
        return found


def round_about(streets: list[Street], circles: list[tuple[Vector, float]], group: int) -> list[Street]:
    """Put roundabouts where the circles are: what was inside goes, arms end at the circle."""
    for middle, radius in circles:
        disc = shapely.Point(middle).buffer(radius)
        shapely.prepare(disc)
        kept: list[Street] = []
        inside = "tertiary"
        for street in streets:
            whole = shapely.LineString(street.line)
            if not street.highway or street.highway == "motorway" or not disc.intersects(whole):
                kept.append(street)
                continue
            inside = min(inside, street.highway) if street.highway in ("primary", "secondary") else inside
            kept += [street.along(line) for line in lines_of(whole.difference(disc), SAME)]
        tags = {"junction": "roundabout", "oneway": "yes"}
        streets = [*kept, Street(circle(middle, radius, 20), inside, group, "none", tags=tags)]
    return streets


def weave(streets: list[Street]) -> Network:
    """The network of streets: only what hangs together with the most of it stays (rails always)."""
    lines = np.array([shapely.LineString(street.line) for street in streets])
    points, owners = _meetings(streets, lines)
    labels, junctions = _clusters(points)
    places: list[Line] = [junctions]
    count, ways = len(junctions), []
    order = np.argsort(owners, kind="stable")
    bounds = np.searchsorted(owners[order], np.arange(len(streets) + 1))
    for number, street in enumerate(streets):
        mine = order[bounds[number] : bounds[number + 1]]
        nodes, shape = _nodes(street.line, lines[number], points[mine], labels[mine], count)
        places.append(shape)
        count += len(shape)
        if len(nodes) > 1:
            ways.append(Way(street, nodes))
    return _connected(Network(np.vstack(places), ways))


def _meetings(streets: list[Street], lines: NDArray[np.object_]) -> tuple[Line, Numbers]:
    """Places where a street has a junction or an end, with the street's number; a junction once for each street."""
    lifted = np.array([street.lifted for street in streets])
    tree = STRtree(lines)
    a, b = tree.query(lines, predicate="intersects")
    keep = (a < b) & ~lifted[a] & ~lifted[b]
    a, b = a[keep], b[keep]
    crossing, pair = shapely.get_coordinates(shapely.intersection(lines[a], lines[b]), return_index=True)
    ends = np.vstack([np.array([street.line[0], street.line[-1]]) for street in streets])
    own = np.repeat(np.arange(len(streets)), 2)
    e, other = tree.query(shapely.points(ends), predicate="dwithin", distance=REACH)
    keep = (own[e] != other) & ~lifted[other]
    e, other = e[keep], other[keep]
    points = np.vstack([crossing, crossing, ends, ends[e]])
    owners = np.concatenate([a[pair], b[pair], own, other])
    return points, owners


def _clusters(points: Line) -> tuple[Numbers, Line]:
    """Number of the junction of each place, and the junctions' places."""
    pairs = cKDTree(points).query_pairs(SAME, output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(points), len(points)))
    count, labels = connected_components(links, directed=False)
    weight = np.bincount(labels, minlength=count)
    middle = [np.bincount(labels, weights=points[:, axis], minlength=count) / weight for axis in (0, 1)]
    return labels, np.column_stack(middle)


def _nodes(line: Line, whole: shapely.LineString, points: Line, labels: Numbers, first: int) -> tuple[list[int], Line]:
    """The nodes of a street in order: its junctions, and its own bends between them (numbered from `first`)."""
    bends = shapely.get_coordinates(whole.simplify(0.5))
    at = lengths(line)
    closed = bool(np.all(line[0] == line[-1]))
    marks = shapely.line_locate_point(whole, shapely.points(points))
    marks = np.concatenate([marks, [at[-1]]]) if closed else marks
    labels = np.concatenate([labels, labels[[int(np.argmin(marks[:-1]))]]]) if closed else labels
    along = shapely.line_locate_point(whole, shapely.points(bends))
    free = np.min(np.abs(along[:, None] - marks[None, :]), axis=1) > SAME
    own = bends[free]
    numbers = np.concatenate([labels, first + np.arange(len(own))])
    order = np.argsort(np.concatenate([marks, along[free]]), kind="stable")
    nodes = [int(numbers[order[0]])]
    for node in numbers[order[1:]]:
        if node != nodes[-1]:
            nodes.append(int(node))
    return nodes, own


def _connected(network: Network) -> Network:
    """Without the ways that cannot be reached from the others."""
    size = len(network.places)
    a = np.concatenate([way.nodes[:-1] for way in network.ways])
    b = np.concatenate([way.nodes[1:] for way in network.ways])
    _, labels = connected_components(coo_array((np.ones(len(a)), (a, b)), shape=(size, size)), directed=False)
    main = np.bincount(labels[a]).argmax()
    ways = [way for way in network.ways if labels[way.nodes[0]] == main or not way.street.highway]
    return Network(network.places, ways)
