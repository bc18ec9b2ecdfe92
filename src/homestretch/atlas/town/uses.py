"""What stands on a block instead of homes: parks with a pond and paths, schools, sports, a cemetery, a hospital."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
import shapely.affinity
from shapely import LineString, Point, Polygon

from homestretch.atlas.town.blocks import Block, District
from homestretch.atlas.town.ground import Ground
from homestretch.atlas.town.shapes import Line, blob, bowed, chance, parts, spaced
from homestretch.atlas.town.streets import Groups, Street

HOMES = ("dense", "grid", "leafy", "village")


@dataclass(frozen=True)
class Use:
    """How often it is found (share of the blocks with homes, at least one) and on how large a block."""

    kind: str
    share: float
    least_m2: float
    most_m2: float


USES = (
    Use("hospital", 0.0, 15_000, 60_000),
    Use("cemetery", 0.0, 12_000, 40_000),
    Use("sports", 0.012, 13_000, 60_000),
    Use("park", 0.03, 7_000, 60_000),
    Use("school", 0.016, 8_000, 24_000),
    Use("allotments", 0.008, 8_000, 24_000),
    Use("retail", 0.012, 6_000, 20_000),
)


def give_uses(seed: int, blocks: list[Block]) -> list[Block]:
    """The blocks, some of them with another kind. A block beside the market has the church, another the town hall."""
    random = chance(seed, "uses")
    found = list(blocks)
    homes = [number for number, block in enumerate(found) if block.kind in HOMES and _compact(block.shape)]
    free = [int(number) for number in random.permutation(homes)]
    for use in USES:
        wanted = max(1, round(use.share * len(homes)))
        fits = [number for number in free if use.least_m2 < found[number].shape.area < use.most_m2][:wanted]
        for number in fits:
            found[number] = replace(found[number], kind=use.kind)
        free = [number for number in free if number not in fits]
    old = [number for number, block in enumerate(found) if block.kind == "old"]
    central = sorted(old, key=lambda number: found[number].shape.distance(shapely.Point(0, 0)))
    for number, kind in zip(central, ("church", "town hall"), strict=False):
        found[number] = replace(found[number], kind=kind)
    return found


def choose_park(ground: Ground, districts: list[District]) -> list[District]:
    """The districts with one at the river as the town's park."""
    size = ground.scale**2
    fits = [
        number
        for number, district in enumerate(districts)
        if district.kind in (*HOMES[:3], "close")
        and district.shape.distance(ground.water) < 30
        and 30_000 * size < district.shape.area < 260_000 * size
    ]
    if not fits:
        return districts
    chosen = min(fits, key=lambda number: abs(districts[number].shape.area - 110_000 * size))
    return [
        replace(district, kind="park") if number == chosen else district for number, district in enumerate(districts)
    ]


def ponds(seed: int, blocks: list[Block]) -> list[Polygon]:
    """Ponds in the large parks."""
    random, found = chance(seed, "ponds"), []
    for block in blocks:
        core = block.shape.buffer(-22)
        if block.kind == "park" and core.area > 14_000:
            middle = shapely.get_coordinates(max(parts(core, "Polygon"), key=lambda part: part.area).centroid)[0]
            pond = Polygon(blob(middle, 0.23 * float(core.area) ** 0.5, random, 0.2)).intersection(core)
            found += [part for part in parts(pond, "Polygon") if part.area > 800]
    return found


def park_paths(seed: int, blocks: list[Block], water: list[Polygon], groups: Groups) -> list[Street]:
    """Footways through the parks: round the pond or to the middle, and from there to the streets."""
    random, found = chance(seed, "paths"), []
    group = groups.new("none")
    lake = shapely.union_all(water).buffer(9)
    for block in blocks:
        if block.kind not in ("park", "cemetery"):
            continue
        inner = lake.intersection(block.shape)
        middle = shapely.get_coordinates(block.shape.representative_point())[0]
        ring = next((shapely.get_coordinates(part.exterior) for part in parts(inner, "Polygon")), None)
        edge = spaced(shapely.get_coordinates(block.shape.exterior), 10)
        arms = 3 if block.shape.area < 30_000 else 5
        at = (np.linspace(0, len(edge), arms, endpoint=False) + random.uniform(0, 6)).astype(int) % len(edge)
        lines = [
            bowed(edge[n], _nearest(ring, edge[n]) if ring is not None else middle, random.normal(0, 0.08)) for n in at
        ]
        lines += [ring] if ring is not None else []
        found += [
            Street(line, "footway", group, "none", tags={"surface": "fine_gravel"}) for line in lines if len(line) > 1
        ]
    return found


