"""The colors of the map, by day and by night: calm ground, so that the roads and what is driven on them stand out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Road:
    """A road's own color and that of its edge."""

    fill: str
    casing: str


@dataclass(frozen=True, slots=True)
class Palette:
    """`land` by class of ground, `roads` by class of road; the rest by what it is for."""

    ground: str
    water: str
    waterline: str
    land: Mapping[str, str]
    building: str
    building_edge: str
    roads: Mapping[str, Road]
    path: str
    tunnel: str
    rail: str
    rail_ties: str
    ferry: str
    border: str
    ink: str
    soft_ink: str
    halo: str
    water_ink: str
    green_ink: str
    arrow: str
    shield: str
    points: Mapping[str, str]


_WHITE = Road("#ffffff", "#c6beb2")
LIGHT = Palette(
    ground="#f4f2ed",
    water="#a6cfe8",
    waterline="#8fc0de",
    land={
        "residential": "#ebe8e1",
        "commercial": "#efe6df",
        "industrial": "#e7e4e3",
        "farmland": "#f2f0dd",
        "grass": "#dfebd0",
        "orchard": "#dcebcb",
        "scrub": "#dbe6cb",
        "wood": "#c9dfba",
        "park": "#cfe7bf",
        "pitch": "#bfe0b4",
        "cemetery": "#d5e1cc",
        "campus": "#f0e7da",
        "parking": "#e6e4e8",
        "airport": "#e6e6ec",
        "runway": "#d2d3db",
        "sand": "#f4ebcb",
        "rock": "#e2dfda",
        "ice": "#f3f9fc",
        "wetland": "#d3e5dc",
        "square": "#f3ecf3",
        "pier": "#efebe2",
    },
    building="#dbd3c8",
    building_edge="#c8beb0",
    roads={
        "motorway": Road("#f0a04f", "#b9671c"),
        "trunk": Road("#f5b870", "#c27f33"),
        "primary": Road("#fad07a", "#c89735"),
        "secondary": Road("#fce6a2", "#c3ab57"),
        "tertiary": Road("#ffffff", "#b5ac9e"),
        "minor": _WHITE,
        "living": Road("#f7f4fb", "#c6beb2"),
        "pedestrian": Road("#f1eaf3", "#cbbfd0"),
        "service": Road("#ffffff", "#d3ccc1"),
        "construction": Road("#f0eeea", "#d0c9be"),
    },
    path="#a98f70",
    tunnel="#f7f5f1",
    rail="#96929c",
    rail_ties="#f4f2ed",
    ferry="#4d8fbd",
    border="#9a72a3",
    ink="#22272e",
    soft_ink="#565d66",
    halo="#ffffff",
    water_ink="#1f5f8b",
    green_ink="#2f6430",
    arrow="#7d776d",
    shield="#6b4a12",
    points={"help": "#2f6fb3", "stop": "#c0392b", "health": "#c0392b", "shop": "#8a5a00", "rail": "#5a5666"},
)
DARK = Palette(
    ground="#171c23",
    water="#12304a",
    waterline="#1b4263",
    land={
        "residential": "#1c222a",
        "commercial": "#21242b",
        "industrial": "#1f2329",
        "farmland": "#1b211f",
        "grass": "#1a2722",
        "orchard": "#1a2823",
        "scrub": "#1a2622",
        "wood": "#172a22",
        "park": "#183025",
        "pitch": "#1b3629",
        "cemetery": "#1d2825",
        "campus": "#24252b",
        "parking": "#20252e",
        "airport": "#20252d",
        "runway": "#2c323c",
        "sand": "#2b2a24",
        "rock": "#23272c",
        "ice": "#28323c",
        "wetland": "#172b2a",
        "square": "#242731",
        "pier": "#20252c",
    },
    building="#272f39",
    building_edge="#343e4a",
    roads={
        "motorway": Road("#b5712f", "#0e1217"),
        "trunk": Road("#a06a33", "#0e1217"),
        "primary": Road("#8c6e3c", "#0e1217"),
        "secondary": Road("#756a48", "#0e1217"),
        "tertiary": Road("#5d6875", "#0e1217"),
        "minor": Road("#485361", "#10151b"),
        "living": Road("#454b60", "#10151b"),
        "pedestrian": Road("#3f4358", "#10151b"),
        "service": Road("#3a444f", "#10151b"),
        "construction": Road("#303841", "#10151b"),
    },
    path="#6c6455",
    tunnel="#222931",
    rail="#6a7380",
    rail_ties="#171c23",
    ferry="#4d86b3",
    border="#8a6d99",
    ink="#e8edf3",
    soft_ink="#a9b3bf",
    halo="#12171d",
    water_ink="#86bfe6",
    green_ink="#8fcf9b",
    arrow="#a9b3bf",
    shield="#f0c98a",
    points={"help": "#6fb0f0", "stop": "#ff7b6b", "health": "#ff8a80", "shop": "#e0b060", "rail": "#a7a3b8"},
)
