"""What is proposed unasked, and what of it is carried out without a yes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.values import StopOutcome
from homestretch.events.scope import scope
from homestretch.kernel.ids import uuid7
from homestretch.orders import queries as orders
from homestretch.orders.events import PromiseAtRisk
from homestretch.recovery import actions, jobs, queries
from homestretch.recovery.models import Proposal
from homestretch.recovery.rules.proposing import Prices
from homestretch.recovery.rules.suggesting import may_alone, wish_for
from homestretch.recovery.values import Cause, Wish
from tests.recovery.test_recovery import hear, said, tell
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.orders import an_order
from tests.town.places import AT

ON = Prices(suggest_late_s=600)
ROUTE, STOP, ROW = uuid7(), uuid7(), uuid7()


@pytest.mark.parametrize(
    ("cause", "prices", "wish"),
    [
        (
            Cause("promise_at_risk", "k", "low", details={"late_s": 600}),
            ON,
            Wish("late", ROUTE, scope="routes", exception_id=ROW),
        ),
        (Cause("promise_at_risk", "k", "low", details={"late_s": 599}), ON, None),
        (Cause("promise_at_risk", "k", "low", details={"late_s": 9999}), Prices(), None),
        (Cause("vehicle_silent", "k", "high", route_id=ROUTE), ON, Wish("vehicle_down", ROUTE, exception_id=ROW)),
        (Cause("vehicle_silent", "k", "high", route_id=ROUTE), Prices(), None),
        (
            Cause("attempt_failed", "k", "medium", "vehicle_breakdown", route_id=ROUTE, stop_id=STOP),
            ON,
            Wish("vehicle_down", ROUTE, exception_id=ROW),
        ),
        (
            Cause("attempt_failed", "k", "medium", "recipient_absent", route_id=ROUTE, stop_id=STOP),
            ON,
            Wish("retry", stop_id=STOP, exception_id=ROW),
        ),
        (Cause("attempt_failed", "k", "high", "recipient_absent", stop_id=STOP), ON, None),
        (Cause("attempt_failed", "k", "medium", "refused", stop_id=STOP), ON, None),
        (Cause("reported_late", "k", "high", stop_id=STOP), ON, None),
    ],
)
def test_what_is_asked_by_itself(cause: Cause, prices: Prices, wish: Wish | None) -> None:
    assert wish_for(cause, ROW, ROUTE, prices) == wish


@pytest.mark.parametrize(
    ("kind", "changed", "most", "able"),
    [
        ("late", {}, 2, True),
        ("late", {}, 1, False),
        ("late", {}, 0, False),
        ("late", {"left": 1}, 2, False),
        ("late", {"broken_after": 4}, 2, False),
        ("vehicle_down", {}, 2, False),
    ],
)
def test_what_needs_no_yes(kind: str, changed: dict[str, int], most: int, able: bool) -> None:
    figures = {"moved": 2, "left": 0, "broken_before": 3, "broken_after": 3, **changed}
    assert may_alone(kind, figures, most) is able


@pytest.fixture
def road(db: None, monkeypatch: pytest.MonkeyPatch) -> Road:
    monkeypatch.setattr("homestretch.recovery.jobs.now", lambda: AT)
    by = an_owner()
    actions.set_policy({"seconds": 1, "suggest_late_s": 600, "most_alone": 1}, by=by, at=AT)
    return a_road(by, 3).start()


def asked(road: Road) -> list[Proposal]:
    with scope(road.by):
        return list(queries.proposals().order_by("asked_at", "id"))


def test_a_stop_that_failed_is_tried_again_by_itself_and_once(road: Road) -> None:
    failed = road.stops[0]
    dispatch.fail_stop(failed.id, StopOutcome("recipient_absent"), by=road.driver, at=AT)
    event = tell(road.by, "stop", failed.id, "stop.failed")
    hear("recovery.consider", event)
    hear("recovery.consider", event)
    (row,) = asked(road)
    assert (row.kind, row.state, row.actor) == ("retry", "asked", "system")
    jobs.propose(road.by.organization_id, row.id)
    (row,) = asked(road)
    assert (row.state, row.decided_by) == ("accepted", "system")
    with scope(road.by):
        assert orders.get_order(road.orders[0].id).state == "scheduled"
        assert queries.exception(row.exception_id).state == "resolved"


def test_a_promise_at_risk_asks_for_its_route_and_not_again_for_a_while(road: Road) -> None:
    with scope(road.by):
        promise = orders.current_promise(road.stops[0].works.get().task_id)
    hear("recovery.consider", said(road.by, PromiseAtRisk(promise.id, promise.order_id, 599)))
    assert asked(road) == []
    hear("recovery.consider", said(road.by, PromiseAtRisk(promise.id, promise.order_id, 1200)))
    (row,) = asked(road)
    assert (row.kind, row.route_id, row.scope) == ("late", road.route_id, "routes")
    jobs.propose(road.by.organization_id, row.id)
    wish = Wish("late", route_id=road.route_id)
    assert len(asked(road)) == 1
    soon = actions.suggest(wish, by=road.by, at=AT + timedelta(minutes=14))
    assert soon is None
    assert actions.suggest(Wish("late", route_id=uuid7()), by=road.by, at=AT) is None, "there is no such route"


def test_orders_that_come_in_while_routes_run_want_a_place(road: Road) -> None:
    new = an_order(road.by, 8)
    jobs.place([tell(road.by, "order", new.id, "order.ready")])
    (row,) = asked(road)
    assert (row.kind, row.order_id) == ("insert", new.id)
    many = [an_order(road.by, number) for number in range(9, 15)]
    jobs.place([tell(road.by, "order", order.id, "order.ready") for order in many])
    assert len(asked(road)) == 1, "so many are a plan's work"
