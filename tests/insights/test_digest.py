"""One event that can't be taken in does not end all measures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.values import StopOutcome
from homestretch.events.log import history
from homestretch.events.models import Event
from homestretch.events.scope import scope
from homestretch.insights.actions import digest
from homestretch.insights.models import TaskFact
from homestretch.kernel.actor import system
from homestretch.kernel.ids import uuid7
from tests.town.dispatch import a_road, an_owner
from tests.town.places import AT


def test_what_cannot_be_taken_in_is_passed_over_and_said(db: Any, caplog: pytest.LogCaptureFixture) -> None:
    road = a_road(an_owner(), 1).start()
    (stop,) = road.stops
    dispatch.complete_stop(stop.id, StopOutcome(left_with="recipient"), by=road.driver, at=AT + timedelta(minutes=40))
    gone = {"id": uuid7(), "subject": "route", "subject_id": uuid7(), "subject_seq": 1, "at": AT, "recorded_at": AT}
    with scope(system(road.by.organization_id)):
        bad = [
            Event(**gone, type="route.finished", data={}),
            Event(**gone, type="stop.completed", data={}),
            Event(**gone, type="survey.submitted", data={"order_id": "none of ours"}),
        ]
        digest([*bad, *history("stop", stop.id)])
        assert TaskFact.objects.get().outcome == "completed"
    assert [str(gone["id"]) in record.getMessage() for record in caplog.records] == [True] * 3
