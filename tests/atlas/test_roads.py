"""Roads of a made town: what a table says, a path walks; the two engines agree; changes change what they should."""

from __future__ import annotations

import numpy as np
import pytest

from homestretch.atlas.roads import PROFILES, UNREACHABLE, Conditions
from homestretch.atlas.roads.engine.plain import Plain
from homestretch.atlas.roads.metric import Metric
from tests.atlas.roads_town import grid, network_of, some_places, spot


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    drawing = grid()
    drawing.way(300, [1001, 9001, 9002, 8008], highway="primary", maxspeed="50", name="Ring")
    drawing.node(9001, -200, 400)
    drawing.node(9002, 300, 1000)
    drawing.way(301, [5005, 9003], highway="service", access="private")
    drawing.node(9003, 450, 450)
    drawing.way(302, [9003, 6006], highway="service", access="private")
    return network_of(drawing, tmp_path_factory.mktemp("town"))


@pytest.mark.parametrize("profile", PROFILES)
def test_a_table_is_the_sum_of_its_paths(town, profile):
    places = some_places(town, 40, 1, profile)
    metric = town.metric(profile)
    table, meters = metric.milliseconds(places, places), metric.distances(places, places)
    assert (np.diag(table) == 0).all()
    assert (table >= 0).all()
    assert (table < UNREACHABLE).all()
    for i in range(40):
        for j in range(40):
            path = metric.path(places, i, places, j)
            assert path.milliseconds == table[i, j] == path.arc_ms.sum()
            assert meters.exact[i, j]
            assert path.meters == meters.meters[i, j]
    seconds = metric.durations(places, places)
    assert (seconds == -(-table // 1000)).all()


@pytest.mark.parametrize("profile", PROFILES)
def test_both_engines_say_the_same(town, profile):
    a, b = some_places(town, 30, 2, profile), some_places(town, 50, 3, profile)
    conditions = Conditions(hour=8, closed=tuple(town.arcs_named("Row 3").tolist()))
    ours = town.metric(profile, conditions)
    plain = Metric(town.graph, ours.topology, Plain(ours.topology), conditions)
    assert (ours.milliseconds(a, b) == plain.milliseconds(a, b)).all()
    for i, j in ((0, 0), (3, 40), (29, 49)):
        one, other = ours.path(a, i, b, j), plain.path(a, i, b, j)
        assert (one is None) == (other is None)
        assert one is None or one.milliseconds == other.milliseconds


def test_a_file_is_loaded_as_it_was_saved(town, tmp_path):
    town.graph.save(tmp_path / "roads.npz")
    again = type(town.graph).load(tmp_path / "roads.npz")
    assert (again.arc_tail == town.graph.arc_tail).all()
    assert again.names == town.graph.names


def test_a_place_far_from_any_road_is_a_fault(town):
    lats, lons = zip(spot(grid(), 100, 50), spot(grid(), 9000, 50), strict=True)
    snap = town.snap(lats, lons)
    assert [(fault.index, fault.code) for fault in snap.faults] == [(1, "place.far_from_road")]
    assert town.metric().durations(snap, snap)[0, 1] == UNREACHABLE
