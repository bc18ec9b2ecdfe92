"""How fast one drives: by class of road, hour, day, weather and profile. The one table.

`BASE_KMH` and tagged limits (`classes.py`) give the speed of a working day's noon in clear weather; here is by how much
other hours and weathers differ. Hours: the shape of the weekday profiles that TomTom's Traffic Index and the German
Federal Highway Research Institute publish for cities (morning 7 to 9, evening 16 to 18, large roads suffer most, nights
are free), rounded to 0.05. Weather: Federal Highway Administration, "How Do Weather Events Impact Roads?": speeds fall
by 3 to 13 % (freeways) and 10 to 25 % (arterials) in rain, by 5 to 40 % and 30 to 40 % in snow.
Own measurements and the dispatcher's speeds override single arcs (`Conditions.speeds`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from homestretch.atlas.roads import classes
from homestretch.atlas.roads.classes import Road
from homestretch.atlas.roads.graph import RoadGraph
from homestretch.atlas.roads.values import UNREACHABLE, Conditions, Floats, Ints, Longs

_FAST, _MAIN, _MINOR, _LOCAL, _OTHER = range(5)
_GROUP = np.array(
    [
        *(_FAST, _FAST, _FAST, _FAST),
        *(_MAIN, _MAIN, _MAIN, _MAIN),
        *(_MINOR, _MINOR, _MINOR),
        *(_LOCAL, _LOCAL, _LOCAL),
        *(_OTHER,) * 9,
    ]
)

# Share of noon's speed by hour (rows of FAST, MAIN, MINOR, LOCAL, OTHER): night, dawn, morning, day, evening, late
_NIGHT = (1.10, 1.20, 1.15, 1.05, 1.0)
_EARLY = (1.05, 1.10, 1.10, 1.00, 1.0)
_PEAK = (0.75, 0.70, 0.80, 0.90, 1.0)
_SHOULDER = (0.90, 0.85, 0.90, 0.95, 1.0)
_NOON = (1.00, 1.00, 1.00, 1.00, 1.0)
_WORK = (
    *(_NIGHT,) * 6,
    *(_SHOULDER, _PEAK, _PEAK, _SHOULDER),
    *(_NOON,) * 5,
    *(_SHOULDER, _PEAK, _PEAK, _SHOULDER),
    *(_EARLY,) * 3,
    *(_NIGHT,) * 2,
)
_SATURDAY = (*(_NIGHT,) * 7, *(_EARLY,) * 3, *(_NOON,) * 8, *(_EARLY,) * 4, *(_NIGHT,) * 2)
_SUNDAY = (*(_NIGHT,) * 8, *(_EARLY,) * 12, *(_NIGHT,) * 4)
_HOURS = {"work": np.array(_WORK), "saturday": np.array(_SATURDAY), "sunday": np.array(_SUNDAY)}

_WEATHER = {
    "clear": np.array((1.0, 1.0, 1.0, 1.0, 1.0)),
    "rain": np.array((0.93, 0.90, 0.90, 0.95, 1.0)),
    "snow": np.array((0.75, 0.67, 0.67, 0.70, 0.8)),
    "storm": np.array((0.85, 0.80, 0.80, 0.85, 0.8)),
}
_ON_FOOT = {"clear": 1.0, "rain": 0.97, "snow": 0.8, "storm": 0.85}
_BY_BIKE = {"clear": 1.0, "rain": 0.9, "snow": 0.6, "storm": 0.7}
_FERRY_LEAST_S, _FERRY_MOST_S = 180, 1200  # until one sails: half as long as the crossing, within these
_MPS = 3.6  # km/h to millimeters per millisecond


def kmh_of(graph: RoadGraph, profile: str) -> Floats:
    """Noon's speed of each arc, km/h."""
    limit: Longs = graph.limit.T.ravel().astype(np.int64)
    road = np.repeat(graph.road, 2)
    cap = np.repeat(graph.cap, 2)
    kmh = classes.BASE_KMH[profile][road]
    if profile in ("van", "truck"):
        kmh = np.where((limit > 0) & (road < Road.FERRY), limit * classes.LIMIT_KEPT, kmh)
    if profile == "truck":
        kmh = np.where(road < Road.FERRY, np.minimum(kmh, classes.TRUCK_TOP_KMH) * classes.TRUCK_KEPT, kmh)
    capped: Floats = np.where((cap > 0) & (cap < kmh), cap, kmh)
    return capped if profile != "bike" else np.where(cap > 0, np.minimum(kmh, np.maximum(cap / 4, 6)), kmh)


def drive_ms(graph: RoadGraph, profile: str, conditions: Conditions) -> Ints:
    """Milliseconds to drive each arc from end to end, with its signals; closures are not looked at."""
    length = np.repeat(graph.length_mm, 2).astype(np.float64)
    road = np.repeat(graph.road, 2)
    kmh = kmh_of(graph, profile) * _factor(profile, conditions)[_GROUP[road]]
    told = graph.crossing_ms.T.ravel()
    ms = np.where(told > 0, told, length * _MPS / kmh)
    if conditions.speeds:
        arcs, speeds = np.array(conditions.speeds, np.int64).T
        ms[arcs] = length[arcs] * 1000 / np.maximum(1, speeds)
    if profile in ("van", "truck"):
        ms += graph.wait_ds.T.ravel() * 100
    return np.minimum(np.maximum(1, np.round(ms)), UNREACHABLE - 1).astype(np.int32)


def _factor(profile: str, conditions: Conditions) -> Floats:
    """By group of roads."""
    if profile in ("bike", "foot"):
        weather = _BY_BIKE if profile == "bike" else _ON_FOOT
        return np.full(5, weather[conditions.weather])
    by_hour: Floats = _HOURS[conditions.day][conditions.hour] * _WEATHER[conditions.weather]
    return by_hour


def alike(profile: str, conditions: Conditions) -> Conditions:
    """The same at the first hour of its day whose speeds are the same: hours that are alike share one metric."""
    hours = _HOURS[conditions.day]
    first = 0 if profile in ("bike", "foot") else int((hours == hours[conditions.hour]).all(axis=1).argmax())
    return replace(conditions, hour=first)


def boarding_ms(graph: RoadGraph, drive: Ints) -> Ints:
    """What one waits before the ferry that each arc belongs to, by the arc; 0 for roads."""
    wait = np.zeros(graph.arc_count, np.int32)
    ferry = np.flatnonzero(np.repeat(graph.road, 2) >= Road.FERRY)
    if len(ferry):
        _, way = np.unique(graph.way[ferry >> 1], return_inverse=True)
        crossing = np.bincount(way, weights=drive[ferry])[way] / 2  # both directions of each segment are in it
        wait[ferry] = np.clip(crossing / 2, _FERRY_LEAST_S * 1000, _FERRY_MOST_S * 1000)
    return wait
