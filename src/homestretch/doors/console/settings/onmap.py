"""What the script that draws areas is told: the map to draw on, and what is drawn already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders

from homestretch.fleet import queries as fleet
from homestretch.kernel.geo import Point
from homestretch.web.maps import MODES

SCRIPT = "web/built/draw.js"


def drawing(rows: Sequence[Any]) -> dict[str, Any] | None:
    """For the script; None where nothing says where to look, or the script was not built. Where no map covers the
    place it is drawn on plain ground."""
    spots = [Point(d.place.lat, d.place.lon) for d in fleet.depots() if d.active and d.place.lat is not None]
    corners = [Point(lat, lon) for row in rows for lat, lon in ((row.south, row.west), (row.north, row.east))]
    points = [*spots, *corners]
    if not points or not finders.find(SCRIPT):
        return None
    served = settings.HOMESTRETCH_MAPS.over(points)
    basemap = served and {
        "styles": {mode: served.style_address(mode) for mode in MODES},
        "attribution": served.attribution if served.style else "",
    }
    return {
        "basemap": basemap or None,
        "box": [
            min(point.lon for point in points),
            min(point.lat for point in points),
            max(point.lon for point in points),
            max(point.lat for point in points),
        ],
        "areas": [{"name": row.name, "geometry": row.geometry} for row in rows],
    }
