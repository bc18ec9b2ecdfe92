"""A changed route that its driver does not read becomes an exception, and ends as one when it is read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homestretch.dispatch import actions as dispatch
from homestretch.events.clock import set_clock
from homestretch.recovery import actions
from tests.recovery.test_recovery import open_rows
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.places import AT
from tests.work import run_due, run_jobs


@pytest.fixture
def road(db: None, settings: object) -> Road:
    settings.HOMESTRETCH_SIMULATED_CLOCK = True  # type: ignore[attr-defined]
    set_clock(AT)
    return a_road(an_owner()).start()


def turned(road: Road, minute: int = 0) -> None:
    first, *others = [stop.id for stop in road.stops]
    dispatch.resequence(road.route_id, [*others, first], by=road.by, at=AT + timedelta(minutes=minute))
    run_jobs()


def after(minutes: int) -> None:
    set_clock(AT + timedelta(minutes=minutes))
    run_due()


def kinds(road: Road) -> list[tuple[str, str]]:
    return [(row.kind, row.severity) for row in open_rows(road.by) if row.kind == "change_unread"]


def test_it_is_raised_after_ten_minutes_and_ends_when_it_is_read(road: Road) -> None:
    turned(road)
    after(9)
    assert kinds(road) == []
    after(10)
    assert kinds(road) == [("change_unread", "medium")]
    dispatch.read_route(road.route_id, road.route.version, by=road.driver, at=AT + timedelta(minutes=11))
    run_jobs()
    assert kinds(road) == []


def test_who_reads_in_time_is_not_listed(road: Road) -> None:
    turned(road)
    dispatch.read_route(road.route_id, road.route.version, by=road.driver, at=AT + timedelta(minutes=9))
    after(30)
    assert kinds(road) == []


def test_it_ends_with_its_route(road: Road) -> None:
    turned(road)
    after(10)
    dispatch.finish_route(road.route_id, by=road.driver, at=AT + timedelta(minutes=20))
    run_jobs()
    assert kinds(road) == []


def test_the_policy_says_how_long_or_never(road: Road) -> None:
    actions.set_policy({"unread_s": 0}, by=road.by, at=AT)
    turned(road)
    after(60)
    assert kinds(road) == []
    actions.set_policy({"unread_s": 60}, by=road.by, at=AT)
    turned(road, 60)
    after(61)
    assert kinds(road) == [("change_unread", "medium")]
