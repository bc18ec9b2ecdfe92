"""A place on the map: what the page's script is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders

from homestretch.fleet import queries as fleet
from homestretch.kernel.geo import Point
from homestretch.web.maps import MODES

SCRIPT = "web/built/pin-map.js"


def pins(row: Any, offers: Sequence[Mapping[str, Any]], seen: Any) -> dict[str, Any] | None:
    """The pin, what is beside it, what is offered, where phones stood, and where to look while nothing is known; None
    where the script was not built, or nothing says where on earth it is."""
    if not finders.find(SCRIPT):
        return None
    own = {
        "pin": _point(row.lat, row.lon),
        "entrance": _point(row.entrance_lat, row.entrance_lon),
        "parking": _point(row.parking_lat, row.parking_lon),
    }
    offered = [Point(one["lat"], one["lon"]) for one in offers]
    around = [point for point in own.values() if point] + offered or _depots()
    if not around:
        return None
    served = settings.HOMESTRETCH_MAPS.over(around)
    return {
        "basemap": {
            "styles": {mode: served.style_address(mode) for mode in MODES},
            "attribution": served.attribution if served.style else "",
        }
        if served
        else None,
        "points": {name: _spot(point) for name, point in own.items() if point},
        "offers": [{"at": _spot(point), "label": one["label"]} for point, one in zip(offered, offers, strict=True)],
        "seen": {"at": _spot(seen.point), "radius_m": seen.radius_m} if seen else None,
        "around": [_spot(point) for point in around],
    }


def _point(lat: float | None, lon: float | None) -> Point | None:
    return None if lat is None or lon is None else Point(lat, lon)


def _depots() -> list[Point]:
    places = [depot.place for depot in fleet.depots().select_related("place")]
    return [Point(place.lat, place.lon) for place in places if place.lat is not None]


def _spot(point: Point) -> list[float]:
    return [round(point.lon, 6), round(point.lat, 6)]
