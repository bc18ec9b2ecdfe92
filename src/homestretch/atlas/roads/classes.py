"""Classes of roads, and how fast each profile goes on them where no limit is tagged.

The van's speeds are those that OSRM's car profile is known for (motorway 90 ... service 15 km/h; a tagged limit counts
for 0.8 of itself), so that its durations can be compared: they are the mean of a working day's noon.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from homestretch.atlas.roads.values import Floats


class Road(IntEnum):
    """What a segment is; stored in graphs, so numbers never change their meaning."""

    MOTORWAY = 0
    MOTORWAY_LINK = 1
    TRUNK = 2
    TRUNK_LINK = 3
    PRIMARY = 4
    PRIMARY_LINK = 5
    SECONDARY = 6
    SECONDARY_LINK = 7
    TERTIARY = 8
    TERTIARY_LINK = 9
    UNCLASSIFIED = 10
    RESIDENTIAL = 11
    LIVING_STREET = 12
    SERVICE = 13
    TRACK = 14
    PEDESTRIAN = 15
    FOOTWAY = 16
    PATH = 17
    CYCLEWAY = 18
    STEPS = 19
    BRIDLEWAY = 20
    FERRY = 21
    SHUTTLE = 22


OF_HIGHWAY = {road.name.lower(): road for road in Road if road < Road.FERRY} | {
    "road": Road.UNCLASSIFIED,
    "sidewalk": Road.FOOTWAY,
    "crossing": Road.FOOTWAY,
}
FOR_MOTORS = frozenset(road for road in Road if road <= Road.SERVICE)
ON_REQUEST = frozenset({Road.TRACK, Road.PEDESTRIAN, Road.FOOTWAY, Road.PATH, Road.CYCLEWAY, Road.BRIDLEWAY})
NOT_FOR_BIKES = frozenset({Road.MOTORWAY, Road.MOTORWAY_LINK, Road.FOOTWAY, Road.STEPS, Road.BRIDLEWAY})
NOT_FOR_FEET = frozenset({Road.MOTORWAY, Road.MOTORWAY_LINK})
LARGE = frozenset({Road.MOTORWAY, Road.TRUNK, Road.PRIMARY})  # nobody crosses these on foot with a parcel

LIMIT_KEPT = 0.8  # of a tagged limit: the mean speed of a drive on such a road
WALKING_KMH = 5.0
BIKE_KMH = 16.0
TRUCK_TOP_KMH = 80.0
TRUCK_KEPT = 0.92  # of a van's speed
ON_REQUEST_KMH = 10.0

# km/h of MOTORWAY, MOTORWAY_LINK, ... SHUTTLE
_VAN = (90, 45, 85, 40, 65, 30, 55, 25, 40, 20, 25, 25, 10, 15, 10, 10, 10, 10, 10, 5, 10, 10, 10)
_BIKE = (16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 12, 13, 12, 6, 8, 12, 16, 3, 8, 10, 10)
_FOOT = (*(5,) * 14, 5, 5, 5, 5, 5, 3, 5, 10, 10)
BASE_KMH: dict[str, Floats] = {
    "van": np.array(_VAN, np.float64),
    "truck": np.array(_VAN, np.float64),
    "bike": np.array(_BIKE, np.float64),
    "foot": np.array(_FOOT, np.float64),
}

# km/h that nobody exceeds on such a surface
SURFACE_KMH = {
    **dict.fromkeys(("compacted", "fine_gravel", "cement"), 80),
    **dict.fromkeys(("paving_stones", "metal", "bricks"), 60),
    **dict.fromkeys(("grass", "wood", "sett", "grass_paver", "gravel", "unpaved", "ground", "dirt", "pebblestone"), 40),
    **dict.fromkeys(("cobblestone", "clay", "unhewn_cobblestone"), 30),
    **dict.fromkeys(("earth", "stone", "rocky", "sand"), 20),
    "mud": 10,
}
TRACK_KMH = {"grade1": 60, "grade2": 40, "grade3": 30, "grade4": 25, "grade5": 20}
SMOOTHNESS_KMH = {"intermediate": 80, "bad": 40, "very_bad": 20, "horrible": 10, "very_horrible": 5}
