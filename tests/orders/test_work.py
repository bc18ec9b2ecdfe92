"""What happens on the road moves an order, records it, and says so once."""

from __future__ import annotations

from typing import Any

import pytest

from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions, queries
from homestretch.orders.models import Order, Task
from homestretch.orders.values import Outcome
from tests.orders.facts import facts_of
from tests.town.orders import DAY, an_order, raw_task
from tests.town.places import AT

ROUTE = uuid7()
DONE, ABSENT = Outcome("completed"), Outcome("failed", "recipient_absent")


def tasks_of(us: Actor, order: Any) -> list[Any]:
    """Ids of the order's tasks, in their order."""
    with scope(us):
        return list(Task.objects.filter(order=order).order_by("number").values_list("id", flat=True))


def state(us: Actor, order: Any) -> str:
    """The order's state now."""
    with scope(us):
        return str(Order.objects.get(id=order.id).state)


def plannable(us: Actor) -> set[Any]:
    """Ids of the tasks that may be planned for the day."""
    with scope(us):
        return {view.task_id for view in queries.ready_for(DAY)}


def test_an_order_is_scheduled_started_completed_and_each_said_once(us: Actor) -> None:
    order = an_order(us)
    (task,) = tasks_of(us, order)
    for _ in range(2):
        actions.schedule([task], ROUTE, by=us, at=AT)
    assert plannable(us) == set()
    for _ in range(2):
        actions.start(order.id, by=us, at=AT)
    for _ in range(2):
        actions.finish_task(task, DONE, by=us, at=AT)
    assert state(us, order) == "completed"
    assert facts_of(us, order.id)[2:] == ["order.scheduled", "order.started", "order.completed"]
    with pytest.raises(Refusal, match=r"task\.not_open"):
        actions.finish_task(task, ABSENT, by=us, at=AT)
    with pytest.raises(Refusal, match=r"order\.state_conflict"):
        actions.cancel_order(order.id, "", by=us, at=AT)


def test_a_failed_attempt_brings_an_order_back_until_none_remains_then_it_may_be_returned(us: Actor) -> None:
    order = an_order(us)
    (task,) = tasks_of(us, order)
    for _ in range(2):
        assert plannable(us) == {task}
        actions.schedule([task], uuid7(), by=us, at=AT)
        actions.finish_task(task, ABSENT, by=us, at=AT)
    assert state(us, order) == "failed"
    assert plannable(us) == set()
    for _ in range(2):
        actions.mark_returned(order.id, by=us, at=AT)
    assert facts_of(us, order.id)[2:] == [
        "order.scheduled",
        "order.started",
        "order.ready",
        "order.scheduled",
        "order.started",
        "order.failed",
        "order.returned",
    ]


def test_a_task_that_is_off_its_route_brings_a_whole_order_back_only_when_none_is_left_on_it(us: Actor) -> None:
    order = an_order(us, tasks=[raw_task(1), raw_task(2)])
    one, other = tasks_of(us, order)
    actions.schedule([one, other], ROUTE, by=us, at=AT)
    actions.unschedule([one], by=us, at=AT)
    assert (state(us, order), plannable(us)) == ("scheduled", {one})
    actions.unschedule([other], by=us, at=AT)
    assert (state(us, order), plannable(us)) == ("ready", {one, other})


def test_a_task_is_on_one_route_at_most(us: Actor) -> None:
    (task,) = tasks_of(us, an_order(us))
    actions.schedule([task], ROUTE, by=us, at=AT)
    with pytest.raises(Refusal, match=r"task\.on_another_route"):
        actions.schedule([task], uuid7(), by=us, at=AT)


def test_what_was_cancelled_on_a_route_is_off_it_and_cannot_end(us: Actor) -> None:
    order = an_order(us)
    (task,) = tasks_of(us, order)
    actions.schedule([task], ROUTE, by=us, at=AT)
    actions.cancel_order(order.id, "sold out", by=us, at=AT)
    with pytest.raises(Refusal, match=r"task\.not_open"):
        actions.finish_task(task, DONE, by=us, at=AT)
    with scope(us):
        assert Task.objects.get(id=task).route_id is None


def test_a_pair_is_seen_as_one_until_its_goods_are_collected(us: Actor) -> None:
    order = an_order(us, tasks=[raw_task(1, kind="collect", pair="p"), raw_task(2, pair="p")])
    collect, deliver = tasks_of(us, order)
    with scope(us):
        assert [view.pair for view in queries.ready_for(DAY)] == ["p", "p"]
    actions.schedule([collect, deliver], ROUTE, by=us, at=AT)
    actions.finish_task(collect, DONE, by=us, at=AT)
    actions.finish_task(deliver, ABSENT, by=us, at=AT)
    with scope(us):
        assert [(view.task_id, view.pair) for view in queries.ready_for(DAY)] == [(deliver, "")]


def test_a_package_is_where_it_was_scanned_last(us: Actor) -> None:
    (task,) = tasks_of(us, an_order(us, task={"packages": ["P1"]}))
    assert actions.scan_package(task, "P1", "on_board", by=us, at=AT).state == "on_board"
    with pytest.raises(Refusal, match=r"package\.not_found"):
        actions.scan_package(task, "P2", "on_board", by=us, at=AT)
    with pytest.raises(Refusal, match=r"package\.state_unknown"):
        actions.scan_package(task, "P1", "eaten", by=us, at=AT)


def test_the_stranger_has_no_such_task(us: Actor, stranger: Actor) -> None:
    (task,) = tasks_of(us, an_order(us))
    for attempt in (
        lambda: actions.schedule([task], ROUTE, by=stranger, at=AT),
        lambda: actions.unschedule([task], by=stranger, at=AT),
        lambda: actions.finish_task(task, DONE, by=stranger, at=AT),
    ):
        with pytest.raises(Refusal, match=r"task\.not_found"):
            attempt()
