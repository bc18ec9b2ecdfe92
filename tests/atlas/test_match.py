"""Map matching on a made town: the way that was driven comes out, with its times, whatever a phone gets wrong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from bench.traces import drive, right_m, trace
from homestretch.atlas.roads.match import match, speeds_of
from homestretch.kernel.refusal import Refusal
from tests.atlas.osm_files import Drawing
from tests.atlas.roads_town import at, grid, network_of, spot


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The grid; Row 3 runs east alone; 40 m beside Row 5 another road; a dead end; an island that no way leads to."""
    drawing = grid()
    drawing.ways = [way for way in drawing.ways if way.id != 103]
    drawing.way(103, [at(3, column) for column in range(8)], highway="residential", oneway="yes", name="Row 3")
    for number in range(8):
        drawing.node(9100 + number, number * 100, 540)
    drawing.way(300, [9100 + number for number in range(8)], highway="service", name="Beside")
    drawing.way(301, [at(5, 0), 9100], highway="service")
    drawing.node(9200, 900, 0)
    drawing.way(302, [at(0, 7), 9200], highway="residential", name="Dead end")
    for number in range(3):
        drawing.node(9300 + number, 2000 + number * 100, 0)
    drawing.way(303, [9300, 9301, 9302], highway="residential", name="Island")
    return drawing, network_of(drawing, tmp_path_factory.mktemp("match"))


def along(drawing: Drawing, spots: list[tuple[float, float]], *, every_s: float = 5.0, speed: float = 10.0):
    """Fixes on straight lines between spots (meters east and north), at an even speed."""
    places = np.array(spots, np.float64)
    steps = np.hypot(*np.diff(places, axis=0).T)
    ends = np.append(0.0, np.cumsum(steps))
    times = np.arange(0, ends[-1] / speed + 1e-6, every_s)
    lat, lon = spot(drawing, np.interp(times * speed, ends, places[:, 0]), np.interp(times * speed, ends, places[:, 1]))
    return lat, lon, 1_780_000_000 + times


def names(network, matched) -> list[str]:
    said = [network.graph.names[network.graph.name[arc >> 1]] for arc in matched.path]
    return [name for before, name in pairwise(["", *said]) if name != before]


def is_connected(network, matched) -> bool:
    graph = network.graph
    same = matched.path_part[1:] == matched.path_part[:-1]
    return bool((graph.arc_head[matched.path[:-1]] == graph.arc_tail[matched.path[1:]])[same].all())


def test_a_clean_drive_is_found_arc_by_arc_with_its_times(town):
    drawing, network = town
    lat, lon, times = along(drawing, [(30, 200), (400, 200), (400, 600), (640, 600)])
    found = match(network, lat, lon, times)
    assert names(network, found) == ["Row 2", "Column 4", "Row 6"]
    assert (found.parts, (found.arc >= 0).all(), is_connected(network, found)) == (1, True, True)
    assert found.off_m.max() < 1
    assert found.path_m.sum() == pytest.approx(370 + 400 + 230, abs=3)
    assert (found.entered[1:] == found.left[:-1]).all()
    assert (found.entered[0], found.left[-1]) == (times[0], times[-1])
    corner = found.left[3]  # 370 m at 10 m/s
    assert corner - times[0] == pytest.approx(37, abs=1)


def test_noisy_drives_with_gaps_are_right(town):
    _, network = town
    metric = network.metric("van")
    total = np.zeros(3)
    for seed in range(25):
        random = Random(seed)
        every, noise = random.uniform(5, 30), random.uniform(5, 20)
        known = trace(
            network.graph,
            drive(network, metric, random, least_s=int(60 * every)),
            random,
            noise_m=noise,
            every_s=every,
            gaps=1,
        )
        found = match(network, known.lats, known.lons, known.times)
        assert is_connected(network, found)
        total += right_m(found, known, network.graph.arc_count)
    right, there, here = total
    assert right / there > 0.93  # on a grid many ways are equally long
    assert right / here > 0.9


def test_a_street_is_not_driven_against_its_direction(town):
    drawing, network = town
    lat, lon, times = along(drawing, [(650, 312), (50, 312)])  # 12 m beside Row 3, westward
    found = match(network, lat, lon, times)
    against = set((network.arcs_named("Row 3") | 1).tolist())
    assert not against & set(found.path.tolist())


def test_the_other_road_beside_is_not_taken(town):
    drawing, network = town
    lat, lon, times = along(drawing, [(120, 507), (680, 507)])
    assert names(network, match(network, lat, lon, times)) == ["Row 5"]
    lat, lon, times = along(drawing, [(120, 531), (680, 531)])
    assert names(network, match(network, lat, lon, times)) == ["Beside"]


@pytest.mark.parametrize("off_m", [90, 400, 5_000])
def test_a_fix_that_lies_is_dropped(town, off_m):
    drawing, network = town
    lat, lon, times = along(drawing, [(20, 200), (680, 200)], every_s=6)
    lat[5] += off_m / 111_195
    found = match(network, lat, lon, times)
    assert names(network, found) == ["Row 2"]
    assert found.parts == 1
    assert np.flatnonzero(found.arc < 0).tolist() == [5]
    assert np.isnan(found.share[5])


def test_a_short_gap_is_bridged_and_a_long_one_parts(town):
    drawing, network = town
    lat, lon, times = along(drawing, [(20, 200), (500, 200), (500, 600), (700, 600)])
    kept = (times < times[0] + 40) | (times > times[0] + 95)
    found = match(network, lat[kept], lon[kept], times[kept])
    assert (found.parts, is_connected(network, found)) == (1, True)
    assert found.path_m.sum() == pytest.approx(480 + 400 + 170, abs=10)
    later = np.where(times > times[0] + 75, times + 400, times)
    found = match(network, lat, lon, later)
    assert found.parts == 2
    assert found.left[found.path_part == 0].max() < found.entered[found.path_part == 1].min()


