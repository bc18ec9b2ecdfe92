"""Turn restrictions are kept: each of a real city's, and the rarer kinds on a made cross."""

from __future__ import annotations

import numpy as np
import pytest

from homestretch.atlas.osm import read_text
from homestretch.atlas.roads import UNREACHABLE
from homestretch.atlas.roads.values import Snap
from tests.atlas.osm_files import Drawing
from tests.atlas.roads_town import DATA, city, network_of


def on_arc(arc: int, share: float = 0.5) -> Snap:
    """A place on one arc, to be used in that direction only."""
    one = np.array([arc], np.int32)
    return Snap("van", one, one * 0 - 1, np.array([share]), np.zeros(1), np.zeros(1, np.int8))


def _pairs(network, relation):
    """(arc into the junction, arc out of it) that the relation names."""
    graph = network.graph
    role = {r: [m for m in relation.members if m.role == r] for r in ("from", "via", "to")}
    if not all(role.values()) or role["via"][0].kind != "n":
        return
    node = np.flatnonzero(graph.node_id == role["via"][0].ref)
    for start in role["from"]:
        for end in role["to"]:
            for a in network.arcs_of_way(start.ref):
                for b in network.arcs_of_way(end.ref):
                    if len(node) and graph.arc_head[a] == node[0] == graph.arc_tail[b]:
                        yield int(a), int(b)


def _taken(path) -> set[tuple[int, int]]:
    return set(zip(path.arcs[:-1].tolist(), path.arcs[1:].tolist(), strict=True))


def _asked(network):
    """For each of the city's relations that concern the van: its kind, and the turns that it names."""
    topology = network.topology()
    for relation in read_text(DATA / "heidelberg.osm.pbf", "type", "restriction").relations:
        kind = relation.tags.get("restriction", "")
        spared = {"motorcar", "motor_vehicle", "goods"} & set(relation.tags.get("except", "").split(";"))
        if relation.tags.get("type") != "restriction" or not kind or spared:
            continue
        pairs = [pair for pair in _pairs(network, relation) if min(topology.begin[list(pair)]) >= 0]
        ways = [{m.ref for m in relation.members if m.role == role} for role in ("from", "to")]
        if ways[0] & ways[1]:
            pairs = [(a, b) for a, b in pairs if (b == a ^ 1) == kind.endswith("u_turn")]
        yield kind.split("_")[0], pairs


def test_every_restriction_of_heidelberg_holds_for_the_van(tmp_path_factory, capsys):
    """A drive that stands before the junction wants the arc behind it; of `only_*`, it wants all other arcs too."""
    network = city("heidelberg", tmp_path_factory.mktemp("city"))
    asked = list(_asked(network))
    forbidden = {pair for word, pairs in asked if word == "no" for pair in pairs}
    metric = network.metric()
    for word, pairs in asked:
        for a, b in pairs:
            path = metric.path(on_arc(a, 0.9), 0, on_arc(b, 0.1), 0)
            if word == "no" or (a, b) in forbidden:  # two relations of the data contradict each other
                assert path is None or (a, b) not in _taken(path)
            else:
                assert path.arcs.tolist() == [a, b]
                _takes_no_other(metric, a, {end for start, end in pairs if start == a})
    counts = {word: sum(one == word and bool(pairs) for one, pairs in asked) for word in ("no", "only")}
    closed = sum(not pairs for _, pairs in asked)
    with capsys.disabled():
        print(f"\nrestrictions of Heidelberg asked for: {counts}; on ways that are closed to the van: {closed}")
    assert counts["no"] > 60
    assert counts["only"] > 250


def _takes_no_other(metric, a: int, ends: set[int]) -> None:
    graph = metric.graph
    for other in np.flatnonzero(graph.arc_tail == graph.arc_head[a]):
        if int(other) not in ends and metric.topology.begin[other] >= 0:
            path = metric.path(on_arc(a, 0.9), 0, on_arc(int(other), 0.1), 0)
            assert path is None or path.arcs[1] in ends


def cross(**tags: str) -> tuple[Drawing, dict[str, int]]:
    """West to east in three pieces (1, 2, 3), streets north from both inner junctions (4, 5), joined at the top."""
    drawing = Drawing()
    for ident, east, north in ((1, 0, 0), (2, 100, 0), (3, 200, 0), (4, 300, 0), (5, 100, 100), (6, 200, 100)):
        drawing.node(ident, east, north)
    for way, nodes in ((11, [1, 2]), (12, [2, 3]), (13, [3, 4]), (14, [2, 5]), (15, [3, 6])):
        drawing.way(way, nodes, highway="residential")
    return drawing, tags


