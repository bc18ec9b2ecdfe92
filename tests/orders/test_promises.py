"""The promise ledger, as I15 says it, and that no promise is ever edited."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homestretch.events.scope import scope
from homestretch.kernel.actor import Actor
from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.kernel.windows import Window
from homestretch.orders import actions, queries
from homestretch.orders.rules import Link, settle_chain
from homestretch.orders.values import Outcome
from tests.orders.facts import facts_of
from tests.town.orders import an_order
from tests.town.places import AT

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def at(minutes: int) -> datetime:
    """So many minutes after nine."""
    return NINE + timedelta(minutes=minutes)


def link(start: int, end: int, *, consented: bool = False) -> Link:
    """A promise in minutes after nine."""
    return Link(Window(at(start), at(end)), consented)


FIRST, MOVED, CHOSEN = link(0, 60), link(120, 180), link(120, 180, consented=True)


@pytest.mark.parametrize(
    ("chain", "arrived", "completed", "kept", "late_s"),
    [
        ([FIRST], 30, False, True, 0),
        ([FIRST], 61, True, False, 60),
        ([FIRST], -10, True, True, 0),
        ([FIRST], -10, False, False, 0),
        (
            [FIRST, MOVED],
            150,
            True,
            False,
            90 * 60,
        ),  # ours alone: the first is broken, and the second counts for nothing
        ([FIRST, MOVED], 30, True, False, 0),  # told to wait, then came early: broken by superseding
        ([FIRST, CHOSEN], 150, True, True, 0),
        ([FIRST, CHOSEN], 30, True, True, 0),
        ([FIRST, CHOSEN], 190, True, False, 600),
        ([FIRST, CHOSEN, link(300, 360)], 150, True, False, 90 * 60),  # the chosen one was taken back again
    ],
)
def test_kept_is_inside_the_first_or_one_that_was_chosen(
    chain: list[Link], arrived: int, completed: bool, kept: bool, late_s: int
) -> None:
    verdict = settle_chain(chain, at(arrived), completed=completed)
    assert (verdict.kept, verdict.late_s) == (kept, late_s)


def test_nobody_came_is_broken() -> None:
    assert not settle_chain([FIRST], None, completed=False).kept


WINDOWS = st.tuples(st.integers(-300, 300), st.integers(0, 120), st.booleans()).map(
    lambda w: link(w[0], w[0] + w[1], consented=w[2])
)


@given(st.lists(WINDOWS, min_size=1, max_size=4), st.integers(-400, 500), st.booleans())
def test_a_verdict_agrees_with_the_words_of_the_invariant(chain: list[Link], minute: int, completed: bool) -> None:
    arrived = at(minute)
    kept = False
    for index, promise in enumerate(chain):
        first_or_chosen = index == 0 or promise.consented
        taken_back = index + 1 < len(chain) and not chain[index + 1].consented
        inside = promise.window.holds(arrived) or (arrived < promise.window.start and completed)
        kept = kept or (first_or_chosen and not taken_back and inside)
    verdict = settle_chain(chain, arrived, completed=completed)
    assert verdict.kept == kept
    assert verdict.late_s >= 0
    assert not (verdict.kept and verdict.late_s)


@given(st.integers(-400, 500), st.booleans())
def test_what_we_move_without_consent_is_never_kept_by_our_move(minute: int, completed: bool) -> None:
    assert not settle_chain([FIRST, link(-400, 500)], at(minute), completed=completed).kept


@pytest.fixture
def task_id(us: Actor) -> Any:
    """The task of an order that is ready."""
    order = an_order(us)
    with scope(us):
        return order.tasks.get().id


def promise(us: Actor, task_id: Any, start: int = 0, end: int = 60) -> Any:
    """The first promise of the task."""
    return actions.make_promises([(task_id, Window(at(start), at(end)))], "release", by=us, at=AT)[0]


def test_a_promise_is_made_once_told_once_per_channel_and_settled_once(us: Actor, task_id: Any) -> None:
    made = promise(us, task_id)
    assert actions.make_promises([(task_id, Window(at(5), at(6)))], "release", by=us, at=AT) == []
    actions.promise_told(made.id, "sms", by=us, at=AT)
    actions.promise_told(made.id, "sms", by=us, at=AT)
    first = actions.settle_promise(task_id, at(30), completed=True, by=us, at=at(30))
    again = actions.settle_promise(task_id, at(300), completed=False, by=us, at=at(300))
    assert first is not None
    assert again == first
    assert (first.kept, first.told) == (True, True)
    assert facts_of(us, made.id) == ["promise.made", "promise.told", "promise.kept"]


def test_superseding_keeps_the_old_one_and_happens_to_the_standing_one_alone(us: Actor, task_id: Any) -> None:
    made = promise(us, task_id)
    new = actions.supersede_promise(made.id, Window(at(120), at(180)), consented=False, by=us, at=AT)
    with pytest.raises(Refusal, match=r"promise\.superseded"):
        actions.supersede_promise(made.id, Window(at(0), at(9)), consented=True, by=us, at=AT)
    with scope(us):
        assert [p.id for p in queries.chain_of(task_id)] == [made.id, new.id]
        assert queries.current_promise(task_id).id == new.id
        made.refresh_from_db()
    assert (made.start, made.end) == (at(0), at(60))
    settled = actions.settle_promise(task_id, at(150), completed=True, by=us, at=at(150))
    assert settled is not None
    assert (settled.kept, settled.told, settled.late_s) == (False, False, 5400)
    with pytest.raises(Refusal, match=r"promise\.settled"):
        actions.supersede_promise(new.id, Window(at(0), at(9)), consented=True, by=us, at=AT)


def test_a_second_attempt_is_promised_anew_and_the_first_stays_as_it_was(us: Actor, task_id: Any) -> None:
    made = promise(us, task_id)
    actions.schedule([task_id], uuid7(), by=us, at=AT)
    actions.finish_task(task_id, Outcome("failed", "recipient_absent"), by=us, at=at(70))
    actions.settle_promise(task_id, at(70), completed=False, by=us, at=at(70))
    with scope(us):
        assert queries.current_promise(task_id) is None
    (second,) = actions.make_promises([(task_id, Window(at(1440), at(1500)))], "release", by=us, at=at(90))
    settled = actions.settle_promise(task_id, at(1450), completed=True, by=us, at=at(1450))
    assert settled is not None
    assert settled.kept
    assert facts_of(us, made.id) == ["promise.made", "promise.broken"]
    assert facts_of(us, second.id) == ["promise.made", "promise.kept"]


def test_the_stranger_finds_no_promise(us: Actor, stranger: Actor, task_id: Any) -> None:
    made = promise(us, task_id)
    with pytest.raises(Refusal, match=r"promise\.not_found"):
        actions.promise_told(made.id, "sms", by=stranger, at=AT)
    with pytest.raises(Refusal, match=r"task\.not_found"):
        actions.settle_promise(task_id, at(1), completed=True, by=stranger, at=AT)
