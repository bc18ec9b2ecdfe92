"""Roads and rails: in a tunnel, on the ground, on a bridge; edges below, roads above, the smaller ones first."""

from __future__ import annotations

from typing import Any

from homestretch.atlas.tiles.palette import Palette
from homestretch.atlas.tiles.style.ground import border_layers
from homestretch.atlas.tiles.style.words import REGULAR, Layer, grows, is_one_of, layer

Stops = tuple[tuple[float, float], ...]
# From the least to the greatest: class, from which zoom, width of the road in pixels by zoom.
WIDTHS: tuple[tuple[str, float, Stops], ...] = (
    ("construction", 13, ((13, 0.8), (16, 4), (19, 22))),
    ("service", 13, ((13, 0.5), (15, 1.6), (17, 5), (19, 16))),
    ("pedestrian", 13, ((13, 0.8), (15, 2.4), (17, 7), (19, 22))),
    ("living", 12, ((12, 0.5), (14, 1.6), (16, 5), (17, 9), (19, 28))),
    ("minor", 12, ((12, 0.6), (14, 2), (16, 6.5), (17, 11), (19, 34))),
    ("tertiary", 10, ((10, 0.6), (12, 1.6), (14, 3.6), (16, 9), (17, 14), (19, 40))),
    ("secondary", 9, ((9, 0.7), (12, 2.2), (14, 4.6), (16, 11), (17, 16), (19, 44))),
    ("primary", 7, ((7, 0.7), (10, 1.6), (12, 3), (14, 5.4), (16, 12), (17, 17), (19, 46))),
    ("trunk", 6, ((6, 0.8), (10, 2), (12, 3.6), (14, 6), (16, 13), (17, 18), (19, 48))),
    ("motorway", 5, ((5, 0.8), (10, 2.4), (12, 4), (14, 6.5), (16, 14), (17, 19), (19, 50))),
)
LINK = 0.6  # of the width of the road that it leads to
GROUND, TUNNEL, BRIDGE = "ground", "tunnel", "bridge"


def road_layers(palette: Palette) -> list[Layer]:
    """All of them, then the borders."""
    return [
        *_level(palette, TUNNEL),
        _small(palette),
        *_level(palette, GROUND),
        *_rails(palette),
        *_level(palette, BRIDGE),
        _arrows(palette),
        *border_layers(palette),
    ]


def _level(palette: Palette, level: str) -> list[Layer]:
    edges = [_road(palette, level, *road, edge=True) for road in WIDTHS]
    return [*edges, *(_road(palette, level, *road, edge=False) for road in WIDTHS)]


def _road(palette: Palette, level: str, name: str, least: float, stops: Stops, *, edge: bool) -> Layer:
    color = palette.roads[name]
    is_tunnel, is_bridge = level == TUNNEL, level == BRIDGE
    paint: dict[str, Any] = {"line-color": color.casing if edge else color.fill, "line-width": _width(stops, edge)}
    if is_tunnel:
        paint["line-opacity"] = 0.5 if edge else 0.6
        if edge:
            paint["line-dasharray"] = [1, 0.6]
    if edge:
        paint["line-opacity"] = ["interpolate", ["linear"], ["zoom"], least, 0.4, least + 2, 0.5 if is_tunnel else 1]
    cap = "butt" if is_bridge or is_tunnel else "round"
    return layer(
        f"{level}-{name}{'-edge' if edge else ''}",
        "line",
        "road",
        filter=["all", ["==", ["get", "class"], name], _at(level)],
        minzoom=max(least, 11.0) if edge and name not in {"motorway", "trunk"} else least,
        layout={"line-cap": cap if edge else "round", "line-join": "round"},
        paint=paint,
    )


def _width(stops: Stops, edge: bool) -> list[Any]:  # noqa: FBT001  one of two lines of the same road
    """Links and side roads are narrower. MapLibre allows one reading of the zoom, at the top."""
    parts: list[Any] = []
    for zoom, width in stops:
        rim = (1.0 if zoom < 14 else 1.6 if zoom < 17 else 2.4) if edge else 0.0
        narrow = ["case", ["==", ["get", "link"], 1], width * LINK + rim, ["==", ["get", "small"], 1]]
        parts += [zoom, [*narrow, width * LINK + rim, width + rim]]
    return ["interpolate", ["exponential", 1.5], ["zoom"], *parts]


def _at(level: str) -> list[Any]:
    if level == GROUND:
        return ["!", ["has", "level"]]
    return ["==", ["get", "level"], level]


def _small(palette: Palette) -> Layer:
    """Tracks and paths are dashes, thin enough not to be taken for streets."""
    return layer(
        "path",
        "line",
        "road",
        filter=is_one_of("track", "path"),
        minzoom=13.5,
        paint={
            "line-color": palette.path,
            "line-opacity": ["interpolate", ["linear"], ["zoom"], 13.5, 0.3, 16, 0.75],
            "line-width": grows((13, 0.6), (16, 1.3), (19, 3)),
            "line-dasharray": [3, 1.6],
        },
    )


def _rails(palette: Palette) -> list[Layer]:
    thin = ["all", ["!=", ["get", "level"], "tunnel"], ["!=", ["get", "class"], "subway"]]
    main = [*thin, ["==", ["get", "class"], "rail"]]
    return [
        layer(
            "rail",
            "line",
            "rail",
            filter=thin,
            paint={
                "line-color": palette.rail,
                "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 8, 0.6, 14, _rail(1.8), 18, _rail(5)],
                "line-opacity": ["case", ["==", ["get", "class"], "tram"], 0.6, 1],
            },
        ),
        layer(
            "rail-ties",
            "line",
            "rail",
            filter=main,
            minzoom=13.5,
            paint={
                "line-color": palette.rail_ties,
                "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 14, _rail(0.9), 18, _rail(3)],
                "line-dasharray": [4, 4],
            },
        ),
    ]


def _rail(width: float) -> list[Any]:
    side = ["any", ["has", "side"], ["==", ["get", "class"], "tram"]]
    return ["case", side, width * 0.5, width]


def _arrows(palette: Palette) -> Layer:
    """Which way a one-way street goes: a letter, for there is no sprite."""
    return layer(
        "oneway",
        "symbol",
        "road",
        filter=["all", ["has", "oneway"], ["!", is_one_of("path", "track")]],
        minzoom=15.5,
        layout={
            "symbol-placement": "line",
            "symbol-spacing": 140,
            "text-field": "→",
            "text-font": REGULAR,
            "text-size": grows((15.5, 10), (18, 18)),
            "text-rotate": ["case", ["==", ["get", "oneway"], -1], 180, 0],
            "text-keep-upright": False,
            "text-rotation-alignment": "map",
            "text-padding": 0,
        },
        paint={"text-color": palette.arrow},
    )
