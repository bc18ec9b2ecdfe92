"""What happens at the same moment, on real commits."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions, queries
from homestretch.orders.models import Order, Recipient
from homestretch.places import actions as places
from homestretch.places.values import Found
from tests.town.orders import an_order
from tests.town.organizations import an_organization
from tests.town.places import AT, a_place


@pytest.fixture
def us(committed: Any) -> Actor:
    """An organization in a database of its own."""
    return an_organization("Ours")


def test_a_place_that_is_located_while_its_order_comes_in_does_not_leave_the_order_waiting(us: Actor) -> None:
    place = a_place(us, 1, address="Somewhere 5", point=None)
    (lookup,) = places.begin_lookups(by=us, at=AT)
    order_made, located = threading.Event(), threading.Event()

    def locate() -> None:
        order_made.wait(10)
        places.finish_lookup(lookup, [Found(49.6, 6.1, "here", 0.99, "address")], by=us, at=AT)
        actions.settle_place(place.id, by=us, at=AT)
        located.set()
        connection.close()

    thread = threading.Thread(target=locate)
    thread.start()
    with scope(us):
        order = an_order(us, 1, task={"place": {"address": "Somewhere 5"}})
        order_made.set()
        assert not located.wait(0.5)  # it waits for us: our order is not committed, and it must see it
    thread.join(10)
    with scope(us):
        assert Order.objects.get(id=order.id).state == "ready"


@pytest.mark.parametrize("recipient", [{"name": "Rosa"}, {"name": "Rosa", "external_id": "R"}])
def test_the_same_order_twice_at_once_is_made_once_and_refused_once(us: Actor, recipient: Any) -> None:
    results: list[str] = []
    begin = threading.Barrier(2)

    def create() -> None:
        begin.wait(10)
        try:
            an_order(us, 1, recipient=recipient)
            results.append("made")
        except Refusal as refusal:
            results.append(refusal.code)
        connection.close()

    threads = [threading.Thread(target=create) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(results) == ["made", "order.external_id_taken"]
    with scope(us):
        assert queries.orders().count() == 1
        assert Recipient.objects.count() == 1
