"""An order on hold is in no plan until it is freed, and says why."""

from __future__ import annotations

import pytest

from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.refusal import Refusal
from homestretch.orders import actions, queries
from tests.orders.facts import facts_of
from tests.town.dispatch import a_road
from tests.town.orders import AT, an_order


def waiting(by: Actor, order_id: object) -> bool:
    """Whether a plan would take it."""
    with scope(by):
        return bool(queries.placeable(order_id))  # type: ignore[arg-type]


def test_a_held_order_is_in_no_plan_until_it_is_freed(us: Actor) -> None:
    order = an_order(us, 1)
    assert waiting(us, order.id)
    held = actions.hold_order(order.id, " waits for payment ", by=us, at=AT)
    assert (held.state, held.held_for) == ("held", "waits for payment")
    assert not waiting(us, order.id)
    freed = actions.free_order(order.id, by=us, at=AT)
    assert (freed.state, freed.held_for) == ("ready", "")
    assert waiting(us, order.id)
    assert facts_of(us, order.id)[-2:] == ["order.held", "order.ready"]


def test_said_again_with_the_same_reason_it_changes_nothing(us: Actor) -> None:
    order = an_order(us, 1)
    first = actions.hold_order(order.id, "stock", by=us, at=AT)
    assert actions.hold_order(order.id, "stock", by=us, at=AT).version == first.version
    assert actions.hold_order(order.id, "customs", by=us, at=AT).held_for == "customs"
    assert facts_of(us, order.id).count("order.held") == 2


def test_one_that_waits_for_its_place_waits_for_it_again_once_freed(us: Actor) -> None:
    order = an_order(us, 1, task={"place": {"address": "Somewhere 7"}})
    assert order.state == "staged"
    actions.hold_order(order.id, "", by=us, at=AT)
    assert actions.free_order(order.id, by=us, at=AT).state == "staged"


def test_what_is_not_held_is_not_freed_and_what_is_held_is_no_draft(us: Actor) -> None:
    order = an_order(us, 1)
    with pytest.raises(Refusal, match=r"order\.not_held"):
        actions.free_order(order.id, by=us, at=AT)
    actions.hold_order(order.id, "", by=us, at=AT)
    with pytest.raises(Refusal, match=r"order\.held"):
        actions.confirm_order(order.id, by=us, at=AT)
    with pytest.raises(Refusal, match=r"order\.stale"):
        actions.free_order(order.id, version=1, by=us, at=AT)
    assert actions.cancel_order(order.id, "", by=us, at=AT).held_for == ""


def test_what_stands_on_a_route_is_taken_off_it_first(us: Actor) -> None:
    road = a_road(us)
    with pytest.raises(Refusal, match=r"order\.has_route"):
        actions.hold_order(road.orders[0].id, "", by=us, at=AT)
    assert road.order(0).state == "scheduled"
