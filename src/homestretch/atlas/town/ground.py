"""The ground that the town lies on: its river with an island, the railway, the motorway, and where houses may stand.

Everything is drawn at scale 1 for a town of about 4 km across, bent a little by the seed, and scaled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
import shapely.affinity
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from homestretch.atlas.town.shapes import Line, beside, blob, chance, curve, lengths

HALF_EAST, HALF_NORTH = 4200.0, 3200.0  # of the box at scale 1
RIVER = ((-5600, 1500), (-3700, 800), (-2700, 1050), (-1750, 650), (-1050, -250), (-450, -850), (450, -900),
         (1050, -420), (1500, 60), (2300, 120), (3250, -500), (4200, -700), (5600, -300))  # fmt: skip
RAIL = ((-5600, -1250), (-3200, -1150), (-1700, -1480), (-300, -1560), (1000, -1480), (2000, -1050), (2750, -250),
        (3500, 420), (5600, 800))  # fmt: skip
MOTORWAY = ((-5600, -2500), (-3000, -2250), (-1200, -2480), (700, -2380), (2400, -2600), (5600, -2200))
ISLAND_AT, ISLAND_LONG, ISLAND_WIDE = 0.675, 430.0, 95.0
VILLAGES = ((-3350, 2150), (3250, 2150), (-3300, -450), (3350, -1750))
LOBES = ((1450, 700), (-250, 1650), (-1500, 900), (-1450, -900), (1500, -750))
CARRIAGEWAY = 11.0  # from the motorway's middle to the middle of one carriageway


@dataclass(frozen=True)
class Ground:
    """Where things are before there is a street. `scale`: 1 for the town; `villages` are the middles of villages."""

    seed: int
    scale: float
    box: Polygon
    river: Line
    water: Polygon
    island: Polygon
    rail: Line
    motorway: Line
    town: Polygon
    villages: list[tuple[float, float]]
    works: Polygon
    mirror: int
    settled: BaseGeometry

    @property
    def land(self) -> BaseGeometry:
        """The settled ground that is neither water nor railway nor motorway."""
        keep_off = [
            self.water.buffer(24),
            self.island.buffer(24),
            LineString(self.rail).buffer(17),
            LineString(self.motorway).buffer(60),
        ]
        return self.settled.difference(shapely.union_all(keep_off))


def lay_ground(seed: int, scale: float) -> Ground:
    """The ground of one seed."""
    random = chance(seed, "ground")
    mirror = 1 if random.random() < 0.5 else -1
    box = shapely.box(*(scale * np.array([-HALF_EAST, -HALF_NORTH, HALF_EAST, HALF_NORTH])))

    def bent(points: tuple[tuple[float, float], ...], by: float) -> Line:
        drawn = np.array(points, dtype=float) + random.normal(0, by, (len(points), 2))
        return curve((drawn * (mirror, 1) * scale)[::mirror])

    river = bent(RIVER, 45)
    water, island = _water(river, scale, random)
    rail, motorway = bent(RAIL, 30), bent(MOTORWAY, 40)
    works = Polygon(blob((1150 * mirror * scale, -1950 * scale), 760 * scale, random, 0.1))
    town = _town(mirror, scale, random).difference(_beyond(rail, box))
    villages = [(mirror * x * scale, y * scale) for x, y in VILLAGES]
    hamlets = [Polygon(blob(middle, 330 * max(scale, 0.4), random, 0.16)) for middle in villages]
    works = works.intersection(_beyond(rail, box)).difference(_beyond(motorway, box))
    settled = shapely.union_all([town, works, *hamlets]).intersection(box)
    return Ground(seed, scale, box, river, water, island, rail, motorway, town, villages, works, mirror, settled)


def _town(mirror: int, scale: float, random: np.random.Generator) -> Polygon:
    """The town's outline: round the market, and on along a few of the roads."""
    middle = Polygon(blob((100 * mirror, 30), 1560, random, 0.08))
    lobes = [Polygon(blob((mirror * x, y), 620, random, 0.12)) for x, y in LOBES if random.random() < 0.8]
    whole = shapely.union_all([middle, *lobes]).buffer(-60).buffer(160).buffer(-100)
    return shapely.affinity.scale(whole, scale, scale, origin=(0, 0))


def _beyond(line: Line, box: Polygon) -> Polygon:
    """What of the box lies south of a line from west to east."""
    west, south, east, _ = box.bounds
    return Polygon([*line, (2 * east, 2 * south), (2 * west, 2 * south)])


def _water(river: Line, scale: float, random: np.random.Generator) -> tuple[Polygon, Polygon]:
    """The river's area, which flows round an island, and the island."""
    at = lengths(river)
    size = max(scale, 0.5)
    wide = 19 * size**0.5 + 3 * np.sin(at / 410 + random.uniform(0, 6)) + 6 * (at / at[-1])
    away = (at - ISLAND_AT * at[-1]) / (ISLAND_LONG * size / 2)
    lens = np.maximum(0, 1 - away**2)
    half = wide + 0.62 * ISLAND_WIDE * size * np.exp(-(away**2) * 0.9)
    banks = np.vstack([beside(river, half), beside(river, -half)[::-1]])
    inside = lens > 0
    shore = ISLAND_WIDE * size / 2 * lens[inside] ** 0.6
    middle = river[inside]
    island = Polygon(np.vstack([beside(middle, shore), beside(middle, -shore)[::-1]])).buffer(-3).buffer(3)
    water = shapely.make_valid(Polygon(banks)).buffer(0)
    return Polygon(max(shapely.get_parts(water), key=lambda part: part.area).exterior), island
