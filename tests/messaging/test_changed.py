"""A promise that breaks by an accepted change: its recipient is told the new window and why, once; nobody else is."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from homestretch.accounts.actions import update_organization
from homestretch.events.later import known_jobs
from homestretch.events.log import history
from homestretch.events.models import Event
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.messaging import actions as messaging
from homestretch.messaging import jobs
from homestretch.messaging.models import Message
from homestretch.orders import actions as ordering
from homestretch.orders import queries as orders
from homestretch.recovery import actions, queries
from homestretch.recovery.models import Proposal
from homestretch.recovery.rules.amending import late_by
from homestretch.recovery.values import Wanted, Wish
from tests.town.dispatch import Road, a_road
from tests.town.fleet import a_depot
from tests.town.messaging import Post, it_is, said
from tests.town.orders import an_order
from tests.town.places import AT

NOW = AT + timedelta(minutes=40)  # the first stops were promised for half past
ZONE = ZoneInfo("Europe/Luxembourg")


@pytest.fixture
def roads(us: Actor) -> tuple[Road, Road]:
    """Two routes under way whose recipients know when; promises end with the planned minute."""
    update_organization({"promise_early_s": 0, "promise_late_s": 0}, by=us, at=AT)
    actions.set_policy({"seconds": 1}, by=us, at=AT)
    depot = a_depot(us)
    down, other = a_road(us, 3, depot=depot), a_road(us, 3, first_number=4, depot=depot)
    it_is(AT)
    return down.start(), other.start()


def proposed(road: Road) -> Proposal:
    """What is proposed when the road's van breaks down."""
    row = actions.ask(Wish("vehicle_down", route_id=road.route_id), by=road.by, at=NOW)
    it_is(NOW)
    with scope(road.by):
        return queries.proposal(row.id)


def late_orders(row: Proposal) -> set[str]:
    return {order for _, order in late_by([row.promises])}


def changed(by: Actor) -> list[Message]:
    return said(by, kind="changed")


def test_who_will_wait_longer_is_told_once_with_the_reason_and_the_new_window_and_others_are_not(
    post: Post, us: Actor, roads: tuple[Road, Road]
) -> None:
    down, _ = roads
    row = proposed(down)
    late = late_orders(row)
    everybody = {str(order.id) for road in roads for order in road.orders}
    assert late, "somebody has to wait"
    assert late < everybody, "and somebody has not"
    before = len(said(us))
    actions.accept(row.id, by=us, at=NOW)
    it_is(NOW)
    told = changed(us)
    assert sorted((str(message.order_id), message.channel) for message in told) == sorted(
        (order, channel) for order in late for channel in ("sms", "email")
    )
    assert len(said(us)) == before + len(told), "nothing else is said: an order that changes its route is no news"
    assert {message.state for message in told} == {"sent"}
    with scope(us):
        for message in told:
            promise = orders.current_promise(orders.get_order(message.order_id).tasks.get().id)
            assert f"{promise.start.astimezone(ZONE):%H:%M}" in message.body
            assert "one of our vehicles broke down" in message.body
            assert {each.channel for each in orders.tellings(promise.id)} == {"sms", "email"}
            assert (promise.source, promise.consented) == ("operator", False)
        assert not queries.exceptions(Wanted(state="open", kind="promise_at_risk")).exists()
        fact = history("proposal", row.id)[-1]
    assert len(fact.data["postponed"]) == len(late)
    assert post.taken(kind="sms")[-1]["text"].startswith("Greengrocer Vans: we are sorry")


@pytest.mark.parametrize("seed", range(6))
def test_however_often_it_is_accepted_and_however_often_a_job_runs_there_is_one_message(
    post: Post, us: Actor, roads: tuple[Road, Road], seed: int
) -> None:
    """What a retry, a double click, a worker that dies and comes back do, in any order."""
    down, _ = roads
    row = proposed(down)
    actions.accept(row.id, by=us, at=NOW)
    acts = [*(2 * [_accepted_again, _clock, _heard, _sent]), _worker_dies]
    random.Random(seed).shuffle(acts)
    for act in acts:
        act(us, row)
    it_is(NOW)
    taken = [entry["to"] for entry in post.taken() if "sorry" in str(entry)]
    assert len(taken) == len(set(taken))
    assert len(changed(us)) == 2 * len(late_orders(row))


def _accepted_again(us: Actor, row: Proposal) -> None:
    with pytest.raises(Refusal, check=lambda refusal: refusal.code == "proposal.settled"):
        actions.accept(row.id, by=us, at=NOW)


def _clock(_us: Actor, _row: Proposal) -> None:
    it_is(NOW)


def _heard(us: Actor, row: Proposal) -> None:
    with scope(us):
        facts = [history("proposal", row.id)[-1], *Event.objects.filter(type="order.scheduled")]
    for fact in facts:
        known_jobs()["messaging.notify"](organization_id=str(us.organization_id), event_id=str(fact.id))


def _sent(us: Actor, _row: Proposal) -> None:
    for message in said(us):
        jobs.send(us.organization_id, message.id)


def _worker_dies(us: Actor, _row: Proposal) -> None:
    for message in changed(us):
        messaging.begin(message.id, uuid7(), by=us, at=NOW)


def test_who_can_not_be_told_is_an_exception_for_somebody_who_calls(post: Post, us: Actor) -> None:
    update_organization({"promise_early_s": 0, "promise_late_s": 0}, by=us, at=AT)
    actions.set_policy({"seconds": 1}, by=us, at=AT)
    depot = a_depot(us)
    mute = [an_order(us, number, recipient={"name": f"Ida {number}"}) for number in range(1, 4)]
    down = a_road(us, orders=mute, depot=depot).start()
    a_road(us, 1, first_number=5, depot=depot).start()
    it_is(AT)
    row = proposed(down)
    late = late_orders(row) & {str(order.id) for order in mute}
    assert late
    actions.accept(row.id, by=us, at=NOW)
    it_is(NOW)
    with scope(us):
        raised = {str(each.order_id) for each in queries.exceptions(Wanted(state="open", kind="promise_at_risk"))}
        promises = [orders.promises_of(order.id) for order in mute]
    assert raised == late
    assert {len(each) for each in promises} == {1}, "what nobody was told still stands"


def test_a_second_change_before_the_first_was_told_makes_no_second_message(
    post: Post, us: Actor, roads: tuple[Road, Road]
) -> None:
    down, _ = roads
    row = proposed(down)
    actions.accept(row.id, by=us, at=NOW)
    (order, *_) = sorted(late_orders(row))
    with scope(us):
        task = orders.get_order(order).tasks.get()
        promise = orders.current_promise(task.id)
    ordering.promise_told(promise.id, "sms", by=us, at=NOW)
    it_is(NOW)
    states = {row.channel: (row.state, row.why) for row in said(us, kind="changed", order_id=order)}
    assert states == {"sms": ("dropped", "told_already"), "email": ("sent", "")}


@pytest.mark.parametrize(("after", "told"), [(None, {}), (59, {}), (60, {("t", "o"): 60}), (600, {("t", "o"): 600})])
def test_what_is_late_enough_to_be_told(after: Any, told: dict[tuple[str, str], int]) -> None:
    one = [{"task": "t", "order": "o", "before": 0, "after": after}]
    assert late_by([one, [{"task": "t", "order": "o", "before": 0, "after": 30}]]) == told
