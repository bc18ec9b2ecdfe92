"""Small OpenStreetMap files for tests: nodes by (id, lat, lon), ways by node ids, relations by members."""

from __future__ import annotations

from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Relation, Way


class Drawing:
    """A map being drawn: positions in meters about a corner, written as a file when it is done."""

    def __init__(self, lat: float = 49.0, lon: float = 8.0) -> None:
        self.lat, self.lon = lat, lon
        self.nodes: dict[int, Node] = {}
        self.ways: list[Way] = []
        self.relations: list[Relation] = []

    def node(self, ident: int, east_m: float, north_m: float, **tags: str) -> int:
        place = (self.lon + east_m / 73_000, self.lat + north_m / 111_195)
        self.nodes[ident] = Node(id=ident, location=place, tags=_tags(tags))
        return ident

    def way(self, ident: int, nodes: list[int], **tags: str) -> int:
        self.ways.append(Way(id=ident, nodes=nodes, tags=_tags(tags)))
        return ident

    def relation(self, ident: int, members: list[tuple[str, int, str]], **tags: str) -> int:
        self.relations.append(Relation(id=ident, members=members, tags=_tags(tags)))
        return ident

    def write(self, target: Path, *, shuffled: bool = False) -> Path:
        things = [*sorted(self.nodes.values(), key=lambda node: node.id), *self.ways, *self.relations]
        with osmium.SimpleWriter(str(target), overwrite=True) as out:
            for thing in reversed(things) if shuffled else things:
                out.add(thing)
        return target


def _tags(tags: dict[str, str]) -> dict[str, str]:
    """`maxspeed__forward` is `maxspeed:forward`."""
    return {key.rstrip("_").replace("__", ":"): value for key, value in tags.items()}
