"""The invented town: the same for the same seed, whole, and with all that is hard in a real one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from homestretch.atlas.town import Town, write_town
from homestretch.atlas.town.plan import Plan, plan_town
from homestretch.atlas.town.traffic import CAR
from homestretch.kernel.refusal import Refusal


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return write_town(tmp_path_factory.mktemp("town") / "town.osm.pbf", seed=7, size="small")


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_town(7, 0.35)


def _ways(path: Path) -> list[tuple[int, dict[str, str], list[int]]]:
    found = osmium.FileProcessor(str(path), osmium.osm.WAY)
    return [(way.id, dict(way.tags), [node.ref for node in way.nodes]) for way in found]


def test_the_same_seed_writes_the_same_file_and_another_seed_another(town, tmp_path):
    again = write_town(tmp_path / "again.osm.pbf", seed=7, size="small")
    other = write_town(tmp_path / "other.osm.pbf", seed=8, size="small")
    assert again.path.read_bytes() == town.path.read_bytes()
    assert replace(again, path=town.path) == town
    assert other.path.read_bytes() != town.path.read_bytes()


def test_a_file_is_written_anew_and_a_size_that_is_unknown_is_refused(tmp_path):
    path = tmp_path / "town.osm.pbf"
    path.write_text("something else")
    assert write_town(path, seed=3, size="small").addresses
    with pytest.raises(Refusal) as refused:
        write_town(path, seed=3, size="huge")
    assert refused.value.code == "town.size_unknown"


def test_the_file_is_in_order_whole_and_says_its_bounds(town):
    with osmium.io.Reader(str(town.path)) as reader:
        box = reader.header().box()
    assert (box.bottom_left.lat, box.top_right.lon) == pytest.approx((town.south, town.east), abs=1e-6)
    seen: dict[str, list[int]] = {"n": [], "w": [], "r": []}
    for thing in osmium.FileProcessor(str(town.path)):
        seen[thing.type_str()].append(thing.id)
    assert all(ids == sorted(set(ids)) for ids in seen.values())
    nodes, ways = set(seen["n"]), set(seen["w"])
    assert all(set(refs) <= nodes for _, _, refs in _ways(town.path))
    for relation in osmium.FileProcessor(str(town.path), osmium.osm.RELATION):
        assert all(member.ref in (nodes if member.type == "n" else ways) for member in relation.members)


def test_it_has_what_makes_routing_hard(town):
    tags = [tags for _, tags, _ in _ways(town.path)]
    kinds = Counter(tag.get("highway", "") for tag in tags)
    wanted = "motorway motorway_link primary secondary tertiary residential living_street pedestrian track footway"
    assert all(kinds[kind] for kind in wanted.split()), kinds
    assert 3 <= sum(1 for tag in tags if tag.get("bridge") and tag.get("highway")) <= 20
    for key, value in (("junction", "roundabout"), ("oneway", "yes"), ("railway", "rail"), ("waterway", "river")):
        assert any(tag.get(key) == value for tag in tags), key
    assert any("maxweight" in tag for tag in tags) and any("maxheight" in tag for tag in tags)
    node_tags = [dict(node.tags) for node in osmium.FileProcessor(str(town.path), osmium.osm.NODE) if len(node.tags)]
    for key, value in (("barrier", "bollard"), ("highway", "traffic_signals"), ("highway", "motorway_junction")):
        assert any(tag.get(key) == value for tag in node_tags), key
    assert sum(1 for tag in node_tags if tag.get("railway") == "level_crossing") >= 1
    assert Counter(tag.get("place") for tag in node_tags)["village"] == 4


def test_a_forbidden_turn_leads_from_the_end_of_a_way_over_a_node_to_another(town):
    ends = {number: {refs[0], refs[-1]} for number, _, refs in _ways(town.path)}
    kinds: Counter[str] = Counter()
    for relation in osmium.FileProcessor(str(town.path), osmium.osm.RELATION):
        if relation.tags.get("type") != "restriction":
            continue
        member = {found.role: found.ref for found in relation.members}
        assert member["via"] in ends[member["from"]] and member["via"] in ends[member["to"]]
        kinds[relation.tags["restriction"]] += 1
    assert {"no_left_turn", "no_u_turn", "only_straight_on"} <= set(kinds)


def test_cars_get_from_each_street_to_each_other(plan):
    """One-way streets trap nobody."""
    network = plan.network
    ways = [way for way in network.ways if way.street.highway in CAR]
    pairs = np.array([pair for way in ways for pair in zip(way.nodes, way.nodes[1:], strict=False)])
    one_way = ["oneway" in way.tags or way.street.tags.get("oneway") == "yes" for way in ways for _ in way.nodes[1:]]
    pairs = np.vstack([pairs, pairs[~np.array(one_way)][:, ::-1]])
    size = len(network.places)
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    _, labels = connected_components(links, directed=True, connection="strong")
    main = np.bincount(labels[pairs[:, 0]]).argmax()
    trapped = {way.street.highway for way in ways if not (labels[way.nodes] == main).all()}
    assert trapped <= {"motorway", "motorway_link"}, "only a motorway leads out of the box and not back"


def test_houses_stand_beside_streets_and_not_on_one_another(plan):
    shapes = plan.houses.shapes
    assert len(shapes) > 600
    roads = [shapely.LineString(plan.network.line(way)) for way in plan.network.ways]
    assert not len(shapely.STRtree(roads).query(shapes, predicate="intersects")[0])
    smaller = shapely.buffer(shapes, -0.4)
    first, second = shapely.STRtree(smaller).query(smaller, predicate="intersects")
    assert (first == second).all()
    assert not shapely.intersects(plan.ground.water, shapes).any()


def test_each_address_is_there_once_odd_on_one_side_and_even_on_the_other(town, plan):
    full = [(address.city, address.street, address.number) for address in town.addresses]
    assert len(set(full)) == len(full)
    assert len({address.street for address in town.addresses}) > 60
    written = Counter(
        (thing.tags["addr:street"], thing.tags["addr:housenumber"], thing.tags["addr:city"])
        for thing in osmium.FileProcessor(str(town.path))
        if "addr:housenumber" in thing.tags
    )
    assert set(written.values()) == {1} and len(written) == len(full)
    one = next(group for group, count in Counter(plan.houses.group.tolist()).most_common() if count > 8)
    mine = plan.houses.group == one
    digits = [int("".join(filter(str.isdigit, number))) for number in plan.houses.number[mine]]
    assert {number % 2 for number in digits} == {0, 1}


def test_street_names_are_of_one_street_each(plan):
    named = [name for name in plan.names if name]
    assert max(Counter(named).values()) == 1
    assert "Place du Marché" in named


def test_depots_are_houses_of_the_town(town):
    assert set(town.depots) <= set(town.addresses)
    assert town.depots[0] != town.depots[1]
