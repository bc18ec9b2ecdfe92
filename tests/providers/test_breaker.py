"""A service that fails is left alone, tried once in a while by one, and asked by all again when it answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homestretch.providers.breaker import Breaker

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def an_open_one() -> Breaker:
    breaker = Breaker(failures=3)
    for second in range(3):
        assert breaker.allows(after(second))
        breaker.failed(after(second))
    return breaker


def test_it_opens_after_so_many_failures_and_rests() -> None:
    breaker = an_open_one()
    assert not breaker.allows(after(3))
    assert not breaker.allows(after(31.9))
    assert breaker.allows(after(32))


def test_failures_far_apart_or_with_a_success_between_do_not_open_it() -> None:
    breaker = Breaker(failures=3)
    for second in (0, 40, 80, 120):
        breaker.failed(after(second))
    breaker = Breaker(failures=3)
    for second in range(6):
        breaker.failed(after(second))
        if second % 2:
            breaker.succeeded(after(second))
    assert breaker.allows(after(6))


def test_half_open_only_one_tries() -> None:
    breaker = an_open_one()
    assert [breaker.allows(after(40)) for _ in range(4)] == [True, False, False, False]
    breaker.succeeded(after(41))
    assert [breaker.allows(after(41)) for _ in range(4)] == [True] * 4


def test_a_trial_that_fails_doubles_the_rest_up_to_the_longest() -> None:
    breaker, now, rests = an_open_one(), after(2), []
    for _ in range(8):
        start = now
        while not breaker.allows(now):
            now += timedelta(seconds=1)
        rests.append(int((now - start).total_seconds()))
        breaker.failed(now)
    assert rests == [30, 60, 120, 240, 480, 600, 600, 600]
    while not breaker.allows(now):
        now += timedelta(seconds=1)
    breaker.succeeded(now)
    for _ in range(3):
        breaker.failed(now)
    assert breaker.allows(now + timedelta(seconds=30))


def test_a_trial_of_which_nothing_is_heard_is_followed_by_another() -> None:
    breaker = an_open_one()
    assert breaker.allows(after(40))
    assert not breaker.allows(after(69))
    assert breaker.allows(after(70))


def test_what_was_asked_before_it_opened_neither_closes_it_nor_opens_it_for_longer() -> None:
    breaker = an_open_one()
    breaker.succeeded(after(4))
    assert not breaker.allows(after(5))
    for second in range(5, 20):
        breaker.failed(after(second))
    assert breaker.allows(after(32))


def test_a_service_that_names_a_time_is_left_alone_for_it_at_once() -> None:
    breaker = Breaker()
    breaker.failed(NOON, retry_after_seconds=120)
    assert not breaker.allows(after(119))
    assert breaker.allows(after(120))


def test_many_threads_have_one_trial() -> None:
    breaker, gate, told = an_open_one(), Barrier(8), []

    def ask() -> None:
        gate.wait()
        told.append(breaker.allows(after(40)))

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False] * 7 + [True]


@pytest.mark.timeout(60)
@given(st.lists(st.tuples(st.integers(0, 900), st.booleans()), max_size=60))
def test_it_never_stays_shut_for_longer_than_the_longest_rest(steps: list[tuple[int, bool]]) -> None:
    breaker, now = Breaker(failures=2), NOON
    for seconds, works in steps:
        now += timedelta(seconds=seconds)
        if breaker.allows(now):
            (breaker.succeeded if works else breaker.failed)(now)
    assert breaker.allows(now + breaker.longest_rest)
