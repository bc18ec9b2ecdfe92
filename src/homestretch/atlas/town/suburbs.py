"""Inside the large blocks of the suburbs: crescents, loops and dead ends."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from homestretch.atlas.town.shapes import Line, bowed, parts, rounded, spaced
from homestretch.atlas.town.streets import Groups, Street

DEEP = 52.0  # from the streets round the block to the street within
ROUND = 17.0  # radius of a crescent's corners
LEAST_M2 = 21_000.0


def inner_streets(block: Polygon, shut: BaseGeometry, random: np.random.Generator, groups: Groups) -> list[Street]:
    """Streets within one block; none where it is too small, or has no road to join (`shut`: edges without one)."""
    core = max(parts(block.buffer(-DEEP - ROUND).buffer(ROUND), "Polygon"), key=lambda part: part.area, default=None)
    front = block.exterior.difference(shut.buffer(8))
    if core is None or front.length < 60 or block.area < LEAST_M2:
        return []
    if core.area < 4_500 or random.random() < 0.25:
        return _close(block, core, front, random, groups)
    return _crescent(core, front, random, groups)


def _street(line: Line, group: int) -> Street:
    return Street(line, "residential", group, "close", tags={"maxspeed": "30"})


def _crescent(core: Polygon, front: BaseGeometry, random: np.random.Generator, groups: Groups) -> list[Street]:
    """A ring through the block's inside, with two arms to the street; one arm is shut now and then (a loop)."""
    ring = spaced(shapely.get_coordinates(core.exterior), 12)[:-1]
    near = shapely.distance(shapely.points(ring), front)
    start = int(np.argmin(near + random.uniform(0, 6, len(ring))))
    ring = np.roll(ring, -start, axis=0)
    skip = max(1, round(len(ring) * random.uniform(0.06, 0.12)))
    bow = rounded(ring[skip:-skip], 2)
    group = groups.new("crescent", "close")
    arms = [_to_front(bow[end], front) for end in (0, -1)]
    if np.hypot(*(arms[0][-1] - arms[1][-1])) < 30:
        whole = np.vstack([bow, bow[:1]])
        return [_street(whole, group), _street(arms[0][::-1], group)]
    return [_street(np.vstack([arms[0][:0:-1], bow, arms[1][1:]]), group)]


def _close(
    block: Polygon, core: Polygon, front: BaseGeometry, random: np.random.Generator, groups: Groups
) -> list[Street]:
    """A dead end: from the street into the block's middle and a little on."""
    middle = shapely.get_coordinates(core.representative_point())[0]
    arm = _to_front(middle, front)
    run = middle - arm[-1]
    length = float(np.hypot(*run))
    beyond = middle + run / max(length, 1) * min(60.0, 0.6 * length)
    end = beyond if Point(beyond).within(block.buffer(-30)) else middle
    return [_street(bowed(arm[-1], end, random.normal(0, 0.06)), groups.new("close", "close"))]


def _to_front(place: Line, front: BaseGeometry) -> Line:
    """Straight from a place to the nearest street round the block."""
    _, there = shapely.get_coordinates(LineString(shapely.shortest_line(Point(place), front)))
    return np.array([place, there])
