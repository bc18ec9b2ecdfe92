"""The main roads: the boulevard round the old town, the outer ring, the roads that lead away, and what they cross."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from homestretch.atlas.town.ground import CARRIAGEWAY, Ground
from homestretch.atlas.town.motorway import lay_motorway
from homestretch.atlas.town.shapes import Line, Vector, blob, chance, curve, lengths, lines_of, spaced
from homestretch.atlas.town.streets import Groups, Street, clip, lift

RING, OUTER = 520.0, 1270.0  # radius at scale 1
SQUARE = 30.0 * np.array([(1.25, 0.2), (1.0, 1.1), (-0.9, 1.2), (-1.3, 0.1), (-1.0, -1.0), (1.1, -1.1), (1.25, 0.2)])
OVER = {"bridge": "yes", "layer": "1"}
LOW = {"tunnel": "yes", "layer": "-1", "maxheight": "3.4"}
WEAK = {**OVER, "maxweight": "3.5"}


@dataclass(frozen=True)
class Radial:
    """A road out of town: degrees at the ring (counterclockwise from east), class, number, points far out at scale 1.

    `rail`: how it crosses the railway; None is a level crossing. `enters`: goes on to the market square.
    """

    angle: float
    highway: str
    ref: str
    far: tuple[tuple[float, float], ...]
    river: dict[str, str] = field(default_factory=lambda: OVER)
    rail: dict[str, str] | None = field(default_factory=lambda: OVER)
    enters: bool = False


RADIALS = (
    Radial(88, "primary", "N 7", ((260, 2500), (90, 4000)), enters=True),
    Radial(42, "tertiary", "", ((3250, 2150), (5000, 2750))),
    Radial(13, "secondary", "N 12", ((3000, 1000), (5000, 1500)), enters=True),
    Radial(-38, "secondary", "N 5", ((2350, -1560), (3350, -1750), (5000, -1500)), rail=LOW),
    Radial(-83, "primary", "N 7", ((330, -2400), (200, -4000)), enters=True),
    Radial(-140, "tertiary", "", ((-2250, -2150), (-2900, -4000)), river=WEAK, rail=None),
    Radial(-168, "secondary", "N 12", ((-2300, -280), (-3350, -450), (-5000, -650)), enters=True),
    Radial(134, "primary", "N 5", ((-2250, 1700), (-3350, 2150), (-5000, 2850))),
)
SOUTH = 4  # of the radials
WORKS_ROAD, WORKS_FROM, WORKS_TO = ((330, -1880), (900, -1930), (1500, -1880), (2250, -1540)), SOUTH, 3


@dataclass(frozen=True)
class Skeleton:
    """Main roads, motorway and railway. `roundabouts`: (middle, radius in meters); `signals`: junctions with lights."""

    streets: list[Street]
    roundabouts: list[tuple[Vector, float]]
    signals: list[Vector]
    avenue: Line  # the road to the south, which passes the station


def lay_skeleton(ground: Ground, groups: Groups) -> Skeleton:
    """The main roads of a ground."""
    random = chance(ground.seed, "skeleton")
    ring = spaced(blob((0, 0), RING * ground.scale, random, 0.1), 15)
    outer = spaced(blob((0, 0), OUTER * ground.scale, random, 0.085), 20)
    roads = _ring(ring, groups, "boulevard") + _ring(outer, groups, "orbital")
    roads = [_square(groups), *_over_river_and_rail(ground, roads, OVER, OVER)]
    lines = [_radial(ground, ring, radial, random) for radial in RADIALS]
    for radial, line in zip(RADIALS, lines, strict=True):
        mine = _parts(ground, radial, line, groups)
        roads += _over_river_and_rail(ground, mine, radial.river, radial.rail)
    roads += _works_road(ground, lines, groups)
    ramps, circles = lay_motorway(ground, lines, groups)
    size = max(ground.scale, 0.6)
    meets = [point for line in lines if (point := _meeting(line, outer)) is not None]
    rail = Street(ground.rail, "", groups.new("none"), "rail", tags={"railway": "rail", "gauge": "1435"})
    rails = lift([rail], ground.water.buffer(16), OVER)
    return Skeleton(
        clip([*roads, *ramps, *rails], ground.box),
        [(point, 19.0 * size) for point in meets[1::2]] + circles,
        [line[0] for line in lines] + meets[0::2],
        lines[SOUTH],
    )


def _radial(ground: Ground, ring: Line, radial: Radial, random: np.random.Generator) -> Line:
    """From the ring to beyond the box."""
    start = _gate(ground, ring, radial.angle + random.normal(0, 1.5))
    ahead = start / np.hypot(*start) * ground.scale
    near = [far * ahead @ _turned(random.normal(0, 0.035)) for far in (900, OUTER, 1650)]
    beyond = [np.array([x * ground.mirror, y]) * ground.scale for x, y in radial.far]
    return curve(np.array([start, *near, *beyond]), 20)


def _turned(angle: float) -> Line:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _gate(ground: Ground, ring: Line, angle: float) -> Vector:
    """The point of the ring that lies in a direction from the middle."""
    ahead = np.array([np.cos(np.radians(angle)) * ground.mirror, np.sin(np.radians(angle))])
    return np.asarray(ring[np.argmax(ring @ ahead / np.hypot(*ring.T))])


def _parts(ground: Ground, radial: Radial, line: Line, groups: Groups) -> list[Street]:
    """A radial's streets: the old one inside the ring, the avenue through the town, the road through the country."""
    town, country = _cut(line, LineString(ground.town.buffer(40).exterior))
    tags = {"ref": radial.ref} if radial.ref else {}
    found = [Street(town, radial.highway, groups.new("avenue"), "main", tags=tags)]
    if country is not None:
        found.append(Street(country, radial.highway, groups.new("road"), "country", tags=tags))
    if radial.enters:
        gate = line[0]
        bend = gate * 0.5 @ _turned(0.25 * np.sin(radial.angle))
        inward = LineString(curve(np.array([gate, bend, gate / np.hypot(*gate)]), 12)).difference(Polygon(SQUARE))
        tags = {"maxspeed": "30"}
        found.append(Street(shapely.get_coordinates(inward), "unclassified", groups.new("old main"), "old", tags=tags))
    return found


