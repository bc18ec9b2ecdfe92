"""To whom an order that can't wait is offered: the rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from homestretch.kernel.ids import uuid7
from homestretch.kernel.refusal import Refusal
from homestretch.recovery.rules.offering import (
    OFFER,
    Candidate,
    Due,
    Touch,
    best,
    can_not_wait,
    check_wanted,
    must_be_open,
    must_be_young,
    price,
)
from homestretch.recovery.rules.proposing import Prices
from tests.town.places import AT

PRICES = Prices(per_late_minute=200, overtime_per_hour=1500, overtime_s=3600)
NEAR, FAR = uuid7(), uuid7()


def place(route: Any = NEAR, **changes: Any) -> Candidate:
    stands = {"waits_s": 0, "late_s": 0, "over_s": 0, "cost": 100, "seconds": 60, "meters": 500}
    return Candidate(route, (), 0, AT, **{**stands, **changes})


def touch(before: int, after: int) -> Touch:
    return Touch(uuid7(), uuid7(), before, after)


def test_the_cheapest_is_asked_first_and_never_one_that_was_asked() -> None:
    near, far = place(NEAR), place(FAR, cost=900)
    assert best([far, near], PRICES) == near
    assert best([far, near], PRICES, {NEAR}) == far
    assert best([far, near], PRICES, {NEAR, FAR}) is None


def test_nearest_is_not_best_when_it_breaks_a_promise() -> None:
    near, far = place(NEAR, touches=(touch(0, 60),)), place(FAR, cost=9000)
    assert best([near, far], PRICES) == far
    assert best([near], PRICES) is None


def test_a_promise_that_is_broken_already_or_by_less_than_a_minute_is_priced_and_not_forbidden() -> None:
    late = place(touches=(touch(120, 180), touch(0, 59)))
    assert not late.breaks
    assert price(late, PRICES) == 100 + 200 * (60 + 59) // 60


def test_each_minute_that_the_order_waits_has_its_price() -> None:
    soon, on_the_way = place(NEAR, cost=800, waits_s=600), place(FAR, cost=0, waits_s=1200)
    assert best([on_the_way, soon], PRICES) == soon


def test_a_shift_is_exceeded_at_a_price_and_no_further_than_the_policy_lets() -> None:
    assert price(place(over_s=1800), PRICES) == 100 + 750
    assert best([place(over_s=3601)], PRICES) is None


def test_what_has_neither_promise_nor_window_waits_from_now_on() -> None:
    arrive = AT + timedelta(minutes=30)
    assert Due(AT, None, windows=False).waits_s(arrive, 0) == 1800
    assert Due(AT, None, windows=True).waits_s(arrive, 240) == 240
    assert Due(AT, AT + timedelta(minutes=20), windows=True).waits_s(arrive, 0) == 600
    assert Due(AT, AT + timedelta(hours=1), windows=False).waits_s(arrive, 0) == 0


@pytest.mark.parametrize(("priority", "policy", "waits"), [(5, 5, False), (4, 5, True), (9, 0, True)])
def test_an_order_is_offered_by_itself_from_the_policys_priority_on(priority: int, policy: int, waits: bool) -> None:
    assert can_not_wait(priority, Prices(offer_priority=policy)) is not waits


@pytest.mark.parametrize("state", [state for state in OFFER if state != "open"])
def test_what_was_answered_or_has_ended_can_not_be_answered(state: str) -> None:
    with pytest.raises(Refusal) as refusal:
        must_be_open(state)
    assert refusal.value.code == ("offer.over" if state == "lapsed" else "offer.settled")
    assert refusal.value.status == 409


def test_the_deadline_itself_is_too_late() -> None:
    must_be_young(AT, AT - timedelta(microseconds=1))
    with pytest.raises(Refusal, match=r"offer\.over"):
        must_be_young(AT, AT)


def test_an_offer_is_of_one_task_or_the_two_ends_of_a_pair() -> None:
    one, two, three = uuid7(), uuid7(), uuid7()
    check_wanted([one], [""])
    check_wanted([one, two], ["a", "a"])
    for tasks, pairs in (([one, two], ["", ""]), ([one, two], ["a", "b"]), ([one, two, three], ["a", "a", "b"])):
        with pytest.raises(Refusal, match=r"offer\.several_tasks"):
            check_wanted(tasks, pairs)
    with pytest.raises(Refusal, match=r"offer\.nothing_to_place"):
        check_wanted([], [])
