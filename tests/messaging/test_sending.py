"""A day's messages: each fact is told once, by each channel, while it is true."""

from __future__ import annotations

from datetime import timedelta

from homestretch.events.scope import scope
from homestretch.orders import queries as orders
from tests.orders.facts import facts_of
from tests.town.dispatch import Road
from tests.town.messaging import Post, it_is, said, states
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
