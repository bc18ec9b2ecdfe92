"""The districts between the main roads, what each is, and the small streets within."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from homestretch.atlas.town.blocks import Block, District
from homestretch.atlas.town.ground import Ground
from homestretch.atlas.town.shapes import Line, chance, lines_of, parts
from homestretch.atlas.town.skeleton import OUTER, RING
from homestretch.atlas.town.splitting import Cut, Divider, Pattern, open_ends
from homestretch.atlas.town.streets import Groups, Street
from homestretch.atlas.town.suburbs import inner_streets
from homestretch.atlas.town.uses import choose_park

PATTERNS = {
    "old": Pattern(5400, 13, 0.05, 28),
    "dense": Pattern(9500, 4, 0.015, 48),
    "grid": Pattern(13500, 0.6, 0.0, 62, turned=True),
    "leafy": Pattern(15500, 7, 0.06, 60),
    "close": Pattern(42000, 8, 0.07, 110),
    "works": Pattern(36000, 3, 0.0, 110, turned=True),
    "village": Pattern(15000, 10, 0.07, 60),
}
LEAST_M2 = 5000.0  # smaller leftovers between roads stay green
DEAD_END = 30.0  # streets end so far from an edge where no road runs


@dataclass(frozen=True)
class Layout:
    """All districts with their blocks, and the small streets."""

    districts: list[District]
    blocks: list[Block]
    streets: list[Street]


def lay_districts(ground: Ground, main: list[Street], groups: Groups) -> Layout:
    """Fill the settled land between the main roads."""
    random = chance(ground.seed, "districts")
    land = ground.land
    roads = shapely.union_all([LineString(street.line) for street in main if street.highway])
    districts = choose_park(ground, [District(face, _kind(ground, face, random)) for face in _faces(land, roads)])
    walls = land.boundary.difference(roads.simplify(0.3).buffer(2, quad_segs=1))
    quay = _quays(ground, walls, groups)
    quays = shapely.union_all([LineString(street.line) for street in quay])
    shut = walls.difference(quays.buffer(2, quad_segs=1)).simplify(0.3).buffer(1.5, quad_segs=1)
    shapely.prepare(shut)
    divider = Divider(random)
    blocks: list[Block] = []
    streets: list[Street] = quay
    for number, district in enumerate(districts):
        if district.kind == "park":
            blocks.append(Block(district.shape, "park", number))
            continue
        before = len(divider.cuts)
        pieces = divider.divide(district.shape, PATTERNS[district.kind])
        streets += _as_streets(divider.cuts, before, (number, district), shut, groups)
        for piece in pieces:
            inner = inner_streets(piece, shut, random, groups) if district.kind == "close" else []
            streets += inner
            blocks.append(Block(piece, "leafy" if district.kind == "close" and not inner else district.kind, number))
    return Layout(districts, blocks, streets)


def _faces(land: BaseGeometry, roads: BaseGeometry) -> list[Polygon]:
    edges = shapely.union_all([roads.intersection(land), land.boundary], grid_size=0.02)
    faces = parts(shapely.polygonize(list(parts(edges, "LineString"))), "Polygon")
    return [face for face in faces if face.area > LEAST_M2 and land.contains(face.representative_point())]


def _kind(ground: Ground, face: Polygon, random: np.random.Generator) -> str:
    middle = face.representative_point()
    far = float(np.hypot(middle.x, middle.y)) / ground.scale
    if far < RING:
        return "old"
    if ground.works.contains(middle) and not ground.town.contains(middle):
        return "works"
    if not ground.town.contains(middle):
        return "village"
    if far < 0.5 * (RING + OUTER):
        return "dense"
    return str(random.choice(["grid", "leafy", "close"], p=[0.32, 0.33, 0.35]))


def _quays(ground: Ground, walls: BaseGeometry, groups: Groups) -> list[Street]:
    """Streets along the river in the town's middle."""
    bank = ground.water.buffer(27).intersection(Point(0, 0).buffer(OUTER * ground.scale))
    lines = lines_of(shapely.line_merge(walls.intersection(bank)), 90)
    return [Street(line, "residential", groups.new("quay"), "dense", tags={"maxspeed": "30"}) for line in lines]


def _as_streets(
    cuts: list[Cut], first: int, numbered: tuple[int, District], shut: BaseGeometry, groups: Groups
) -> list[Street]:
    """The cuts of a district from number `first` on. A cut that goes on from another has its name."""
    theme, district = str(numbered[0]), numbered[1]
    made: dict[int, int] = {}
    found = []
    for number in range(first, len(cuts)):
        cut = cuts[number]
        line = open_ends(cut.line, shut, DEAD_END)
        if line is None:
            continue
        group = made.get(cut.follows) if cut.follows is not None else None
        made[number] = groups.new(WISHES[district.kind], theme) if group is None else group
        highway, tags = _class(cut, line, district)
        found.append(Street(line, highway, made[number], district.kind, tags=tags))
    return found


WISHES = {
    "old": "old street",
    "dense": "street",
    "grid": "theme",
    "leafy": "street",
    "close": "way",
    "works": "works",
    "village": "village",
}


def _class(cut: Cut, line: Line, district: District) -> tuple[str, dict[str, str]]:
    """The class of a small street: the first cuts of a large district collect the traffic of the others."""
    if district.kind == "old":
        far = float(np.min(np.hypot(*line.T)))
        return (
            ("pedestrian", {})
            if far < 110
            else ("living_street", {})
            if far < 260
            else ("residential", {"maxspeed": "30"})
        )
    if district.kind == "works":
        return "unclassified", {}
    if cut.depth == 0 and district.shape.area > 250_000:
        return "tertiary", {}
    return "residential", {"maxspeed": "30"} if district.kind != "dense" or cut.depth > 1 else {}
