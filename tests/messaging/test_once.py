"""At most once: whatever a provider, a worker or the network does, a person is not told twice (I4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from homestretch.events.later import give_up, known_jobs
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.ids import uuid7
from homestretch.messaging import actions
from homestretch.messaging.jobs import send
from homestretch.messaging.models import Message
from homestretch.messaging.values import Outcome
from tests.orders.facts import facts_of
from tests.town.dispatch import a_road
from tests.town.messaging import Post, it_is, said, states
from tests.town.orders import an_order
from tests.town.places import AT
from tests.work import waiting

MINUTE = timedelta(minutes=1)
ROSA = {"name": "Rosa", "phone": "+352621000009", "consent": {"sms": True}}


@pytest.fixture
def planned(us: Actor, post: Post) -> Message:
    """An SMS that is planned and not begun."""
    a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    return _planned(us)


def _planned(us: Actor) -> Message:
    for name, args in waiting():
        if name == "messaging.notify":
            known_jobs()[name](**args)
    (row,) = said(us)
    return row


def test_an_unknown_outcome_is_never_sent_again(us: Actor, post: Post) -> None:
    post.faults(sms=[{"match": "*", "outcome": "unknown"}])  # taken, and the answer is lost
    a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    it_is(AT)
    for minutes in (5, 60, 600):
        it_is(AT + minutes * MINUTE)
    assert states(us) == [("scheduled", "sms", "unknown", "fake_unknown")]
    assert len(post.taken()) == 1
    send(us.organization_id, said(us)[0].id)
    assert len(post.taken()) == 1


def test_a_report_settles_what_was_unknown(us: Actor, post: Post) -> None:
    post.faults(sms=[{"match": "*", "outcome": "unknown"}])
    a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    it_is(AT)
    (row,) = said(us)
    actions.receipt("fake-1", "delivered", message_id=row.id, by=system(us.organization_id), at=AT + MINUTE)
    (row,) = said(us)
    assert (row.state, row.provider_id, row.why) == ("delivered", "fake-1", "")
    assert facts_of(us, row.id) == ["message.queued", "message.sent", "message.delivered"]


def test_what_was_provably_not_taken_is_sent_later(us: Actor, post: Post) -> None:
    post.faults(sms=[{"match": "*", "outcome": "deferred", "times": 2}])
    a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    it_is(AT)
    assert states(us) == [("scheduled", "sms", "deferred", "fake_deferred")]
    assert said(us)[0].due_at == AT + timedelta(seconds=30)
    it_is(AT + timedelta(seconds=29))
    assert said(us)[0].tries == 1
    it_is(AT + timedelta(seconds=30))
    it_is(AT + 5 * MINUTE)
    assert states(us) == [("scheduled", "sms", "sent", "")]
    assert (said(us)[0].tries, len(post.taken())) == (3, 1)


def test_patience_ends(us: Actor, post: Post) -> None:
    post.faults(sms=[{"match": "*", "outcome": "deferred"}])
    a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    it_is(AT)
    late = said(us)[0].patience_until - 10 * MINUTE
    it_is(late)
    it_is(late + 30 * MINUTE)
    assert states(us) == [("scheduled", "sms", "dropped", "too_late")]
    assert post.taken() == []


def test_a_refusal_for_good_ends_it(us: Actor, post: Post) -> None:
    post.faults(sms=[{"match": "*", "outcome": "permanent"}])
    a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    it_is(AT)
    it_is(AT + 60 * MINUTE)
    assert states(us) == [("scheduled", "sms", "refused", "fake_permanent")]
    assert facts_of(us, said(us)[0].id) == ["message.queued", "message.failed"]
    assert said(us)[0].tries == 1


def test_a_worker_that_died_while_sending_leaves_it_unknown(us: Actor, planned: Message, post: Post) -> None:
    by, dead = system(us.organization_id), uuid7()
    assert actions.begin(planned.id, dead, by=by, at=AT) is not None
    send(us.organization_id, planned.id)  # the job is rescued
    assert states(us) == [("scheduled", "sms", "unknown", "worker_lost")]
    assert post.taken() == []
    it_is(AT + 60 * MINUTE)
    assert post.taken() == []


def test_a_message_whose_job_is_given_up_is_not_sent_or_unknown(us: Actor, planned: Message, post: Post) -> None:
    args = {"organization_id": str(us.organization_id), "message_id": str(planned.id)}
    actions.begin(planned.id, uuid7(), by=system(us.organization_id), at=AT)
    give_up("messaging.send", args)
    assert states(us) == [("scheduled", "sms", "unknown", "worker_lost")]
    with scope(us):
        Message.objects.update(state="planned", why="", fence=None)
    give_up("messaging.send", args)
    assert states(us) == [("scheduled", "sms", "refused", "given_up")]
    assert post.taken() == []


def test_a_worker_that_was_only_slow_still_says_what_came_of_it(us: Actor, planned: Message, post: Post) -> None:
    by, slow = system(us.organization_id), uuid7()
    actions.begin(planned.id, slow, by=by, at=AT)
    send(us.organization_id, planned.id)
    actions.finish(planned.id, slow, Outcome("sent", "p-1"), by=by, at=AT + MINUTE)
    assert states(us) == [("scheduled", "sms", "sent", "")]


def test_another_workers_fence_changes_nothing(us: Actor, planned: Message, post: Post) -> None:
    by = system(us.organization_id)
    actions.begin(planned.id, uuid7(), by=by, at=AT)
    actions.finish(planned.id, uuid7(), Outcome("deferred", "", "busy"), by=by, at=AT + MINUTE)
    assert states(us) == [("scheduled", "sms", "sending", "")]


def test_the_same_job_twice_sends_once(us: Actor, planned: Message, post: Post) -> None:
    send(us.organization_id, planned.id)
    send(us.organization_id, planned.id)
    assert len(post.taken()) == 1


def test_reports_may_come_twice_and_out_of_order(us: Actor, post: Post) -> None:
    a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    it_is(AT)
    (row,), by = said(us), system(us.organization_id)
    for state in ("delivered", "sent", "queued", "delivered", "failed"):
        actions.receipt(row.provider_id, state, by=by, at=AT + MINUTE)
    assert facts_of(us, row.id) == ["message.queued", "message.sent", "message.delivered"]
    assert said(us)[0].state == "delivered"


def test_a_report_of_failure_is_kept_with_its_reason(us: Actor, post: Post) -> None:
    a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    it_is(AT)
    (row,) = said(us)
    actions.receipt(row.provider_id, "failed", "30003", by=system(us.organization_id), at=AT + MINUTE)
    assert states(us) == [("scheduled", "sms", "failed", "30003")]


def test_a_report_that_it_was_taken_stops_the_next_try(us: Actor, post: Post) -> None:
    post.faults(sms=[{"match": "*", "outcome": "deferred", "times": 1}])
    a_road(us, orders=[an_order(us, 9, recipient=ROSA)])
    it_is(AT)
    actions.receipt("p-9", "sent", message_id=said(us)[0].id, by=system(us.organization_id), at=AT)
    it_is(AT + 5 * MINUTE)
    assert states(us) == [("scheduled", "sms", "sent", "")]
    assert post.taken() == []


def test_a_report_of_somebody_elses_message_is_nobodys(us: Actor, planned: Message, post: Post) -> None:
    by = system(us.organization_id)
    assert actions.receipt("never-heard-of", "delivered", by=by, at=AT) is None
    actions.receipt("p-1", "delivered", message_id=planned.id, by=by, at=AT)  # never begun: not believed
    assert states(us) == [("scheduled", "sms", "planned", "")]
