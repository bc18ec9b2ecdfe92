"""A changed street changes only what passes it; a closed bridge reroutes; hours and weather differ; many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from homestretch.atlas.roads import UNREACHABLE, Conditions
from homestretch.kernel.geo import Point
from tests.atlas.roads_town import CITIES, at, city, grid, network_of, some_places, spot


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return network_of(grid(), tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def river(tmp_path_factory):
    """Two banks of three junctions each, joined by two bridges, the second far upstream."""
    drawing = grid(3)
    for ident, east, north in ((1, 0, 400), (2, 100, 400), (3, 200, 400), (4, 900, 200), (5, 900, 400)):
        drawing.node(ident, east, north)
    drawing.way(1, [1, 2, 3], highway="residential", name="North Bank")
    drawing.way(2, [at(2, 1), 2], highway="residential", bridge="yes", name="Old Bridge")
    drawing.way(3, [at(2, 2), 4, 5, 3], highway="residential", name="New Bridge")
    return drawing, network_of(drawing, tmp_path_factory.mktemp("river"))


@settings(max_examples=12, deadline=None)
@given(row=st.integers(0, 7), speed=st.sampled_from([500, 2_000, 20_000]), seed=st.integers(0, 1000))
def test_a_changed_street_changes_only_what_passes_it(town, row, speed, seed):
    places = some_places(town, 4, seed)
    changed = set(town.arcs_named(f"Row {row}").tolist())
    before = town.metric()
    after = town.metric("van", Conditions(speeds=tuple((arc, speed) for arc in sorted(changed))))
    slower = speed < 25_000 / 3.6
    for i in range(4):
        for j in range(4):
            one, other = before.path(places, i, places, j), after.path(places, i, places, j)
            passed = changed & {*one.arcs.tolist(), *other.arcs.tolist()}
            if not passed:
                assert one.milliseconds == other.milliseconds
            elif slower:
                assert other.milliseconds >= one.milliseconds
            else:
                assert other.milliseconds <= one.milliseconds


@settings(max_examples=12, deadline=None)
@given(closed=st.lists(st.integers(0, 200), max_size=12), seed=st.integers(0, 1000))
def test_closing_never_makes_a_drive_shorter_and_no_drive_passes_what_is_closed(town, closed, seed):
    arcs = tuple(sorted({arc for arc in closed if arc < town.graph.arc_count}))
    places = some_places(town, 5, seed)
    before, after = town.metric(), town.metric("van", Conditions(closed=arcs))
    assert (after.milliseconds(places, places) >= before.milliseconds(places, places)).all()
    for i in range(5):
        path = after.path(places, i, places, (i + 1) % 5)
        assert path is None or not set(arcs) & set(path.arcs[1:-1].tolist())


def test_a_closed_bridge_reroutes_and_its_own_stops_are_still_served(river):
    drawing, network = river
    lats, lons = zip(spot(drawing, 100, 100), spot(drawing, 100, 400), spot(drawing, 100, 300), strict=True)
    places = network.snap(lats, lons)
    bridge = network.arcs_named("Old Bridge")
    closed = network.metric("van", Conditions(closed=tuple(bridge.tolist())))
    assert "Old Bridge" in network.metric().path(places, 0, places, 1).names
    around = closed.path(places, 0, places, 1)
    assert "Old Bridge" not in around.names
    assert "New Bridge" in around.names
    assert (closed.durations(places, places) < UNREACHABLE).all()
    both = Conditions(closed=(*bridge.tolist(), *network.arcs_named("New Bridge").tolist()))
    assert network.metric("van", both).durations(places, places)[0, 1] == UNREACHABLE


def test_the_morning_is_slower_than_the_night_and_snow_than_sun(town):
    places = some_places(town, 20, 4)
    table = {hour: town.metric("van", Conditions(hour=hour)).milliseconds(places, places) for hour in (3, 8, 12)}
    assert table[3].sum() < table[12].sum() < table[8].sum()
    snow = town.metric("van", Conditions(weather="snow")).milliseconds(places, places)
    assert snow.sum() > table[12].sum()
    sunday = town.metric("van", Conditions(hour=8, day="sunday")).milliseconds(places, places)
    assert sunday.sum() < table[8].sum()


def test_metrics_are_kept_by_content(town):
    assert town.metric("van", Conditions(hour=9)) is town.metric("van", Conditions(hour=9))
    for hour in range(14):
        town.metric("bike", Conditions(hour=hour))
    assert town.metric("van", Conditions(hour=9)) is town.metric("van", Conditions(hour=9))


def test_many_threads_get_the_same_answers_while_metrics_come_and_go(town):
    places = some_places(town, 15, 5)

    def ask(hour: int) -> np.ndarray:
        return town.metric("van", Conditions(hour=hour % 24)).milliseconds(places, places)

    alone = [ask(hour) for hour in range(24)]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(ask, range(72)))
    assert all((together[hour] == alone[hour % 24]).all() for hour in range(72))


def test_arcs_are_found_by_name_way_key_and_polygon(town):
    drawing = grid()
    arcs = town.arcs_named("row 2")
    assert arcs.tolist() == town.arcs_of_way(102).tolist()
    assert [town.arc_of(town.key_of(int(arc))) for arc in arcs] == arcs.tolist()
    assert town.arc_of((102, 1, 2)) is None
    corners = [spot(drawing, east, north) for east, north in ((-50, 150), (50, 150), (50, 250), (-50, 250))]
    inside = town.arcs_in([Point(lat, lon) for lat, lon in corners])
    assert {town.key_of(int(arc))[0] for arc in inside} == {102, 200}


@pytest.mark.parametrize("name", CITIES)
def test_a_real_city_is_sound(name, tmp_path_factory):
    network = city(name, tmp_path_factory.mktemp("city"))
    places, metric = some_places(network, 60, 6), network.metric()
    table, found = metric.milliseconds(places, places), metric.distances(places, places)
    assert (np.diag(table) == 0).all()
    assert found.exact.mean() > 0.99
    for i in range(0, 60, 3):
        for j in range(0, 60, 7):
            path = metric.path(places, i, places, j)
            assert (path is None) == (table[i, j] == UNREACHABLE)
            if path is not None:
                assert path.milliseconds == table[i, j] == path.arc_ms.sum()
                assert not found.exact[i, j] or path.meters == found.meters[i, j]
    _no_false_unreachable(network, places, table)


def _no_false_unreachable(network, places, table) -> None:
    """Who cannot be reached lies where no open road leads, whatever its direction, or is on no road at all."""
    graph = network.graph
    open_ = graph.access[0].any(axis=0)
    size = (len(graph.node_id),) * 2
    _, part = connected_components(
        csr_matrix((np.ones(open_.sum()), (graph.tail[open_], graph.head[open_])), shape=size)
    )
    lies = part[graph.tail[places.arc >> 1]]
    largest = np.bincount(part[graph.tail[open_]]).argmax()
    main = (lies == largest) & (places.arc >= 0)
    assert (table[np.ix_(main, main)] < UNREACHABLE).all()
