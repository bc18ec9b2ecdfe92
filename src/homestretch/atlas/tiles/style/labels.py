"""Names and numbers: of streets along them, of places by their importance, of houses where one can read them."""

from __future__ import annotations

from typing import Any

from homestretch.atlas.tiles.palette import Palette
from homestretch.atlas.tiles.style.words import BOLD, ITALIC, REGULAR, Layer, grows, is_one_of, layer

HEALTH, STOPS, RAIL = ("hospital", "police", "fire"), ("bollard", "gate"), ("station", "airport")
GREEN = ("park", "wood", "grass", "scrub", "cemetery", "pitch", "orchard", "wetland")
MINUTE_POINTS = ("bollard", "gate", "entrance", "signals", "loading")  # seen from close by alone


def label_layers(palette: Palette) -> list[Layer]:
    """From the least important to the most: MapLibre places the last layer first."""
    return [
        _houses(palette),
        *_points(palette),
        *_ground_names(palette),
        _water_names(palette),
        _river_names(palette),
        _road_names(palette, "small", ["service", "pedestrian", "living", "minor", "path", "track"], 15),
        _road_names(palette, "middle", ["tertiary", "secondary"], 13.2),
        _road_names(palette, "large", ["primary", "trunk", "motorway"], 12),
        _numbers(palette),
        *_places(palette),
    ]


def _halo(palette: Palette, color: str, width: float = 1.4) -> dict[str, Any]:
    return {"text-color": color, "text-halo-color": palette.halo, "text-halo-width": width}


def _houses(palette: Palette) -> Layer:
    return layer(
        "house-number",
        "symbol",
        "house",
        minzoom=16.8,
        layout={
            "text-field": ["get", "number"],
            "text-font": REGULAR,
            "text-size": grows((17, 10), (19, 13)),
            "text-padding": 1,
        },
        paint=_halo(palette, palette.soft_ink, 1.1),
    )


def _points(palette: Palette) -> list[Layer]:
    """A dot and, where there is room, a name."""
    minute = is_one_of(*MINUTE_POINTS)
    named = ["all", ["!", minute], ["!", is_one_of("junction", "peak")]]
    return [
        _dots(palette, "point-minute", minute, 17, 2.5),
        _dots(palette, "point-dot", named, 15.5, grows((15, 2), (18, 4))),
        _point_names(palette, named),
        layer(
            "junction",
            "symbol",
            "point",
            filter=["all", is_one_of("junction"), ["has", "ref"]],
            minzoom=12.5,
            layout={"text-field": ["get", "ref"], "text-font": BOLD, "text-size": 11, "text-padding": 8},
            paint=_halo(palette, palette.shield, 2),
        ),
    ]


def _dots(palette: Palette, ident: str, wanted: list[Any], least: float, radius: Any) -> Layer:
    words = {
        "health": HEALTH,
        "stop": STOPS,
        "rail": RAIL,
        "shop": ("shop", "hotel", "museum", "church"),
    }
    colors = [part for word, classes in words.items() for part in (is_one_of(*classes), palette.points[word])]
    paint = {
        "circle-color": ["case", *colors, palette.points["help"]],
        "circle-stroke-color": palette.halo,
        "circle-stroke-width": 1,
        "circle-radius": radius,
    }
    return layer(ident, "circle", "point", filter=wanted, minzoom=least, paint=paint)


def _point_names(palette: Palette, wanted: list[Any]) -> Layer:
    return layer(
        "point-name",
        "symbol",
        "point",
        filter=wanted,
        minzoom=16,
        layout={
            "text-field": ["get", "name"],
            "text-font": REGULAR,
            "text-size": 11,
            "text-anchor": "top",
            "text-offset": [0, 0.5],
            "text-max-width": 8,
            "text-optional": True,
            "text-padding": 6,
        },
        paint=_halo(palette, palette.soft_ink),
    )


def _ground_names(palette: Palette) -> list[Layer]:
    """Names of green, then of what else one would look for; not those of blocks and fields."""
    wanted = (
        ("green", GREEN, 13.5, palette.green_ink),
        ("ground", ("campus", "square", "airport"), 15.5, palette.soft_ink),
    )
    return [
        layer(
            f"{word}-name",
            "symbol",
            "label",
            filter=["all", ["==", ["get", "class"], "land"], ["in", ["get", "kind"], ["literal", list(kinds)]]],
            minzoom=least,
            layout={
                "text-field": ["get", "name"],
                "text-font": REGULAR,
                "text-size": 11,
                "text-max-width": 7,
                "text-padding": 12,
            },
            paint=_halo(palette, color),
        )
        for word, kinds, least, color in wanted
    ]


