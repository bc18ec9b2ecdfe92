"""What dispatchers and vehicles tell travel: closures, weather, speeds, drives. On PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.geo import Point
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window
from homestretch.travel import actions, queries
from homestretch.travel.rules.estimate import built_in
from homestretch.travel.rules.speeds import Speed
from homestretch.travel.values import ClosureData
from tests.town.organizations import an_organization
from tests.town.places import AT

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SPAN = Window(AT, AT + 8 * HOUR)


def polygon(*corners: list[Any]) -> dict[str, Any]:
    """A GeoJSON Polygon of [lon, lat] corners."""
    return {"type": "Polygon", "coordinates": [list(corners)]}


AREA = polygon([6.1, 49.6], [6.11, 49.6], [6.11, 49.61], [6.1, 49.6])


def closure(**changes: Any) -> ClosureData:
    return replace(ClosureData("Market", "", None, AREA, AT, AT + 4 * HOUR), **changes)


def test_a_closure_is_known_for_its_span_and_profiles_and_its_end_can_be_said() -> None:
    by = an_organization()
    row = actions.close_road(closure(profiles=("truck",)), by=by, at=AT)
    with scope(by):
        assert queries.known("van", SPAN).closures == ()
        assert len(queries.known("truck", SPAN).closures[0].areas[0]) == 3
        assert queries.known("truck", Window(AT + 5 * HOUR, AT + 6 * HOUR)).closures == ()
        assert [closed.id for closed in queries.closures(at=AT)] == [row.id]
    actions.open_road(row.id, by=by, at=AT + HOUR)
    actions.open_road(row.id, by=by, at=AT + 2 * HOUR)
    with scope(by):
        assert queries.closure(row.id).ends_at == AT + HOUR
        assert [event.type for event in history("closure", row.id)] == ["closure.made", "closure.ended"]


def test_a_closure_that_has_not_begun_ends_where_it_would_have_begun() -> None:
    by = an_organization()
    row = actions.close_road(closure(starts_at=AT + HOUR, ends_at=None), by=by, at=AT)
    assert actions.open_road(row.id, by=by, at=AT).ends_at == AT + HOUR


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"area": None}, "closure.nothing_named"),
        ({"street": "Mill Lane"}, "closure.nothing_named"),
        ({"ends_at": AT}, "closure.ends_before_start"),
        ({"profiles": ("rocket",)}, "travel.profile_unknown"),
        ({"area": {"type": "Point", "coordinates": [6.1, 49.6]}}, "area.type_unknown"),
        (
            {"area": {"type": "Polygon", "coordinates": [[[6.1, 49.6], [6.2, 49.6], [6.1, 49.6]]]}},
            "area.ring_short",
        ),
        ({"area": polygon([6, 49], [7, 50], [7, 49], [6, 50], [6, 49])}, "area.self_crossing"),
        (
            {"area": {"type": "Polygon", "coordinates": [[["a", 49], [7, 50], [7, 49], ["a", 49]]]}},
            "area.coordinates_invalid",
        ),
        ({"area": polygon([6, 149], [7, 50], [7, 49], [6, 149])}, "area.coordinates_invalid"),
    ],
)
def test_a_closure_of_nothing_or_nonsense_is_refused(changes: dict[str, Any], code: str) -> None:
    by = an_organization()
    with pytest.raises(Refusal) as refused:
        actions.close_road(closure(**changes), by=by, at=AT)
    assert refused.value.code == code
    with scope(by):
        assert not queries.closures().exists()


def test_a_stranger_finds_no_closure_of_ours() -> None:
    row = actions.close_road(closure(), by=an_organization(), at=AT)
    stranger = an_organization("Next door")
    with pytest.raises(Refusal, match=r"closure\.not_found"):
        actions.open_road(row.id, by=stranger, at=AT)
    with pytest.raises(Refusal, match=r"closure\.not_found"):
        actions.open_road(uuid7(), by=stranger, at=AT)


def test_the_newer_of_two_weathers_holds() -> None:
    by = an_organization()
    actions.set_weather("rain", AT, AT + 4 * HOUR, source="us", by=by, at=AT)
    actions.set_weather("storm", AT + HOUR, AT + 2 * HOUR, source="us", by=by, at=AT)
    with scope(by):
        known = queries.known("van", SPAN)
    assert [span.kind for span in known.weather] == ["rain", "storm"]
    with pytest.raises(Refusal, match=r"weather\.kind_unknown"):
        actions.set_weather("fog", AT, AT + HOUR, source="us", by=by, at=AT)


def test_a_file_of_speeds_is_taken_whole_or_not_at_all() -> None:
    by = an_organization()
    head = "way,direction,day,from,to,speed_kmh\n"
    actions.import_speeds(head + "42,both,work,7,9,18\n", by=by, at=AT)
    with pytest.raises(Refusal, match=r"speeds\.rows_invalid") as refused:
        actions.import_speeds(head + "43,both,work,7,9,18\n44,both,work,7,9,fast\n", by=by, at=AT)
    assert [(row["row"], row["field"]) for row in refused.value.details["rows"]] == [(3, "speed_kmh")]
    with scope(by):
        known = queries.known("van", SPAN)
    assert [[speed.way for speed in speeds] for speeds in known.speeds] == [[42]]
    actions.import_speeds(head + "45,both,work,7,9,18\n", by=by, at=AT + HOUR)
    with scope(by):
        again = queries.known("van", SPAN)
    assert [[speed.way for speed in speeds] for speeds in again.speeds] == [[45]]
    assert again.speeds_key != known.speeds_key
    assert again.speeds_as_of == AT + HOUR


def test_live_traffic_is_forgotten_when_it_is_over() -> None:
    by = an_organization()
    actions.import_speeds("way,direction,day,from,to,speed_kmh\n42,both,all,0,24,30\n", by=by, at=AT)
    actions.replace_speeds("traffic", [Speed(42, 0, -1, 0, 24, 3_000)], ends_at=AT + HOUR, by=by, at=AT)
    with scope(by):
        assert len(queries.known("van", SPAN).speeds) == 2
        assert len(queries.known("van", Window(AT + 2 * HOUR, AT + 3 * HOUR)).speeds) == 1


def test_an_adopted_model_holds_until_the_next() -> None:
    by = an_organization()
    model = replace(built_in("van"), km_s=333, cells_pct={("1/2", "3/4"): 120})
    actions.adopt(model, source="tests", by=by, at=AT)
    with scope(by):
        assert queries.estimate_of("van") == replace(model, version=1)
        assert queries.estimate_of("van").cells_pct == model.cells_pct
        assert queries.adopted_at("van") == AT
        assert queries.adopted_at("truck") is None
        assert queries.estimate_of("truck") == built_in("truck")


def test_a_leg_takes_what_the_matrix_over_the_same_span_says(no_map: None) -> None:
    by, here, there = an_organization(), Point(49.60, 6.10), Point(49.61, 6.12)
    with scope(by):
        matrix = queries.matrix([here, there], SPAN, "van").profile
        assert queries.leg(here, there, SPAN, "van") == (int(matrix.durations[0, 1]), int(matrix.distances[0, 1]))
