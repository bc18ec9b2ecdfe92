"""A day's messages: each fact is told once, by each channel, while it is true."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homestretch.accounts.actions import update_organization
from homestretch.dispatch import actions as dispatch
from homestretch.dispatch.values import StopOutcome
from homestretch.events.log import record
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.messaging import queries
from homestretch.orders import queries as orders
from homestretch.orders.actions import cancel_order, erase_recipient
from homestretch.tracking.events import StopApproaching
from tests.orders.facts import facts_of
from tests.town.dispatch import Road, a_road
from tests.town.messaging import Post, it_is, said, states
from tests.town.orders import an_order
from tests.town.places import AT

MINUTE = timedelta(minutes=1)


def test_a_release_tells_each_recipient_the_promise_by_both_channels(road: Road, post: Post) -> None:
    it_is(AT + MINUTE)
    order = road.orders[0]
    assert states(road.by, order_id=order.id) == [
        ("scheduled", "sms", "sent", ""),
        ("scheduled", "email", "sent", ""),
    ]
    (sms,) = post.taken(kind="sms", to="+352621000001")
    assert "A-1" in sms["text"]
    assert "Mon 23 Nov, 08:00-09:30" in sms["text"]  # the town's time; a promise of half past seven UTC, widened
    assert "https://vans.example.com/t/hst_" in sms["text"]
    with scope(road.by):
        promise = orders.promises_of(order.id)[0]
        assert {told.channel for told in orders.tellings(promise.id)} == {"sms", "email"}
    row = said(road.by, order_id=order.id)[0]
    assert facts_of(road.by, row.id) == ["message.queued", "message.sent"]
    assert "hst_..." in row.body
    assert sms["text"][-40:-20] not in row.body


def test_a_delivery_is_told_from_setting_out_to_the_survey(road: Road, post: Post) -> None:
    road.start()
    it_is(AT + MINUTE)
    stop, order = road.stops[0], road.orders[0]
    dispatch.begin_stop(stop.id, by=road.driver, at=AT + 5 * MINUTE)
    it_is(AT + 5 * MINUTE)
    dispatch.complete_stop(stop.id, StopOutcome(left_with="recipient"), by=road.driver, at=AT + 25 * MINUTE)
    it_is(AT + 25 * MINUTE)
    texts = [entry["text"] for entry in post.taken(kind="sms", to="+352621000001")]
    for word in ("comes Mon", "is on the way", "is nearly there", "was delivered"):  # the second stop is near: tracking
        assert sum(word in text for text in texts) == 1
    it_is(AT + 54 * MINUTE)
    assert len(post.taken(kind="sms", to="+352621000001")) == 4
    it_is(AT + 56 * MINUTE)
    assert "how did it go" in post.taken(kind="sms", to="+352621000001")[4]["text"]
    with scope(road.by):
        survey = queries.survey_of(order.id)
    assert survey is not None
    assert facts_of(road.by, survey.id) == ["survey.requested"]


def test_an_attempt_that_failed_is_told_with_its_reason(road: Road, post: Post) -> None:
    road.start()
    dispatch.fail_stop(road.stops[0].id, StopOutcome(reason="recipient_absent"), by=road.driver, at=AT + 5 * MINUTE)
    it_is(AT + 6 * MINUTE)
    assert ("failed", "sms", "sent", "") in states(road.by, order_id=road.orders[0].id)
    assert "nobody was there" in post.taken(kind="sms", to="+352621000001")[-1]["text"]


def test_an_approach_is_told_only_before_the_arrival(road: Road, post: Post) -> None:
    road.start()
    it_is(AT)
    stop, order = road.stops[1], road.orders[1]
    wanted = {"kind": "approaching", "channel": "sms", "order_id": order.id}
    with scope(road.by):
        record(StopApproaching(stop.id, road.route_id, AT + 9 * MINUTE), by=road.by, at=AT + 5 * MINUTE)
    it_is(AT + 6 * MINUTE)
    assert states(road.by, **wanted) == [("approaching", "sms", "sent", "")]
    with scope(road.by):
        record(StopApproaching(stop.id, road.route_id, AT + 9 * MINUTE), by=road.by, at=AT + 6 * MINUTE)
    dispatch.arrive_stop(stop.id, by=road.driver, at=AT + 6 * MINUTE)
    it_is(AT + 7 * MINUTE)
    assert states(road.by, **wanted)[1:] == [("approaching", "sms", "dropped", "premise_gone")]


def test_nothing_is_said_of_a_cancelled_order(road: Road, post: Post) -> None:
    cancel_order(road.orders[0].id, "changed_mind", by=road.by, at=AT)
    it_is(AT + MINUTE)
    assert states(road.by, order_id=road.orders[0].id, channel="sms") == [
        ("scheduled", "sms", "dropped", "order_cancelled")
    ]
    assert post.taken(to="+352621000001") == []
    (row,) = said(road.by, order_id=road.orders[0].id, channel="sms")
    assert facts_of(road.by, row.id) == ["message.queued", "message.failed"]


def test_a_phone_that_was_offline_does_not_announce_what_is_long_past(road: Road, post: Post) -> None:
    road.start()
    it_is(AT)
    it_is(AT + 60 * MINUTE)
    dispatch.begin_stop(road.stops[0].id, by=road.driver, at=AT + 5 * MINUTE)
    it_is(AT + 60 * MINUTE)
    assert states(road.by, kind="on_the_way", channel="sms") == [("on_the_way", "sms", "dropped", "too_late")]


def test_only_the_channels_that_were_consented_to_are_used(us: Actor, post: Post) -> None:
    person = {"name": "Rosa", "phone": "+352621000009", "email": "rosa@example.com", "consent": {"email": True}}
    road = a_road(us, orders=[an_order(us, 9, recipient=person)])
    it_is(AT)
    assert states(us, order_id=road.orders[0].id) == [("scheduled", "email", "sent", "")]


def test_two_orders_of_one_person_at_one_stop_are_one_message(us: Actor, post: Post) -> None:
    same = {"name": "Rosa", "phone": "+352621000009", "consent": {"sms": True}}
    orders_of_rosa = [an_order(us, number, recipient=same) for number in (7, 8)]
    road = a_road(us, orders=orders_of_rosa)
    road.start()
    it_is(AT)
    first, second = road.stops
    with scope(us):
        second.works.update(stop=first)
    dispatch.begin_stop(first.id, by=road.driver, at=AT + MINUTE)
    it_is(AT + MINUTE)
    assert states(us, kind="on_the_way") == [("on_the_way", "sms", "sent", "")]


def test_the_days_messages_are_capped(us: Actor, post: Post) -> None:
    update_organization({"message_cap": 3}, by=us, at=AT)
    road = a_road(us, 3)
    it_is(AT)
    assert sorted(state for _, _, state, _ in states(road.by)) == ["dropped"] * 3 + ["sent"] * 3
    assert {why for _, _, state, why in states(road.by) if state == "dropped"} == {"message_cap"}
    assert len(post.taken()) == 3


def test_the_words_of_a_person_who_is_erased_are_forgotten(us: Actor, post: Post) -> None:
    road = a_road(us, 1)
    it_is(AT)
    cancel_order(road.orders[0].id, "changed_mind", by=us, at=AT)
    erase_recipient(road.orders[0].recipient_id, by=us, at=AT)
    it_is(AT)
    assert [row.body for row in said(us)] == ["", ""]
    assert {row.state for row in said(us)} == {"sent"}


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "comes Mon 23 Nov"), ("fr-CH", "lun. 23/11"), ("de", "kommt Mo 23.11."), ("pt", "comes Mon 23 Nov")],
)
def test_each_recipient_is_written_to_in_the_own_language(us: Actor, post: Post, language: str, words: str) -> None:
    person = {"name": "Rosa", "phone": "+352621000009", "language": language, "consent": {"sms": True}}
    a_road(us, orders=[an_order(us, 9, recipient=person)])
    it_is(AT)
    (sms,) = post.taken(kind="sms")
    assert words in sms["text"]


def test_a_message_that_is_switched_off_is_not_planned(us: Actor, post: Post) -> None:
    update_organization({"muted": ["scheduled:sms"]}, by=us, at=AT)
    road = a_road(us, 1)
    it_is(AT + MINUTE)
    assert states(us, order_id=road.orders[0].id) == [("scheduled", "email", "sent", "")]
