"""A made town on a grid, with what roads are made of; and the four real extracts where they lie."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from homestretch.atlas.osm import open_extract
from homestretch.atlas.roads import Network, RoadGraph
from homestretch.atlas.roads.build import build_roads
from tests.atlas.osm_files import Drawing

BLOCK = 100  # meters
SIZE = 8
DATA = Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")) / "osm"
CITIES = sorted(path.name.removesuffix(".osm.pbf") for path in DATA.glob("*.osm.pbf")) if DATA.exists() else []


def grid(size: int = SIZE) -> Drawing:
    """Streets each 100 m: node 1000 * (row + 1) + column + 1; way 100 + row runs east, way 200 + column north."""
    drawing = Drawing()
    for row in range(size):
        for column in range(size):
            drawing.node(at(row, column), column * BLOCK, row * BLOCK)
    for row in range(size):
        nodes = [at(row, column) for column in range(size)]
        drawing.way(100 + row, nodes, highway="residential", name=f"Row {row}")
    for column in range(size):
        nodes = [at(row, column) for row in range(size)]
        drawing.way(200 + column, nodes, highway="residential", name=f"Column {column}")
    return drawing


def at(row: int, column: int) -> int:
    return 1000 * (row + 1) + column + 1


def network_of(drawing: Drawing, folder: Path, side: str = "right") -> Network:
    source, target = drawing.write(folder / "town.osm.pbf"), folder / "roads.npz"
    build_roads(source, target, driving_side=side)
    return Network(RoadGraph.load(target))


def spot(drawing: Drawing, east_m: float, north_m: float) -> tuple[float, float]:
    return drawing.lat + north_m / 111_195, drawing.lon + east_m / 73_000


@lru_cache(maxsize=1)
def _city(name: str, target: str) -> Network:
    with open_extract(DATA / f"{name}.osm.pbf") as extract:
        build_roads(extract.path, Path(target), driving_side=extract.driving_side)
    return Network(RoadGraph.load(Path(target)))


def city(name: str, folder: Path) -> Network:
    """A real extract's network, built once in a run."""
    if name not in CITIES:
        pytest.skip(f"{name}.osm.pbf is not in HOMESTRETCH_DATA/osm")
    return _city(name, str(folder / f"{name}.npz"))


def some_places(network: Network, count: int, seed: int, profile: str = "van"):
    """Places near roads of a profile, snapped."""
    draw = np.random.default_rng(seed)
    graph, topology = network.graph, network.topology(profile)
    segment = topology.arc[draw.integers(0, len(topology.arc), count)] >> 1
    point = graph.shape_at[segment]
    lats = graph.lats[point] + draw.normal(0, 1e-4, count)
    return network.snap(lats, graph.lons[point] + draw.normal(0, 1e-4, count), profile)
