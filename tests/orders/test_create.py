"""An order comes in once, whole or not at all, and is ready when its places are located."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from homestretch.accounts.actions import create_merchant
from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor, Role
from homestretch.kernel.geo import Point
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions, queries
from homestretch.orders.models import Order, Recipient, Task
from homestretch.orders.values import Filter, OrderChange
from homestretch.places import actions as places
from homestretch.places.values import Correction
from tests.orders.facts import facts_of
from tests.town.orders import DAY, an_order, order_data, raw_task
from tests.town.organizations import a_person
from tests.town.places import AT


def test_an_order_with_coordinates_is_ready_at_once(us: Actor) -> None:
    order = an_order(us)
    assert order.state == "ready"
    assert facts_of(us, order.id) == ["order.created", "order.ready"]
    with scope(us):
        (view,) = queries.ready_for(DAY)
    assert (view.order_id, view.loads, view.service_s) == (order.id, {"pieces": 1}, 120)


def test_an_order_waits_for_its_place_and_is_ready_when_a_person_puts_the_pin(us: Actor) -> None:
    order = an_order(us, task={"place": {"address": "Somewhere 5"}})
    assert order.state == "staged"
    with scope(us):
        assert queries.ready_for(DAY) == []
        place_id = Task.objects.get(order=order).place_id
    places.correct(place_id, Correction(point=Point(49.6, 6.1)), by=us, at=AT)
    assert [ready.id for ready in actions.settle_place(place_id, by=us, at=AT)] == [order.id]
    assert facts_of(us, order.id) == ["order.created", "order.staged", "order.ready"]
    assert actions.settle_place(place_id, by=us, at=AT) == []


def test_a_known_external_id_is_refused_and_nothing_is_left_behind(us: Actor) -> None:
    an_order(us, 1)
    with pytest.raises(Refusal) as refused:
        an_order(us, 1)
    assert (refused.value.code, refused.value.field) == ("order.external_id_taken", "external_id")
    with scope(us):
        assert (Order.objects.count(), Recipient.objects.count()) == (1, 1)


def test_merchants_do_not_share_external_ids_nor_see_each_other(us: Actor) -> None:
    ours, other = (create_merchant(name, by=us, at=AT) for name in ("Bakery", "Butcher"))
    baker = a_person(us.organization_id, Role.MERCHANT, merchant_id=ours.id)
    butcher = a_person(us.organization_id, Role.MERCHANT, merchant_id=other.id)
    order = an_order(baker, 1)
    an_order(butcher, 1)
    assert order.merchant_id == ours.id
    with scope(butcher):
        assert queries.orders().count() == 1
        assert Recipient.objects.count() == 1
        with pytest.raises(Refusal, match=r"order\.not_found"):
            queries.get_order(order.id)
    with pytest.raises(Refusal, match=r"merchant\.not_found"):
        actions.create_order(order_data(2, merchant_id=str(other.id)), by=baker, at=AT)


def test_the_stranger_sees_and_changes_nothing(us: Actor, stranger: Actor) -> None:
    order = an_order(us)
    for attempt in (
        lambda: actions.update_order(order.id, OrderChange(priority=3), by=stranger, at=AT),
        lambda: actions.cancel_order(order.id, "", by=stranger, at=AT),
        lambda: actions.start(order.id, by=stranger, at=AT),
    ):
        with pytest.raises(Refusal, match=r"order\.not_found"):
            attempt()
    assert an_order(stranger, 1).state == "ready"


def test_a_recipient_known_by_external_id_is_one_row_and_keeps_what_is_not_said(us: Actor) -> None:
    first = an_order(us, 1, recipient={"name": "Rosa", "phone": "621100200", "external_id": "R"})
    second = an_order(us, 2, recipient={"email": "rosa@Example.com", "external_id": "R"})
    assert first.recipient_id == second.recipient_id
    with scope(us):
        rosa = queries.recipient_of(second.id)
    assert (rosa.name, rosa.phone, rosa.email) == ("Rosa", "+352621100200", "rosa@example.com")


def test_a_stop_outlives_a_new_row_of_the_same_number(us: Actor) -> None:
    order = an_order(us, 1)
    assert len(actions.opt_out(order.recipient_id, "sms", by=us, at=AT)) == 1
    assert actions.opt_out(order.recipient_id, "sms", by=us, at=AT) == []
    again = an_order(us, 2, recipient={"phone": "+352621000001", "consent": {"sms": True}})
    assert again.recipient_id != order.recipient_id
    with scope(us):
        assert not queries.may_message(queries.recipient_of(again.id), "sms")
    assert len(actions.opt_in(again.recipient_id, "sms", by=us, at=AT)) == 2
    with scope(us):
        assert queries.may_message(queries.recipient_of(order.id), "sms")


def test_a_change_is_refused_on_another_version_and_for_a_closed_order(us: Actor) -> None:
    order = an_order(us)
    changed = actions.update_order(order.id, OrderChange(priority=5, day=date(2026, 11, 24)), version=1, by=us, at=AT)
    assert (changed.priority, changed.version) == (5, 2)
    with pytest.raises(Refusal) as stale:
        actions.update_order(order.id, OrderChange(priority=6), version=1, by=us, at=AT)
    assert (stale.value.code, stale.value.status) == ("order.stale", 412)
    actions.cancel_order(order.id, "sold out", by=us, at=AT)
    assert actions.cancel_order(order.id, "sold out", by=us, at=AT).version == 3
    with pytest.raises(Refusal, match=r"order\.closed"):
        actions.update_order(order.id, OrderChange(priority=6), by=us, at=AT)
    assert facts_of(us, order.id)[2:] == ["order.updated", "order.cancelled"]
    with scope(us):
        assert queries.ready_for(DAY) == []


def test_tasks_may_be_replaced_until_the_order_is_promised_or_scheduled(us: Actor) -> None:
    order = an_order(us)
    new = order_data(1, tasks=[raw_task(2), raw_task(3, kind="collect")]).tasks
    actions.update_order(order.id, OrderChange(tasks=new), by=us, at=AT)
    with scope(us):
        tasks = [(view.task_id, view.kind) for view in queries.ready_for(DAY)]
    assert [kind for _, kind in tasks] == ["deliver", "collect"]
    actions.schedule([tasks[0][0]], us.organization_id, by=us, at=AT)
    with pytest.raises(Refusal, match=r"order\.tasks_fixed"):
        actions.update_order(order.id, OrderChange(tasks=new), by=us, at=AT)


def test_a_list_is_narrowed_by_state_day_and_the_beginning_of_the_external_id(us: Actor) -> None:
    an_order(us, 1, external_id="web-1")
    an_order(us, 2, external_id="web-2", day="2026-11-24")
    an_order(us, 3, external_id="shop-1")
    with scope(us):
        assert {o.external_id for o in queries.orders(Filter(q="web-"))} == {"web-1", "web-2"}
        assert {o.external_id for o in queries.orders(Filter(day=DAY))} == {"web-1", "shop-1"}
        assert queries.orders(Filter(states=("staged",))).count() == 0


def test_what_has_a_later_day_or_window_is_not_of_today_and_what_is_overdue_is(us: Actor) -> None:
    def window(day: int) -> dict[str, Any]:
        return {"windows": [{"start": f"2026-11-{day}T09:00:00Z", "end": f"2026-11-{day}T10:00:00Z"}]}

    for number, (day, task) in enumerate(
        [("2026-11-22", {}), (None, window(23)), (None, window(24)), (None, window(20)), ("2026-11-24", {})], start=1
    ):
        an_order(us, number, day=day, task=task)
    with scope(us):
        found = {view.external_id: view.windows for view in queries.ready_for(DAY)}
    assert sorted(found) == ["A-1", "A-2", "A-4"]
    assert found["A-4"] == ()  # its window has passed: it binds nobody any more
    assert len(found["A-2"]) == 1


def test_erasing_leaves_a_tombstone_and_waits_for_what_is_owed(us: Actor) -> None:
    order = an_order(us, instructions="Ring twice")
    with pytest.raises(Refusal, match=r"recipient\.has_open_orders"):
        actions.erase_recipient(order.recipient_id, by=us, at=AT)
    actions.cancel_order(order.id, "", by=us, at=AT)
    erased = actions.erase_recipient(order.recipient_id, by=us, at=AT)
    assert (erased.name, erased.phone, erased.email, erased.erased_at) == ("", "", "", AT)
    with scope(us):
        assert queries.get_order(order.id).instructions == ""
    assert facts_of(us, order.recipient_id) == ["recipient.erased"]
