"""A promise that was told does not vanish from on-time when we cancel its order; it does by the recipient's wish."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from homestretch.events.log import history
from homestretch.events.scope import scope
from homestretch.insights import measures, queries
from homestretch.insights.actions import digest
from homestretch.insights.values import Period
from homestretch.kernel.actor import Actor, Kind, system
from homestretch.kernel.ids import uuid7
from homestretch.orders import actions as orders
from homestretch.orders import queries as orders_queries
from tests.town.accounts import a_merchant
from tests.town.dispatch import Road, a_road, an_owner
from tests.town.orders import DAY
from tests.town.places import AT

LATE = AT + timedelta(hours=12)  # long after any window


@pytest.fixture
def road(db: Any) -> Road:
    """A released route; the recipient of its first order was told when somebody comes."""
    road = a_road(an_owner(), 2)
    orders.promise_told(promise_of(road).id, "sms", by=road.by, at=AT)
    return road


def promise_of(road: Road, number: int = 0) -> Any:
    with scope(road.by):
        return orders_queries.promises_of(road.orders[number].id)[0]


def measured(road: Road) -> dict[str, Any]:
    """The day's measures, the log digested twice."""
    with scope(system(road.by.organization_id)):
        for number in (0, 0, 1):
            digest(history("promise", promise_of(road, number).id))
        return measures.measure(queries.all_facts(Period(DAY, DAY)))


def cancel(road: Road, reason: str = "sold out", by: Actor | None = None, at: datetime = AT) -> None:
    orders.cancel_order(road.orders[0].id, reason, by=by or road.by, at=at)


def test_a_told_promise_that_we_cancel_is_broken_and_no_attempt(road: Road) -> None:
    cancel(road)
    found = measured(road)
    assert (found["on_time"], found["attempts"], found["first_attempt_rate"]) == (0.0, 0, None)
    with scope(road.by):
        assert [row["outcome"] for row in queries.rows(DAY)] == ["cancelled"]


def test_a_cancelled_promise_counts_among_the_windows_that_did_not_hold(road: Road) -> None:
    cancel(road)
    measured(road)
    with scope(road.by):
        (held,) = queries.said(Period(DAY, DAY)).windows
        told = (promise_of(road).start - AT) // timedelta(minutes=1)
    assert (held.ahead_min, held.kept, held.count) == (min(told, 240), 0, 1)


def test_a_promise_that_nobody_was_told_of_is_not_missed(road: Road) -> None:
    orders.cancel_order(road.orders[1].id, "sold out", by=road.by, at=AT)
    assert (measured(road)["on_time"], measured(road)["untold_promises"]) == (None, 0)


@pytest.mark.parametrize("who", ["recipient", "merchant", "said"])
@pytest.mark.parametrize(("at", "on_time"), [(AT, None), (LATE, 0.0)])
def test_their_own_wish_breaks_nothing_that_is_not_broken_already(
    road: Road, who: str, at: datetime, on_time: float | None
) -> None:
    organization, order = road.by.organization_id, road.orders[0]
    if who == "merchant":
        with scope(road.by):
            order.merchant = a_merchant(road.by)
            order.save(update_fields=["merchant"])
    by = {
        "recipient": Actor(Kind.LINK, organization, uuid7(), order_id=order.id),
        "merchant": Actor(Kind.KEY, organization, uuid7(), merchant_id=order.merchant_id),
        "said": road.by,
    }[who]
    cancel(road, "recipient_wish" if who == "said" else "", by=by, at=at)
    assert measured(road)["on_time"] == on_time
