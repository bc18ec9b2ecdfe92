"""The day on a real map: what the page's script is told, where a map that was added covers the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders

from homestretch.kernel.geo import Point
from homestretch.web.maps import MODES, Served

SCRIPT = "web/built/today-map.js"
Spot = list[float]  # lon, lat, as GeoJSON has it


def map_of(points: Sequence[Point]) -> Served | None:
    """The map that most of the day is on, where there is one and the script that draws it was built."""
    shelf = settings.HOMESTRETCH_MAPS
    served: Served | None = shelf.over(points)
    return served if served and finders.find(SCRIPT) else None


def told(
    served: Served, routes: Sequence[Any], hues: Mapping[UUID, str], marks: Sequence[tuple[Point, Any]]
) -> dict[str, Any]:
    """For the script: the map, and routes, stops, vehicles and depots by their coordinates."""
    by_kind: dict[str, list[tuple[Point, Any]]] = {"stop": [], "vehicle": [], "depot": []}
    for point, mark in marks:
        by_kind[mark.kind].append((point, mark))
    return {
        "basemap": {
            "styles": {mode: served.style_address(mode) for mode in MODES},
            "attribution": served.attribution if served.style else "",
        },
        "routes": [_route(route, hues[route.id], by_kind["stop"]) for route in routes],
        "stops": [_stop(point, mark) for point, mark in by_kind["stop"]],
        "vehicles": [
            {"route": mark.route, "at": _spot(point), "state": mark.state, "label": mark.label}
            for point, mark in by_kind["vehicle"]
        ],
        "depots": [{"at": _spot(point), "label": mark.label} for point, mark in by_kind["depot"]],
    }


def _route(route: Any, hue: str, stops: Sequence[tuple[Point, Any]]) -> dict[str, Any]:
    line = [_spot(point) for point, mark in stops if mark.route == str(route.id) and mark.state != "cancelled"]
    return {"id": str(route.id), "hue": hue, "name": route.driver.name, "line": line}


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
