"""An extract is whole and in order, or it is refused with a reason, or sorted."""

from __future__ import annotations

import pytest

from homestretch.atlas.osm import drives_left, line_of, open_extract, read_text
from homestretch.kernel.refusal import Refusal
from tests.atlas.osm_files import Drawing


def _cross() -> Drawing:
    drawing = Drawing()
    for ident, east, north in ((1, 0, 0), (2, 100, 0), (3, 200, 0), (4, 100, 100)):
        drawing.node(ident, east, north)
    drawing.nodes[2].tags = {"highway": "traffic_signals"}
    drawing.way(10, [1, 2, 3], highway="residential", name="Rue de l'Église, 1 = 2")
    drawing.way(11, [2, 4], highway="service")
    drawing.relation(
        20, [("w", 10, "from"), ("n", 2, "via"), ("w", 11, "to")], type="restriction", restriction="no_u_turn"
    )
    return drawing


def _code(path) -> str:
    with pytest.raises(Refusal) as refused, open_extract(path):
        pass
    return refused.value.code


def test_a_file_is_read_with_its_tags_and_positions(tmp_path):
    with open_extract(_cross().write(tmp_path / "cross.osm.pbf")) as extract:
        text = read_text(extract.path, "highway", "type")
        lines = {thing.id: line_of(thing) for thing in extract.objects("highway") if thing.is_way()}
    assert text.nodes == {2: {"highway": "traffic_signals"}}
    assert text.ways.tags[0]["name"] == "Rue de l'Église, 1 = 2"
    assert text.ways.refs.tolist() == [1, 2, 3, 2, 4]
    assert text.ways.lats[4] == pytest.approx(49.0 + 100 / 111_195, abs=1e-6)
    assert [(m.kind, m.ref, m.role) for m in text.relations[0].members] == [
        ("w", 10, "from"),
        ("n", 2, "via"),
        ("w", 11, "to"),
    ]
    assert lines[11].refs.tolist() == [2, 4]


@pytest.mark.parametrize("ending", [".osm.pbf", ".osm", ".osm.gz", ".osm.bz2"])
def test_every_usual_kind_is_read_and_bounds_come_from_the_roads(tmp_path, ending):
    with open_extract(_cross().write(tmp_path / f"cross{ending}")) as extract:
        assert extract.bounds.south == pytest.approx(49.0)
        assert extract.bounds.east == pytest.approx(8.0 + 200 / 73_000, abs=1e-6)
        assert extract.driving_side == "right"


def test_an_unsorted_file_is_sorted_first(tmp_path):
    source = _cross().write(tmp_path / "cross.osm.pbf", shuffled=True)
    with open_extract(source) as extract:
        assert extract.path != source
        assert extract.source == source
        assert read_text(extract.path, "highway").ways.lats.tolist()[0] == pytest.approx(49.0)
    assert not extract.path.exists()


def test_a_node_that_the_file_lacks_is_not_invented(tmp_path):
    drawing = _cross()
    drawing.way(12, [3, 99, 4], highway="service")
    with open_extract(drawing.write(tmp_path / "cross.osm.pbf")) as extract:
        ways = read_text(extract.path, "highway").ways
    assert [float(lat) == float(lat) for lat in ways.lats[5:]] == [True, False, True]


def test_what_cannot_be_read_is_refused_with_a_code(tmp_path):
    whole = _cross().write(tmp_path / "cross.osm.pbf").read_bytes()
    for name, content in (("half", whole[: len(whole) // 2]), ("noise", b"\x00\x01" * 500), ("empty", b"")):
        (tmp_path / f"{name}.osm.pbf").write_bytes(content)
    assert _code(tmp_path / "half.osm.pbf") in {"map.truncated", "map.unreadable"}
    assert _code(tmp_path / "noise.osm.pbf") in {"map.truncated", "map.unreadable"}
    assert _code(tmp_path / "empty.osm.pbf") == "map.empty"
    assert _code(tmp_path / "none.osm.pbf") == "map.not_found"
    (tmp_path / "town.txt").write_text("x")
    assert _code(tmp_path / "town.txt") == "map.kind_unknown"


def test_a_file_without_roads_or_without_their_nodes_is_refused(tmp_path):
    bare = Drawing()
    bare.node(1, 0, 0, amenity="bench")
    assert _code(bare.write(tmp_path / "bare.osm.pbf")) == "map.no_roads"
    lost = Drawing()
    lost.node(1, 0, 0, amenity="bench")
    lost.way(2, [5, 6], highway="service")
    assert _code(lost.write(tmp_path / "lost.osm.pbf")) == "map.nodes_missing"


def test_roundabouts_say_the_side_and_else_the_place():
    left = ((51.5, -0.1), (35.9, 14.5), (35.7, 139.7), (-33.9, 151.2), (-26.2, 28.0), (12.97, 77.6), (1.35, 103.8))
    right = ((49.4, 8.7), (50.95, 1.85), (48.9, 2.3), (40.7, -74.0), (-23.5, -46.6), (39.9, 116.4), (-8.8, 13.2))
    assert all(drives_left(*place) for place in left)
    assert not any(drives_left(*place) for place in right)


def test_the_data_outweighs_the_table(tmp_path):
    drawing = Drawing()
    for number in range(3):  # clockwise as seen from above: they drive on the left
        corners = [(0, 0), (0, 20), (20, 20), (20, 0)]
        ring = [drawing.node(number * 10 + n + 1, number * 100 + e, north) for n, (e, north) in enumerate(corners)]
        drawing.way(100 + number, [*ring, ring[0]], highway="primary", junction="roundabout")
    with open_extract(drawing.write(tmp_path / "rings.osm.pbf")) as extract:
        assert extract.driving_side == "left"