def test_turning_round_in_a_dead_end_is_both_ways_of_it(town):
    drawing, network = town
    lat, lon, times = along(drawing, [(500, 0), (890, 0), (500, 0)])
    found = match(network, lat, lon, times)
    end = network.arcs_named("Dead end").tolist()
    assert [arc for arc in found.path.tolist() if arc in end] == [end[0], end[0] ^ 1]
    assert is_connected(network, found)


def test_who_stands_and_trembles_does_not_drive(town):
    drawing, network = town
    draw = np.random.default_rng(3)
    lat, lon, times = along(drawing, [(55, 200), (255, 200)])
    rest = 60
    lat, lon = np.append(lat, np.full(rest, lat[-1])), np.append(lon, np.full(rest, lon[-1]))
    times = np.append(times, times[-1] + 5 * np.arange(1, rest + 1))
    lat, lon = lat + draw.normal(0, 12, len(lat)) / 111_195, lon + draw.normal(0, 12, len(lat)) / 73_000
    found = match(network, lat, lon, times)
    assert names(network, found) == ["Row 2"]
    assert found.path_m.sum() < 230
    arcs, meters, seconds = speeds_of(found)
    assert found.path[-1] not in arcs
    assert meters.sum() / seconds.sum() == pytest.approx(10, rel=0.25)


def test_speeds_are_those_that_were_driven(town):
    drawing, network = town
    for speed in (3.0, 8.0, 14.0):
        lat, lon, times = along(drawing, [(30, 200), (400, 200), (400, 600)], speed=speed)
        arcs, meters, seconds = speeds_of(match(network, lat, lon, times))
        assert len(arcs) >= 7
        assert meters.sum() / seconds.sum() == pytest.approx(speed, rel=0.02)
        assert meters / seconds == pytest.approx(speed, rel=0.1)


def test_the_accuracy_of_a_fix_says_how_far_it_is_believed(town):
    drawing, network = town
    lat, lon, times = along(drawing, [(120, 524), (680, 524)])  # 24 m from Row 5, 16 m from the road beside
    lat[::2] -= 12 / 111_195  # every other one is nearer to Row 5
    surer = np.where(np.arange(len(lat)) % 2 == 0, 5.0, 30.0)
    assert names(network, match(network, lat, lon, times, surer)) == ["Row 5"]
    assert names(network, match(network, lat, lon, times, surer[::-1] if len(lat) % 2 == 0 else 35 - surer)) == [
        "Beside"
    ]
    unsaid = np.full(len(lat), np.nan)
    same, plain = match(network, lat, lon, times, unsaid), match(network, lat, lon, times)
    assert (same.path == plain.path).all()


def test_where_no_road_is_or_leads_there_is_none(town):
    drawing, network = town
    lat, lon, times = along(drawing, [(-5_000, -5_000), (-4_000, -5_000)])
    nowhere = match(network, lat, lon, times)
    assert (nowhere.parts, len(nowhere.path), (nowhere.arc == -1).all()) == (0, 0, True)
    assert len(speeds_of(nowhere)[0]) == 0
    one, two = along(drawing, [(600, 0), (880, 0)]), along(drawing, [(2_010, 0), (2_190, 0)])
    island = match(
        network, *(np.append(a, b + (60 if n == 2 else 0)) for n, (a, b) in enumerate(zip(one, two, strict=True)))
    )
    assert island.parts == 2
    assert names(network, island)[-1] == "Island"


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_fixes_are_few(town, count):
    drawing, network = town
    lat, lon, times = along(drawing, [(20, 200), (680, 200)])
    found = match(network, lat[:count], lon[:count], times[:count])
    assert len(found.arc) == count
    assert found.parts == (1 if count == 2 else 0)


@pytest.mark.parametrize("profile", ["truck", "bike", "foot"])
def test_each_profile_has_its_roads(town, profile):
    drawing, network = town
    lat, lon, times = along(drawing, [(650, 302), (50, 302)], speed=2)  # westward on the one-way street
    found = match(network, lat, lon, times, profile=profile)
    assert (names(network, found) == ["Row 3"]) == (profile == "foot")


@pytest.mark.parametrize(
    "change",
    [
        lambda lat, lon, times: (lat, lon, times[::-1]),
        lambda lat, lon, times: (lat[1:], lon, times),
        lambda lat, lon, times: (lat * np.nan, lon, times),
        lambda lat, lon, times: (lat + 90, lon, times),
        lambda lat, lon, times: ([lat], [lon], [times]),
        lambda lat, lon, times: (np.zeros(20_001), np.zeros(20_001), np.zeros(20_001)),
    ],
)
def test_what_is_no_trace_is_refused(town, change):
    drawing, network = town
    with pytest.raises(Refusal) as refused:
        match(network, *change(*along(drawing, [(20, 200), (680, 200)])))
    assert refused.value.code == "trace.malformed"
    with pytest.raises(Refusal) as refused:
        match(network, [1.0], [1.0], [1.0], profile="sled")
    assert refused.value.code == "profile.unknown"


def test_many_threads_match_alike(town):
    drawing, network = town
    ways = [[(20, 100 * row), (680, 100 * row), (680, 700)] for row in range(1, 7)] * 4
    alone = [match(network, *along(drawing, way)).path.tolist() for way in ways]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda way: match(network, *along(drawing, way)).path.tolist(), ways))
    assert together == alone
