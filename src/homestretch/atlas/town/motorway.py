"""The motorway at the edge of the town: two carriageways, and ramps to roundabouts on the roads that cross it."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString, Point

from homestretch.atlas.town.ground import CARRIAGEWAY, Ground
from homestretch.atlas.town.shapes import Line, Vector, beside, lengths, points_at
from homestretch.atlas.town.streets import Groups, Street

NUMBER = "A 9"
RAMP, AWAY, CIRCLE = 430.0, 135.0, 20.0  # meters at scale 1: ramp along the motorway; roundabout from it; its radius


def lay_motorway(
    ground: Ground, crossing: list[Line], groups: Groups
) -> tuple[list[Street], list[tuple[Vector, float]]]:
    """Carriageways, ramps, and the (middle, radius) of the roundabouts in which ramps end."""
    name = groups.new("none")
    tags = {"ref": NUMBER, "oneway": "yes", "maxspeed": "130", "lanes": "2"}
    east, west = beside(ground.motorway, -CARRIAGEWAY), beside(ground.motorway, CARRIAGEWAY)[::-1]
    found = [Street(line, "motorway", name, "none", tags=tags) for line in (east, west)]
    circles: list[tuple[Vector, float]] = []
    for road in crossing:
        points = shapely.get_coordinates(LineString(road).intersection(LineString(ground.motorway)))
        if len(points) == 1 and Point(points[0]).within(ground.box):
            ramps, middles = _interchange(ground, road, points[0], name)
            found += ramps
            circles += [(middle, CIRCLE * max(ground.scale, 0.6)) for middle in middles]
    return found, circles


def _interchange(ground: Ground, road: Line, crossing: Vector, group: int) -> tuple[list[Street], list[Vector]]:
    """A diamond: traffic keeps to the right, so the carriageway eastward lies in the south."""
    size = max(ground.scale, 0.55)
    whole, middle = LineString(road), LineString(ground.motorway)
    at, mid = whole.project(Point(crossing)), middle.project(Point(crossing))
    ends = points_at(road, np.array([at - AWAY * size, at + AWAY * size]))
    ahead = np.diff(points_at(ground.motorway, np.array([mid - 5, mid + 5])), axis=0)[0]
    left = (ends - crossing) @ np.array([-ahead[1], ahead[0]]) > 0
    south, north = ends[~left][0], ends[left][0]
    ramps = []
    for circle, side in ((south, -1), (north, 1)):
        for way in (-1, 1):  # before the crossing, after it
            ramp = _ramp(ground.motorway, mid, way * RAMP * size, side, circle)
            leaves = way * side > 0  # eastward one leaves before the crossing
            ramps.append(Street(ramp if leaves else ramp[::-1], "motorway_link", group, "none", tags={"oneway": "yes"}))
    return ramps, [south, north]


def _ramp(motorway: Line, mid: float, far: float, side: int, circle: Vector) -> Line:
    """From the carriageway to the roundabout: along it at first, then away."""
    whole = float(lengths(motorway)[-1])
    along = points_at(motorway, np.clip(mid + far * np.array([1.0, 0.72, 0.42]), 0, whole))
    lane = beside(
        along if far < 0 else along[::-1],
        side * np.array([CARRIAGEWAY, CARRIAGEWAY + 5, CARRIAGEWAY + 24][:: -1 if far > 0 else 1]),
    )
    first, second, third = lane if far < 0 else lane[::-1]
    t = np.linspace(0, 1, 14)[:, None]
    return np.asarray((1 - t) ** 3 * first + 3 * t * (1 - t) ** 2 * second + 3 * t**2 * (1 - t) * third + t**3 * circle)
