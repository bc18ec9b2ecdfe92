"""A recipient takes another day, or the first one, where it is offered: the promise is what was chosen."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from homestretch.accounts.actions import update_organization
from homestretch.dispatch import queries as dispatch
from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.fleet.models import ShiftRule
from homestretch.kernel.actor import system
from homestretch.messaging import jobs, queries
from homestretch.orders import queries as orders
from homestretch.places.actions import save_blackout
from homestretch.places.values import BlackoutData
from tests.doors.track.test_page import get, nonce_of
from tests.town.accounts import a_link
from tests.town.dispatch import Road
from tests.town.fleet import a_depot, a_shift_rule, a_vehicle
from tests.town.messaging import it_is, said
from tests.town.orders import DAY, an_order
from tests.town.places import AT
from tests.work import run_due

TOMORROW = DAY + timedelta(days=1)
OFFER = {"choice_days": 3, "choice_cutoff_s": 3600, "choice_windows": [["08:00", "12:00"], ["12:00", "17:00"]]}


@pytest.fixture
def road(road: Road) -> Road:
    """With vans on every Tuesday and Wednesday of the weeks to come, too."""
    depot = a_depot(road.by, name="Second depot")
    vehicle = a_vehicle(road.by, depot.id, name="Van of the week")
    for weekday in (1, 2):
        a_shift_rule(road.by, vehicle.id, weekday=weekday, day=None)
    update_organization(OFFER, by=road.by, at=AT)
    return road


def offered(token: str) -> list[str]:
    return re.findall(r'name="start" value="([^"]+)"', get(token).content.decode())


def choose(token: str, start: str, **more: str) -> Any:
    fields = {"nonce": nonce_of(get(token), "slot"), "start": start, **more}
    return Client(enforce_csrf_checks=True).post(f"/t/{token}/slot", fields, headers={"Accept": "text/html"})


def ask(road: Road, order: Any) -> None:
    """What the drain does with the fact that an order is ready."""
    with scope(system(road.by.organization_id)):
        jobs.invite([event for event in history("order", order.id) if event.type == "order.ready"])


def days_of(starts: list[str]) -> set[date]:
    return {date.fromisoformat(start[:10]) for start in starts}


def test_days_without_a_shift_or_blacked_out_are_not_offered(road: Road) -> None:
    update_organization({"choice_cutoff_s": 0}, by=road.by, at=AT)
    token = a_link(road.by, road.orders[1].id, at=AT)
    assert days_of(offered(token)) == {DAY, TOMORROW, TOMORROW + timedelta(days=1)}
    save_blackout(BlackoutData(TOMORROW, TOMORROW, "Fair"), by=road.by, at=AT)
    assert days_of(offered(token)) == {DAY, TOMORROW + timedelta(days=1)}
    update_organization({"choice_days": 0}, by=road.by, at=AT)
    assert 'id="slot"' not in get(token).content.decode()


def test_choosing_takes_the_order_off_its_route_and_promises_the_slot(road: Road) -> None:
    order = road.orders[1]
    update_organization({"choice_cutoff_s": 0}, by=road.by, at=AT)
    token = a_link(road.by, order.id, at=AT)
    start = next(start for start in offered(token) if start.startswith(str(TOMORROW)))
    nonce = nonce_of(get(token), "slot")
    for _ in range(2):
        assert choose(token, start, nonce=nonce).status_code == 302
    assert [stop.state for stop in road.stops] == ["planned", "cancelled", "planned", "planned"]
    stands = road.order(1)
    assert (stands.state, stands.day) == ("ready", TOMORROW)
    with scope(road.by):
        chain = orders.promises_of(order.id)
        task = stands.tasks.get()
    assert [(promise.source, promise.consented) for promise in chain] == [("release", False), ("recipient", True)]
    assert task.windows[0]["start"] == start.replace("+00:00", "Z")
    assert "Demain" in get(token).content.decode()


def test_the_cut_off_holds(road: Road) -> None:
    token = a_link(road.by, road.orders[2].id, at=AT)  # promised from 40 minutes on
    update_organization({"choice_cutoff_s": 30 * 60}, by=road.by, at=AT)
    assert offered(token)
    update_organization({"choice_cutoff_s": 60 * 60}, by=road.by, at=AT)
    assert not offered(token)
    late = Client().post(f"/t/{token}/slot", {"start": f"{TOMORROW}T07:00:00+00:00"}, headers={"Accept": "text/html"})
    assert (late.status_code, "slot.too_late" in late.content.decode()) == (422, True)


def test_no_room_is_given_away_twice(road: Road) -> None:
    with scope(road.by):
        ShiftRule.objects.filter(weekday=1).update(max_stops=2)  # one in the morning, one in the afternoon
        ShiftRule.objects.filter(weekday=2).update(active=False)
    update_organization({"choice_cutoff_s": 0}, by=road.by, at=AT)
    first, second = (a_link(road.by, road.orders[number].id, at=AT) for number in (1, 2))
    tomorrow = [start for start in offered(first) if start.startswith(str(TOMORROW))]
    assert choose(first, tomorrow[0]).status_code == 302
    taken = choose(second, tomorrow[0])
    assert taken.status_code == 409
    assert "slot.taken" in taken.content.decode()


def test_room_is_reckoned_at_the_pace_of_what_was_driven(road: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    """A van makes sixteen stops in the morning at a quarter of an hour each, and none at six hours each."""
    update_organization({"choice_cutoff_s": 0}, by=road.by, at=AT)
    token = a_link(road.by, road.orders[1].id, at=AT)
    assert TOMORROW in days_of(offered(token))
    asked: list[Any] = []
    monkeypatch.setattr(dispatch, "pace", lambda *what: asked.append(what) or 6 * 3600)
    assert offered(token) == []
    assert asked == [(DAY, [])]


def test_a_recipient_is_asked_for_a_time_before_the_order_is_planned_and_once(road: Road) -> None:
    update_organization({"booking": True}, by=road.by, at=AT)
    order = an_order(road.by, 50, at=AT, day=None)
    for _ in range(2):
        ask(road, order)
    run_due()
    asked = said(road.by, order_id=order.id)
    assert {(row.kind, row.state) for row in asked} == {("invited", "sent")}
    token = a_link(road.by, order.id, at=AT)
    assert "When shall we come?" in get(token).content.decode()
    assert choose(token, offered(token)[0]).status_code == 302
    with scope(road.by):
        (promise,) = orders.promises_of(order.id)
    assert (promise.source, promise.consented) == ("booking", True)


def test_without_booking_nobody_is_asked(road: Road) -> None:
    order = an_order(road.by, 50, at=AT, day=None)
    ask(road, order)
    run_due()
    assert said(road.by, order_id=order.id) == []
    with scope(road.by):
        assert queries.choice_of(order.id, AT).why == "slot.not_offered"


def test_a_plan_made_before_cannot_release_what_was_moved(road: Road) -> None:
    from homestretch.dispatch.rules.releasing import check_day
    from homestretch.kernel.refusal import Refusal

    check_day(DAY, {road.route_id: DAY, road.shift.id: None})
    with pytest.raises(Refusal, match=r"task\.later_day"):
        check_day(DAY, {road.route_id: TOMORROW})


def test_after_a_failed_attempt_a_recipient_chooses_the_next(road: Road, token: str) -> None:
    from homestretch.dispatch import actions as dispatch
    from homestretch.dispatch.values import StopOutcome

    road.start()
    minute = AT + timedelta(minutes=1)
    dispatch.fail_stop(road.stops[0].id, StopOutcome(reason="recipient_absent"), by=road.driver, at=minute)
    it_is(minute)
    assert "We will try again" in get(token).content.decode()
    start = next(start for start in offered(token) if start.startswith(str(TOMORROW)))
    assert choose(token, start).status_code == 302
    page = get(token).content.decode()
    assert "We will try again" not in page
    assert "Tomorrow" in page
