"""A made extract: an island with a street, a house, a wood of two outlines, and what an extract cuts."""

from __future__ import annotations

from pathlib import Path

import osmium

from homestretch.atlas.maps import MapInfo, build
from homestretch.atlas.maps.parts import PARTS

BASEMAP = [part for part in PARTS if part.name == "basemap"]


def a_map(folder: Path, name: str = "island") -> MapInfo:
    """The island as a map with tiles, in the folder of all maps."""
    folder.mkdir(parents=True, exist_ok=True)
    extract = an_island(folder.parent / f"{name}.osm.pbf")
    return build(extract, folder, name=name, parts=BASEMAP)


def an_island(path: Path) -> Path:
    """An island with one street, a house with a number, a wood of two outlines, and a pond that the extract cuts."""
    made = osmium.osm.mutable
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        corners = [(6.10, 49.60), (6.14, 49.60), (6.14, 49.63), (6.10, 49.63)]
        house = [(6.1200, 49.6100), (6.1203, 49.6100), (6.1203, 49.6102), (6.1200, 49.6102)]
        wood = [(6.125, 49.615), (6.130, 49.615), (6.130, 49.620), (6.125, 49.620)]
        for ident, spot in enumerate([*corners, *house, *wood], 1):
            writer.add_node(made.Node(id=ident, location=spot))
        writer.add_node(made.Node(id=20, location=(6.12, 49.61), tags={"place": "village", "name": "Salt"}))
        writer.add_way(made.Way(id=1, nodes=[1, 2, 3, 4, 1], tags={"natural": "coastline"}))
        writer.add_way(made.Way(id=2, nodes=[1, 3], tags={"highway": "primary", "name": "Quai Neuf", "ref": "N 7"}))
        tags = {"building": "yes", "addr:housenumber": "12a"}
        writer.add_way(made.Way(id=3, nodes=[5, 6, 7, 8, 5], tags=tags))
        writer.add_way(made.Way(id=4, nodes=[9, 10, 11]))
        writer.add_way(made.Way(id=5, nodes=[11, 12, 9]))
        writer.add_way(made.Way(id=6, nodes=[2, 3, 999], tags={"highway": "residential"}))
        members = [("w", 4, "outer"), ("w", 5, "outer")]
        writer.add_relation(made.Relation(id=1, members=members, tags={"type": "multipolygon", "landuse": "forest"}))
        members = [("w", 5, "outer"), ("w", 888, "outer")]
        writer.add_relation(made.Relation(id=2, members=members, tags={"type": "multipolygon", "natural": "water"}))
    return path