def public_buildings(seed: int, blocks: list[Block]) -> list[tuple[Polygon, str]]:
    """(shape, kind of block) of the buildings on blocks that are not for homes."""
    random, found = chance(seed, "public"), []
    for block in blocks:
        for plan in PLANS.get(block.kind, ()):
            shape = _standing(block.shape, plan, random)
            if shape is not None:
                found.append((shape, block.kind))
    return found


def station(ground: Ground, avenue: Line) -> list[tuple[Polygon, str]]:
    """The station: north of the railway, beside the road that crosses it; with two platforms."""
    rail = LineString(ground.rail)
    crossing = rail.intersection(LineString(avenue))
    if crossing.is_empty:
        return []
    along = rail.project(Point(shapely.get_coordinates(crossing)[0])) + np.array([55.0, 105.0, 175.0])
    start, middle, end = shapely.get_coordinates(shapely.line_interpolate_point(rail, along))
    left = np.array([-(end - start)[1], (end - start)[0]]) / float(np.hypot(*(end - start)))
    hall = LineString([start + 17 * left, middle + 17 * left]).buffer(7, cap_style="flat")
    platforms = [
        LineString([start + off * left, end + off * left]).buffer(1.8, cap_style="flat") for off in (4.5, -4.5)
    ]
    return [(hall, "station"), *((platform, "platform") for platform in platforms)]


PLANS: dict[str, tuple[tuple[tuple[float, float, float, float], ...], ...]] = {  # boxes: west, south, east, north
    "school": (((-32, -8, 32, 8), (-32, -34, -17, -8)), ((14, -34, 34, -16),)),
    "hospital": (((-55, -9, 55, 9), (-40, -45, -24, -9), (24, -45, 40, -9)), ((-25, 20, 25, 42),)),
    "church": (((-19, -7, 19, 7), (-25, -4, -19, 4), (4, -12, 11, 12)),),
    "town hall": (((-18, -10, 18, 10), (-5, 10, 5, 14)),),
    "retail": (((-30, -2, 30, 30),),),
    "sports": (((-46, -40, -26, -30),),),
}


def _standing(
    block: Polygon, plan: tuple[tuple[float, float, float, float], ...], random: np.random.Generator
) -> Polygon | None:
    """A ground plan turned along the block's longer side, made smaller until it has room."""
    shape = shapely.union_all([shapely.box(*sides) for sides in plan])
    box = shapely.get_coordinates(shapely.minimum_rotated_rectangle(block))
    sides = np.diff(box, axis=0)[:2]
    side = sides[int(np.argmax(np.hypot(*sides.T)))]
    turn = float(np.degrees(np.arctan2(side[1], side[0]))) + 180 * int(random.integers(2))
    middle = block.representative_point() if not block.contains(block.centroid) else block.centroid
    room = block.buffer(-7)
    for scale in (1.0, 0.85, 0.7, 0.55, 0.42):
        grown = shapely.affinity.scale(shape, scale, scale, origin=(0, 0))
        placed = shapely.affinity.translate(shapely.affinity.rotate(grown, turn, origin=(0, 0)), middle.x, middle.y)
        if room.contains(placed):
            return Polygon(placed.exterior)
    return None


def _compact(shape: Polygon) -> bool:
    return bool(shape.area > 0.4 * shapely.minimum_rotated_rectangle(shape).area)


def _nearest(ring: Line, place: Line) -> Line:
    return np.asarray(ring[int(np.argmin(np.hypot(*(ring - place).T)))])
