"""What may be drawn, why not, and what lies inside."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homestretch.kernel.geo import Point, offset
from homestretch.kernel.refusal import Refusal
from homestretch.places import rules
from homestretch.places.values import ZoneData
from tests.town.places import SQUARE
from tests.town.zones import box, collection, feature, polygon

WITH_HOLE = polygon(box(), box(half_m=300))
TWO = {"type": "MultiPolygon", "coordinates": [[box()], [box(5000)]]}
BOW = [[6.0, 49.0], [6.1, 49.1], [6.1, 49.0], [6.0, 49.1], [6.0, 49.0]]


def inside(geometry: Any, *points: Point) -> list[bool]:
    return rules.inside_any([rules.Shape(rules.read_drawing(geometry).geometry)], points)


def test_a_hole_is_outside_and_each_part_is_inside() -> None:
    near, far = offset(SQUARE, 600, 0), offset(SQUARE, 2000, 0)
    assert inside(polygon(), SQUARE, near, far) == [True, True, False]
    assert inside(WITH_HOLE, SQUARE, near, far) == [False, True, False]
    assert inside(TWO, SQUARE, offset(SQUARE, 5000, 0), offset(SQUARE, 3000, 0)) == [True, True, False]


def test_the_boundary_belongs_to_it() -> None:
    ring = box()
    corner, edge = ring[0], [(ring[0][0] + ring[1][0]) / 2, ring[0][1]]
    assert inside(polygon(ring), Point(corner[1], corner[0]), Point(edge[1], edge[0])) == [True, True]


def test_the_same_shape_has_the_same_hash_whichever_way_it_was_drawn() -> None:
    drawn = rules.read_drawing(polygon(box()))
    other = rules.read_drawing(polygon(list(reversed(box()))))
    assert drawn.geometry["type"] == "Polygon"
    assert set(map(tuple, drawn.geometry["coordinates"][0])) == set(map(tuple, box()))
    assert {drawn.south, drawn.north} == {min(p[1] for p in box()), max(p[1] for p in box())}
    assert rules.read_drawing(drawn.geometry).digest == drawn.digest
    assert other.south == drawn.south
    assert rules.read_drawing(polygon([[*p, 300.5] for p in box()])).digest == drawn.digest


@pytest.mark.parametrize(
    ("geometry", "code", "field"),
    [
        (None, "area.type_unknown", "geometry.type"),
        ({"type": "Point", "coordinates": [6, 49]}, "area.type_unknown", "geometry.type"),
        ({"type": "Polygon"}, "area.coordinates_missing", "geometry.coordinates"),
        ({"type": "Polygon", "coordinates": []}, "area.coordinates_missing", "geometry.coordinates"),
        ({"type": "Polygon", "coordinates": [[]]}, "area.coordinates_missing", "geometry.coordinates[0]"),
        ({"type": "MultiPolygon", "coordinates": [box()]}, "area.coordinates_invalid", "geometry.coordinates[0][0][0]"),
        (polygon(box()[:-1]), "area.ring_open", "geometry.coordinates[0]"),
        (polygon(box(), box(half_m=9)[:-1]), "area.ring_open", "geometry.coordinates[1]"),
        (polygon([[6, 49], [6, 49.1], [6, 49]]), "area.ring_short", "geometry.coordinates[0]"),
        (polygon([*box()[:2], [6.0], *box()[2:]]), "area.coordinates_invalid", "geometry.coordinates[0][2]"),
        (polygon([["6", 49], *box()]), "area.coordinates_invalid", "geometry.coordinates[0][0]"),
        (polygon([[True, 49], *box()]), "area.coordinates_invalid", "geometry.coordinates[0][0]"),
        (polygon([[float("nan"), 49], *box()]), "area.coordinates_invalid", "geometry.coordinates[0][0]"),
        (polygon([[6, 120], *box()]), "area.coordinates_invalid", "geometry.coordinates[0][0]"),
        (polygon(BOW), "area.self_crossing", "geometry.coordinates"),
        (polygon(box(half_m=9), box()), "area.self_crossing", "geometry.coordinates"),
        ({"type": "MultiPolygon", "coordinates": [[box()], [box(500)]]}, "area.self_crossing", "geometry.coordinates"),
        (polygon([[6, 49]] * 4), "area.self_crossing", "geometry.coordinates"),
        (polygon([[179, 1], [-179, 1], [-179, 2], [179, 2], [179, 1]]), "area.too_wide", "geometry.coordinates"),
        (polygon([[6, 49]] * 10_001), "area.too_many_points", "geometry.coordinates"),
        ({"type": "MultiPolygon", "coordinates": [[box()]] * 1001}, "area.too_many_points", "geometry.coordinates"),
    ],
)
def test_what_is_no_area_is_refused_with_where(geometry: Any, code: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        rules.read_drawing(geometry)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.remedy


def test_a_crossing_says_at_which_point() -> None:
    with pytest.raises(Refusal) as refused:
        rules.read_drawing(polygon(BOW))
    assert refused.value.details == {"lat": 49.05, "lon": 6.05}


def test_of_zones_that_overlap_the_highest_priority_counts_then_the_smallest() -> None:
    def layer(name: str, half_m: float, priority: int = 0) -> rules.Layer:
        return rules.Layer(name, priority, rules.Shape(polygon(box(half_m=half_m))))

    layers = [layer("town", 3000), layer("center", 500), layer("fair", 1000, priority=5)]
    assert rules.layers_at(layers, [SQUARE, offset(SQUARE, 2000, 0), offset(SQUARE, 9000, 0)]) == [
        ["fair", "center", "town"],
        ["town"],
        [],
    ]


@given(st.floats(-3000, 3000), st.floats(-3000, 3000))
def test_a_box_holds_what_lies_between_its_sides(north: float, east: float) -> None:
    ring, point = box(), offset(SQUARE, north, east)
    lons, lats = [p[0] for p in ring], [p[1] for p in ring]
    expected = min(lons) <= point.lon <= max(lons) and min(lats) <= point.lat <= max(lats)
    assert inside(polygon(ring), point) == [expected]


def test_a_file_is_read_feature_by_feature() -> None:
    depot = "01a20392-5b5e-758b-9f6e-14d7f999cad9"
    file = collection(
        feature("North", priority=3, depot_id=depot, color="red", external_id=7),
        feature("South", priority="high"),
        feature("West", depot_id="here"),
        {"type": "Feature", "properties": {"name": "Nothing"}},
    )
    north, *others = rules.read_zones(json.loads(json.dumps(file)))
    assert isinstance(north, ZoneData)
    assert (north.priority, str(north.depot_id), north.external_id, north.metadata) == (3, depot, "7", {"color": "red"})
    codes = [each.code for each in others if isinstance(each, Refusal)]
    assert codes == ["zone.priority_invalid", "zone.depot_id_invalid", "area.feature_invalid"]
    for file in ({}, {"type": "Feature", "features": []}, {"type": "FeatureCollection", "features": {}}):
        with pytest.raises(Refusal, match=r"area\.not_a_collection"):
            rules.read_zones(file)
    for count in (0, 1001):
        with pytest.raises(Refusal, match=r"area\.too_many_features"):
            rules.read_zones({"type": "FeatureCollection", "features": [{}] * count})