def _works_road(ground: Ground, lines: list[Line], groups: Groups) -> list[Street]:
    """Through the business park, from one road out of town to the next."""
    corners = [np.array([x * ground.mirror, y]) * ground.scale for x, y in WORKS_ROAD]
    for end, number in ((0, WORKS_FROM), (-1, WORKS_TO)):
        road = LineString(lines[number])
        corners[end] = shapely.get_coordinates(road.interpolate(road.project(Point(corners[end]))))[0]
    line, name = LineString(curve(np.array(corners), 20)), groups.new("works main")
    inside = lines_of(line.intersection(ground.works), 5)
    outside = lines_of(line.difference(ground.works), 5)
    return [
        *(Street(part, "tertiary", name, "works") for part in inside),
        *(Street(part, "tertiary", name, "country", tags={"maxspeed": "50"}) for part in outside),
    ]


def _cut(line: Line, border: LineString) -> tuple[Line, Line | None]:
    """The line up to a border, and what is beyond."""
    whole = LineString(line)
    points = shapely.get_coordinates(whole.intersection(border))
    if not len(points):
        return line, None
    at = min(whole.project(Point(point)) for point in points)
    inside = lengths(line) < at - 2
    joint = shapely.get_coordinates(whole.interpolate(at))
    return np.vstack([line[inside], joint]), np.vstack([joint, line[~inside]])


def _ring(ring: Line, groups: Groups, wish: str) -> list[Street]:
    """A closed road in four named parts."""
    ends = [round(len(ring) * share / 4) for share in range(4)] + [len(ring) - 1]
    return [Street(ring[start : end + 1], "secondary", groups.new(wish), "main") for start, end in pairwise(ends)]


def _square(groups: Groups) -> Street:
    """The streets round the market: a ring of corners, no circle."""
    return Street(SQUARE, "pedestrian", groups.new("square"), "old")


def _meeting(line: Line, other: Line) -> Vector | None:
    points = shapely.get_coordinates(LineString(line).intersection(LineString(other)))
    return np.asarray(points[0]) if len(points) else None


def _over_river_and_rail(
    ground: Ground, roads: list[Street], river: dict[str, str], rail: dict[str, str] | None
) -> list[Street]:
    roads = lift(roads, ground.water.buffer(7), river)
    if rail is not None:
        roads = lift(roads, LineString(ground.rail).buffer(11), rail)
    return lift(roads, LineString(ground.motorway).buffer(2 * CARRIAGEWAY), OVER)
