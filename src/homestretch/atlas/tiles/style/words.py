"""Small words that layers are made with."""

from __future__ import annotations

from typing import Any

Layer = dict[str, Any]
SOURCE = "basemap"
REGULAR = ["Noto Sans Regular", "system-ui", "sans-serif"]
BOLD = ["Noto Sans Bold", "system-ui", "sans-serif"]  # MapLibre reads the weight from the first name
ITALIC = ["Noto Sans Italic", "system-ui", "sans-serif"]


def layer(ident: str, kind: str, source_layer: str, **more: Any) -> Layer:
    """One layer; `paint`, `layout`, `filter`, `minzoom` and `maxzoom` as MapLibre names them."""
    return {"id": ident, "type": kind, "source": SOURCE, "source-layer": source_layer, **more}


def grows(*stops: tuple[float, float], base: float = 1.5) -> list[Any]:
    """A number that grows with the zoom: (zoom, value), between them by powers of `base`."""
    return ["interpolate", ["exponential", base], ["zoom"], *(part for stop in stops for part in stop)]


def fades(begin: float, end: float) -> list[Any]:
    """From invisible to visible between two zooms."""
    return ["interpolate", ["linear"], ["zoom"], begin, 0, end, 1]


def is_one_of(*classes: str) -> list[Any]:
    """Whether a feature is of one of the classes."""
    return ["in", ["get", "class"], ["literal", list(classes)]]
