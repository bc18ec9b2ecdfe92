"""The style of the map, as MapLibre reads it: made by code, in two sets of colors from one list of layers.

It names no glyphs and no sprite: MapLibre draws the letters with the machine's own fonts, and everything else is lines,
areas and circles. Nothing is asked of any other host.
"""

from __future__ import annotations

from typing import Any

from homestretch.atlas.osm import Bounds
from homestretch.atlas.tiles.credit import ATTRIBUTION, LAST_ZOOM
from homestretch.atlas.tiles.palette import DARK, LIGHT
from homestretch.atlas.tiles.style.ground import ground_layers
from homestretch.atlas.tiles.style.labels import label_layers
from homestretch.atlas.tiles.style.roads import road_layers
from homestretch.atlas.tiles.style.words import SOURCE

Style = dict[str, Any]


def style_of(tiles: str, bounds: Bounds, *, dark: bool = False, attribution: str = ATTRIBUTION) -> Style:
    """The whole style. `tiles` is the address of the tiles with `{z}/{x}/{y}` in it."""
    palette = DARK if dark else LIGHT
    return {
        "version": 8,
        "name": f"Homestretch {'dark' if dark else 'light'}",
        "center": [round((bounds.west + bounds.east) / 2, 6), round((bounds.south + bounds.north) / 2, 6)],
        "zoom": 11,
        "sources": {
            SOURCE: {
                "type": "vector",
                "tiles": [tiles],
                "minzoom": 0,
                "maxzoom": LAST_ZOOM,
                "attribution": attribution,
            }
        },
        "layers": [*ground_layers(palette), *road_layers(palette), *label_layers(palette)],
    }
