"""A yes and a change of the same route at one moment, really committed: one of them waits, and never half happens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch import queries as routes
from homestretch.dispatch.models import StopTask
from homestretch.events.scope import scope
from homestretch.recovery import actions, queries
from homestretch.recovery.values import Wish
from tests.dispatch.test_at_once import at_once
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.fleet import a_depot
from tests.town.places import AT
from tests.work import run_jobs

NOW = AT + timedelta(minutes=5)


@pytest.fixture
def roads(committed: None, monkeypatch: pytest.MonkeyPatch) -> tuple[Road, Road]:
    monkeypatch.setattr("homestretch.recovery.jobs.now", lambda: NOW)
    by = an_owner()
    actions.set_policy({"seconds": 1}, by=by, at=AT)
    depot = a_depot(by)
    return a_road(by, 2, depot=depot).start(), a_road(by, 2, first_number=4, depot=depot).start()


def test_a_route_that_changes_while_a_proposal_is_accepted_makes_one_of_the_two_wait_and_fail(
    roads: tuple[Road, Road],
) -> None:
    down, other = roads
    by = down.by
    row = actions.ask(Wish("vehicle_down", route_id=down.route_id), by=by, at=NOW)
    run_jobs()
    with scope(by):
        order = [stop.id for stop in routes.open_stops(other.route_id)][::-1]
    results = at_once(
        lambda: actions.accept(row.id, by=by, at=NOW).state,
        lambda: dispatch.resequence(other.route_id, order, by=by, at=NOW).id,
    )
    won = "accepted" in results
    assert ("route.sequence_incomplete" in results) if won else ("proposal.overtaken" in results)
    with scope(by):
        assert queries.proposal(row.id).state == ("accepted" if won else "made")
        live = StopTask.objects.filter(live=True)
        assert live.filter(stop__route_id=down.route_id).count() == (0 if won else 2)
        assert live.count() == 4


def test_of_two_who_say_yes_one_is_told_that_it_is_settled(roads: tuple[Road, Road]) -> None:
    down, _ = roads
    row = actions.ask(Wish("vehicle_down", route_id=down.route_id), by=down.by, at=NOW)
    run_jobs()
    results = at_once(*[lambda: actions.accept(row.id, by=down.by, at=NOW).state] * 2)
    assert sorted(results) == ["accepted", "proposal.settled"]
