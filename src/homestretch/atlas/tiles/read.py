"""One pass over an extract: every object that is drawn becomes a line of GeoJSON, as tippecanoe reads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import osmium
from osmium.geom import GeoJSONFactory
from osmium.osm import Area, Node, Way
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from homestretch.atlas.osm import Bounds
from homestretch.atlas.tiles.borders import Borders, borders_of
from homestretch.atlas.tiles.coast import Line, sea_of
from homestretch.atlas.tiles.cut import closed
from homestretch.atlas.tiles.land import Tags, is_building, land_of, water_of
from homestretch.atlas.tiles.lines import Feature, border, line_of
from homestretch.atlas.tiles.points import help_of, house_of, place_of

KEYS = (
    *("highway", "railway", "waterway", "natural", "landuse", "leisure", "building", "place", "addr:housenumber"),
    *("amenity", "shop", "aeroway", "route", "man_made", "barrier", "entrance", "tourism", "boundary", "area"),
)
# An area whose box is this large in square degrees (2.5e-4 is about 2 square kilometers) is there from that zoom.
SIZES = ((2.5e-3, 6), (2.5e-4, 8), (2.5e-5, 10), (5e-6, 12))
Told = Callable[[int], None]


@dataclass
class Counts:
    """How many of each layer were written, and how many objects could not be drawn."""

    layers: dict[str, int] = field(default_factory=dict)
    skipped: int = 0

    def add(self, layer: str) -> None:
        self.layers[layer] = self.layers.get(layer, 0) + 1


class Reader:
    """Writes the features of an extract with `out`, one line each."""

    def __init__(self, extract: Path, bounds: Bounds, out: Callable[[str], Any], told: Told) -> None:
        self.counts = Counts()
        self._extract, self._bounds, self._out, self._told = extract, bounds, out, told
        self._geometry = GeoJSONFactory()
        self._coast: list[Line] = []

    def run(self) -> Counts:
        """All of it; the sea last, for it needs the whole coast."""
        borders = borders_of(self._extract, lambda tags: bool(land_of(tags) or water_of(tags)))
        processor = osmium.FileProcessor(str(self._extract)).with_areas(osmium.filter.KeyFilter(*KEYS))
        for number, thing in enumerate(processor.with_filter(osmium.filter.KeyFilter(*KEYS))):
            if number % 5000 == 0:
                self._told(number)
            if isinstance(thing, Way):
                self._way(thing, borders)
            elif isinstance(thing, Area):
                self._area(thing, borders)
            elif isinstance(thing, Node):
                self._node(thing)
        self._cut(borders)
        for piece in sea_of(self._coast, self._bounds).geoms:
            self._shape(Feature("water", 0, {"class": "sea"}), piece)
        return self.counts

    def _node(self, node: Node) -> None:
        tags = dict(node.tags)
        for feature in (place_of(tags), house_of(tags), help_of(tags)):
            if feature and node.location.valid():
                self._write(feature, self._geometry.create_point(node))

    def _way(self, way: Way, borders: Borders) -> None:
        tags = dict(way.tags)
        feature = line_of(tags) or border(borders.level_of(way.id, tags))
        is_coast = tags.get("natural") == "coastline"
        if not feature and not is_coast:
            return
        for line in _known(way):
            if is_coast:
                self._coast.append(line)
            if feature:
                self._write(feature, _line(line))

    def _area(self, area: Area, borders: Borders) -> None:
        tags = dict(area.tags)
        if not area.from_way():
            borders.cut.pop(area.orig_id(), None)
        ground = _ground(tags)
        house, helps, place = house_of(tags), help_of(tags), place_of(tags)
        if not (ground or house or helps or place):
            return
        try:
            geometry = self._geometry.create_multipolygon(area)
        except RuntimeError:  # an outline of no extent
            self.counts.skipped += 1
            return
        if ground:
            ground = _sized(ground, area)
            self._write(ground, geometry)
        self._label(tags, ground, [house, helps, place], geometry)

    def _label(self, tags: Tags, ground: Feature | None, features: list[Feature | None], geometry: str) -> None:
        """House numbers, places and names stand at a point inside the area."""
        if ground and ground.layer != "building" and "name" in tags and ground.said["class"] != "residential":
            said = {"class": ground.layer, "kind": ground.said["class"], "name": tags["name"][:60]}
            features = [*features, Feature("label", min(14, ground.minzoom + 2), said)]  # when it is large enough
        wanted = [feature for feature in features if feature]
        if wanted:
            spot = json.dumps(mapping(shape(json.loads(geometry)).representative_point()))
            for feature in wanted:
                self._write(feature, spot)

    def _cut(self, borders: Borders) -> None:
        """Areas that the assembler could not close, for the extract cuts them."""
        wanted = {way for outline in borders.cut.values() for way in (*outline.outer, *outline.inner)}
        if not wanted:
            return
        lines: dict[int, list[Line]] = {}
        ways = osmium.FileProcessor(str(self._extract)).with_locations()
        for way in ways.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)).with_filter(
            osmium.filter.IdFilter(wanted)
        ):
            if isinstance(way, Way):
                lines[way.id] = list(_known(way))
        for outline in borders.cut.values():
            found = _ground(outline.tags)
            outer = [line for way in outline.outer for line in lines.get(way, [])]
            inner = [line for way in outline.inner for line in lines.get(way, [])]
            pieces = closed(outer, inner, self._bounds)
            if found and not pieces.is_empty:
                self._shape(Feature(found.layer, 8, found.said), pieces)

    def _shape(self, feature: Feature, geometry: BaseGeometry) -> None:
        self._write(feature, json.dumps(mapping(geometry)))

    def _write(self, feature: Feature, geometry: str) -> None:
        self.counts.add(feature.layer)
        said = json.dumps(feature.said, ensure_ascii=False)
        how = f'{{"layer":"{feature.layer}","minzoom":{feature.minzoom}}}'
        self._out(f'{{"type":"Feature","tippecanoe":{how},"properties":{said},"geometry":{geometry}}}\n')


def _ground(tags: Tags) -> Feature | None:
    """What an area is drawn as; its lowest zoom is set by its size."""
    if is_building(tags):
        return Feature("building", 14, {})
    if water := water_of(tags):
        return Feature("water", 12, {"class": water})
    if land := land_of(tags):
        return Feature("land", 12, {"class": land})
    return None


def _sized(feature: Feature, area: Area) -> Feature:
    """From which zoom an area of its size can be seen."""
    if feature.layer == "building":
        return feature
    size = 0.0
    for ring in area.outer_rings():
        lons, lats = [node.lon for node in ring], [node.lat for node in ring]
        size += (max(lons) - min(lons)) * (max(lats) - min(lats))
    minzoom = next((zoom for least, zoom in SIZES if size >= least), 13)
    return Feature(feature.layer, minzoom, feature.said)


def _known(way: Way) -> Iterator[Line]:
    """The stretches of a way whose nodes are in the extract."""
    line: list[tuple[float, float]] = []
    for node in way.nodes:
        if node.location.valid():
            line.append((node.lon, node.lat))
        else:
            if len(line) > 1:
                yield line
            line = []
    if len(line) > 1:
        yield line


def _line(line: Line) -> str:
    coordinates = ",".join(f"[{lon:.7f},{lat:.7f}]" for lon, lat in line)
    return f'{{"type":"LineString","coordinates":[{coordinates}]}}'


def written_counts(counts: Counts) -> Mapping[str, int]:
    """Flat, for the map's card."""
    return {**dict(sorted(counts.layers.items())), "skipped": counts.skipped}
