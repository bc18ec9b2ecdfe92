"""A plan drawn: every route, stop and depot is there, what is on no route is marked, and the legend adds up."""

from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from homestretch.planner import NOWHERE, Plan, Route, plan_cost, route_cost, schedule
from homestretch.planner.picture import INKS, picture
from tests.planner.town import plan, shift, town, visit

SVG = "{http://www.w3.org/2000/svg}"
LINE = [(float(place), 0.0) for place in range(10)]


def drawn(*, routes: int = 2, **more: object) -> ElementTree.Element:
    visits = [*(visit(f"v{n}", 1 + n % 8) for n in range(routes)), visit("out", 7, prize=3)]
    vans = [replace(shift(f"van {n}"), name="The <longest> van of all") for n in range(routes)]
    problem = town([*visits, visit("lost", NOWHERE, prize=1)], vans)
    made = Plan(tuple(Route(f"van {n}", (f"v{n}",)) for n in range(routes)), ("out", "lost"))
    return ElementTree.fromstring(picture(problem, made, LINE, **more))


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]


def test_all_that_a_plan_has_is_drawn():
    root = drawn(title="Tuesday & co")
    assert len(list(root.iter(f"{SVG}circle"))) == 2
    assert [path.attrib["class"] for path in root.iter(f"{SVG}path")] == ["out", "out"]
    said = texts(root)
    assert said[0] == "Tuesday & co"
    assert "2 on no route" in said[1]
    assert said[1].startswith("cost ")
    assert "1  The <longe…The <longest> van of all" in said


def test_the_legend_says_what_each_route_costs():
    problem = town([visit("a", 2), visit("b", 5)], [shift(), shift("car")])
    made = plan(("van", "a"), ("car", "b"))
    said = texts(ElementTree.fromstring(picture(problem, made, LINE)))
    for route in made.routes:
        assert f"{route_cost(problem, schedule(problem, route)):,}".replace(",", "\u2009") in said
    assert f"cost {plan_cost(problem, made):,} · 2 routes · 2 stops".replace(",", "\u2009") in said


def test_neighbors_differ_in_more_than_hue_and_no_two_routes_are_alike():
    lines = [
        (line.attrib["stroke"], line.attrib.get("stroke-dasharray"))
        for line in drawn(routes=2 * len(INKS)).iter(f"{SVG}polyline")
        if line.attrib["class"] == "way"
    ]
    legend = lines[len(lines) // 2 :]
    assert len(set(legend)) == len(legend) == 2 * len(INKS)
    assert all(one[1] != other[1] for one, other in pairwise(legend))


def test_nothing_lies_outside_the_picture():
    root = drawn(routes=60)
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    for each in root.iter():
        for name, most in (("x", width), ("cx", width), ("y", height), ("cy", height)):
            assert each.tag != f"{SVG}text" or 0 <= float(each.attrib.get(name, 0)) <= most


def test_a_place_without_coordinates_is_said():
    with pytest.raises(IndexError):
        picture(town([visit("a", 9)]), plan(("van", "a")), LINE[:5])
