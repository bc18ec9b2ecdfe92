"""The page of the running day: empty and crowded, for whom it is meant, with nothing of the neighbor's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.values import StopOutcome
from homestretch.doors.console.frame import frame_of
from homestretch.doors.console.today.chart import HIGHEST, MARGIN, WIDTH, chart_of
from homestretch.doors.console.today.day import day_of
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.geo import Point, offset
from homestretch.orders import queries as orders
from homestretch.recovery import queries as recovery
from homestretch.tracking import actions as tracking
from tests.town.accounts import a_member, a_merchant, an_organization, owner_of, signed_in
from tests.town.dispatch import a_road, an_owner
from tests.town.fleet import a_depot
from tests.town.places import AT
from tests.work import run_jobs


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


@pytest.mark.usefixtures("at_eight")
def test_another_day_is_shown_without_what_needs_somebody_now() -> None:
    by = an_owner()
    road = a_road(by, 2).start()
    dispatch.fail_stop(road.stops[0].id, StopOutcome(reason="refused"), by=road.driver, at=AT)
    run_jobs()
    client = signed_in(by)
    today = client.get("/?day=2026-11-23").content.decode()
    assert "Attempt failed" in today
    later = client.get("/?day=2026-11-24").content.decode()
    assert "Tue, 24 November 2026" in later
    assert "Attempt failed" not in later
    assert "No route on the road" in later
    assert client.get("/?day=never").status_code == 200


def a_failed_attempt(by: Actor) -> tuple[Any, Any]:
    """Its order, which waits for a decision, and its exception."""
    road = a_road(by, 2).start()
    dispatch.fail_stop(road.stops[0].id, StopOutcome(reason="recipient_absent"), by=road.driver, at=AT)
    run_jobs()
    with scope(by):
        return road.order(0), recovery.exceptions().get(kind="attempt_failed")


@pytest.mark.usefixtures("at_eight")
def test_one_click_does_what_is_suggested_and_settles_the_matter() -> None:
    by = an_owner()
    order, exception = a_failed_attempt(by)
    client = signed_in(by)
    page = client.get("/").content.decode()
    assert "Try again Tuesday" in page
    assert re.search(r"What needs you <small>1<", page)
    for _ in range(2):
        form = {"nonce": "1", "version": exception.version}
        assert client.post(f"/exceptions/{exception.id}/tomorrow", form).status_code == 302
    with scope(by):
        assert str(orders.get_order(order.id).day) == "2026-11-24"
        settled = recovery.exception(exception.id)
    assert (settled.state, settled.resolution) == ("resolved", "planned again for Tuesday, 24 November")
    assert "Nothing is off plan" in client.get("/").content.decode()


@pytest.mark.usefixtures("at_eight")
def test_a_matter_is_settled_with_words() -> None:
    by = an_owner()
    _, exception = a_failed_attempt(by)
    client = signed_in(by)
    answer = client.post(f"/exceptions/{exception.id}/settle", {"resolution": " ", "nonce": "1"}, follow=True)
    assert "exception.resolution_missing" in answer.content.decode()
    stale = {"resolution": "called", "version": exception.version + 5, "nonce": "2"}
    assert "exception.stale" in client.post(f"/exceptions/{exception.id}/settle", stale, follow=True).content.decode()
    client.post(f"/exceptions/{exception.id}/settle", {"resolution": "called her", "nonce": "3"})
    with scope(by):
        assert recovery.exception(exception.id).resolution == "called her"


@pytest.mark.usefixtures("at_eight")
def test_only_who_may_settles_and_no_stranger() -> None:
    organization = an_organization()
    by = owner_of(organization)
    _, exception = a_failed_attempt(by)
    viewer = signed_in(a_member(organization, "viewer"))
    page = viewer.get("/").content.decode()
    assert "Attempt failed" in page
    assert "Settle it" not in page
    assert "Try again" not in page
    for act in ("settle", "tomorrow"):
        assert viewer.post(f"/exceptions/{exception.id}/{act}", {"resolution": "x"}).status_code == 403
        stranger = signed_in(an_owner("Next Door"))
        assert stranger.post(f"/exceptions/{exception.id}/{act}", {"resolution": "x"}).status_code == 404


@pytest.mark.usefixtures("at_eight")
def test_the_navigation_shows_what_one_may_enter_and_what_waits() -> None:
    organization = an_organization()
    by = owner_of(organization)
    a_failed_attempt(by)
    page = signed_in(a_member(organization, "viewer")).get("/").content.decode()
    assert page.count('aria-current="page"') == 1
    assert 'aria-label="1 waiting"' in page
    shop = frame_of(a_member(organization, "merchant", a_merchant(by).id), "")
    assert not {"today", "orders", "places"} & {link.name for link in shop.links}


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
