"""The page of the running day: empty and crowded, for whom it is meant, with nothing of the neighbor's."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from homestretch.doors.console.chart import HIGHEST, MARGIN, WIDTH, chart_of
from homestretch.doors.console.day import day_of
from homestretch.events.scope import scope
from homestretch.kernel.geo import Point, offset
from homestretch.tracking import actions as tracking
from tests.town.accounts import a_member, a_merchant, an_organization, owner_of, signed_in
from tests.town.dispatch import a_road, an_owner
from tests.town.fleet import a_depot
from tests.town.places import AT


@pytest.mark.django_db
def test_whoever_is_not_signed_in_is_sent_to_the_form() -> None:
    answer = Client().get("/")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]
    form = Client().get(answer["Location"])
    assert b"Homestretch" in form.content


@pytest.mark.django_db
def test_an_empty_day_says_what_to_do() -> None:
    viewer = signed_in(a_member(an_organization("Empty Vans"), "viewer"))
    page = viewer.get("/").content.decode()
    assert "Empty Vans" in page
    assert "No route on the road" in page
    assert "Nothing is off plan" in page


@pytest.mark.django_db
def test_a_depot_is_drawn_and_the_neighbors_is_not() -> None:
    ours = owner_of(an_organization())
    a_depot(ours, name="Our depot")
    a_depot(owner_of(an_organization("Next door")), name="Their depot")
    page = signed_in(ours).get("/").content.decode()
    assert "Our depot" in page
    assert "Their depot" not in page


@pytest.mark.django_db
def test_a_merchant_may_not_see_the_routes() -> None:
    organization = an_organization()
    shop = a_merchant(owner_of(organization))
    answer = signed_in(a_member(organization, "merchant", shop.id)).get("/panel")
    assert answer.status_code == 403


def test_every_place_lies_on_the_drawing_north_up_and_undistorted() -> None:
    center = Point(60.0, 25.0)
    corners = [offset(center, north, east) for north in (-2000, 2000) for east in (-5000, 5000)]
    chart = chart_of(corners)
    assert chart is not None
    drawn = [chart.at(point) for point in corners]
    assert all(MARGIN <= x <= WIDTH - MARGIN and MARGIN <= y <= chart.height - MARGIN for x, y in drawn)
    (x_left, y_south), (x_right, _), (_, y_north), _ = drawn
    assert y_north < y_south
    assert abs((x_right - x_left) / (y_south - y_north) - 2.5) < 0.05


def test_a_single_place_is_not_blown_up() -> None:
    chart = chart_of([Point(49.6, 6.1)])
    assert chart is not None
    assert chart.height <= HIGHEST
    assert chart_of([]) is None


@pytest.mark.django_db
def test_a_crowded_day_is_read_with_as_many_questions_as_a_quiet_one() -> None:
    by = an_owner()

    def asked(numbers: range) -> int:
        for number in numbers:
            road = a_road(by, 2, first_number=2 * number).start()
            tracking.reforecast(road.route_id, by=by, at=AT)
        with scope(by), CaptureQueriesContext(connection) as queries:
            day = day_of(AT)
        assert len(day.routes) == numbers.stop
        assert all(row.next_at and row.total == 2 for row in day.routes)
        return len(queries)

    assert asked(range(2)) == asked(range(2, 6))
