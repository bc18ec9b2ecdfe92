"""How long a stop takes is told by what was driven: newest routes, of the depots that are asked about, once enough."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from homestretch.dispatch import actions, queries
from homestretch.dispatch.queries import driven as reckoned
from homestretch.dispatch.values import StopOutcome
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.fleet import DAY
from tests.town.places import AT


@pytest.fixture
def by(db: Any, monkeypatch: pytest.MonkeyPatch) -> Actor:
    monkeypatch.setattr(reckoned, "FEWEST_STOPS", 3)
    return an_owner()


def driven(road: Road, minutes: int) -> Road:
    """All its stops done, back after so many minutes."""
    road.start()
    for number, stop in enumerate(road.stops, 1):
        actions.complete_stop(stop.id, StopOutcome(), by=road.driver, at=AT + timedelta(minutes=number))
    actions.finish_route(road.route_id, by=road.driver, at=AT + timedelta(minutes=minutes))
    return road


def test_a_stop_takes_what_the_routes_took_by_their_stops(by: Actor) -> None:
    road = driven(a_road(by, 3), 60)
    with scope(by):
        assert queries.pace(DAY) == 20 * 60
        assert queries.pace(DAY, [road.shift.start_depot_id]) == 20 * 60
        assert queries.pace(DAY, [uuid7()]) is None
        assert queries.pace(DAY - timedelta(days=1)) is None, "it was driven later"
        assert queries.pace(DAY + timedelta(days=28)) is None, "too long ago"


def test_too_few_stops_tell_nothing_and_routes_under_way_are_not_counted(by: Actor) -> None:
    driven(a_road(by, 2), 60)
    a_road(by, 3, first_number=10).start()
    with scope(by):
        assert queries.pace(DAY) is None
