"""OSRM in this process keeps the contract of all services of travel times, on the invented town.

Runs where `osrm-bindings` is installed: Python 3.12 or newer, `pip install 'homestretch[osrm]'`.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from homestretch.atlas.town import write_town
from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import Refusal
from homestretch.providers import registry
from homestretch.providers.errors import ProviderError
from homestretch.providers.matrix import Matrix

needs_osrm = pytest.mark.skipif(
    importlib.util.find_spec("osrm") is None, reason="osrm-bindings is not installed: it needs Python 3.12 or newer"
)
PLACES = [Point(49.611, 6.13), Point(49.615, 6.135), Point(49.607, 6.126)]
SEA = Point(46.0, 14.5)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town as OSRM's files."""
    osrm = pytest.importorskip("osrm")
    base = tmp_path_factory.mktemp("osrm") / "town"
    write_town(base.with_suffix(".osm.pbf"), seed=7)
    rules = Path(osrm.__file__).parent / "share" / "profiles" / "car.lua"
    for step in (["extract", "-p", str(rules), f"{base}.osm.pbf"], ["contract", f"{base}.osrm"]):
        subprocess.run([sys.executable, "-m", "osrm", *step], check=True, capture_output=True)
    return Path(f"{base}.osrm")


@pytest.fixture(scope="module")
def local(data: Path) -> Matrix:
    return registry.make("matrix", "osrm_local", {"data": str(data)})


@needs_osrm
def test_a_table_is_whole_and_the_ways_are_those_of_the_table(local: Matrix) -> None:
    table = local.durations_and_distances(PLACES, PLACES, depart=None, profile="van")
    assert table.durations.dtype == np.int32
    assert (table.durations.diagonal() == 0).all()
    assert (table.distances.diagonal() == 0).all()
    way = local.path(PLACES[0], PLACES[1], depart=None, profile="van")
    assert way is not None
    assert abs(way.seconds - int(table.durations[0, 1])) <= 1
    assert abs(way.meters - int(table.distances[0, 1])) <= 1
    assert len(way.points) > 2


@needs_osrm
def test_a_place_far_from_every_road_is_refused(local: Matrix) -> None:
    for ask in (
        lambda: local.durations_and_distances([*PLACES, SEA], PLACES, depart=None, profile="van"),
        lambda: local.path(PLACES[0], SEA, depart=None, profile="van"),
    ):
        with pytest.raises(ProviderError, match="place_far_from_road"):
            ask()


@needs_osrm
def test_a_profile_without_data_is_not_supported(local: Matrix) -> None:
    with pytest.raises(ProviderError, match="profile_unsupported"):
        local.path(PLACES[0], PLACES[1], depart=None, profile="truck")


@needs_osrm
def test_data_that_are_none_are_refused_when_they_are_asked(tmp_path: Path) -> None:
    broken = registry.make("matrix", "osrm_local", {"data": str(tmp_path / "nothing.osrm")})
    with pytest.raises(ProviderError, match=r"nothing\.osrm"):
        broken.path(PLACES[0], PLACES[1], depart=None, profile="van")


@pytest.mark.skipif(importlib.util.find_spec("osrm") is not None, reason="osrm-bindings is installed")
def test_without_the_library_the_refusal_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        registry.make("matrix", "osrm_local", {"data": str(tmp_path / "city.osrm")})
    assert refused.value.code == "provider.library_missing"
    assert "homestretch[osrm]" in refused.value.remedy
