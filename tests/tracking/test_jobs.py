"""In the background: duties follow routes by themselves, positions are followed, forecasts refreshed, silence found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from homestretch.dispatch import actions as dispatch
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.kernel.actor import system
from homestretch.tracking import jobs
from homestretch.tracking.models import Duty, Forecast, Whereabouts
from tests.town.dispatch import a_road, an_owner
from tests.town.places import AT, spot
from tests.town.tracking import a_phone, bring, halt, kept
from tests.work import due, run_due, run_jobs, waiting


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A hand that sets the time of jobs, in minutes after seven."""

    def put(minutes: float) -> datetime:
        moment = AT + timedelta(minutes=minutes)
        for module in ("tracking.jobs", "events.later", "events.worker", "dispatch.jobs", "recovery.jobs"):
            monkeypatch.setattr(f"homestretch.{module}.now", lambda: moment)
        return moment

    put(0)
    return put


@pytest.fixture
def road(db: Any, clock: Any) -> Any:
    """A released route whose driver's phone has signed in."""
    by = an_owner()
    made = a_road(by)
    made.phone, _ = a_phone(by, made.driver.driver_id)
    run_jobs()
    return made


def rows(road: Any, model: Any) -> list[Any]:
    with scope(road.by):
        return list(model.objects.all())


def test_a_phone_that_signs_in_after_the_release_is_on_duty(road: Any) -> None:
    (duty,) = rows(road, Duty)
    assert (duty.device_id, duty.started_at) == (road.phone, None)


def _due_here() -> set[str]:
    """What of tracking waits for an hour."""
    return {name for name, _ in due() if name.startswith("tracking.")}


def test_a_day_of_a_route(road: Any, clock: Any) -> None:
    clock(1)
    road.start(AT + timedelta(minutes=1))
    run_jobs()
    assert len(rows(road, Forecast)) == 3
    assert _due_here() == {"tracking.sweep", "tracking.tick", "tracking.listen"}

    moment = clock(3)
    bring(road.by, road.phone, halt(spot(0), AT + timedelta(minutes=2), seconds=60), now=moment)
    jobs.ask_follow(road.by.organization_id)
    jobs.ask_follow(road.by.organization_id)
    assert [name for name, _ in waiting()] == ["tracking.follow"], "asked for twice, it runs once"
    run_jobs()
    (where,) = rows(road, Whereabouts)
    assert where.at == AT + timedelta(minutes=3)

    clock(5)
    run_due()
    assert {row.made_at for row in rows(road, Forecast)} == {AT + timedelta(minutes=5)}
    assert dict(due())["tracking.tick"] == AT + timedelta(minutes=10)

    for minutes in range(10, 25, 5):
        clock(minutes)
        run_due()
    with scope(road.by):
        assert [e.type for e in history("vehicle", road.route.vehicle_id) if "silent" in e.type] == ["vehicle.silent"]

    clock(30)
    dispatch.finish_route(road.route_id, by=road.driver, at=AT + timedelta(minutes=30))
    run_jobs()
    assert _due_here() == {"tracking.sweep"}
    (duty,) = rows(road, Duty)
    assert duty.ends_at == AT + timedelta(minutes=30)


def test_positions_ahead_of_a_tap_are_let_in_by_its_job(road: Any, clock: Any) -> None:
    moment = clock(-40)
    bring(road.by, road.phone, halt(spot(0), moment, seconds=10), now=moment)
    assert kept(road.by) == []
    road.start(AT - timedelta(minutes=45))
    run_jobs()
    assert len(kept(road.by)) == 3


def test_what_was_committed_and_not_asked_for_is_followed_by_the_next_refresh(road: Any, clock: Any) -> None:
    clock(1)
    road.start(AT + timedelta(minutes=1))
    run_jobs()
    bring(road.by, road.phone, halt(spot(0), AT + timedelta(minutes=2), seconds=60), now=clock(3))
    clock(5)
    run_due()
    assert rows(road, Whereabouts)[0].at == AT + timedelta(minutes=3)


def test_jobs_may_run_again(road: Any, clock: Any) -> None:
    clock(1)
    road.start(AT + timedelta(minutes=1))
    run_jobs()
    before = len(rows(road, Forecast))
    for _ in range(2):
        jobs.tick(organization_id=road.by.organization_id, route_id=road.route_id)
        jobs.listen(organization_id=road.by.organization_id, route_id=road.route_id)
        jobs.follow(organization_id=road.by.organization_id)
        jobs.sweep(organization_id=road.by.organization_id)
    assert len(rows(road, Forecast)) == before
    assert system(road.by.organization_id).organization_id == road.by.organization_id
