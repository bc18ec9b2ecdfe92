"""A town as OSM data: nodes, ways and relations in order of their ids, in a file that says its bounds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium
import shapely
from osmium.osm import Box
from osmium.osm.mutable import Node, Relation
from osmium.osm.mutable import Way as OsmWay
from shapely import Polygon

from homestretch.atlas.town.shapes import Line

METERS_PER_DEGREE = 111_195.08  # of latitude, on a sphere of 6,371,008 m
WRITTEN = "2026-01-01T00:00:00Z"  # the same for each town: equal towns are equal files
Tags = dict[str, str]


@dataclass(frozen=True)
class Frame:
    """Where meters lie on the earth: `lat`, `lon` of the market square."""

    lat: float
    lon: float

    def degrees(self, places: Line) -> tuple[list[float], list[float]]:
        """Latitudes and longitudes, to a centimeter."""
        east = METERS_PER_DEGREE * np.cos(np.radians(self.lat))
        lats = np.round(self.lat + places[:, 1] / METERS_PER_DEGREE, 7)
        lons = np.round(self.lon + places[:, 0] / east, 7)
        return lats.tolist(), lons.tolist()


@dataclass
class Sheet:
    """OSM objects in the making. Ids are places in the lists, from 1."""

    places: list[Line] = field(default_factory=list)
    node_tags: dict[int, Tags] = field(default_factory=dict)
    ways: list[tuple[list[int], Tags]] = field(default_factory=list)
    relations: list[tuple[list[tuple[str, int, str]], Tags]] = field(default_factory=list)
    _count: int = 0

    def nodes(self, places: Line) -> int:
        """Add nodes; the id of the first."""
        first = self._count + 1
        self.places.append(places)
        self._count += len(places)
        return first

    def node(self, east: float, north: float, tags: Tags) -> int:
        """Add one node with tags."""
        number = self.nodes(np.array([[east, north]]))
        self.node_tags[number] = tags
        return number

    def way(self, nodes: list[int], tags: Tags) -> int:
        """Add a way; its id."""
        self.ways.append((nodes, tags))
        return len(self.ways)

    def ring(self, outline: Line, tags: Tags) -> int:
        """Add a closed way."""
        first, count = self.nodes(outline[:-1]), len(outline) - 1
        return self.way([*range(first, first + count), first], tags)

    def area(self, shape: Polygon, tags: Tags, fine: float = 0.4) -> None:
        """Add an area: a closed way, or a multipolygon where it has holes. `fine`: bends less than so are left out."""
        shape = shape.simplify(fine) if fine else shape
        if not isinstance(shape, Polygon) or shape.is_empty:
            return
        rings = [shapely.get_coordinates(ring) for ring in (shape.exterior, *shape.interiors)]
        if len(rings) == 1:
            self.ring(rings[0], tags)
            return
        members = [("w", self.ring(ring, {}), "inner" if number else "outer") for number, ring in enumerate(rings)]
        self.relations.append((members, {"type": "multipolygon", **tags}))

    def line(self, line: Line, tags: Tags) -> int:
        """Add an open way of its own nodes."""
        first = self.nodes(line)
        return self.way(list(range(first, first + len(line))), tags)

    def write(self, path: Path, frame: Frame, bounds: tuple[float, float, float, float]) -> None:
        """Write the file anew. `bounds`: west, south, east, north in meters."""
        lats, lons = frame.degrees(np.vstack(self.places))
        (south, north), (west, east) = frame.degrees(np.array(bounds).reshape(2, 2))
        header = osmium.io.Header()
        header.set("generator", "homestretch town")
        header.set("osmosis_replication_timestamp", WRITTEN)
        header.add_box(Box(west, south, east, north))
        with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
            node, none = Node(version=1), Tags()  # one object, again and again: making 70,000 takes longer than writing
            for node.id, node.location in enumerate(zip(lons, lats, strict=True), 1):
                node.tags = self.node_tags.get(node.id, none)
                writer.add_node(node)
            for number, (nodes, tags) in enumerate(self.ways, 1):
                writer.add_way(OsmWay(id=number, version=1, nodes=nodes, tags=tags))
            for number, (members, tags) in enumerate(self.relations, 1):
                writer.add_relation(Relation(id=number, version=1, members=members, tags=tags))
