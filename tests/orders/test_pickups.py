"""Orders that wait at a depot for who takes them: the verbs, and what they make of promises."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window
from homestretch.orders import actions, queries
from homestretch.orders.rules import settle_chain
from tests.orders.test_promises import CHOSEN, FIRST, MOVED, at, link
from tests.town.orders import AT, DAY, an_order

HOUR = timedelta(hours=1)
WINDOW = Window(AT + 2 * HOUR, AT + 4 * HOUR)
DEPOT = uuid7()


def aside(us: Actor, number: int = 1, depot_id: UUID = DEPOT, **more: Any) -> Any:
    """An order that waits at a depot."""
    order = an_order(us, number, **more)
    actions.set_aside(order.id, depot_id, DAY, WINDOW, by=us, at=AT)
    with scope(us):
        order.refresh_from_db()
    return order


def kept(us: Actor, order: Any) -> Any:
    with scope(us):
        return queries.settlement_of(order.tasks.get().id)


def test_said_again_it_changes_nothing_and_another_window_takes_the_place(us: Actor) -> None:
    order = aside(us)
    again = actions.set_aside(order.id, DEPOT, DAY, WINDOW, by=us, at=AT)
    with scope(us):
        assert [promise.id for promise in queries.promises_of(order.id)] == [again.id]
    later = Window(WINDOW.start + HOUR, WINDOW.end + HOUR)
    assert actions.set_aside(order.id, DEPOT, DAY, later, by=us, at=AT).supersedes_id == again.id


def test_one_with_a_pin_is_given_to_whoever_has_it(us: Actor) -> None:
    order = aside(us, pin="4711", task={"packages": ["P-1"]})
    for name, pin in (("Rosa", ""), ("Rosa", "4712")):
        with pytest.raises(Refusal, match=r"pickup\.pin_wrong"):
            actions.hand_over(order.id, name, pin, by=us, at=WINDOW.start)
    actions.hand_over(order.id, "", "4711", by=us, at=WINDOW.start)
    with scope(us):
        order.refresh_from_db()
        assert order.state == "completed"
        assert [package.state for task in order.tasks.all() for package in task.packages.all()] == ["picked_up"]


def test_it_is_given_to_somebody_by_name(us: Actor) -> None:
    order = aside(us)
    with pytest.raises(Refusal, match=r"pickup\.name_missing"):
        actions.hand_over(order.id, " ", by=us, at=AT)
    with pytest.raises(Refusal, match=r"pickup\.name_too_long"):
        actions.hand_over(order.id, "R" * 121, by=us, at=AT)
    with pytest.raises(Refusal, match=r"order\.stale"):
        actions.hand_over(order.id, "Rosa", version=99, by=us, at=AT)
    with pytest.raises(Refusal, match=r"pickup\.not_open"):
        actions.hand_over(an_order(us, 2).id, "Rosa", by=us, at=AT)


def test_who_comes_late_was_not_kept_waiting_by_us(us: Actor) -> None:
    order = aside(us)
    actions.hand_over(order.id, "Rosa", by=us, at=WINDOW.end + HOUR)
    assert kept(us, order).kept


def test_what_we_take_away_before_its_window_is_over_is_broken_and_after_it_is_not(us: Actor) -> None:
    soon, over = aside(us, 1), aside(us, 2)
    assert actions.deliver_after_all(soon.id, by=us, at=WINDOW.start).state == "ready"
    assert not kept(us, soon).kept
    assert actions.deliver_after_all(over.id, by=us, at=WINDOW.end).pickup_depot_id is None
    assert kept(us, over).kept
    with scope(us):
        assert queries.current_promise(over.tasks.get().id) is None  # the next plan promises anew
    with pytest.raises(Refusal, match=r"pickup\.not_open"):
        actions.deliver_after_all(over.id, by=us, at=WINDOW.end)


def test_no_plan_takes_it(us: Actor) -> None:
    order = aside(us)
    with scope(us):
        task = order.tasks.get()
        assert queries.placeable(order.id) == []
    with pytest.raises(Refusal, match=r"order\.awaiting_pickup"):
        actions.schedule([task.id], uuid7(), by=us, at=AT)


def test_a_draft_is_not_set_aside(us: Actor) -> None:
    order = an_order(us, 1, draft=True)
    with pytest.raises(Refusal, match=r"order\.state_conflict"):
        actions.set_aside(order.id, DEPOT, DAY, WINDOW, by=us, at=AT)


def test_goods_that_lay_ready_keep_the_last_window_alone() -> None:
    assert settle_chain([FIRST, CHOSEN], at(400), completed=True, lay_ready=True).kept
    assert settle_chain([FIRST, CHOSEN], None, completed=False, lay_ready=True).kept
    assert not settle_chain([FIRST, MOVED], at(400), completed=True, lay_ready=True).kept
    assert not settle_chain([FIRST, link(300, 360)], None, completed=False).kept
