"""The invented town is a town for vans: everybody is reached, and weak bridges, low tunnels and closures are minded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import osmium
import pytest

from homestretch.atlas.roads import PROFILES, UNREACHABLE, Conditions, Network, RoadGraph
from homestretch.atlas.roads.build import build_roads
from homestretch.atlas.town import Town, write_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return write_town(tmp_path_factory.mktemp("town") / "town.osm.pbf", seed=11, size="small")


@pytest.fixture(scope="module")
def network(town: Town) -> Network:
    target = town.path.with_name("roads.npz")
    build_roads(town.path, target, driving_side="right")
    return Network(RoadGraph.load(target))


def _tagged(path: Path, key: str) -> dict[int, list[tuple[float, float]]]:
    """way -> (lat, lon) of its nodes."""
    ways = osmium.FileProcessor(str(path)).with_locations()
    return {
        way.id: [(node.lat, node.lon) for node in way.nodes]
        for way in ways
        if way.is_way() and key in way.tags and "highway" in way.tags
    }


def test_each_house_is_reached_from_each_other_by_all_who_drive_and_walk(town, network):
    some = town.addresses[::4]
    lats, lons = [address.lat for address in some], [address.lon for address in some]
    for profile in PROFILES:
        stops = network.snap(lats, lons, profile)
        assert not stops.faults
        assert stops.distance_m.max() < 150
        seconds = network.metric(profile).durations(stops, stops)
        assert (seconds < UNREACHABLE).all(), profile
        assert (np.diag(seconds) == 0).all()


@pytest.mark.parametrize("limit", ["maxweight", "maxheight"])
def test_a_van_takes_the_weak_bridge_and_the_low_tunnel_and_a_truck_goes_round(town, network, limit):
    way, line = next(iter(_tagged(town.path, limit).items()))
    arcs = set(network.arcs_of_way(way).tolist())
    taken = {}
    for profile in ("van", "truck"):
        ends = network.snap([line[0][0], line[-1][0]], [line[0][1], line[-1][1]], profile)
        path = network.metric(profile).path(ends, 0, ends, 1)
        assert path is not None
        taken[profile] = (bool(arcs & set(path.arcs.tolist())), path.meters)
    assert taken["van"][0] and not taken["truck"][0]
    assert taken["truck"][1] > taken["van"][1] + 200


def test_a_closed_bridge_is_gone_round_and_nobody_is_cut_off(town, network):
    bridges = _tagged(town.path, "bridge")
    some = town.addresses[::40]
    stops = network.snap([address.lat for address in some], [address.lon for address in some], "van")
    usual = network.metric("van").durations(stops, stops)
    slower = 0
    for way in bridges:
        closed = tuple(network.arcs_of_way(way).tolist())
        seconds = network.metric("van", Conditions(closed=closed)).durations(stops, stops)
        assert (seconds < UNREACHABLE).all()
        assert (seconds >= usual).all()
        slower += int((seconds > usual).any())
    assert slower >= 4
