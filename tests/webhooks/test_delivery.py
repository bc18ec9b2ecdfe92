"""Programs are told at least once, signed, on a schedule; what fails for days is switched off and shown."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from homestretch.events.clock import set_clock
from homestretch.events.later import give_up
from homestretch.events.log import history
from homestretch.events.models import Event
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, system
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.webhooks import actions, queries
from homestretch.webhooks.jobs import deliver
from homestretch.webhooks.models import Delivery
from tests.orders.facts import facts_of
from tests.providers.listener import DROP, Answer, Listener, closed_port
from tests.town.dispatch import an_owner
from tests.town.messaging import it_is
from tests.town.orders import an_order
from tests.town.places import AT
from tests.work import due, now, run_drains, run_jobs, waiting


def told(us: Actor, url: str, types: tuple[str, ...] = ("order.created",)) -> tuple[Any, str]:
    """A new endpoint, and one order of which it is told."""
    endpoint, secret = actions.create_endpoint(url, types, by=us, at=AT)
    relayed(us, an_order(us))
    return endpoint, secret


def relayed(us: Actor, order: Any) -> None:
    with scope(system(us.organization_id)):
        actions.relay(history("order", order.id), at=AT)


def log(us: Actor, endpoint: Any) -> list[Delivery]:
    with scope(us):
        return list(queries.deliveries(endpoint.id).order_by("id"))


def reread(us: Actor, endpoint: Any) -> Any:
    with scope(us):
        return queries.endpoint(endpoint.id)


def test_what_arrives_is_signed_and_is_the_event(us: Actor, listener: Listener) -> None:
    endpoint, secret = told(us, listener.url)
    run_jobs()
    (got,) = listener.received
    body = Webhook(secret).verify(got.body, dict(got.headers))  # raises unless it is ours, and of now
    with scope(us):
        event = Event.objects.get(type="order.created")
    assert got.headers["webhook-id"] == str(event.id) == body["id"]
    assert (body["type"], body["sequence"]) == ("order.created", 1)
    assert body["subject"] == f"order/{event.subject_id}"
    assert body["data"] == event.data
    (row,) = log(us, endpoint)
    assert (row.state, row.status, row.tries) == ("delivered", 200, 1)


def test_a_body_that_was_changed_or_another_secret_is_not_verified(us: Actor, listener: Listener) -> None:
    _, secret = told(us, listener.url)
    run_jobs()
    (got,) = listener.received
    for body, key in ((got.body + b" ", secret), (got.body, actions.secrets.mint())):
        with pytest.raises(Exception, match="No matching signature"):
            Webhook(key).verify(body, dict(got.headers))


def test_the_secret_is_kept_encrypted_and_a_new_one_signs_at_once(us: Actor, listener: Listener) -> None:
    endpoint, secret = told(us, listener.url)
    assert secret.encode() not in bytes(reread(us, endpoint).secret)
    _, fresh = actions.rotate_secret(endpoint.id, by=us, at=AT)
    run_jobs()
    (got,) = listener.received
    assert Webhook(fresh).verify(got.body, dict(got.headers))


def test_a_failure_is_told_again_with_the_same_id_until_it_is_taken(us: Actor, listener: Listener) -> None:
    listener.say(Answer(503, b"busy"))
    endpoint, _ = told(us, listener.url)
    run_jobs()
    assert [at for name, at in due() if name == "webhooks.deliver"] == [AT + timedelta(seconds=5)]
    listener.say(DROP)
    it_is(AT + timedelta(seconds=5))
    listener.say(Answer(200))
    it_is(AT + timedelta(minutes=6))
    (row,) = log(us, endpoint)
    assert (row.state, row.tries, len(listener.received)) == ("delivered", 3, 3)
    assert len({got.headers["webhook-id"] for got in listener.received}) == 1
    assert reread(us, endpoint).failing_since is None


def test_an_endpoint_that_is_dead_is_switched_off_and_shown(us: Actor) -> None:
    endpoint, _ = told(us, f"http://127.0.0.1:{closed_port()}/")
    run_jobs()
    for _ in range(10):
        waiting = [at for name, at in due() if name == "webhooks.deliver"]
        if waiting:
            it_is(waiting[0])
    (row,) = log(us, endpoint)
    assert (row.state, row.tries, row.status) == ("failed", 10, None)
    assert row.answer.startswith("unreachable")
    shown = reread(us, endpoint)
    assert (shown.state, shown.failing_since) == ("dead", AT)
    assert facts_of(us, endpoint.id) == ["endpoint.changed", "endpoint.died"]
    relayed(us, an_order(us, 2))
    assert len(log(us, endpoint)) == 1
    again = actions.change_endpoint(endpoint.id, {"state": "on"}, by=us, at=AT)
    assert (again.state, again.failing_since) == ("on", None)


def test_gone_ends_it_at_once(us: Actor, listener: Listener) -> None:
    listener.say(Answer(410))
    endpoint, _ = told(us, listener.url)
    run_jobs()
    assert (log(us, endpoint)[0].state, reread(us, endpoint).state) == ("failed", "dead")


def test_what_waits_for_an_endpoint_that_was_switched_off_is_over(us: Actor, listener: Listener) -> None:
    endpoint, _ = told(us, listener.url)
    actions.change_endpoint(endpoint.id, {"state": "off"}, by=us, at=AT)
    run_jobs()
    (row,) = log(us, endpoint)
    assert (row.state, row.answer, listener.received) == ("failed", "the endpoint is off", [])


def test_a_worker_that_was_killed_after_begin_leaves_it_to_be_told_again(us: Actor, listener: Listener) -> None:
    endpoint, _ = told(us, listener.url)
    (row,), by, dead = log(us, endpoint), system(us.organization_id), uuid7()
    assert actions.begin(row.id, dead, by=by, at=AT) is not None  # and then nothing more
    deliver(us.organization_id, row.id)  # the job is rescued
    assert len(listener.received) == 1
    actions.finish(row.id, dead, actions.Outcome(500, "late", 1), by=by, at=AT)  # the other comes back
    assert [(d.state, d.tries) for d in log(us, endpoint)] == [("delivered", 2)]
    deliver(us.organization_id, row.id)
    assert len(listener.received) == 1


def test_a_delivery_whose_job_is_given_up_is_told_again_within_its_schedule(us: Actor, listener: Listener) -> None:
    endpoint, _ = told(us, listener.url)
    (job,) = [args for name, args in waiting() if name == "webhooks.deliver"]
    give_up("webhooks.deliver", job)
    (row,) = log(us, endpoint)
    assert (row.state, row.tries, listener.received) == ("waiting", 1, [])
    it_is(AT + timedelta(seconds=5))
    (row,) = log(us, endpoint)
    assert (row.state, len(listener.received)) == ("delivered", 1)


def test_another_workers_fence_decides_nothing(us: Actor, listener: Listener) -> None:
    endpoint, _ = told(us, listener.url)
    (row,), by = log(us, endpoint), system(us.organization_id)
    actions.begin(row.id, uuid7(), by=by, at=AT)
    actions.finish(row.id, uuid7(), actions.Outcome(200, "", 1), by=by, at=AT)
    assert log(us, endpoint)[0].state == "sending"


def test_a_span_is_told_again_under_a_number_of_its_own(us: Actor, listener: Listener) -> None:
    endpoint, _ = told(us, listener.url)
    run_jobs()
    set_clock(AT + timedelta(hours=1))
    later = an_order(us, 2)
    span = (AT - timedelta(hours=1), AT + timedelta(minutes=30))
    assert actions.replay(endpoint.id, *span, by=us, at=AT) == 1
    assert actions.replay(endpoint.id, *span, by=us, at=AT) == 1
    run_jobs()
    assert [(row.replay, row.state) for row in log(us, endpoint)] == [(n, "delivered") for n in (0, 1, 2)]
    ids = {json.loads(got.body)["id"] for got in listener.received}
    assert (len(listener.received), len(ids)) == (3, 1)
    assert str(later.id) not in str(listener.received)


def test_too_long_a_span_is_refused_whatever_else_lies_in_it(
    us: Actor, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.rules, "MOST_REPLAYED", 2)
    endpoint, _ = actions.create_endpoint(listener.url, ["order.*"], by=us, at=AT)
    span = (AT - timedelta(hours=1), AT + timedelta(hours=1))
    an_order(us, 1)
    assert actions.replay(endpoint.id, *span, by=us, at=AT) == 2  # created and ready; its place's facts are not counted
    an_order(us, 2)
    with pytest.raises(Refusal, match=r"replay\.too_many"):
        actions.replay(endpoint.id, *span, by=us, at=AT)


def test_nothing_from_before_an_endpoint_stood_and_nothing_of_others(us: Actor, listener: Listener) -> None:
    old = an_order(us, 1)
    set_clock(AT + timedelta(hours=1))
    endpoint, _ = actions.create_endpoint(listener.url, [], by=us, at=AT + timedelta(hours=1))
    relayed(us, old)
    relayed(us, an_order(us, 2))
    stranger = an_owner("Next Door Vans")
    relayed(stranger, an_order(stranger, 3))
    run_jobs()
    assert {row.state for row in log(us, endpoint)} == {"delivered"}
    subjects = {json.loads(got.body)["subject"] for got in listener.received}
    assert len(subjects) == 1
    with pytest.raises(Refusal, match=r"endpoint\.not_found"):
        actions.change_endpoint(endpoint.id, {"state": "off"}, by=stranger, at=AT)


def test_private_addresses_are_not_told(us: Actor, settings: Any, listener: Listener) -> None:
    endpoint, _ = told(us, listener.url)
    settings.HOMESTRETCH_WEBHOOK_LOOPBACK = False
    run_jobs()
    (row,) = log(us, endpoint)
    assert (row.state, listener.received) == ("waiting", [])
    assert row.answer.startswith("address_refused")


def test_the_log_reaches_the_endpoint_through_the_drain(committed: Any, listener: Listener, settings: Any) -> None:
    settings.HOMESTRETCH_WEBHOOK_LOOPBACK = True
    us = an_owner("Greengrocer Vans")
    endpoint, secret = actions.create_endpoint(listener.url, ["order.*"], by=us, at=now())  # the clock is real here
    an_order(us)
    for _ in range(2):  # the second time there is nothing new
        run_drains(us.organization_id)
        run_jobs()
    types = [Webhook(secret).verify(got.body, dict(got.headers))["type"] for got in listener.received]
    assert types == ["order.created", "order.ready"]
    assert [row.state for row in log(us, endpoint)] == ["delivered", "delivered"]