def _way(network, a: int, b: int, profile: str = "van"):
    """The ways that a drive takes from the beginning of way `a` to the end of way `b`."""
    graph = network.graph
    start = next(
        int(arc)
        for arc in network.arcs_of_way(a)
        if graph.node_id[graph.arc_tail[arc]] < graph.node_id[graph.arc_head[arc]]
    )
    goal = next(
        int(arc)
        for arc in network.arcs_of_way(b)
        if graph.node_id[graph.arc_tail[arc]] < graph.node_id[graph.arc_head[arc]]
    )
    metric = network.metric(profile)
    one, other = on_arc(start), on_arc(goal)
    path = metric.path(one, 0, other, 0)
    table = metric.milliseconds(one, other)[0, 0]
    assert table == (UNREACHABLE if path is None else path.milliseconds)
    return None if path is None else [int(graph.way[arc >> 1]) for arc in path.arcs]


VIA_WAY = [("w", 11, "from"), ("w", 12, "via"), ("w", 15, "to")]
VIA_NODE = [("w", 11, "from"), ("n", 2, "via"), ("w", 14, "to")]


def _restricted(folder, members, **tags: str):
    drawing, _ = cross()
    drawing.relation(50, members, **{"type": "restriction", **tags})
    return network_of(drawing, folder)


def test_without_a_restriction_both_turns_are_taken(tmp_path):
    network = network_of(cross()[0], tmp_path)
    assert _way(network, 11, 15) == [11, 12, 15]
    assert _way(network, 11, 14) == [11, 14]


def test_by_way_of_another_way_the_whole_maneuver_is_forbidden_and_nothing_else(tmp_path):
    network = _restricted(tmp_path, VIA_WAY, restriction="no_left_turn")
    assert _way(network, 11, 15) != [11, 12, 15]
    assert _way(network, 11, 13) == [11, 12, 13]
    assert _way(network, 12, 15) == [12, 15]
    assert _way(network, 11, 14) == [11, 14]


def test_only_by_way_of_another_way_forces_the_whole_maneuver(tmp_path):
    network = _restricted(tmp_path, VIA_WAY, restriction="only_left_turn")
    assert _way(network, 11, 15) == [11, 12, 15]
    assert _way(network, 11, 13) != [11, 12, 13]
    assert _way(network, 12, 13) == [12, 13]
    assert _way(network, 11, 14) != [11, 14]


def test_an_exception_spares_whom_it_names(tmp_path):
    network = _restricted(tmp_path, VIA_NODE, restriction="no_left_turn", **{"except": "motorcar;bicycle"})
    assert _way(network, 11, 14) == [11, 14]
    assert _way(network, 11, 14, "bike") == [11, 14]
    assert _way(network, 11, 14, "truck") != [11, 14]


@pytest.mark.parametrize(
    ("tags", "van", "truck"),
    [
        ({"restriction:conditional": "no_left_turn @ (Mo-Fr 07:00-09:00)"}, False, False),
        ({"restriction:conditional": "no_left_turn @ (weight>7.5)"}, True, False),
        ({"restriction:hgv": "no_left_turn"}, True, False),
        ({"restriction": "no_entry"}, False, False),
        ({"restriction": "give_way"}, True, True),
    ],
)
def test_conditional_ones_always_hold_and_those_for_the_heavy_hold_for_them(tmp_path, tags, van, truck):
    network = _restricted(tmp_path, VIA_NODE, **tags)
    assert (_way(network, 11, 14) == [11, 14]) == van
    assert (_way(network, 11, 14, "truck") == [11, 14]) == truck
    assert _way(network, 11, 14, "foot") == [11, 14]


def test_nobody_turns_around_but_at_a_dead_end(tmp_path):
    network = network_of(cross()[0], tmp_path)
    graph = network.graph
    arc = int(network.arcs_of_way(11)[0])
    path = network.metric().path(on_arc(arc), 0, on_arc(arc ^ 1), 0)
    turned = [int(one) for one, other in zip(path.arcs[:-1], path.arcs[1:], strict=True) if other == one ^ 1]
    assert turned
    assert all((np.concatenate([graph.tail, graph.head]) == graph.arc_head[one]).sum() == 1 for one in turned)


def test_a_forbidden_turn_around_is_not_made_even_at_a_dead_end(tmp_path):
    drawing, _ = cross()
    drawing.relation(
        50, [("w", 14, "from"), ("n", 5, "via"), ("w", 14, "to")], type="restriction", restriction="no_u_turn"
    )
    network = network_of(drawing, tmp_path)
    up = next(int(a) for a in network.arcs_of_way(14) if network.graph.node_id[network.graph.arc_head[a]] == 5)
    assert network.metric().path(on_arc(up), 0, on_arc(up ^ 1), 0) is None