def _water_names(palette: Palette) -> Layer:
    return layer(
        "water-name",
        "symbol",
        "label",
        filter=["all", ["==", ["get", "class"], "water"], ["!=", ["get", "kind"], "pool"]],
        minzoom=9,
        layout={
            "text-field": ["get", "name"],
            "text-font": ITALIC,
            "text-size": 12,
            "text-max-width": 7,
            "text-padding": 10,
        },
        paint=_halo(palette, palette.water_ink),
    )


def _river_names(palette: Palette) -> Layer:
    return layer(
        "river-name",
        "symbol",
        "waterway",
        filter=["has", "name"],
        minzoom=12,
        layout={
            "symbol-placement": "line",
            "symbol-spacing": 400,
            "text-field": ["get", "name"],
            "text-font": ITALIC,
            "text-size": 12,
            "text-letter-spacing": 0.08,
        },
        paint=_halo(palette, palette.water_ink),
    )


def _road_names(palette: Palette, word: str, classes: list[str], least: float) -> Layer:
    sizes = {"small": ((15, 10.5), (18, 14)), "middle": ((13, 11), (18, 16)), "large": ((12, 11.5), (18, 17))}[word]
    return layer(
        f"road-name-{word}",
        "symbol",
        "road",
        filter=["all", ["has", "name"], is_one_of(*classes)],
        minzoom=least,
        layout={
            "symbol-placement": "line",
            "symbol-spacing": 320,
            "text-field": ["get", "name"],
            "text-font": REGULAR,
            "text-size": grows(*sizes, base=1.2),
            "text-max-angle": 35,
            "text-padding": 4,
        },
        paint=_halo(palette, palette.ink if word != "small" else palette.soft_ink, 1.6),
    )


def _numbers(palette: Palette) -> Layer:
    """Numbers of motorways and main roads."""
    return layer(
        "road-number",
        "symbol",
        "road",
        filter=["all", ["has", "ref"], is_one_of("motorway", "trunk", "primary", "secondary")],
        minzoom=9,
        layout={
            "symbol-placement": "line",
            "symbol-spacing": 500,
            "text-field": ["get", "ref"],
            "text-font": BOLD,
            "text-size": grows((9, 9.5), (16, 12)),
            "text-rotation-alignment": "viewport",
            "text-padding": 24,
        },
        paint=_halo(palette, palette.shield, 2.2),
    )


def _places(palette: Palette) -> list[Layer]:
    hamlets = ["hamlet", "quarter", "neighbourhood", "isolated_dwelling", "farm", "islet"]
    return [
        _place(palette, "hamlet", hamlets, 12, ((12, 10.5), (16, 13)), palette.soft_ink),
        _place(palette, "island", ["island"], 8, ((8, 11), (13, 15)), palette.soft_ink),
        _place(palette, "suburb", ["suburb", "borough"], 10.5, ((11, 11), (16, 16)), palette.soft_ink),
        _place(palette, "village", ["village"], 9, ((9, 10.5), (12, 13), (16, 18)), palette.ink),
        _place(palette, "town", ["town"], 6, ((6, 11), (12, 16), (16, 22)), palette.ink),
        _place(palette, "city", ["city"], 3, ((4, 11), (9, 17), (13, 24)), palette.ink),
    ]


def _place(
    palette: Palette, word: str, classes: list[str], least: float, sizes: tuple[tuple[float, float], ...], color: str
) -> Layer:
    is_large = word in {"town", "city", "village"}
    return layer(
        f"place-{word}",
        "symbol",
        "place",
        filter=is_one_of(*classes),
        minzoom=least,
        maxzoom=17 if is_large else 18,
        layout={
            "text-field": ["get", "name"],
            "text-font": BOLD if is_large else REGULAR,
            "text-size": grows(*sizes, base=1.1),
            "text-max-width": 8,
            "text-padding": 6,
            "symbol-sort-key": ["-", 0, ["coalesce", ["get", "people"], 0]],
        },
        paint=_halo(palette, color, 1.8),
    )
