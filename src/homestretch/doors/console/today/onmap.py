"""The day on a real map: what the page's script is told, where a map that was added covers the day."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders

from homestretch.kernel.geo import Point
from homestretch.travel import queries as travel
from homestretch.travel.rules.estimate import RUNG as GREAT_CIRCLE
from homestretch.travel.values import Drive, Trip
from homestretch.web.maps import MODES, Served

SCRIPT = "web/built/today-map.js"
Spot = list[float]  # lon, lat, as GeoJSON has it


def map_of(points: Sequence[Point]) -> Served | None:
    """The map that most of the day is on, where there is one and the script that draws it was built."""
    shelf = settings.HOMESTRETCH_MAPS
    served: Served | None = shelf.over(points)
    return served if served and finders.find(SCRIPT) else None


def told(
    served: Served, routes: Sequence[Any], hues: Mapping[UUID, str], marks: Sequence[tuple[Point, Any]], now: datetime
) -> dict[str, Any]:
    """For the script: the map, and routes, stops, vehicles and depots by their coordinates."""
    by_kind: dict[str, list[tuple[Point, Any]]] = {"stop": [], "vehicle": [], "depot": []}
    for point, mark in marks:
        by_kind[mark.kind].append((point, mark))
    lines = _lines(f"{served.version}/{now.timestamp() // KEPT_S}", routes, by_kind)
    return {
        "basemap": {
            "styles": {mode: served.style_address(mode) for mode in MODES},
            "attribution": served.attribution if served.style else "",
        },
        "routes": [
            {"id": str(route.id), "hue": hues[route.id], "name": route.driver.name, "line": line.spots}
            for route, line in zip(routes, lines, strict=True)
        ],
        "on_roads": all(line.on_roads for line in lines),
        "stops": [_stop(point, mark) for point, mark in by_kind["stop"]],
        "vehicles": [
            {"route": mark.route, "at": _spot(point), "state": mark.state, "label": mark.label}
            for point, mark in by_kind["vehicle"]
        ],
        "depots": [{"at": _spot(point), "label": mark.label} for point, mark in by_kind["depot"]],
    }


@dataclass(frozen=True, slots=True)
class Line:
    """What a route looks like on the map, and whether that is along roads."""

    spots: list[Spot]
    on_roads: bool


_KEPT: OrderedDict[tuple[str, Trip], Line] = OrderedDict()
MOST_KEPT = 400
KEPT_S = 300  # a road may be closed, or its speeds may change


def _lines(state: str, routes: Sequence[Any], marks: Mapping[str, Sequence[tuple[Point, Any]]]) -> list[Line]:
    """Along the roads, from the depot by way of all stops and back; kept, for a page asks again every few seconds."""
    depots = {mark.id: point for point, mark in marks["depot"]}
    stops: dict[str, list[Point]] = {}
    for point, mark in marks["stop"]:
        if mark.state != "cancelled":
            stops.setdefault(mark.route, []).append(point)
    keys = [(state, _trip(route, stops.get(str(route.id), []), depots)) for route in routes]
    new = list(dict.fromkeys(key for key in keys if key not in _KEPT))
    for key, drive in zip(new, travel.paths([trip for _, trip in new]), strict=True):
        _KEPT[key] = _line([drive])
    _by_legs([key for key in new if not _KEPT[key].on_roads and key[1].points])
    found = [_KEPT[key] for key in keys]
    while len(_KEPT) > MOST_KEPT:
        _KEPT.popitem(last=False)
    return found


def _trip(route: Any, stops: Sequence[Point], depots: Mapping[str, Point]) -> Trip:
    start, end = (depots.get(str(depot)) for depot in (route.shift.start_depot_id, route.shift.end_depot_id))
    points = [point for point in (start, *stops, end) if point] if stops else []
    return Trip(tuple(points), route.planned_start, route.vehicle.profile)


def _by_legs(keys: Sequence[tuple[str, Trip]]) -> None:
    """Where one point is off the map, the other drives follow their roads all the same."""
    legs = [[replace(trip, points=pair) for pair in pairwise(trip.points)] for _, trip in keys]
    drives = iter(travel.paths([leg for trip in legs for leg in trip]))
    for key, trip in zip(keys, legs, strict=True):
        _KEPT[key] = _line([next(drives) for _ in trip])


def _line(drives: Sequence[Drive]) -> Line:
    """The drives as one line, no spot twice in a row."""
    spots = [_spot(point) for drive in drives for leg in drive.legs for point in leg.points]
    line = [spot for number, spot in enumerate(spots) if number == 0 or spot != spots[number - 1]]
    return Line(line, all(drive.rung != GREAT_CIRCLE for drive in drives))


def _stop(point: Point, mark: Any) -> dict[str, Any]:
    return {
        "id": mark.id,
        "at": _spot(point),
        "state": mark.state,
        "number": mark.number,
        "label": mark.label,
        "route": mark.route,
    }


def _spot(point: Point) -> Spot:
    return [round(point.lon, 6), round(point.lat, 6)]
