"""The country round the town: fields, meadows, vineyards and forests, cut by farm tracks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon

from homestretch.atlas.town.ground import Ground
from homestretch.atlas.town.shapes import chance, parts
from homestretch.atlas.town.splitting import Divider, Pattern, open_ends
from homestretch.atlas.town.streets import Groups, Street

FIELD = Pattern(105_000, 12, 0.05, 130)
TRACKS = 0.42  # share of the borders of fields along which a track runs


@dataclass(frozen=True)
class Country:
    """Ground by use (`forest`, `farmland`, `meadow`, `orchard`, `vineyard`) and the tracks."""

    ground: list[tuple[str, Polygon]]
    tracks: list[Street]


def lay_country(ground: Ground, roads: list[Street], groups: Groups) -> Country:
    """Everything between the settled land and the edge of the box."""
    random = chance(ground.seed, "country")
    keep_off = [
        ground.settled.buffer(6),
        ground.water.buffer(14),
        ground.island,
        LineString(ground.rail).buffer(14),
        LineString(ground.motorway).buffer(34),
    ]
    land = ground.box.difference(shapely.union_all(keep_off))
    lines = shapely.union_all([LineString(road.line) for road in roads])
    edges = shapely.union_all([lines.intersection(land), land.boundary], grid_size=0.02)
    faces = [
        face
        for face in parts(shapely.polygonize(list(parts(edges, "LineString"))), "Polygon")
        if face.area > 4_000 and land.contains(face.representative_point())
    ]
    walls = land.boundary.difference(lines.simplify(0.3).buffer(2, quad_segs=1)).simplify(0.3).buffer(1.5, quad_segs=1)
    shapely.prepare(walls)
    divider = Divider(random)
    fields = [field for face in faces for field in divider.divide(face, FIELD)]
    name = groups.new("none")
    tracks = []
    for cut in divider.cuts:
        line = open_ends(cut.line, walls, 4.0) if random.random() < TRACKS else None
        if line is not None:
            tracks.append(Street(line, "track", name, "none", tags={"tracktype": "grade2", "surface": "gravel"}))
    return Country(_covers(ground, fields, random), tracks)


def _covers(ground: Ground, fields: list[Polygon], random: np.random.Generator) -> list[tuple[str, Polygon]]:
    """What grows on each field: forest in a few large pieces, meadows near the river, the rest by chance."""
    waves = random.uniform(0, 2 * np.pi, 4)
    found: list[tuple[str, Polygon]] = []
    forest: list[Polygon] = []
    for field in fields:
        middle = field.centroid
        x, y = middle.x / ground.scale, middle.y / ground.scale
        wild = np.sin(x / 640 + waves[0]) + np.sin(y / 560 + waves[1]) + np.sin((x + y) / 800 + waves[2])
        if wild + 0.25 * random.normal() > 0.75:
            forest.append(field)
        elif field.distance(ground.water) < 60:
            found.append(("meadow", field))
        else:
            kinds = ["farmland", "farmland", "farmland", "meadow", "orchard", "vineyard"]
            found.append((str(random.choice(kinds, p=[0.25, 0.25, 0.2, 0.2, 0.06, 0.04])), field))
    woods = shapely.union_all(forest).buffer(30).buffer(-60).buffer(30).intersection(ground.box)
    keep_off = shapely.union_all(
        [
            ground.settled.buffer(8),
            ground.water.buffer(8),
            LineString(ground.motorway).buffer(26),
            LineString(ground.rail).buffer(10),
        ]
    )
    return [*found, *(("forest", wood) for wood in parts(woods.difference(keep_off), "Polygon") if wood.area > 8_000)]
