"""What lies below the roads: ground, green, water, buildings, borders."""

from __future__ import annotations

from homestretch.atlas.tiles.palette import Palette
from homestretch.atlas.tiles.style.words import SOURCE, Layer, fades, grows, is_one_of, layer

# From below to above: a park in a residential area lies on it.
GROUND = (
    ("residential", 0.0),
    ("farmland", 0.0),
    ("commercial", 0.0),
    ("industrial", 0.0),
    ("airport", 0.0),
    ("scrub", 0.0),
    ("grass", 0.0),
    ("orchard", 0.0),
    ("wood", 0.0),
    ("wetland", 0.0),
    ("sand", 0.0),
    ("rock", 0.0),
    ("ice", 0.0),
    ("campus", 12.0),
    ("park", 0.0),
    ("cemetery", 11.0),
    ("pitch", 13.0),
    ("parking", 14.0),
    ("runway", 10.0),
)
ON_WATER = ("pier", "square")


def ground_layers(palette: Palette) -> list[Layer]:
    """From the background up to the buildings."""
    return [
        {"id": "ground", "type": "background", "paint": {"background-color": palette.ground}},
        *(_area(palette, name, minzoom) for name, minzoom in GROUND),
        layer("water", "fill", "water", paint={"fill-color": palette.water}),
        _rivers(palette, "river", ["river", "canal"], ((8, 0.8), (12, 2), (16, 8), (19, 24))),
        _rivers(palette, "stream", ["stream", "ditch", "drain"], ((13, 0.7), (16, 2.5), (19, 8))),
        *(_area(palette, name, 13.0) for name in ON_WATER),
        _ferries(palette),
        _buildings(palette),
    ]


def border_layers(palette: Palette) -> list[Layer]:
    """Borders lie on the roads."""
    return [
        layer(
            f"border-{word}",
            "line",
            "border",
            filter=[test, ["get", "level"], 2],
            minzoom=least,
            paint={
                "line-color": palette.border,
                "line-opacity": opacity,
                "line-width": grows((4, width), (14, 3 * width)),
                "line-dasharray": dashes,
            },
        )
        for word, test, least, opacity, width, dashes in (
            ("inner", ">", 8, 0.35, 0.6, [4, 3]),
            ("country", "==", 0, 0.7, 1.0, [6, 2, 1, 2]),
        )
    ]


def _area(palette: Palette, name: str, minzoom: float) -> Layer:
    return layer(
        f"land-{name}",
        "fill",
        "land",
        filter=["==", ["get", "class"], name],
        minzoom=minzoom,
        paint={"fill-color": palette.land[name], "fill-antialias": False},
    )


def _rivers(palette: Palette, name: str, classes: list[str], widths: tuple[tuple[float, float], ...]) -> Layer:
    return layer(
        name,
        "line",
        "waterway",
        filter=["all", is_one_of(*classes), ["!=", ["get", "level"], "tunnel"]],
        layout={"line-cap": "round", "line-join": "round"},
        paint={"line-color": palette.water, "line-width": grows(*widths)},
    )


def _ferries(palette: Palette) -> Layer:
    return layer(
        "ferry",
        "line",
        "ferry",
        paint={
            "line-color": palette.ferry,
            "line-width": grows((7, 0.8), (14, 1.6), base=1.2),
            "line-dasharray": [3, 2],
        },
    )


def _buildings(palette: Palette) -> Layer:
    return {
        "id": "building",
        "type": "fill",
        "source": SOURCE,
        "source-layer": "building",
        "minzoom": 14.5,
        "paint": {
            "fill-color": palette.building,
            "fill-outline-color": palette.building_edge,
            "fill-opacity": fades(14.5, 15.2),
        },
    }
