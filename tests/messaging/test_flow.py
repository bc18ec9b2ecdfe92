"""What facts lead to messages, and when: a drain is given what it asked for, and many orders let the road go first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from homestretch.accounts.actions import update_organization
from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.values import StopOutcome
from tests.town.dispatch import a_road, an_owner
from tests.town.fleet import a_shift
from tests.town.messaging import a_post, states
from tests.town.orders import an_order
from tests.town.places import AT
from tests.work import run_drains


def test_who_is_to_choose_a_time_is_asked_whatever_else_happened(committed: Any, tmp_path: Path) -> None:
    with a_post(tmp_path):
        by = an_owner()
        a_shift(by)
        update_organization({"booking": True, "choice_days": 3}, by=by, at=AT)
        order = an_order(by, 1, day=None)
        run_drains(by.organization_id)
        assert [row[:2] for row in states(by, order_id=order.id)] == [("invited", "sms"), ("invited", "email")]


def test_what_happens_on_the_road_goes_before_what_a_release_has_to_say(db: Any, tmp_path: Path) -> None:
    with a_post(tmp_path):
        road = a_road(an_owner())
        road.start(AT)
        dispatch.fail_stop(road.stops[0].id, StopOutcome(reason="refused"), by=road.driver, at=AT)
        jobs = ProcrastinateJob.objects.filter(status="todo")
        told = [row.task_name for row in jobs if row.priority < 0]
        road_first = [row.task_name for row in jobs if row.priority >= 0]
    assert "recovery.consider" in road_first and "recovery.consider" not in told
    assert told.count("messaging.notify") == told.count("recovery.settle") == len(road.orders)
