"""Real addresses are found as they are written, misspelled, without their town, turned around, and from a point."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.geocode import CITIES, FLOORS, LONGEST_MS, Figures, measure

OSM = Path(os.environ.get("HOMESTRETCH_DATA", "../shared/data")) / "osm"


def measured(city: str, *scopes: str) -> Figures:
    path = OSM / f"{city}.osm.pbf"
    if not path.is_file():
        pytest.skip(f"{path.name} is not in $HOMESTRETCH_DATA/osm")
    return measure(path, seed=7, count=1000, scopes=scopes)[0]


def test_addresses_of_liechtenstein() -> None:
    """The floors hold for all that were drawn, those too whose words fit several houses."""
    figures = measured("liechtenstein", "all")
    for kind, floor in FLOORS.items():
        assert figures["all"][kind]["top1"] >= floor, kind
        assert figures["all"][kind]["p50_ms"] < LONGEST_MS, kind
    assert figures["nonsense_rooftops"] == 0


@pytest.mark.prove
@pytest.mark.parametrize("city", CITIES)
def test_addresses_that_mean_one_house(city: str) -> None:
    figures = measured(city, "unique")
    for kind, floor in FLOORS.items():
        assert figures["unique"][kind]["top1"] >= max(floor, 0.98), kind
    assert figures["nonsense_rooftops"] == 0
