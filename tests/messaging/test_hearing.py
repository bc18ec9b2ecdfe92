"""What people write back counts: STOP at once and for good, START again, HELP once (I5)."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from homestretch.events.later import known_jobs
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.ids import uuid7
from homestretch.messaging import actions, queries
from homestretch.messaging.models import Heard
from homestretch.orders import queries as orders
from homestretch.orders.actions import cancel_order, erase_recipient, update_order
from homestretch.orders.models import Recipient
from homestretch.orders.values import OrderChange, RecipientData
from tests.orders.facts import facts_of
from tests.town.dispatch import a_road, an_owner
from tests.town.messaging import Post, a_post, it_is, said, states
from tests.town.orders import an_order
from tests.town.places import AT
from tests.work import waiting

MINUTE = timedelta(minutes=1)
PHONE = "+352621000009"
ROSA = {"name": "Rosa", "phone": PHONE, "email": "rosa@example.com", "consent": {"sms": True, "email": True}}


def hear(us: Actor, text: str, ident: str = "in-1", sender: str = PHONE, at=AT) -> Heard | None:
    return actions.hear(ident, sender, text, by=system(us.organization_id), at=at)


def allowed(us: Actor, order) -> dict[str, bool]:
    with scope(us):
        recipient = orders.recipient_of(order.id)
        return {channel: orders.may_message(recipient, channel) for channel in ("sms", "email")}


def test_stop_ends_sms_for_every_row_of_the_number_and_leaves_email(us: Actor, post: Post) -> None:
    first, second = an_order(us, 9, recipient=ROSA), an_order(us, 8, recipient=ROSA)
    row = hear(us, "Stop.")
    assert row is not None
    assert facts_of(us, row.id) == ["message.received"]
    for order in (first, second):
        assert allowed(us, order) == {"sms": False, "email": True}
        assert facts_of(us, order.recipient_id) == ["recipient.opted_out"]


def test_stop_holds_for_what_is_planned_already(us: Actor, post: Post) -> None:
    a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    for name, args in waiting():
        if name == "messaging.notify":
            known_jobs()[name](**args)
    hear(us, "STOP")
    it_is(AT)
    assert states(us) == [("scheduled", "sms", "dropped", "opted_out"), ("scheduled", "email", "sent", "")]
    assert post.taken(kind="sms") == []


def test_a_stop_holds_for_an_order_that_is_given_the_number_later(us: Actor, post: Post) -> None:
    an_order(us, 9, recipient=ROSA)
    hear(us, "STOP")
    order = an_order(us, 8)
    update_order(order.id, OrderChange(recipient=RecipientData(phone=PHONE)), by=us, at=AT)
    assert allowed(us, order) == {"sms": False, "email": True}
    a_road(us, orders=[order])
    it_is(AT)
    assert post.taken(kind="sms") == []


def test_a_stop_holds_where_a_row_of_the_number_came_in_beside_it(us: Actor, post: Post) -> None:
    first, beside = an_order(us, 9, recipient=ROSA), an_order(us, 8, recipient=ROSA)
    hear(us, "STOP")
    with scope(us):  # as if it had not been there for the STOP to see
        Recipient.objects.filter(id=beside.recipient_id).update(opted_out=[])
    a_road(us, orders=[beside])
    it_is(AT)
    assert ("scheduled", "sms", "dropped", "opted_out") in states(us, order_id=beside.id)
    assert post.taken(kind="sms") == []
    assert allowed(us, first)["sms"] is False


def test_a_stop_outlives_the_erasing_of_who_said_it_until_start(us: Actor, post: Post) -> None:
    gone = an_order(us, 9, recipient=ROSA)
    hear(us, "STOP")
    cancel_order(gone.id, "", by=us, at=AT)
    erase_recipient(gone.recipient_id, by=us, at=AT)
    order = an_order(us, 8, recipient=ROSA)
    assert allowed(us, order) == {"sms": False, "email": True}
    a_road(us, orders=[order])
    it_is(AT)
    assert post.taken(kind="sms") == []
    hear(us, "START", "in-2")
    assert allowed(us, order)["sms"] is True
    assert allowed(us, an_order(us, 7, recipient=ROSA))["sms"] is True


def test_start_brings_them_back(us: Actor, post: Post) -> None:
    order = an_order(us, 9, recipient=ROSA)
    hear(us, "STOP")
    hear(us, "start", "in-2")
    assert allowed(us, order)["sms"] is True
    assert facts_of(us, order.recipient_id) == ["recipient.opted_out", "recipient.opted_in"]


def test_a_company_that_repeats_itself_is_heard_once(us: Actor, post: Post) -> None:
    order = an_order(us, 9, recipient=ROSA)
    hear(us, "STOP")
    hear(us, "START", "in-2")
    assert hear(us, "STOP") is None
    assert allowed(us, order)["sms"] is True


def test_help_is_answered_by_one_message_a_day(us: Actor, post: Post) -> None:
    road = a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    it_is(AT)
    for number in range(3):
        hear(us, "HELP", f"in-{number}", at=AT + MINUTE)
    it_is(AT + MINUTE)
    answers = [entry for entry in post.taken(kind="sms") if "these SMS tell you" in entry["text"]]
    assert len(answers) == 1
    assert [row.order_id for row in said(us, kind="help")] == [road.orders[0].id]


def test_help_after_stop_and_before_any_message_is_not_answered(us: Actor, post: Post) -> None:
    an_order(us, 9, recipient=ROSA)
    hear(us, "HELP", "in-1")
    a_road(us, orders=[an_order(us, 8, recipient=ROSA)])
    it_is(AT)
    hear(us, "STOP", "in-2")
    hear(us, "HELP", "in-3")
    it_is(AT + MINUTE)
    assert said(us, kind="help") == []


def test_what_a_stranger_writes_is_not_kept(us: Actor, post: Post) -> None:
    assert hear(us, "STOP", sender="+352621999999") is None
    assert hear(us, "STOP", sender="no number") is None
    with scope(us):
        assert queries.heard().count() == 0


def test_words_of_another_kind_are_kept_for_the_dispatcher(us: Actor, post: Post) -> None:
    order = an_order(us, 9, recipient=ROSA)
    row = hear(us, "I am in the garden\x00")
    assert row is not None
    assert (row.meaning, row.text, row.recipient_id) == ("other", "I am in the garden", order.recipient_id)
    assert allowed(us, order)["sms"] is True


def test_a_number_of_both_organizations_is_heard_by_each_alone(us: Actor, stranger: Actor, post: Post) -> None:
    ours, theirs = an_order(us, 9, recipient=ROSA), an_order(stranger, 9, recipient=ROSA)
    hear(us, "STOP")
    assert (allowed(us, ours)["sms"], allowed(stranger, theirs)["sms"]) == (False, True)


@pytest.mark.parametrize("first", ["stop", "begin"])
def test_a_stop_and_a_message_that_meet_are_put_in_order(committed, tmp_path: Path, first: str) -> None:
    """Both hold the address: the message either was begun before the STOP committed, or is not begun."""
    with a_post(tmp_path):
        us = an_owner("Greengrocer Vans")
        a_road(us, orders=[an_order(us, 9, recipient={**ROSA, "consent": {"sms": True}})])
        for name, args in waiting():
            if name == "messaging.notify":
                known_jobs()[name](**args)
        (row,), by, begun = said(us), system(us.organization_id), []
        ready = threading.Event()

        def begin() -> None:
            ready.set()
            begun.append(actions.begin(row.id, uuid7(), by=by, at=AT))
            connection.close()

        thread = threading.Thread(target=begin)
        if first == "begin":
            begun.append(actions.begin(row.id, uuid7(), by=by, at=AT))
            hear(us, "STOP")
        else:
            with scope(by):  # not committed yet while the other begins
                hear(us, "STOP")
                thread.start()
                ready.wait()
                thread.join(0.3)
                assert thread.is_alive()  # it waits for the address
            thread.join()
        assert [letter is not None for letter in begun] == [first == "begin"]
        assert states(us)[0][2:] == (("sending", "") if first == "begin" else ("dropped", "opted_out"))
